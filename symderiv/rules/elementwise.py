"""The rules of elementwise functions, of maxima and minima of several terms, and their kinks.

Gives `DERIVATIVES` (a rule for every function of `elementwise`, by its name), the rules of max and
min, and `exceptional_points` (where a term has no derivative).

Floor 1: imports floor 0, the register and the reader, which reads the derivatives.

To add a function of one number: its file in `elementwise`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import cast

import sympy
from sympy import Expr, Max, Min, Product, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.elementwise import FUNCTIONS, Elementwise, of_head
from symderiv.factors import number
from symderiv.letters import substitute
from symderiv.reader import of_scalars
from symderiv.rules.differentiation import parts, varies
from symderiv.rules.registry import Law, Rule, rule
from symderiv.terms import (
    D,
    Iverson,
    Maximum,
    Neg,
    Partial,
    Plus,
    Quotient,
    Times,
    function_of,
    plus,
    subterms,
    times,
)

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
            Times(Iverson(relation(u, _others(f, u), evaluate=False)), D(u, x))
            for u in terms
            if varies(u, x)
        )
    )


def _others(extreme: Expr, u: Expr) -> Expr:
    """max(v, …) of max(u, v, …)."""
    rest = [v for v in extreme.args if v != u]
    return function_of(type(extreme), *rest) if len(rest) > 1 else cast(Expr, rest[0])


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


Place = tuple[str | Basic, ...]  # words with terms among them, or an equation alone


def exceptional_points(term: Basic, depends: Callable[[Basic], bool]) -> tuple[Place, ...]:
    """Where the term has no derivative by what `depends` tells of: u = v, or values that tie."""
    points: list[Place] = []
    for t in subterms(term):
        function = of_head(type(t))
        if function is not None and function.kinks and depends(t):
            points += [(sympy.Eq(t.args[0], kink.at, evaluate=False),) for kink in function.kinks]
        elif isinstance(t, Max | Min) and depends(t):
            points += [(tie,) for tie in _ties(t, depends)]
        elif isinstance(t, Maximum) and depends(t):
            points.append(("two of ", t.function, " tie for ", t))
        elif isinstance(t, Product) and depends(t):  # the rule divides by each factor
            points.append((sympy.Eq(t.function, 0, evaluate=False),))
        elif isinstance(t, Iverson) and depends(t):
            points.append((sympy.Eq(t.condition.lhs, t.condition.rhs, evaluate=False),))
    return tuple(dict.fromkeys(points))


def _ties(extreme: Max | Min, depends: Callable[[Basic], bool]) -> list[Basic]:
    """u = max(v, …) for each term u that varies; of two terms, one equation, a number last."""
    if len(extreme.args) == 2:
        u, v = sorted(extreme.args, key=lambda a: number(a) is not None)
        return [sympy.Eq(u, v, evaluate=False)]
    varying = [u for u in extreme.args if depends(u)]
    return [sympy.Eq(u, _others(extreme, u), evaluate=False) for u in varying]
