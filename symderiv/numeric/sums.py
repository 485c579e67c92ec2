"""The sums of rows, to the last digit: a softmax within 5 ulp has nothing to spare for its sum.

Gives `row_sums`, and `sum_rows` which writes them.  Imports NumPy only.

Added up one after another, small terms are rounded against a large one, each time the same way
where they are alike: a row of one 1 and a thousand 1e-16 came out 15 ulp off.  So the parts of all
terms above one grid, whose sum is exact, are added apart from what is left below it.  Short rows
are added one by one, with what each addition loses.
"""

from __future__ import annotations

from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.blocks import NARROW
from symderiv.numeric.compiled import compiled

Array = NDArray[Any]

SHORT = 128  # up to here einsum's plain sum; beyond, NumPy's pairwise sum
# From here on quarters of rows are added first: a fourth of the work, two roundings more.
LONG = 256
FEW = 64  # so few numbers are added one by one, before NumPy would have begun


def row_sums(e: Array) -> Array:
    """The sum of each row of a matrix, in float64, within 3 roundings of the sum of magnitudes."""
    sums = np.empty(len(e))
    sum_rows(e, sums)
    return sums


@compiled(writes=1)
def sum_rows(e: Array, sums: Array) -> None:
    """Write the `row_sums` of e; in float32 they are added up in double, which is enough."""
    width = e.shape[1]
    if e.dtype != np.float64:
        if width <= NARROW:
            np.matmul(e.astype(np.float64), np.ones(width), out=sums)
        else:
            np.einsum("ij->i", e, dtype=np.float64, out=sums)
    elif e.size <= FEW:
        sums[...] = [_exactly(row) for row in e.tolist()]
    else:
        sums[...] = _short(e) if width <= NARROW else _split(_folded(e) if width >= LONG else e)
        if np.isnan(sums).any():  # past the largest number, or at inf, parts of a sum are inf - inf
            bad = np.isnan(sums)
            sums[bad] = e[bad].sum(axis=1)


def _exactly(row: list[float]) -> float:
    """Rounded once; past the largest number, and of inf and -inf, what adding them gives."""
    try:
        return fsum(row)
    except (OverflowError, ValueError):
        return sum(row)


def _short(e: Array) -> Array:
    """Column by column, then with what each addition loses."""
    columns = e.T.copy()
    total: Array = columns[0]
    lost: Any = 0.0
    for column in columns[1:]:
        more = total + column
        back = more - total
        lost = lost + ((total - (more - back)) + (column - back))
        total = more
    total += lost
    return total


def _folded(e: Array) -> Array:
    """The four quarters of each row, added two and two."""
    fourth = e.shape[1] // 4
    first, second, third, last = (e[:, n * fourth : (n + 1) * fourth] for n in range(4))
    folded: Array = first + second
    folded += third + last
    over = e.shape[1] % 4
    folded[:, :over] += e[:, e.shape[1] - over :]
    return folded


def _split(e: Array) -> Array:
    """Sums of the parts above a grid, which no addition rounds, and of the parts below it.

    One grid serves all rows if their sums are of about one size.
    """
    part = np.abs(e)
    rough = _plain(part)
    if rough.max(initial=0) <= rough.min(initial=np.inf) * 2.0**20:
        anchor: Any = 3 * _power(rough.max(initial=0))
    else:
        anchor = 3 * _power(rough)[:, None]
    np.add(e, anchor, out=part)
    part -= anchor
    above = _plain(part)
    np.subtract(e, part, out=part)
    total: Array = above + _plain(part)
    return total


def _power(x: Any) -> Any:
    """The largest power of 2 that is not above a positive number."""
    return (x.view(np.int64) & np.int64(0x7FF << 52)).view(np.float64)


def _plain(e: Array) -> Array:
    sums: Array = np.einsum("ij->i", e) if e.shape[1] <= SHORT else e.sum(axis=1)
    return sums
