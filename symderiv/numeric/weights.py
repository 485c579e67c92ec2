"""Exponentials of a block of rows and what each row sums to, safe at any finite logits.

Gives `weigh` (e and its row sums), `weigh_apart` (the same with one entry of each row kept apart
from the sum of the others), and what combines a matrix with one value per row.  Imports NumPy
only.

No maximum is subtracted beforehand: that costs passes and rounds every logit.  The row sums are
looked at afterwards; only a row whose sum overflowed, or is so small that an entry may have lost
digits as a subnormal number, is done again with a shift m, whose rounding error is put back:
e^(z - m) = e^d (1 + r), where d + r = z - m exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.blocks import NARROW, Undefined

Array = NDArray[Any]

SHORT = 128  # up to here einsum's plain sum; beyond, NumPy's pairwise sum, which stays accurate


def places(chosen: Array, width: int) -> Array:
    """Where the chosen entry of each row stands in the flat block: quicker than two indices."""
    return np.arange(len(chosen)) * width + chosen


def row_sums(e: Array) -> Array:
    """The sum of each row of a matrix, in float64.

    Added up in double also in float32: a float32 sum is several ulp off, which softmax, itself
    within 5, cannot afford.
    """
    width = e.shape[1]
    if width <= NARROW:
        return e.astype(np.float64, copy=False) @ np.ones(width)
    sums: Array
    if e.dtype != np.float64:
        sums = np.einsum("ij->i", e, dtype=np.float64)
    else:
        sums = np.einsum("ij->i", e) if width <= SHORT else e.sum(axis=1)
    return sums


def _column(values: Array, like: Array) -> Array:
    """One value per row, to be combined with a matrix; written out where rows are short."""
    values = values.astype(like.dtype, copy=False)
    if like.shape[1] <= NARROW:
        return np.repeat(values, like.shape[1]).reshape(like.shape)
    column: Array = values[:, None]
    return column


def scale_rows(e: Array, factors: Array, out: Array) -> None:
    """Each row of a matrix times its factor."""
    np.multiply(e, _column(factors, e), out=out)


def share_rows(e: Array, sums: Array, out: Array) -> None:
    """Each row of a matrix over its sum; wide rows times the inverse, which is rounded twice."""
    if e.shape[1] <= NARROW:
        np.divide(e, _column(sums, e), out=out)
    else:
        np.multiply(e, _column(1 / sums, e), out=out)


def less_rows(e: Array, values: Array, out: Array) -> None:
    """Each row of a matrix less its value."""
    np.subtract(e, _column(values, e), out=out)


def likeliest(z: Array, p: Array) -> Array:
    """The class with p > 1/2 in each row; where there is none, some class."""
    rows, width = p.shape
    if width > NARROW:
        top: Array = z.argmax(axis=1)
        return top
    where = np.flatnonzero(p > 0.5)
    found = np.zeros(rows, np.intp)
    found[where // width] = where % width
    return found


def weigh(z: Array, e: Array) -> Array:
    """Fill e with the exponentials of z, up to a factor per row; return the row sums."""
    np.exp(z, out=e)
    sums = row_sums(e)
    _settle(z, e, sums)
    bad = _unfit(z, sums)
    if bad is not None:
        redone, _ = _shifted(z, bad)
        e[bad] = redone
        sums[bad] = redone.sum(axis=1)
    return sums


def weigh_apart(z: Array, e: Array, flat: Array) -> tuple[Array, Array, Array]:
    """Fill e as `weigh` does, but with 0 at the chosen entry of each row, given by its `places`.

    Returns, in float64, the chosen entries, the sums of all others, and log(sum of all) minus
    (chosen logit), which is the loss of the chosen class.
    """
    at = z.reshape(-1)[flat].astype(np.float64)
    np.exp(z, out=e)
    own = np.exp(at)
    entries = e.reshape(-1)
    entries[flat] = 0
    others = row_sums(e)
    _settle(z, e, others)
    bad = _unfit(z, others + own)
    if bad is not None:
        redone, shift = _shifted(z, bad)
        here = np.arange(len(bad)), flat[bad] % z.shape[1]
        own[bad] = redone[here]
        redone[here] = 0
        others[bad] = redone.sum(axis=1)
        e[bad] = redone
        at[bad] -= shift
    ratio = others / own
    loss = np.log1p(ratio)
    far = ~((own >= _TINY) & (ratio < np.inf))
    if far.any():
        loss[far] = np.log(others[far] + own[far]) - at[far]
    return own, others, loss


_TINY = float(np.finfo(np.float64).tiny)


def _settle(z: Array, e: Array, sums: Array) -> None:
    """In float32, take each wide row's largest entry in double: one float32 exp is 2.4 ulp off."""
    width = e.shape[1]
    if e.dtype == np.float64 or width <= NARROW:
        return
    flat = places(e.argmax(axis=1), width)
    entries = e.reshape(-1)
    rough = entries[flat]
    fine = np.exp(z.reshape(-1)[flat], dtype=np.float64)
    fine[rough == 0] = 0
    sums += fine - rough
    entries[flat] = fine


def _unfit(z: Array, sums: Array) -> Array | None:
    """The rows whose sums overflowed, vanished or are nan, or that may hold subnormal entries."""
    info = np.finfo(z.dtype)
    high = float(info.max) / 8
    if sums.min(initial=1.0) >= 0.5 and sums.max(initial=1.0) <= high:
        return None
    low = 0.5 if not z.min() > np.log(info.tiny) + 1 else float(info.tiny)
    bad = np.flatnonzero(~((sums >= low) & (sums <= high)))
    return bad if len(bad) else None


def _shifted(z: Array, bad: Array) -> tuple[Array, Array]:
    """The exponentials of some rows of z less their maxima, in float64, and the maxima."""
    z = z[bad].astype(np.float64, copy=False)
    top = z.max(axis=1)
    if np.isinf(top).any():
        raise Undefined(int(bad[np.isinf(top)][0]))
    m = top[:, None]
    d = z - m
    back = d - z
    r = (z - (d - back)) - (m + back)
    r[~(np.abs(d) < 1e4)] = 0
    e = np.exp(d)
    e += e * r
    return e, top
