"""The logistic function and its relatives, elementwise.

Gives the atoms `sigmoid`, `log_sigmoid` and `softplus`, each within 4 ulp for every finite
argument and right at ±inf.  Imports NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import deliver, real, result

Array = NDArray[Any]


def sigmoid(x: Any, *, out: Array | None = None) -> Any:
    """σ(x) = 1/(1 + e^{-x}); where e^{-x} overflows σ(x) is e^x to the last digit.  1 - σ(x) is
    sigmoid(-x).
    """
    x = real(x, "x")
    value = result(out, x.shape, x.dtype, x)
    with np.errstate(all="ignore"):
        np.negative(x, out=value)
        np.exp(value, out=value)
        value += 1
        np.divide(1, value, out=value)
        far = x < np.log(np.finfo(x.dtype).tiny) + 1
        if np.any(far):
            np.exp(x, out=value, where=far)
    return deliver(value, out)


def softplus(x: Any, *, out: Array | None = None) -> Any:
    """log(1 + e^x) = max(x, 0) + log1p(e^{-|x|})."""
    x = real(x, "x")
    value = result(out, x.shape, x.dtype, x)
    with np.errstate(all="ignore"):
        np.abs(x, out=value)
        np.negative(value, out=value)
        np.exp(value, out=value)
        np.log1p(value, out=value)
        value += np.maximum(x, 0)
    return deliver(value, out)


def log_sigmoid(x: Any, *, out: Array | None = None) -> Any:
    """log σ(x) = -log(1 + e^{-x})."""
    x = real(x, "x")
    value = softplus(np.negative(x), out=result(out, x.shape, x.dtype, x))
    np.negative(value, out=value)
    return deliver(value, out)
