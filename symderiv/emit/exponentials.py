"""Rational functions of exponentials: one fraction, where no difference is left in its numerator.

Gives `one_fraction`: 1 - (e^x - e^{-x})²/(e^x + e^{-x})² is 4/(e^x + e^{-x})², as (v² - u²)/v² with
the powers of e multiplied out.  What cancels then cancels exactly, and not to the last digit of
what it leaves.

Imports floor 0.  A base that is no exponential is a letter, whatever it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import reduce
from operator import or_
from typing import cast

import sympy
from sympy import Expr, Rational

from symderiv.records import dataclass
from symderiv.terms import ONE, ZERO, Neg, Plus, exp, hold, plus, release, subterms
from symderiv.terms.factors import Factored, factored, number, terms_of

MOST = 60  # monomials of a numerator

Others = frozenset[tuple[Expr, Expr]]  # powers of what is no exponential
Monomial = tuple[Others, Expr]  # and the exponent of e beside them


@dataclass(frozen=True)
class _Fraction:
    """A polynomial in exponentials over powers of sums of them; has anything cancelled in it?"""

    above: Mapping[Monomial, Rational]
    below: Counter[Expr] = field(default_factory=Counter)
    cancels: bool = False


class _Wide(Exception):
    """A numerator with too many monomials, or a term of another kind."""


def one_fraction(term: Plus) -> Expr | None:
    """The sum as one fraction; None where nothing cancels in it, or a difference stays."""
    if not any(isinstance(t, sympy.exp) for t in subterms(term)):
        return None
    try:
        found = _fraction(term)
    except _Wide:
        return None
    groups: dict[Others, list[tuple[Expr, Rational]]] = {}
    for (others, exponent), c in found.above.items():
        groups.setdefault(others, []).append((exponent, c))
    signs = [{c > 0 for _, c in group} for group in groups.values()]
    if not found.cancels or any(len(s) > 1 for s in signs):
        return None
    made = Factored()
    made.multiply(plus(*(_group(others, group) for others, group in groups.items())), ONE)
    for base, count in found.below.items():
        made.multiply(base, sympy.Integer(-count))
    return made.term() if found.above else ZERO


def _group(others: Others, monomials: list[tuple[Expr, Rational]]) -> Expr:
    """The monomials with the same factors, these in front of them."""
    inner = [_times(abs(c), exponent) for exponent, c in monomials]
    made = Factored(ONE, dict(others))
    made.multiply(plus(*inner), ONE)
    return Neg(made.term()) if monomials[0][1] < 0 else made.term()


def _times(c: Rational, exponent: Expr) -> Expr:
    made = Factored(c)
    if exponent != 0:
        made.multiply(exp(hold(exponent)), ONE)
    return made.term()


def _fraction(term: Expr) -> _Fraction:
    if isinstance(term, Plus):
        return _sum([_fraction(t) for t in terms_of(term)])
    view = factored(term)
    made = _Fraction({(frozenset(), ZERO): view.coefficient})
    for base, exponent in view.powers.items():
        known = number(exponent)
        of_powers = isinstance(base, Plus) and base.has(sympy.exp)
        if isinstance(base, sympy.exp) and known is not None:
            u = sympy.expand(known * release(cast(Expr, base.args[0])))
            made = _product(made, _Fraction({(frozenset(), u): ONE}))
        elif not of_powers or known is None or not known.is_Integer or abs(known) > 4:
            made = _product(made, _Fraction({(frozenset({(base, exponent)}), ZERO): ONE}))
        elif known < 0:
            made = replace(made, below=made.below + Counter({base: -int(known)}))
        else:
            for _ in range(int(known)):
                made = _product(made, _fraction(base))
    return made


def _product(a: _Fraction, b: _Fraction) -> _Fraction:
    if len(a.above) * len(b.above) > MOST:
        raise _Wide
    monomials: list[tuple[Monomial, Rational]] = []
    for (left, u), c in a.above.items():
        for (right, v), d in b.above.items():
            powers = Factored(ONE, dict(left)) * Factored(ONE, dict(right))
            if powers.coefficient != 1:
                raise _Wide
            others = frozenset(powers.powers.items())
            monomials.append(((others, cast(Expr, sympy.expand(u + v))), cast(Rational, c * d)))
    return _gathered(monomials, a.below + b.below, a.cancels or b.cancels)


def _sum(parts: list[_Fraction]) -> _Fraction:
    """Over the powers that all of them divide."""
    whole = reduce(or_, (p.below for p in parts))
    monomials: list[tuple[Monomial, Rational]] = []
    cancels = False
    for p in parts:
        wider = replace(p, below=Counter())
        for base in (whole - p.below).elements():
            wider = _product(wider, _fraction(base))
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
