"""Exponentials of a block of rows and what each row sums to, safe at any finite logits.

Gives `weigh` (e and its row sums), `weigh_apart` (the same with one entry of each row kept apart
from the sum of the others), `softmax_rows`, and what combines a matrix with one value per row.
Imports NumPy only.

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
from symderiv.numeric.compiled import compiled
from symderiv.numeric.sums import row_sums, sum_rows

Array = NDArray[Any]


def places(chosen: Array, width: int) -> Array:
    """Where the chosen entry of each row stands in the flat block: quicker than two indices."""
    return np.arange(len(chosen)) * width + chosen


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


def weigh(z: Array, e: Array) -> Array:
    """Fill e with the exponentials of z, up to a factor per row; return the row sums."""
    np.exp(z, out=e)
    sums = row_sums(e)
    _settle(z, e, sums)
    bad = _unfit(z, sums)
    if bad is not None:
        redone, _ = _shifted(z, bad)
        e[bad] = redone
        sums[bad] = row_sums(redone)
    return sums


@compiled(writes=1)
def softmax_rows(z: Array, p: Array) -> None:
    """Write the softmax of each row."""
    share_rows(p, weigh(z, p), p)


def weigh_apart(z: Array, e: Array, chosen: Array) -> tuple[Array, Array, Array]:
    """Fill e as `weigh` does, but with 0 at the chosen entry of each row.

    Returns, in float64, the chosen entries, the sums of all others, and log(sum of all) minus
    (chosen logit), which is the loss of the chosen class.
    """
    own, others, loss = np.empty((3, len(z)))
    apart_rows(z, chosen, e, own, others, loss)
    return own, others, loss


@compiled(writes=4)
def apart_rows(z: Array, chosen: Array, e: Array, own: Array, others: Array, loss: Array) -> None:
    """Write e and what `weigh_apart` returns."""
    width = z.shape[1]
    flat = places(chosen, width)
    at = z.reshape(-1)[flat].astype(np.float64)
    np.exp(z, out=e)
    np.exp(at, out=own)
    entries = e.reshape(-1)
    entries[flat] = 0
    sum_rows(e, others)
    _settle(z, e, others)
    faint = 4 * width * float(np.finfo(z.dtype).tiny) if width > 1 else 0.0
    bad = _unfit(z, others + own, others < faint)
    if bad is not None:
        redone, shift = _shifted(z, bad)
        here = np.arange(len(bad)), chosen[bad]
        own[bad] = redone[here]
        redone[here] = 0
        others[bad] = row_sums(redone)
        e[bad] = redone
        at[bad] -= shift
        still = bad[others[bad] < 4 * width * _TINY]
        others[still] = _faint(z[still], chosen[still])
    ratio = others / own
    np.log1p(ratio, out=loss)
    far = ~((own >= _TINY) & (ratio < np.inf))
    if far.any():
        loss[far] = np.log(others[far] + own[far]) - at[far]


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


def _unfit(z: Array, sums: Array, faint: Array | None = None) -> Array | None:
    """The rows whose sums overflowed, vanished or are nan, that are faint, or that may hold
    subnormal entries.
    """
    info = np.finfo(z.dtype)
    high = float(info.max) / 8
    some = faint is not None and faint.any()
    if not some and sums.min(initial=1.0) >= 0.5 and sums.max(initial=1.0) <= high:
        return None
    low = 0.5 if not z.min() > np.log(info.tiny) + 1 else float(info.tiny)
    unfit = ~((sums >= low) & (sums <= high))
    bad = np.flatnonzero(unfit if faint is None else unfit | faint)
    return bad if len(bad) else None


def _shifted(z: Array, bad: Array) -> tuple[Array, Array]:
    """The exponentials of some rows of z less their maxima, in float64, and the maxima."""
    z = z[bad].astype(np.float64, copy=False)
    top = z.max(axis=1)
    if np.isinf(top).any():
        raise Undefined(int(bad[np.isinf(top)][0]))
    d, r = less_exactly(z, top[:, None])
    e = np.exp(d)
    e += e * r
    return e, top


def less_exactly(a: Array, b: Array) -> tuple[Array, Array]:
    """a - b rounded, and the rounding error (0 where it is far)."""
    d = a - b
    back = d - a
    r: Array = (a - (d - back)) - (b + back)
    r[~(np.abs(d) < 1e4)] = 0
    return d, r


def _faint(z: Array, chosen: Array) -> Array:
    """Σ e^(z_k - z_c) over k ≠ c for a row or more, rounded once also where it is subnormal.

    Half of the exponent comes after the sum, so that nothing before is subnormal.
    """
    z = z.astype(np.float64)
    here = np.arange(len(z)), chosen
    own = z[here]
    z[here] = -np.inf
    top = z.max(axis=1, initial=-np.finfo(np.float64).max)
    d, r = less_exactly(z, top[:, None])
    sums = row_sums(np.exp(d) * (1 + r))
    d, r = less_exactly(top, own)
    half = np.exp(d / 2)
    value: Array = half * (sums * half * (1 + r))
    return value
