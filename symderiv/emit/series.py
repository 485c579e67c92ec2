"""Series: what cancels to higher order at 0, near 0 as its Taylor series.

Gives `series`: of a term in one number x, such as (1 - e^{-x} - x e^{-x})/(1 - e^{-x})², of which
no form in known functions keeps the digits, the coefficients of its series and how far it is taken;
`atom`, that number; `in_one`, a sum as one in a product, e^(a x) - 1 - a x in t = a x; `shared`,
c e^x - c - c x as c times such a sum.  The coefficients are Cauchy's integrals on a circle, to 60
digits; a series that is not the function's, to the last digit of a float, at points on both sides
of 0 is none.

Imports elementwise, floor 0, and mpmath.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, cast

import mpmath
import sympy
from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.elementwise import of_head
from symderiv.terms import ONE, Neg, Plus, Power, Quotient, Times, bottom_up, plus, subterms
from symderiv.terms.factors import Factored, factored, terms_of

DIGITS = 60
SAMPLES = 64
HELD = (Plus, Times, Quotient, Neg, Power)


class _Foreign(Exception):
    """A term that is no function of one number."""


def atom(term: Basic) -> Expr | None:
    """The one number that a term is a function of."""
    found: set[Basic] = set()

    def visit(t: Basic) -> bool:
        if isinstance(t, Symbol | Indexed):
            found.add(t)
            return not t.is_integer or isinstance(t, Indexed)
        if t.is_Rational or isinstance(t, sympy.NumberSymbol):
            return True
        analytic = isinstance(t, HELD) or of_head(type(t)) is not None
        return analytic and all(map(visit, t.args))

    return cast(Expr, found.pop()) if visit(term) and len(found) == 1 else None


@lru_cache(maxsize=512)
def in_one(term: Expr) -> tuple[Expr, Expr] | None:
    """The number that a term is a function of, and the term in it, a product as t."""
    x = atom(term)
    if x is not None or not isinstance(term, Plus):
        return None if x is None else (x, term)
    t = Symbol("t", real=True)
    functions = (cast(Expr, s.args[0]) for s in subterms(term) if of_head(type(s)) is not None)
    for u in dict.fromkeys(u for inner in functions for u in terms_of(inner)):
        view = factored(u)
        base = next((b for b, e in view.powers.items() if e == 1), None)
        if base is None:
            continue
        rest = view.without(base).to_the(cast(Expr, -ONE))
        instead = (Factored(ONE, {t: ONE}) * rest).term()  # x = t/a, and a cancels
        made = bottom_up(term, partial(_moved, base, instead))
        if atom(made) == t:
            return u, cast(Expr, made)
    return None


def _moved(base: Expr, instead: Expr, term: Basic) -> Basic:
    term = instead if term == base else term
    return factored(cast(Expr, term)).term() if isinstance(term, HELD) else term


@lru_cache(maxsize=512)
def shared(term: Plus) -> tuple[Expr, Expr] | None:
    """A factor, and a sum in one number that cancels near 0, whose product is a sum."""
    for t in terms_of(term):
        plain = {b: e for b, e in factored(t).powers.items() if isinstance(b, Symbol | Indexed)}
        factor = Factored(ONE, plain)
        below = factor.to_the(cast(Expr, -ONE))
        rest = plus(*((factored(s) * below).term() for s in terms_of(term)))
        found = in_one(rest) if plain else None
        if found is not None and series(found[1]) is not None:
            return factor.term(), rest
    return None


@lru_cache(maxsize=512)
def series(term: Expr) -> tuple[float, tuple[float, ...]] | None:
    """How far the series goes, and its coefficients; None where none is needed or there is none."""
    x = atom(term)
    if x is None or not any(isinstance(t, Plus | sympy.log) for t in subterms(term)):
        return None
    with mpmath.workdps(DIGITS):
        try:
            if not any(_lossy(t, x) or _logged(t, x) for t in subterms(term)):
                return None
        except (_Foreign, ZeroDivisionError, ValueError, OverflowError):
            return None
        for radius in (mpmath.mpf(2), mpmath.mpf(1), mpmath.mpf(1) / 2):
            found = _taylor(term, x, radius)
            if found is not None:
                return float(radius / 4), found
    return None


def _lossy(term: Basic, x: Expr) -> bool:
    """Do the terms of a sum cancel near 0, beyond what expm1 gives back?"""
    if not isinstance(term, Plus):
        return False
    parts = list(terms_of(term))
    plain = [p.term if isinstance(p, Neg) else p for p in parts]
    pair = len(parts) == 2 and any(isinstance(p, sympy.exp) for p in plain)
    if pair and any(p.is_Rational for p in plain):
        return False
    at = mpmath.mpf("1e-5")
    values = [_value(p, {x: at}) for p in parts]
    largest = max(abs(v) for v in values)
    return bool(abs(sum(values)) < largest / 1000)


def _logged(term: Basic, x: Expr) -> bool:
    """Is it the logarithm of what tends to 1 near 0, though not every factor is e^u or 1 + u?"""
    if not isinstance(term, sympy.log):
        return False
    at = {x: mpmath.mpf("1e-5")}
    if abs(_value(term.args[0], at) - 1) > 1e-3:
        return False
    view = factored(cast(Expr, term.args[0]))
    return view.coefficient != 1 or not all(map(_beside_one, view.powers))


def _beside_one(base: Expr) -> bool:
    """Has its logarithm its digits where it is near 1?"""
    return isinstance(base, sympy.exp | sympy.cosh) or (
        isinstance(base, Plus) and ONE in terms_of(base)
    )


def _taylor(term: Expr, x: Expr, radius: mpmath.mpf) -> tuple[float, ...] | None:
    try:
        roots = [mpmath.expjpi(mpmath.mpf(2 * n) / SAMPLES) for n in range(SAMPLES)]  # of 1
        values = [_value(term, {x: radius * root}) for root in roots]
        terms = []
        for k in range(32):
            waves = (v * roots[-n * k % SAMPLES] for n, v in enumerate(values))
            c = mpmath.re(mpmath.fsum(waves)) / SAMPLES / radius**k
            terms.append(c if abs(c) * radius**k > mpmath.mpf(10) ** -12 else mpmath.mpf(0))
        reach = radius / 4
        last = max((k for k, c in enumerate(terms) if abs(c) * reach**k > 1e-20), default=0)
        made = [float(c) for c in terms[: last + 1]]
        for place in ("0.99", "-0.99", "0.4", "-0.4", "1e-3", "-1e-4"):
            at = reach * mpmath.mpf(place)
            right = _value(term, {x: at})
            near = mpmath.polyval([mpmath.mpf(c) for c in made[::-1]], at)
            if mpmath.im(right) or not abs(near - right) <= mpmath.mpf(10) ** -15 * abs(right):
                return None
    except (_Foreign, ZeroDivisionError, ValueError, OverflowError):
        return None
    return tuple(made)


def _value(term: Basic, at: Mapping[Basic, Any]) -> Any:
    """A term at a complex number."""
    if term in at:
        return at[term]
    if term.is_Rational:
        return mpmath.mpf(int(cast(Any, term).p)) / int(cast(Any, term).q)
    if isinstance(term, sympy.NumberSymbol):
        return mpmath.mpf(str(term.evalf(DIGITS + 5)))
    inner = [_value(a, at) for a in term.args]
    match term:
        case Plus():
            return mpmath.fsum(inner)
        case Times():
            return mpmath.fprod(inner)
        case Quotient():
            return inner[0] / inner[1]
        case Neg():
            return -inner[0]
        case Power():
            return inner[0] ** inner[1]
    entry = of_head(type(term))
    if entry is None or "mpmath" not in entry.spellings:
        raise _Foreign
    return entry.at(inner[0])
