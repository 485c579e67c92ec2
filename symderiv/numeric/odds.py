"""A class against all others, with every digit where nothing is left for the others.

Gives `log_complement` (log(1 - p_i), finite where 1 - p_i is too small for a float), and the
gradient of the odds against a class, (p_j - δ_ij)/(1 - p_i), which is a softmax over the others
and -1 at the class: for all classes in `odds_jacobian`, for labels in `label_odds_gradient`.
Imports NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import deliver, labels, logits, result
from symderiv.numeric.blocks import Undefined
from symderiv.numeric.losses import label_loss
from symderiv.numeric.softmax import complement, logsumexp, softmax

Array = NDArray[Any]


def log_complement(z: Any, *, out: Array | None = None) -> Any:
    """log(1 - p_i) with p = softmax(z).

    z : (..., K), and so is the result; within 8 ulp.  Where p_m > 1/2 it is log Σ_{j≠m} p_j, and
    log Σ_{j≠m} e^{z_j - z_m} + log p_m, two numbers of one sign, where that sum is subnormal.
    """
    z = logits(z)
    value = result(out, z.shape, z.dtype, z)
    with np.errstate(all="ignore"):
        p = softmax(z)
        np.log1p(-p, out=value)
        top, m = _largest(z)
        others = np.take_along_axis(complement(z), top, -1)
        likely = np.take_along_axis(p, top, -1) > 0.5
        least = np.where(likely, np.log(others), np.take_along_axis(value, top, -1))
        faint = others < np.finfo(z.dtype).tiny
        if faint.any():
            loss = label_loss(z, top[..., 0])[..., None]
            least = np.where(faint, logsumexp(_without(z - m, top))[..., None] - loss, least)
        np.put_along_axis(value, top, least, -1)
    return deliver(value, out)


def odds_jacobian(z: Any, *, out: Array | None = None) -> Any:
    """(p_j - δ_ij)/(1 - p_i) with p = softmax(z), the gradient of log((1 - p_i)/p_i) in row i.

    z : (..., K); the result is (..., K, K), within 8 ulp.
    """
    z = logits(z)
    width = z.shape[-1]
    value = result(out, (*z.shape, width), z.dtype, z)
    top, _ = _largest(z)
    others = _share_of_others(z, top)
    with np.errstate(all="ignore"):
        np.divide(softmax(z)[..., None, :], complement(z)[..., :, None], out=value)
    np.put_along_axis(value, top[..., None], others[..., None, :], -2)
    value.reshape(*z.shape[:-1], width * width)[..., :: width + 1] = -1
    return deliver(value, out)


def label_odds_gradient(z: Any, y: Any, *, out: Array | None = None) -> Any:
    """(p_j - δ_jy)/(1 - p_y) with p = softmax(z).

    z : (..., K), and so is the result; y : (...) integer labels 0 .. K-1.  Within 5 ulp.
    """
    z = logits(z)
    z, y = labels(y, z)
    y = y[..., None]
    _defined(z)
    value = result(out, z.shape, z.dtype, z)
    value[...] = _share_of_others(z, y)
    np.put_along_axis(value, y, -1, -1)
    return deliver(value, out)


def _defined(z: Array) -> None:
    """Raise ValueError at a row that has no softmax: of the others alone it might have one."""
    bad = np.isinf(z.max(axis=-1))
    if bad.any():
        raise Undefined(*map(int, np.argwhere(bad)[0]))


def _largest(z: Array) -> tuple[Array, Array]:
    top = z.argmax(axis=-1)[..., None]
    return top, np.take_along_axis(z, top, -1)


def _without(z: Array, chosen: Array) -> Array:
    """The logits, one class of each row left out."""
    rest = z.copy()
    np.put_along_axis(rest, chosen, -np.inf, -1)
    return rest


def _share_of_others(z: Array, chosen: Array) -> Array:
    """Softmax over all classes but one; 0 where no other is left."""
    rest = _without(z, chosen)
    empty = np.isneginf(rest.max(axis=-1, keepdims=True))
    share: Array = softmax(np.where(empty, 0, rest))
    share[np.broadcast_to(empty, share.shape)] = 0
    return share
