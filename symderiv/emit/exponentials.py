"""Rational functions, of exponentials as well: one fraction, where no difference is left above.

Gives `one_fraction`: 1 - (e^x - e^{-x})²/(e^x + e^{-x})² is 4/(e^x + e^{-x})², as (v² - u²)/v² with
the powers of e multiplied out.  What cancels then cancels exactly, and not to the last digit of
what it leaves.  1/(1 + x) - 1/(2 + x) is 1/((1 + x) (2 + x)).

Imports floor 0.  A base that is no exponential is a letter, whatever it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import cast

import sympy
from sympy import Expr, Indexed, Rational, Symbol

from symderiv.records import dataclass
from symderiv.terms import ONE, ZERO, Neg, Plus, exp, hold, plus, release, subterms
from symderiv.terms.factors import Factored, factored, number, terms_of

MOST = 60  # monomials of a numerator

Others = frozenset[tuple[Expr, Expr]]  # powers of what is no exponential
Monomial = tuple[Others, Expr]  # and the exponent of e beside them
Opened = Callable[[Expr], bool]  # which sums are multiplied out


@dataclass(frozen=True)
class _Fraction:
    """A polynomial in exponentials over powers of sums of them; `size` has it with no minus."""

    above: dict[Monomial, Rational]
    size: dict[Monomial, Rational]
    below: dict[Expr, Expr] = field(default_factory=dict)


class _Wide(Exception):
    """A numerator with too many monomials, or a term of another kind."""


def one_fraction(term: Plus) -> Expr | None:
    """The sum as one fraction; None where nothing cancels in it, or a difference stays.

    Where no exponential is in it, one whose numerator is a product of powers, or such of one sign.
    """
    plain = not any(isinstance(t, sympy.exp) for t in subterms(term))
    opened = _polynomial if plain else _of_powers
    if plain and not any(opened(b) for t in term.args for b in _below(factored(t))):
        return None
    try:
        found = _fraction(term, opened)
    except _Wide:
        return None
    above = {m: c for m, c in found.above.items() if c}
    cancels = any(abs(found.above[m]) < size for m, size in found.size.items())
    groups: dict[Others, list[tuple[Expr, Rational]]] = {}
    for (others, exponent), c in above.items():
        groups.setdefault(others, []).append((exponent, c))
    signs = [{c > 0 for _, c in group} for group in groups.values()]
    if not cancels or any(len(s) > 1 for s in signs) or (plain and not _of_one_sign(above)):
        return None
    made = Factored()
    made.multiply(plus(*(_group(others, group) for others, group in groups.items())), ONE)
    for base, count in found.below.items():
        made.multiply(base, cast(Expr, -count))
    return made.term() if above else ZERO


def _of_one_sign(above: Mapping[Monomial, Rational]) -> bool:
    """Have all products of powers the sign that one of them has, as 6 x and 4 x³ have?"""
    odd = {frozenset(b for b, e in others if not e.is_even) for others, _ in above}
    return len(odd) <= 1 and len({c > 0 for c in above.values()}) <= 1


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


def _fraction(term: Expr, opened: Opened) -> _Fraction:
    if isinstance(term, Plus):
        return _sum([_fraction(t, opened) for t in terms_of(term)], opened)
    view = factored(term)
    alone: Monomial = (frozenset(), ZERO)
    made = _Fraction({alone: view.coefficient}, {alone: cast(Rational, abs(view.coefficient))})
    for base, exponent in view.powers.items():
        known, of_powers = number(exponent), opened(base)
        if isinstance(base, sympy.exp) and known is not None:
            u = sympy.expand(known * release(cast(Expr, base.args[0])))
            factor: Monomial = (frozenset(), u)
        elif (
            of_powers
            and known is not None
            and abs(known) <= 4
            and (known.is_Integer or opened is _polynomial)
        ):
            if known < 0 or not known.is_Integer:
                below = {**made.below, base: made.below.get(base, ZERO) - known}
                made = _Fraction(made.above, made.size, below)
            else:
                for _ in range(int(known)):
                    made = _product(made, _fraction(base, opened))
            continue
        else:
            factor = (frozenset({(base, exponent)}), ZERO)
        made = _product(made, _Fraction({factor: ONE}, {factor: ONE}))
    return made


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
    below = dict(a.below)
    for base, count in b.below.items():
        below[base] = cast(Expr, below.get(base, ZERO) + count)
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


def _sum(parts: list[_Fraction], opened: Opened) -> _Fraction:
    """Over the powers that all of them divide."""
    bases = {base: None for p in parts for base in p.below}
    whole = {base: max(p.below.get(base, ZERO) for p in parts) for base in bases}
    above: dict[Monomial, Rational] = {}
    size: dict[Monomial, Rational] = {}
    for p in parts:
        wider = _Fraction(p.above, p.size)
        for base, count in whole.items():
            more = count - p.below.get(base, ZERO)
            if not more.is_Integer:
                raise _Wide
            for _ in range(int(more)):
                wider = _product(wider, _fraction(base, opened))
        if wider.below:
            raise _Wide
        for into, of in ((above, wider.above), (size, wider.size)):
            for m, c in of.items():
                into[m] = cast(Rational, into.get(m, ZERO) + c)
    return _Fraction(above, size, whole)
