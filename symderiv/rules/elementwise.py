"""Elementwise functions and their derivatives: one table, one row a function.

Gives `LAWS` (function, its derivative, its law in LaTeX, where it has none), the rules made from
the table, and `exceptions` (the points of a term at which some derivative does not exist, with
the convention taken there).

Floor 1: imports floor 0 and the register.

To add a function: one row of `LAWS`; the printers know it by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import sympy
from sympy import Expr, Integer, Max, Min, Product
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.rules.differentiation import parts, varies
from symderiv.rules.registry import Rule, rule
from symderiv.terms import (
    ONE,
    ZERO,
    D,
    Iverson,
    Maximum,
    Neg,
    Partial,
    Plus,
    Power,
    Quotient,
    Times,
    exp,
    function_of,
    plus,
    relu,
    sigmoid,
    softplus,
    subterms,
)
from symderiv.terms.factors import number

TWO = Integer(2)


@dataclass(frozen=True)
class Law:
    """One function of one argument: its derivative at u, and where it has none."""

    function: type[Basic]
    name: str
    derivative: Callable[[Any], Expr]
    law: str
    kink: bool = False


def _f(head: type[Basic]) -> Callable[[Any], Expr]:
    return lambda u: function_of(head, u)


def _positive(u: Expr) -> Expr:
    return Iverson(sympy.Gt(u, 0, evaluate=False))


sin, cos, tan = _f(sympy.sin), _f(sympy.cos), _f(sympy.tan)
sinh, cosh, tanh = _f(sympy.sinh), _f(sympy.cosh), _f(sympy.tanh)
sign = _f(sympy.sign)

LAWS: tuple[Law, ...] = (
    Law(sympy.sin, "sine", cos, r"(\sin u)' = \cos u\;u'"),
    Law(sympy.cos, "cosine", lambda u: Neg(sin(u)), r"(\cos u)' = -\sin u\;u'"),
    Law(
        sympy.tan,
        "tangent",
        lambda u: Plus(ONE, Power(tan(u), TWO)),
        r"(\tan u)' = (1 + \tan^2 u)\,u'",
    ),
    Law(sympy.sinh, "hyperbolic sine", cosh, r"(\sinh u)' = \cosh u\;u'"),
    Law(sympy.cosh, "hyperbolic cosine", sinh, r"(\cosh u)' = \sinh u\;u'"),
    Law(
        sympy.tanh,
        "hyperbolic tangent",
        lambda u: Plus(ONE, Neg(Power(tanh(u), TWO))),
        r"(\tanh u)' = (1 - \tanh^2 u)\,u'",
    ),
    Law(
        sympy.erf,
        "error function",
        lambda u: Times(
            Quotient(TWO, Power(sympy.pi, Quotient(ONE, TWO))), exp(Neg(Power(u, TWO)))
        ),
        r"(\mathrm{erf}\,u)' = \frac{2}{\sqrt{\pi}}\,e^{-u^2}\,u'",
    ),
    Law(
        sigmoid,
        "sigmoid",
        lambda u: Times(sigmoid(u), Plus(ONE, Neg(sigmoid(u)))),
        r"\sigma(u)' = \sigma(u)\,(1 - \sigma(u))\,u'",
    ),
    Law(softplus, "softplus", sigmoid, r"\mathrm{softplus}(u)' = \sigma(u)\,u'"),
    Law(relu, "relu", _positive, r"\mathrm{relu}(u)' = [u > 0]\,u'", kink=True),
    Law(sympy.Abs, "absolute value", sign, r"|u|' = \mathrm{sign}(u)\,u'", kink=True),
    Law(sympy.sign, "sign", lambda u: ZERO, r"\mathrm{sign}(u)' = 0", kink=True),
)


def _chain(law: Law) -> Rule:
    @rule(law.name, law.law, of=Partial)
    def apply(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None or not isinstance(found[0], law.function):
            return None
        u, x = cast(Expr, found[0].args[0]), found[1]
        return Times(law.derivative(u), D(u, x))

    return apply


ELEMENTWISE: tuple[Rule, ...] = tuple(_chain(law) for law in LAWS)


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


@rule("larger of two", r"\max(u, v)' = v' + [u > v]\,(u' - v')", of=Partial)
def larger(term: Basic) -> Expr | None:
    return _chosen(term, Max, sympy.Gt)


@rule("smaller of two", r"\min(u, v)' = v' + [u < v]\,(u' - v')", of=Partial)
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
    "largest of several",
    r"\max(u, v, w)' = [u > \max(v, w)]\,u' + [v > \max(u, w)]\,v' + [w > \max(u, v)]\,w'",
    of=Partial,
)
def largest(term: Basic) -> Expr | None:
    return _attained(term, Max, sympy.Gt)


@rule(
    "smallest of several",
    r"\min(u, v, w)' = [u < \min(v, w)]\,u' + [v < \min(u, w)]\,v' + [w < \min(u, v)]\,w'",
    of=Partial,
)
def smallest(term: Basic) -> Expr | None:
    return _attained(term, Min, sympy.Lt)


KINKS = tuple(law.function for law in LAWS if law.kink)


Place = tuple[str | Basic, ...]  # words with terms among them, or an equation alone


def exceptional_points(term: Basic, depends: Callable[[Basic], bool]) -> tuple[Place, ...]:
    """Where the term has no derivative by what `depends` tells of: u = v, or values that tie."""
    points: list[Place] = []
    for t in subterms(term):
        if isinstance(t, KINKS) and depends(t):
            points.append((sympy.Eq(t.args[0], 0, evaluate=False),))
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
