"""The rules of elementwise functions, and of maxima and minima of several terms.

Gives `DERIVATIVES` (a rule for every function of `elementwise`, by its name) and the rules of max
and min.

Floor 1: imports floor 0, the register and the reader, which reads the derivatives.

To add a function of one number: its file in `elementwise`.
"""

from __future__ import annotations

import ast
from typing import cast

import sympy
from sympy import Expr, Max, Min, Symbol
from sympy.core.basic import Basic

from symderiv.elementwise import FUNCTIONS, Elementwise
from symderiv.reader import of_scalars
from symderiv.rules.differentiation import varies
from symderiv.rules.kinks import others
from symderiv.rules.pairs import pair
from symderiv.rules.registry import Law, Rule, derivative
from symderiv.terms import (
    D,
    Iverson,
    Neg,
    Plus,
    Quotient,
    Times,
    function_of,
    plus,
    times,
)
from symderiv.terms.letters import substitute

X = Symbol("x")


def _law(function: Elementwise) -> Law:
    """f(u)' = f'(u) u', from the text of f'(x)."""
    tree = ast.parse(function.derivative, mode="eval").body
    at_u = ast.unparse(_AtU().visit(tree))
    match tree:
        case ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=below):
            after = f"D(u)/({ast.unparse(below)})"
        case ast.BinOp(
            left=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)),
            op=ast.Div(),
            right=below,
        ):
            after = f"-D(u)/({ast.unparse(below)})"
        case ast.Constant(value=0):
            after = "0"
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            after = f"({at_u})*D(u)"
        case _:
            after = f"{at_u}*D(u)"
    return Law(f"D({function.name}(u))", after)


class _AtU(ast.NodeTransformer):
    """x -> u."""

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name("u") if node.id == "x" else node


def _chain(function: Elementwise) -> Rule:

    @derivative(f"derivative-of-{function.name}", function.title, _law(function), of=function.head)
    def apply(f: sympy.Function, x: Expr) -> Expr | None:
        u = cast(Expr, f.args[0])
        inner = D(u, x)
        match substitute(of_scalars(function.derivative), {X: u}):
            case Quotient(numerator=top, denominator=below) if top == 1:
                return inner / below
            case Neg(term=Quotient(numerator=top, denominator=below)) if top == 1:
                return -(inner / below)
            case slope:
                return times(slope, inner)

    return apply


DERIVATIVES: dict[str, Rule] = {name: _chain(function) for name, function in FUNCTIONS.items()}


EXTREMES = (Max, Min)
BEYOND = {Max: sympy.Gt, Min: sympy.Lt}
REACHES = {Max: sympy.Ge, Min: sympy.Le}


@pair(
    "larger-of-two",
    "larger of two",
    Law("D(max(u, v))", "D(v) + iverson(u > v)*(D(u) - D(v))"),
    of=EXTREMES,
    examples=(
        Law("D(max(a, x))", "iverson(x > a)*D(x)"),
        Law("D(max(x, x**2))", "D(x**2) + iverson(x > x**2)*(D(x) - D(x**2))"),
    ),
    refuses=("D(max(a, b, x))",),
)
def larger(f: Expr, x: Expr) -> Expr | None:
    """The side that varies is u."""
    if len(f.args) != 2:
        return None
    u, v = f.args
    if not varies(u, x):
        u, v = v, u
    wins = Iverson(BEYOND[type(f)](u, v, evaluate=False))
    if not varies(v, x):
        return Times(wins, D(u, x))
    return Plus(D(v, x), Times(wins, Plus(D(u, x), Neg(D(v, x)))))


@pair(
    "largest-of-several",
    "largest of several",
    Law("D(max(u, c, d))", "iverson(u > max(c, d))*D(u)"),
    of=EXTREMES,
    examples=(Law("D(max(a, b, x))", "iverson(x > max(a, b))*D(x)"),),
    refuses=("D(max(a, x))", "D(max(a, x, x**2))"),
)
def largest(f: Expr, x: Expr) -> Expr | None:
    """Where one term alone varies."""
    moved = [u for u in dict.fromkeys(f.args) if varies(u, x)]
    if len(f.args) < 3 or len(moved) != 1:
        return None
    wins = Iverson(BEYOND[type(f)](moved[0], others(f, cast(Expr, moved[0])), evaluate=False))
    return Times(wins, D(moved[0], x))


@pair(
    "first-that-is-largest",
    "first that is largest",
    Law(
        "D(max(u, v, w))",
        "iverson(u >= max(v, w))*D(u) + iverson(v > u)*iverson(v >= w)*D(v)"
        " + iverson(w > max(u, v))*D(w)",
    ),
    of=EXTREMES,
    examples=(
        Law(
            "D(max(relu(x), x**2, relu(a)))",
            "iverson(relu(x) > relu(a))*iverson(relu(x) >= x**2)*D(relu(x))"
            " + iverson(x**2 > max(relu(a), relu(x)))*D(x**2)",
        ),
    ),
)
def first_largest(f: Expr, x: Expr) -> Expr | None:
    """Where several terms vary: of those that attain the maximum one counts."""
    if len(f.args) < 3:
        return None
    terms = tuple(dict.fromkeys(cast("tuple[Expr, ...]", f.args)))
    beyond, reaches = BEYOND[type(f)], REACHES[type(f)]
    pieces: list[Expr] = []
    for n, u in enumerate(terms):
        conditions = [
            Iverson(relation(u, _extreme(type(f), part), evaluate=False))
            for relation, part in ((beyond, terms[:n]), (reaches, terms[n + 1 :]))
            if part
        ]
        if varies(u, x):
            pieces.append(times(*conditions, D(u, x)))
    return plus(*pieces)


def _extreme(head: type[Basic], terms: tuple[Expr, ...]) -> Expr:
    return function_of(head, *terms) if len(terms) > 1 else terms[0]
