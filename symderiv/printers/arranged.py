"""Arranged: a term as a person sets it down, before it is spelled.

Gives `with_decimals` (26829 x²/200000 as 0.134145 x²), `digits` and `decimal` (a fraction as a
decimal, where it ends and is shorter), and `as_beside`, the letters of a δ in the order of the
components beside it.  Imports floor 0.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import cast

from sympy import Expr, Indexed, Integer, KroneckerDelta
from sympy.core.basic import Basic

from symderiv.terms import (
    Neg,
    Plus,
    Quantity,
    Quotient,
    Times,
    bottom_up,
    rebuild,
    subterms,
    times,
)
from symderiv.terms.contents import holds


def decimal(top: int, bottom: int) -> str | None:
    """A fraction of positive numbers as a decimal, where it ends and is shorter: 8943/200000."""
    value = Fraction(top, bottom)
    twos_and_fives, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while twos_and_fives % prime == 0:
            twos_and_fives, power = twos_and_fives // prime, power + 1
        places = max(places, power)
    if twos_and_fives != 1 or places == 0 or value.numerator == 0:
        return None
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    written = f"{digits[:-places]}.{digits[-places:]}"
    return written if len(written) < len(f"{top}/{bottom}") else None


def is_decimal(term: Basic) -> bool:
    return isinstance(term, Quotient) and digits(term) is not None


def digits(term: Quotient) -> str | None:
    """A fraction of two positive numbers as a decimal, where it is one on the page."""
    top, bottom = term.args
    if not isinstance(top, Integer) or not isinstance(bottom, Integer) or bottom <= 1:
        return None
    return decimal(int(top), int(bottom)) if top > 0 else None


@lru_cache(maxsize=8192)
def with_decimals(term: Basic) -> Basic:
    """The term, 26829 x²/200000 as (26829/200000) x², where that number is a decimal."""
    if not _over_a_number(term):
        return term

    def arrange(t: Basic) -> Basic:
        match t:
            case Quotient(numerator=Times(args=(Integer() as top, *rest)), denominator=Integer()):
                number = Quotient(top, t.denominator)
                return times(number, *rest) if is_decimal(number) else t
        return t

    return bottom_up(term, arrange)


@lru_cache(maxsize=8192)
def _over_a_number(term: Basic) -> bool:
    """Is anything in it divided by a whole number?"""
    own = isinstance(term, Quotient) and isinstance(term.args[1], Integer)
    return own or any(map(_over_a_number, term.args))


def as_beside(factors: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The factors, the letters of a δ in the order of the components beside it: (1 − δ_mc) P_mc.

    SymPy orders the letters of a δ by name.
    """
    if not any(holds(f, KroneckerDelta) for f in factors):
        return factors
    beside = [indices for f in factors for indices in _indices(f)]
    return tuple(_turned(f, beside) for f in factors) if beside else factors


@lru_cache(maxsize=8192)
def _indices(factor: Expr) -> tuple[tuple[Basic, ...], ...]:
    """The indices of all components that have more than one."""
    found = (t for t in subterms(factor) if isinstance(t, Indexed | Quantity))
    return tuple(t.args[1:] for t in found if len(t.args) > 2)


def _turned(factor: Expr, beside: list[tuple[Basic, ...]]) -> Expr:
    match factor:
        case KroneckerDelta(args=(a, b)):
            ways = {i.index(a) < i.index(b) for i in beside if a in i and b in i}
            return cast(Expr, Basic.__new__(KroneckerDelta, b, a)) if ways == {False} else factor
        case Plus() | Neg():
            parts = tuple(_turned(cast(Expr, t), beside) for t in factor.args)
            return cast(Expr, rebuild(factor, parts))
    return factor
