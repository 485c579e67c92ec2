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
    @rule(f"derivative-of-{function.name}", function.title, _law(function), of=Partial)
    def apply(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None or not isinstance(found[0], function.head):
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
    examples=(Law("D(min(a, x))", "iverson(x < a)*D(x)"),),
)
def smaller(term: Basic) -> Expr | None:
    return _chosen(term, Min, sympy.Lt)


def _attained(term: Basic, head: type[Basic], relation: type[Relational]) -> Expr | None:
    """max or min of three terms or more: [u > max(v, …)] u' for each term u that varies."""
    found = parts(term)
    if found is None or not isinstance(found[0], head) or len(found[0].args) < 3:
        return None
    f, x = found
    terms = cast("tuple[Expr, ...]", f.args)
    return plus(
        *(
            Times(Iverson(relation(u, others(f, u), evaluate=False)), D(u, x))
            for u in terms
            if varies(u, x)
        )
    )


@rule(
    "largest-of-several",
    "largest of several",
    Law(
        "D(max(u, v, w))",
        "iverson(u > max(v, w))*D(u) + iverson(v > max(u, w))*D(v) + iverson(w > max(u, v))*D(w)",
    ),
    of=Partial,
    examples=(
        Law("D(max(a, b, x))", "iverson(x > max(a, b))*D(x)"),
        Law(
            "D(max(a, x, x**2))",
            "iverson(x > max(a, x**2))*D(x) + iverson(x**2 > max(a, x))*D(x**2)",
        ),
    ),
    refuses=("D(max(a, x))",),
)
def largest(term: Basic) -> Expr | None:
    return _attained(term, Max, sympy.Gt)


@rule(
    "smallest-of-several",
    "smallest of several",
    Law(
        "D(min(u, v, w))",
        "iverson(u < min(v, w))*D(u) + iverson(v < min(u, w))*D(v) + iverson(w < min(u, v))*D(w)",
    ),
    of=Partial,
    examples=(Law("D(min(a, b, x))", "iverson(x < min(a, b))*D(x)"),),
)
def smallest(term: Basic) -> Expr | None:
    return _attained(term, Min, sympy.Lt)
