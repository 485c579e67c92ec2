"""Ratios of powers: x²/s² is (x/s)², so that neither power overflows where the ratio does not.

Gives `ratios_of`, the powers of arguments above a fraction bar with those below it, `opposed`, such
of exponents that are arguments, and `spread`, a sum of squares above the bar taken apart where that
makes such ratios.

Imports floor 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, Symbol

from symderiv.terms import ONE, Plus, plus
from symderiv.terms.factors import Factored, add_exponents, factored, terms_of


def ratios_of(
    powers: Mapping[Expr, Expr],
) -> tuple[dict[Expr, Expr], list[tuple[Expr, Expr, Expr]]]:
    """x²/s³ as (x/s)² and 1/s, x²/s as x/s and x: no power is formed where a ratio will do."""
    rest, found = dict(powers), list[tuple[Expr, Expr, Expr]]()
    plain = [b for b, e in powers.items() if _is_plain(b) and e.is_Integer]
    for v in [b for b in plain if powers[b] < 0]:
        for u in [b for b in plain if powers[b] > (0 if powers[v] < -1 else 1)]:
            count = cast(Expr, sympy.Min(rest[u], -rest[v]))
            if count > 0:
                found.append((u, v, count))
                rest[u], rest[v] = cast(Expr, rest[u] - count), cast(Expr, rest[v] + count)
    return {b: e for b, e in rest.items() if e != 0}, found


def opposed(powers: Mapping[Expr, Expr]) -> tuple[Expr, ...]:
    """p and q of p^a q^(1 - a), of which one may overflow where the other vanishes."""
    given = [b for b, e in powers.items() if not e.is_number and not isinstance(b, sympy.exp)]
    pairs = combinations(given, 2)
    found = (p for p in pairs if add_exponents(*(powers[b] for b in p)).is_Rational)
    return next(found, ())


def spread(view: Factored) -> Factored | None:
    """(x² + y²)/s² as x²/s² + y²/s², for powers whose ratios are formed."""
    below = next((b for b, e in view.powers.items() if _is_plain(b) and e in (-2, -3)), None)
    for base, exponent in view.powers.items() if below is not None else ():
        terms = [factored(t) for t in terms_of(base)] if isinstance(base, Plus) else []
        squares = (any(_is_plain(b) and e == 2 for b, e in t.powers.items()) for t in terms)
        if exponent == 1 and not _is_plain(base) and all(squares):
            power = Factored(ONE, {cast(Expr, below): cast(Expr, -Integer(2))})
            made = view.without(base) * power.to_the(cast(Expr, -ONE))
            made.multiply(plus(*((t * power).term() for t in terms)), ONE)
            return made
    return None


def _is_plain(base: Expr) -> bool:
    """Is it an argument, or a sum of arguments?"""
    terms = terms_of(base) if isinstance(base, Plus) else (base,)
    return all(isinstance(b, Indexed | Symbol) for t in terms for b in factored(t).powers)
