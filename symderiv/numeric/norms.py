"""Roots of sums of squares, where a square is too large or too small for a float.

Gives `root_of_squares`, a norm along the last axis with weight and remainder, and `centred`, what
varies about the mean.  Imports NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import deliver, logits, real, result

Array = NDArray[Any]


def root_of_squares(u: Any, weight: Any = 1, rest: Any = 0) -> Any:
    """√(weight Σ_k u_k² + rest).

    u : (..., K); weight and rest: numbers, or arrays that broadcast with (...).  Where the squares
    leave the floats, u is first taken to the size of 1 by a power of two, which rounds nothing.
    """
    u = real(u, "u")
    info = np.finfo(u.dtype)
    with np.errstate(over="ignore", under="ignore"):
        squares = np.asarray(weight * (u * u).sum(axis=-1) + rest)
        value = np.asarray(np.sqrt(squares))
        largest = np.abs(u).max(axis=-1)
        far = ~(squares < info.max / 4) | (squares < info.tiny / info.eps**2)
        far &= np.isfinite(largest) & (largest > 0)
        if far.any():
            power = np.where(far, np.frexp(largest)[1], 0)
            near = np.ldexp(u, -power[..., None])
            spare = np.ldexp(np.ldexp(np.asarray(rest, u.dtype), -power), -power)
            again = np.sqrt(weight * (near * near).sum(axis=-1) + spare)
            value = np.where(far, np.ldexp(again, power), value)
    return value.astype(u.dtype, copy=False)[()]


def centred(x: Any, *, out: Array | None = None) -> Any:
    """x_i - Σ_k x_k / K.

    x : (..., K), and so is the result, each entry within 4 ulp of the largest, for K up to a few
    thousand.  The rounding of the mean is common to all that is left, and goes with their mean.
    """
    x = logits(x, "x")
    value = result(out, x.shape, x.dtype, x)
    with np.errstate(over="ignore", under="ignore"):
        np.subtract(x, _mean(x), out=value)
        value -= _mean(value)
    return deliver(value, out)


def _mean(x: Array) -> Array:
    """The mean along the last axis, also where the sum is too large for a float."""
    width = x.shape[-1]
    mean = x.sum(axis=-1, keepdims=True, dtype=np.float64) / width
    if not np.isfinite(mean).all():
        mean = (x / width).sum(axis=-1, keepdims=True, dtype=np.float64)
    value: Array = mean.astype(x.dtype)
    return value
