"""Softmax and its relatives along the last axis: every leading axis is a batch.

Gives the atoms `softmax`, `complement` (the sum of the other probabilities, 1 - p without
cancellation), `log_softmax` and `logsumexp`, and `tempered`, logits at a temperature.  Imports
NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import deliver, logits, result
from symderiv.numeric.blocks import over_rows
from symderiv.numeric.weights import (
    less_rows,
    places,
    share_rows,
    softmax_rows,
    weigh_apart,
)

Array = NDArray[Any]


def softmax(z: Any, *, out: Array | None = None) -> Any:
    """p_i = e^{z_i} / Σ_k e^{z_k}.

    z : (..., K); the result has its shape and dtype (integers: float64).  Within 5 ulp.
    """
    z = logits(z)
    value = result(out, z.shape, z.dtype, z)
    rows, p = z.reshape(-1, z.shape[-1]), value.reshape(-1, z.shape[-1])

    def work(b: slice) -> None:
        softmax_rows(rows[b], p[b])

    over_rows(rows, z.shape[:-1], work)
    return deliver(value, out)


def complement(z: Any, *, out: Array | None = None) -> Any:
    """q_i = Σ_{j≠i} p_j, which is 1 - p_i, with every digit also where p_i is close to 1.

    z : (..., K); the result has its shape and dtype.  Within 5 ulp.
    """
    z = logits(z)
    value = result(out, z.shape, z.dtype, z)
    rows, q = z.reshape(-1, z.shape[-1]), value.reshape(-1, z.shape[-1])

    def work(b: slice) -> None:
        top = rows[b].argmax(axis=1)
        own, others, _ = weigh_apart(rows[b], q[b], top)
        share_rows(q[b], own + others, q[b])
        np.subtract(1, q[b], out=q[b])
        q[b].reshape(-1)[places(top, rows.shape[1])] = others / (own + others)

    over_rows(rows, z.shape[:-1], work)
    return deliver(value, out)


def log_softmax(z: Any, *, out: Array | None = None) -> Any:
    """log p_i = z_i - log Σ_k e^{z_k}.

    z : (..., K); the result has its shape and dtype.  Within 4 ulp: with m the largest logit's
    place, (z_i - z_m) and log p_m, both exact to rounding and of one sign, are added.
    """
    z = logits(z)
    value = result(out, z.shape, z.dtype, z)
    rows, w = z.reshape(-1, z.shape[-1]), value.reshape(-1, z.shape[-1])

    def work(b: slice) -> None:
        top = rows[b].argmax(axis=1)
        _, _, loss = weigh_apart(rows[b], w[b], top)
        less_rows(rows[b], rows[b].reshape(-1)[places(top, rows.shape[1])], w[b])
        less_rows(w[b], loss, w[b])

    over_rows(rows, z.shape[:-1], work)
    return deliver(value, out)


def logsumexp(z: Any, *, out: Array | None = None) -> Any:
    """log Σ_k e^{z_k}.

    z : (..., K); the result has the shape (...).  Within 4 ulp of the larger of |max z| and
    log K; a row of -inf gives -inf, one with +inf gives inf.
    """
    z = logits(z)
    value = result(out, z.shape[:-1], z.dtype, z)
    rows, w = z.reshape(-1, z.shape[-1]), value.reshape(-1)

    def work(b: slice, space: Array) -> None:
        top = rows[b].argmax(axis=1)
        m = rows[b].reshape(-1)[places(top, rows.shape[1])]
        finite = ~np.isinf(m)
        block = rows[b] if finite.all() else np.where(finite[:, None], rows[b], 0)
        _, _, loss = weigh_apart(block, space, top)
        w[b] = np.where(finite, m + loss, m)

    over_rows(rows, z.shape[:-1], work, room=1)
    return deliver(value, out)


def tempered(z: Any, temperature: Any) -> Any:
    """(z_i - m)/T with m the largest logit (the smallest where T < 0): z/T to a softmax.

    z : (..., K); T : (...).  What is taken off is common to all classes, which no softmax sees;
    and nothing large is rounded or too large for a float, however small T is.

    Raises
    ------
    ValueError
        for a temperature of 0.
    """
    z = logits(z)
    t = np.asarray(temperature)[..., None]
    if (t == 0).any():
        raise ValueError("the temperature is 0: there is no z/T")
    with np.errstate(all="ignore"):
        top = np.where(t > 0, z.max(axis=-1, keepdims=True), z.min(axis=-1, keepdims=True))
        top = np.where(np.isfinite(top), top, 0)
        value = z - top
        far = np.isinf(value) & np.isfinite(z)
        value /= t
        return np.where(far, z / t - top / t, value) if far.any() else value
