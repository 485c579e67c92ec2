"""Atoms that stand in no function of the catalogue by themselves, but in those of other formulas.

Gives `ATOMS`, the checks of what `symderiv.numeric` makes for 1 - p_i, log(1 - p_i), the odds,
p_i v_i and what varies about a mean.  What they are made of is checked on the widest rows.

To add an atom: one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv import numeric
from symderiv.emit.accuracy import bound
from symderiv.verification.exact import Exact, Pair, precise, ulps
from symderiv.verification.measures import WIDEST_MATRIX, Check
from symderiv.verification.points import Point

Array = NDArray[Any]
_log1p = np.frompyfunc(mpmath.log1p, 1, 1)


def complement(p: Point, x: Exact) -> Array:
    """1 - p_i."""
    return ulps(numeric.complement(p.z), x.pair("q"), p.z.dtype)


def log_complement(p: Point, x: Exact) -> Array:
    """log(1 - p_i), at the largest of a sum, so that 60 digits are enough."""
    rest = x.q[x.top]
    p_ = x.p.copy()
    p_[x.top] = mpmath.mpf(0)
    exact = _log1p(-p_)
    exact[x.top] = mpmath.log(rest) if rest else mpmath.mpf("-inf")
    return ulps(numeric.log_complement(p.z), exact, p.z.dtype)


def label_odds_gradient(p: Point, x: Exact) -> Array | None:
    """(p_j - δ_jy)/(1 - p_y), where 1 - p_y is not 0."""
    found = [ulps(numeric.label_odds_gradient(p.z, y), odds, p.z.dtype) for y, odds in _odds(p, x)]
    return np.concatenate(found) if found else None


def odds_jacobian(p: Point, x: Exact) -> Array | None:
    """The same for the rows of a matrix."""
    rows = numeric.odds_jacobian(p.z)
    found = [ulps(rows[i], odds, p.z.dtype) for i, odds in _odds(p, x)]
    return np.concatenate(found) if found else None


def _odds(p: Point, x: Exact) -> Iterator[tuple[int, Pair]]:
    """The exact gradient of the odds against each of a point's labels."""
    for y in p.labels:
        if x.q[y]:
            yield y, x.once(f"odds {y}", partial(_against, x, y))


def _against(x: Exact, y: int) -> Pair:
    odds = x.p / x.q[y]
    odds[y] = mpmath.mpf(-1)
    return Pair.of(odds)


def jacobian_diagonal(p: Point, x: Exact) -> Array:
    """p_i(1 - p_i)."""
    return ulps(numeric.jacobian_diagonal(p.z), x.p * x.q, p.z.dtype)


def weighted(p: Point, x: Exact) -> Array:
    """p_i v_i."""
    found = numeric.weighted(p.z, p.direction)
    return ulps(found, x.p * precise(p.direction), p.z.dtype)


def centred(p: Point, x: Exact) -> Array | None:
    """z_i less the mean of z."""
    if not np.isfinite(p.z).all():
        return None
    exact = x.z - mpmath.fsum(x.z) / len(x.z)
    return ulps(numeric.centred(p.z), exact, p.z.dtype, scale=abs(exact).max())


def narrow(measure: Callable[[Point, Exact], Array | None]) -> Any:
    """The same, not on the widest rows, where exact values are slow."""
    return lambda p, x: measure(p, x) if len(p.z) <= WIDEST_MATRIX else None


ATOMS = tuple(
    Check(measure.__name__, "", bound(measure.__name__), measure if wide else narrow(measure))
    for measure, wide in (
        (complement, True),
        (log_complement, False),
        (label_odds_gradient, False),
        (odds_jacobian, False),
        (jacobian_diagonal, False),
        (weighted, False),
        (centred, False),
    )
)
