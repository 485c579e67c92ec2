"""The Jacobians of softmax and log-softmax: whole, their diagonal, one entry.

Gives `jacobian` (p_i(δ_ij - p_j), the diagonal as p_i Σ_{j≠i} p_j; it is the Hessian of
cross-entropy too), `log_jacobian`, `jacobian_diagonal` and `jacobian_entry`.  Imports NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import deliver, entry, logits, result
from symderiv.numeric.blocks import over_rows, set_buffer
from symderiv.numeric.softmax import complement, softmax
from symderiv.numeric.weights import weigh_apart

Array = NDArray[Any]


def jacobian(z: Any, *, out: Array | None = None) -> Any:
    """p_i(δ_ij - p_j) with p = softmax(z).

    z : (..., K); the result is (..., K, K).  Diagonal within 5 ulp, the rest within 9.
    """
    z = logits(z)
    width = z.shape[-1]
    value = result(out, (*z.shape, width), z.dtype, z)
    p = softmax(z.astype(np.float64, copy=False))
    diagonal = p * complement(z.astype(np.float64, copy=False))
    with np.errstate(under="ignore"):
        p = p.astype(z.dtype, copy=False)
        set_buffer(width)
        np.multiply(p[..., :, None], np.negative(p)[..., None, :], out=value)
        value.reshape(*z.shape[:-1], width * width)[..., :: width + 1] = diagonal
    return deliver(value, out)


def log_jacobian(z: Any, *, out: Array | None = None) -> Any:
    """δ_ij - p_j with p = softmax(z): row i is the gradient of log p_i.

    z : (..., K); the result is (..., K, K).  Within 5 ulp, the diagonal as Σ_{k≠j} p_k.
    """
    z = logits(z)
    width = z.shape[-1]
    value = result(out, (*z.shape, width), z.dtype, z)
    value[...] = -softmax(z)[..., None, :]
    value.reshape(*z.shape[:-1], width * width)[..., :: width + 1] = complement(z)
    return deliver(value, out)


def jacobian_diagonal(z: Any, *, out: Array | None = None) -> Any:
    """p_i(1 - p_i) as p_i Σ_{j≠i} p_j.  z : (..., K), and so is the result; within 5 ulp."""
    z = logits(z)
    value = result(out, z.shape, z.dtype, z)
    with np.errstate(under="ignore"):
        np.multiply(softmax(z), complement(z), out=value)
    return deliver(value, out)


def jacobian_entry(z: Any, i: int, j: int) -> Any:
    """p_i(δ_ij - p_j) for one i and j, counted from 0.  z : (..., K); the result is (...)."""
    z = logits(z)
    i, j = entry(i, z, "i"), entry(j, z, "j")
    rows = z.reshape(-1, z.shape[-1])
    value = np.empty(len(rows))

    def work(b: slice, e: Array) -> None:
        own, others, _ = weigh_apart(rows[b], e, np.full(len(e), i))
        s = own + others
        factor = others / s if i == j else -(e[:, j] / s)
        value[b] = own / s * factor

    over_rows(rows, z.shape[:-1], work, room=1)
    with np.errstate(under="ignore"):
        return value.reshape(z.shape[:-1]).astype(z.dtype, copy=False)[()]
