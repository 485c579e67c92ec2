"""Kinks: where a term has no derivative, from what its functions say of themselves.

Gives `kinks`, the places in a term where its derivative may not exist (a kink of a function of
`elementwise`, a tie of a maximum, the edge of a bracket, the foot of a root), `divisors`, and
`removable` with `one_valued`, which say of one that it is none: x/(1 + |x|) is smooth at 0.

A place is removable where the function is continuous and the answer has one value, from either
side and there: then that is the derivative, by the mean value theorem.

Floor 1: imports floor 0 and the reader.

To add one: a kink of a function stands in its file in `elementwise`; another head, a case in
`_switches`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import cast

import sympy
from sympy import Expr, Indexed, Max, Min, Rational, Symbol
from sympy.core.basic import Basic

from symderiv.elementwise import of_head
from symderiv.patience import look
from symderiv.reader import of_scalars
from symderiv.records import dataclass
from symderiv.rules.ties import smooth
from symderiv.terms import (
    ONE,
    ZERO,
    Iverson,
    Maximum,
    Neg,
    Plus,
    Power,
    Quotient,
    bottom_up,
    function_of,
    subterms,
)
from symderiv.terms.factors import factored, key, negative, number, tidy
from symderiv.terms.letters import BINDERS, bound_letters, free_letters, substitute
from symderiv.terms.problem import name_of

Place = tuple[str | Basic, ...]  # words with terms among them, or an equation alone
X = Symbol("x")
BELOW, THERE, ABOVE = -1, 0, 1


@dataclass(frozen=True)
class Kink:
    """A place, and what changes its sign there.

    `scope` is the body that this is in, of a sum or a named quantity, where that is not the whole.
    `foot` says of a root that it is what becomes 0.  `convention`: what is taken there instead.
    """

    place: Place
    switch: Expr | None = None
    scope: Expr | None = None
    foot: Expr | None = None
    convention: str = ""


def kinks(term: Expr, depends: Callable[[Basic], bool]) -> tuple[Kink, ...]:
    """Where the term may have no derivative by what `depends` tells of."""
    found = {kink.place: kink for kink in _kinks(term, None, frozenset(), depends)}
    return tuple(found.values())


def _kinks(
    term: Basic,
    scope: Expr | None,
    bound: frozenset[Symbol],
    depends: Callable[[Basic], bool],
) -> Iterator[Kink]:
    if isinstance(term, Indexed) or not depends(term):
        return
    for kink in _places(cast(Expr, term), depends):
        inside = kink.switch is not None and free_letters(kink.switch) & bound
        yield replace(kink, scope=scope) if inside else kink
    if isinstance(term, BINDERS):
        scope, bound = cast(Expr, term.args[0]), bound | set(bound_letters(term))
    for arg in term.args:
        yield from _kinks(arg, scope, bound, depends)


def _places(term: Expr, depends: Callable[[Basic], bool]) -> Iterator[Kink]:
    """The places of this very term."""
    function = of_head(type(term))
    match term:
        case _ if function is not None:
            for kink in function.kinks:
                edge = sympy.Eq(term.args[0], kink.at, evaluate=False)
                switch = _difference(cast(Expr, term.args[0]), sympy.Integer(kink.at))
                taken = f"that of {function.title} is taken as {kink.value}"
                says = INFINITE if kink.value is None else taken
                yield Kink((edge,), switch if kink.right else None, convention=says)
        case Max() | Min() if len(term.args) == 2:
            u, v = sorted(term.args, key=lambda a: number(a) is not None)
            edge = sympy.Eq(u, v, evaluate=False)
            yield Kink((edge,), _difference(*term.args), convention=BRACKET)
        case Max() | Min():
            varying = [cast(Expr, u) for u in term.args if depends(u)]
            if len(varying) > 1:
                tie = ("two terms with different derivatives tie for ", term)
                yield Kink(tie, convention="the first of them counts")
            for u in varying if len(varying) == 1 else ():
                yield Kink((sympy.Eq(u, others(term, u), evaluate=False),), convention=BRACKET)
        case Maximum():
            alike = "" if smooth(term.function) else " with different derivatives"
            place = ("two of ", term.function, f"{alike} tie for ", term)
            yield Kink(place, convention="all that attain it count")
        case Iverson(condition):
            left, right = cast("tuple[Expr, Expr]", condition.args)
            edge = sympy.Eq(left, right, evaluate=False)
            says = "what jumps there is taken as constant"
            yield Kink((edge,), _difference(left, right), convention=says)
        case Power(base, exponent) if _is_a_root(exponent):
            yield Kink((sympy.Eq(base, 0, evaluate=False),), foot=base, convention=DIVIDED)


BRACKET = "the bracket is taken as 0"
DIVIDED = "the formula divides by 0 and has no value"
INFINITE = "the derivative is infinite and none is taken"


def others(extreme: Expr, u: Expr) -> Expr:
    """max(v, …) of max(u, v, …)."""
    rest = [v for v in extreme.args if v != u]
    return function_of(type(extreme), *rest) if len(rest) > 1 else cast(Expr, rest[0])


def _is_a_root(exponent: Expr) -> bool:
    value = number(exponent)
    return isinstance(value, Rational) and 0 < value < 1


def divisors(term: Basic) -> set[Hashable]:
    """What the term divides by, as keys: where that is 0, it has no value itself."""
    below = (t.denominator for t in subterms(term) if isinstance(t, Quotient))
    return {key(base) for denominator in below for base in factored(denominator).powers}


# -- is it one? ------------------------------------------------------------------------------------


def removable(
    kink: Kink,
    function: Expr,
    settled: Callable[[str], bool],
    equal: Callable[[Expr, Expr], bool],
) -> bool:
    """Does the derivative exist at a kink, and is the answer its value?

    Parameters
    ----------
    function : named quantities written out
    settled : is its derivative `one_valued` where the array of this name makes it switch?
    equal : are two terms surely equal?
    """
    if kink.switch is None:
        return False
    point = _zero_of(kink.switch)
    if point is None or not _one_value(kink.scope or function, kink.switch, point, equal):
        return False
    return settled(name_of(point[0]))  # of f = |z_i| the answer may be δ_ij sign(z_j)


def one_valued(answer: Expr, array: str, equal: Callable[[Expr, Expr], bool]) -> bool:
    """Has an answer one value, from either side and there, wherever the array makes it switch?"""
    for other in kinks(answer, lambda t: _mentions(t, array)):
        there = None if other.switch is None else _zero_of(other.switch)
        if other.switch is None or there is None:
            return False
        if not _one_value(other.scope or answer, other.switch, there, equal):
            return False
    return True


def _mentions(term: Basic, array: str) -> bool:
    return any(isinstance(t, Indexed | Symbol) and name_of(t) == array for t in subterms(term))


def _one_value(
    term: Expr, switch: Expr, point: tuple[Expr, Expr], equal: Callable[[Expr, Expr], bool]
) -> bool:
    """Is the term the same from below, there and from above?"""
    look()
    variable, value = point
    if not set(bound_letters_in(term)).isdisjoint(free_letters(variable) | free_letters(value)):
        return False
    below, there, above = (
        substitute(_branch(term, switch, side), {variable: value}) for side in (BELOW, THERE, ABOVE)
    )
    return equal(below, above) and equal(there, above)


def bound_letters_in(term: Basic) -> Iterator[Symbol]:
    """Every letter that something in the term binds."""
    for t in subterms(term):
        yield from bound_letters(t)


def _difference(u: Expr, v: Expr) -> Expr:
    if u == 0 or v == 0:
        return u if v == 0 else negative(v)
    return tidy(Plus(u, Neg(v)))


def _zero_of(switch: Expr) -> tuple[Expr, Expr] | None:
    """A component or scalar and its value where the switch is 0; None where that is not plain."""
    view = factored(switch)
    if len(view.powers) == 1:
        ((base, exponent),) = view.powers.items()
        if isinstance(base, Symbol | Indexed) and exponent == 1:
            return base, ZERO
    if isinstance(switch, Plus) and len(switch.args) == 2:
        for u, v in (switch.args, switch.args[::-1]):
            rest = negative(cast(Expr, v))
            if isinstance(u, Symbol | Indexed) and not _mentions(rest, name_of(u)):
                return u, rest
    return None


def _branch(term: Expr, switch: Expr, side: int) -> Expr:
    """The term where the switch is below 0, 0, or above it."""
    positive, opposite = key(switch), key(negative(switch))

    def chosen(t: Basic) -> Basic:
        for difference, values in _switches(t):
            name = key(difference)
            if name == positive:
                return values[side]
            if name == opposite:
                return values[-side]
        return t

    return cast(Expr, bottom_up(term, chosen))


def _switches(term: Basic) -> Iterator[tuple[Expr, Mapping[int, Expr]]]:
    """What a term switches on, and its value on either side of 0 and there."""
    function = of_head(type(term))
    if function is not None:
        u = cast(Expr, term.args[0])
        for kink in function.kinks:
            if kink.right:
                texts = {BELOW: kink.left, THERE: kink.there, ABOVE: kink.right}
                values = {s: substitute(of_scalars(text), {X: u}) for s, text in texts.items()}
                yield _difference(u, sympy.Integer(kink.at)), values
    elif isinstance(term, Max | Min) and len(term.args) == 2:
        u, v = cast("tuple[Expr, Expr]", term.args)
        low, high = (v, u) if isinstance(term, Max) else (u, v)
        yield _difference(u, v), {BELOW: low, THERE: high, ABOVE: high}
    elif isinstance(term, Iverson):
        left, right = cast("tuple[Expr, Expr]", term.condition.args)
        holds = HOLDS[type(term.condition).__name__]
        yield _difference(left, right), {s: ONE if s in holds else ZERO for s in SIDES}


SIDES = (BELOW, THERE, ABOVE)
HOLDS = {
    "StrictGreaterThan": {ABOVE},
    "GreaterThan": {THERE, ABOVE},
    "StrictLessThan": {BELOW},
    "LessThan": {BELOW, THERE},
    "Equality": {THERE},
    "Unequality": {BELOW, ABOVE},
}
