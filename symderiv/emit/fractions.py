"""Rational functions, of exponentials as well: one fraction, where no difference is left above.

Gives `one_fraction`: 1 - (e^x - e^{-x})²/(e^x + e^{-x})² is 4/(e^x + e^{-x})², as (v² - u²)/v² with
the powers of e multiplied out.  What cancels then cancels exactly, and not to the last digit of
what it leaves.  1/(1 + x) - 1/(2 + x) is 1/((1 + x) (2 + x)).

Imports floor 0.  A base that is no exponential is a letter, whatever it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import lru_cache, reduce
from operator import or_
from typing import cast

import sympy
from sympy import Expr, Indexed, Rational, Symbol

from symderiv.emit.roots import parted
from symderiv.records import dataclass
from symderiv.terms import ONE, ZERO, Neg, Plus, exp, hold, plus, release, subterms
from symderiv.terms.factors import Factored, factored, number, terms_of

MOST = 60  # monomials of a numerator

Others = frozenset[tuple[Expr, Expr]]  # powers of what is no exponential
Monomial = tuple[Others, Expr]  # and the exponent of e beside them
Opened = Callable[[Expr], bool]  # which sums are multiplied out


@dataclass(frozen=True)
class _Fraction:
    """A polynomial in exponentials over powers of sums of them; has anything cancelled in it?"""

    above: Mapping[Monomial, Rational]
    below: Counter[Expr] = field(default_factory=Counter)
    cancels: bool = False


class _Wide(Exception):
    """A numerator with too many monomials, or a term of another kind."""


@lru_cache(maxsize=512)
def one_fraction(term: Plus) -> Expr | None:
    """The sum as one fraction; None where nothing cancels in it, or a difference stays.

    Where no exponential is in it, one whose numerator is a product of powers, such of one sign, or
    the difference of two, which is as sure as its arguments are.
    """
    plain = not any(isinstance(t, sympy.exp) for t in subterms(term))
    opened = _polynomial if plain else _of_powers
    if plain and not any(opened(b) for t in term.args for b in _below(factored(t))):
        return None
    try:
        found = _fraction(term, opened)
    except _Wide:
        return None
    groups = _groups(found)
    signs = [{c > 0 for _, c in group} for group in groups.values()]
    if not found.cancels or any(len(s) > 1 for s in signs):
        return None
    if plain and len(found.above) > 2 and not _of_one_sign(found.above):
        return None
    return _term(found)


def _groups(found: _Fraction) -> dict[Others, list[tuple[Expr, Rational]]]:
    groups: dict[Others, list[tuple[Expr, Rational]]] = {}
    for (others, exponent), c in found.above.items():
        groups.setdefault(others, []).append((exponent, c))
    return groups


def _term(found: _Fraction) -> Expr:
    made, groups = Factored(), _groups(found).items()
    made.multiply(plus(*(_group(others, group) for others, group in groups)), ONE)
    for base, count in found.below.items():
        made.multiply(base, sympy.Integer(-count))
    return made.term() if found.above else ZERO


def _of_one_sign(above: Mapping[Monomial, Rational]) -> bool:
    """Have all products of powers the sign that one of them has, as 6 x and 4 x³ have?"""
    odd = {frozenset(b for b, e in others if not e.is_even) for others, _ in above}
    return len(odd) <= 1 and len({c > 0 for c in above.values()}) <= 1


def _group(others: Others, monomials: list[tuple[Expr, Rational]]) -> Expr:
    """The monomials with the same factors, these in front of them."""
    inner = [_times(abs(c), exponent) for exponent, c in monomials]
    made = Factored(ONE, dict(sorted(others, key=str)))  # a set of its own has no order
    made.multiply(plus(*inner), ONE)
    return Neg(made.term()) if monomials[0][1] < 0 else made.term()


def _times(c: Rational, exponent: Expr) -> Expr:
    made = Factored(c)
    if exponent != 0:
        made.multiply(exp(hold(exponent)), ONE)
    return made.term()


def _fraction(term: Expr, opened: Opened) -> _Fraction:
    if isinstance(term, Plus):
        return _sum([_fraction(t, opened) for t in terms_of(term)], opened)
    view = parted(factored(term)) or factored(term)  # the roots of products apart
    made = _Fraction({(frozenset(), ZERO): view.coefficient})
    for base, exponent in view.powers.items():
        known = number(exponent)
        if isinstance(base, sympy.exp) and known is not None:
            u = sympy.expand(known * release(cast(Expr, base.args[0])))
            made = _product(made, _Fraction({(frozenset(), u): ONE}))
            continue
        roots = opened is _polynomial
        if not opened(base) or known is None or abs(known) > 4 or known.q > 1 + roots:
            made = _product(made, _power(base, exponent))
            continue
        whole = int(sympy.floor(known))
        if known != whole:  # of b^(-3/2) the b^(1/2) is a letter
            made = _product(made, _power(base, cast(Expr, known - whole)))
        if whole < 0:
            made = replace(made, below=made.below + Counter({base: -whole}))
        for _ in range(whole):
            made = _product(made, _fraction(base, opened))
    return made


def _power(base: Expr, exponent: Expr) -> _Fraction:
    """A letter to some power."""
    return _Fraction({(frozenset({(base, exponent)}), ZERO): ONE})


def _of_powers(base: Expr) -> bool:
    """Is it a sum with exponentials in it?"""
    return isinstance(base, Plus) and base.has(sympy.exp)


def _below(view: Factored) -> list[Expr]:
    return [b for b, e in view.powers.items() if e.is_Rational and e < 0]


def _polynomial(base: Expr) -> bool:
    """Is it a sum of products of names and numbers?"""
    views = map(factored, terms_of(base)) if isinstance(base, Plus) else ()
    powers = [pair for view in views for pair in view.powers.items()]
    return isinstance(base, Plus) and all(
        isinstance(b, Symbol | Indexed) and e.is_Integer and e > 0 for b, e in powers
    )


def _product(a: _Fraction, b: _Fraction) -> _Fraction:
    if len(a.above) * len(b.above) > MOST:
        raise _Wide
    monomials: list[tuple[Monomial, Rational]] = []
    for (left, u), c in a.above.items():
        for (right, v), d in b.above.items():
            powers = Factored(ONE, dict(left)) * Factored(ONE, dict(right))
            others = frozenset(powers.powers.items())
            whole = cast(Rational, c * d * powers.coefficient)
            monomials.append(((others, cast(Expr, sympy.expand(u + v))), whole))
    return _gathered(monomials, a.below + b.below, a.cancels or b.cancels)


def _sum(parts: list[_Fraction], opened: Opened) -> _Fraction:
    """Over the powers that all of them divide."""
    whole = reduce(or_, (p.below for p in parts), Counter[Expr]())
    monomials: list[tuple[Monomial, Rational]] = []
    cancels = False
    for p in parts:
        wider = replace(p, below=Counter())
        for base in (whole - p.below).elements():
            wider = _product(wider, _fraction(base, opened))
        if wider.below:
            raise _Wide
        monomials += wider.above.items()
        cancels |= wider.cancels
    return _gathered(monomials, whole, cancels)


def _gathered(
    monomials: Iterable[tuple[Monomial, Rational]], below: Counter[Expr], cancels: bool
) -> _Fraction:
    """Equal monomials as one."""
    above: dict[Monomial, Rational] = {}
    for m, c in monomials:
        known = above.get(m, ZERO)
        cancels |= bool(known * c < 0)
        above[m] = cast(Rational, known + c)
    return _Fraction({m: c for m, c in above.items() if c}, below, cancels)
