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
from sympy.core.relational import Relational

from symderiv.elementwise import FUNCTIONS, Elementwise
from symderiv.reader import of_scalars
from symderiv.rules.differentiation import parts, varies
from symderiv.rules.kinks import others
from symderiv.rules.registry import Law, Rule, rule
from symderiv.terms import (
    D,
    Iverson,
    Neg,
    Partial,
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
    title, head = function.title, function.head

    @rule(f"derivative-of-{function.name}", title, _law(function), of=Partial, body=head)
    def apply(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None or not isinstance(found[0], head):
            return None
        u, inner = cast(Expr, found[0].args[0]), D(found[0].args[0], found[1])
        match substitute(of_scalars(function.derivative), {X: u}):
            case Quotient(numerator=top, denominator=below) if top == 1:
                return inner / below
            case Neg(term=Quotient(numerator=top, denominator=below)) if top == 1:
                return -(inner / below)
            case slope:
                return times(slope, inner)

    return apply


DERIVATIVES: dict[str, Rule] = {name: _chain(function) for name, function in FUNCTIONS.items()}


def _chosen(term: Basic, head: type[Basic], relation: type[Relational]) -> Expr | None:
    """max or min of two: v' + [u > v](u' − v'), or with <; the side that varies is u."""
    found = parts(term)
    if found is None or not isinstance(found[0], head) or len(found[0].args) != 2:
        return None
    (u, v), x = found[0].args, found[1]
    if not varies(u, x):
        u, v = v, u
    wins = Iverson(relation(u, v, evaluate=False))
    if not varies(v, x):
        return Times(wins, D(u, x))
    return Plus(D(v, x), Times(wins, Plus(D(u, x), Neg(D(v, x)))))


@rule(
    "larger-of-two",
    "larger of two",
    Law("D(max(u, v))", "D(v) + iverson(u > v)*(D(u) - D(v))"),
    of=Partial,
    body=Max,
    examples=(
        Law("D(max(a, x))", "iverson(x > a)*D(x)"),
        Law("D(max(x, x**2))", "D(x**2) + iverson(x > x**2)*(D(x) - D(x**2))"),
    ),
    refuses=("D(max(a, b, x))",),
)
def larger(term: Basic) -> Expr | None:
    return _chosen(term, Max, sympy.Gt)


@rule(
    "smaller-of-two",
    "smaller of two",
    Law("D(min(u, v))", "D(v) + iverson(u < v)*(D(u) - D(v))"),
    of=Partial,
    body=Min,
    examples=(Law("D(min(a, x))", "iverson(x < a)*D(x)"),),
)
def smaller(term: Basic) -> Expr | None:
    return _chosen(term, Min, sympy.Lt)


def _attained(term: Basic, head: type[Basic], relation: type[Relational]) -> Expr | None:
    """max or min of three terms or more: [u > max(v, …)] u' for the one term u that varies."""
    found = _several(term, head)
    moved = [u for u in found[0] if varies(u, found[1])] if found is not None else []
    if found is None or len(moved) != 1:
        return None
    f = cast(Expr, cast(Partial, term).expr)
    wins = Iverson(relation(moved[0], others(f, moved[0]), evaluate=False))
    return Times(wins, D(moved[0], found[1]))


def _first(
    term: Basic, head: type[Basic], beyond: type[Relational], reaches: type[Relational]
) -> Expr | None:
    """[u > max of those before] [u >= max of those after] u' for each term u that varies."""
    found = _several(term, head)
    if found is None:
        return None
    terms, x = found
    pieces: list[Expr] = []
    for n, u in enumerate(terms):
        conditions = [
            Iverson(relation(u, _extreme(head, part), evaluate=False))
            for relation, part in ((beyond, terms[:n]), (reaches, terms[n + 1 :]))
            if part
        ]
        if varies(u, x):
            pieces.append(times(*conditions, D(u, x)))
    return plus(*pieces)


def _several(term: Basic, head: type[Basic]) -> tuple[tuple[Expr, ...], Expr] | None:
    """The different terms of a max or min of three or more, and the variable."""
    found = parts(term)
    if found is None or not isinstance(found[0], head) or len(found[0].args) < 3:
        return None
    return tuple(dict.fromkeys(cast("tuple[Expr, ...]", found[0].args))), found[1]


def _extreme(head: type[Basic], terms: tuple[Expr, ...]) -> Expr:
    return function_of(head, *terms) if len(terms) > 1 else terms[0]


@rule(
    "largest-of-several",
    "largest of several",
    Law("D(max(u, c, d))", "iverson(u > max(c, d))*D(u)"),
    of=Partial,
    body=Max,
    examples=(Law("D(max(a, b, x))", "iverson(x > max(a, b))*D(x)"),),
    refuses=("D(max(a, x))", "D(max(a, x, x**2))"),
)
def largest(term: Basic) -> Expr | None:
    return _attained(term, Max, sympy.Gt)


@rule(
    "smallest-of-several",
    "smallest of several",
    Law("D(min(u, c, d))", "iverson(u < min(c, d))*D(u)"),
    of=Partial,
    body=Min,
    examples=(Law("D(min(a, b, x))", "iverson(x < min(a, b))*D(x)"),),
)
def smallest(term: Basic) -> Expr | None:
    return _attained(term, Min, sympy.Lt)


@rule(
    "first-that-is-largest",
    "first that is largest",
    Law(
        "D(max(u, v, w))",
        "iverson(u >= max(v, w))*D(u) + iverson(v > u)*iverson(v >= w)*D(v)"
        " + iverson(w > max(u, v))*D(w)",
    ),
    of=Partial,
    body=Max,
    examples=(
        Law(
            "D(max(relu(x), x**2, relu(a)))",
            "iverson(relu(x) > relu(a))*iverson(relu(x) >= x**2)*D(relu(x))"
            " + iverson(x**2 > max(relu(a), relu(x)))*D(x**2)",
        ),
    ),
)
def first_largest(term: Basic) -> Expr | None:
    """Where several terms vary: of those that attain the maximum one counts."""
    return _first(term, Max, sympy.Gt, sympy.Ge)


@rule(
    "first-that-is-smallest",
    "first that is smallest",
    Law(
        "D(min(u, v, w))",
        "iverson(u <= min(v, w))*D(u) + iverson(v < u)*iverson(v <= w)*D(v)"
        " + iverson(w < min(u, v))*D(w)",
    ),
    of=Partial,
    body=Min,
    examples=(Law("D(min(a, relu(x), b))", "iverson(relu(x) < min(a, b))*D(relu(x))"),),
)
def first_smallest(term: Basic) -> Expr | None:
    """The same for the smallest."""
    return _first(term, Min, sympy.Lt, sympy.Le)
