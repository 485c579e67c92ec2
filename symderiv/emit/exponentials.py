"""Rational functions of exponentials: one fraction, where no difference is left in its numerator.

Gives `one_fraction`: 1 - (e^x - e^{-x})²/(e^x + e^{-x})² is 4/(e^x + e^{-x})², as (v² - u²)/v² with
the powers of e multiplied out.  What cancels then cancels exactly, and not to the last digit of
what it leaves.

Imports floor 0.  A base that is no exponential is a letter, whatever it is.
"""

from __future__ import annotations

from dataclasses import field
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
    """A polynomial in exponentials over powers of sums of them; `size` has it with no minus."""

    above: dict[Monomial, Rational]
    size: dict[Monomial, Rational]
    below: dict[Expr, int] = field(default_factory=dict)


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
    above = {m: c for m, c in found.above.items() if c}
    cancels = any(abs(found.above[m]) < size for m, size in found.size.items())
    groups: dict[Others, list[tuple[Expr, Rational]]] = {}
    for (others, exponent), c in above.items():
        groups.setdefault(others, []).append((exponent, c))
    signs = [{c > 0 for _, c in group} for group in groups.values()]
    if not cancels or any(len(s) > 1 for s in signs):
        return None
    made = Factored()
    made.multiply(plus(*(_group(others, group) for others, group in groups.items())), ONE)
    for base, count in found.below.items():
        made.multiply(base, sympy.Integer(-count))
    return made.term() if above else ZERO


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
    alone: Monomial = (frozenset(), ZERO)
    made = _Fraction({alone: view.coefficient}, {alone: cast(Rational, abs(view.coefficient))})
    for base, exponent in view.powers.items():
        known, of_powers = number(exponent), _of_powers(base)
        if isinstance(base, sympy.exp) and known is not None:
            u = sympy.expand(known * release(cast(Expr, base.args[0])))
            factor: Monomial = (frozenset(), u)
        elif of_powers and known is not None and known.is_Integer and abs(known) <= 4:
            if known < 0:
                below = dict(made.below)
                below[base] = below.get(base, 0) - int(known)
                made = _Fraction(made.above, made.size, below)
            else:
                for _ in range(int(known)):
                    made = _product(made, _fraction(base))
            continue
        else:
            factor = (frozenset({(base, exponent)}), ZERO)
        made = _product(made, _Fraction({factor: ONE}, {factor: ONE}))
    return made


def _of_powers(base: Expr) -> bool:
    """Is it a sum with exponentials in it?"""
    return isinstance(base, Plus) and base.has(sympy.exp)


def _product(a: _Fraction, b: _Fraction) -> _Fraction:
    below = dict(a.below)
    for base, count in b.below.items():
        below[base] = below.get(base, 0) + count
    return _Fraction(_multiplied(a.above, b.above), _multiplied(a.size, b.size), below)


def _multiplied(
    a: dict[Monomial, Rational], b: dict[Monomial, Rational]
) -> dict[Monomial, Rational]:
    if len(a) * len(b) > MOST:
        raise _Wide
    found: dict[Monomial, Rational] = {}
    for (left, u), c in a.items():
        for (right, v), d in b.items():
            powers = Factored(ONE, dict(left)) * Factored(ONE, dict(right))
            if powers.coefficient != 1:
                raise _Wide
            m = frozenset(powers.powers.items()), cast(Expr, sympy.expand(u + v))
            found[m] = cast(Rational, found.get(m, ZERO) + c * d)
    return found


def _sum(parts: list[_Fraction]) -> _Fraction:
    """Over the powers that all of them divide."""
    whole: dict[Expr, int] = {}
    for p in parts:
        for base, count in p.below.items():
            whole[base] = max(count, whole.get(base, 0))
    above: dict[Monomial, Rational] = {}
    size: dict[Monomial, Rational] = {}
    for p in parts:
        wider = _Fraction(p.above, p.size)
        for base, count in whole.items():
            for _ in range(count - p.below.get(base, 0)):
                wider = _product(wider, _fraction(base))
        if wider.below:
            raise _Wide
        for into, of in ((above, wider.above), (size, wider.size)):
            for m, c in of.items():
                into[m] = cast(Rational, into.get(m, ZERO) + c)
    return _Fraction(above, size, whole)
