"""Products with the Jacobians of softmax and log-softmax, which never form a K x K matrix.

Gives `jacobian_product` (the Jacobian of softmax is symmetric, so that it serves on either side),
`log_jacobian_product` and `log_jacobian_transposed_product`; and `weighted`, p times any v.
Imports NumPy only.

What is common to all components of v drops out of Σ_j (δ_ij - p_j) v_j: where some p_m > 1/2, its
v_m is taken off, so that nothing cancels as p_m → 1.  Rows in which a p is so small that it has
lost digits, or in which something overflowed, are done again in double with the roots of p.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import deliver, directions, logits, result
from symderiv.numeric.blocks import NARROW, over_rows
from symderiv.numeric.compiled import compiled
from symderiv.numeric.sigmoid import zero_times
from symderiv.numeric.softmax import softmax
from symderiv.numeric.sums import row_sums
from symderiv.numeric.weights import (
    less_exactly,
    less_rows,
    places,
    scale_rows,
    share_rows,
    softmax_rows,
    weigh_apart,
)

Array = NDArray[Any]


def jacobian_product(z: Any, v: Any, *, out: Array | None = None) -> Any:
    """Σ_j p_i(δ_ij - p_j) v_j = p_i(v_i - Σ_j p_j v_j) with p = softmax(z).

    z, v : (..., K), and so is the result.  With w = v - v_m where some p_m > 1/2, and w = v where
    none is, each entry is within 8 ulp of p_i(|w_i| + Σ_j p_j |w_j|).
    """
    return _over(z, v, product_rows, out)


@compiled(writes=2)
def product_rows(z: Array, v: Array, w: Array, p: Array) -> None:
    """Write a block of `jacobian_product` to p, with room in w."""
    softmax_rows(z, p)
    lost = _lost(z, p)
    less_rows(v, _common(z, p, v), w)
    w *= p
    mean = row_sums(w)
    scale_rows(p, mean, p)
    np.subtract(w, p, out=p)

    def again(z: Array, v: Array, top: Array) -> Array:
        root = _roots(z)
        w = v - np.where(root[top] ** 2 > 0.5, v[top], 0)[:, None]
        w *= root
        w *= root
        w -= root * (root * row_sums(w)[:, None])
        return w

    _redo(z, v, p, lost | ~np.isfinite(mean), again)


def log_jacobian_product(z: Any, v: Any, *, out: Array | None = None) -> Any:
    """Σ_j (δ_ij - p_j) v_j = v_i - Σ_j p_j v_j with p = softmax(z): how log p changes along v.

    z, v : (..., K), and so is the result.  With w as in `jacobian_product`, each entry is within
    8 ulp of |w_i| + Σ_j p_j |w_j|.
    """
    return _over(z, v, log_product_rows, out)


@compiled(writes=2)
def log_product_rows(z: Array, v: Array, w: Array, p: Array) -> None:
    """Write a block of `log_jacobian_product` to p, with room in w."""
    softmax_rows(z, p)
    lost = _lost(z, p)
    less_rows(v, _common(z, p, v), w)
    p *= w
    mean = row_sums(p)
    less_rows(w, mean, p)

    def again(z: Array, v: Array, top: Array) -> Array:
        root = _roots(z)
        w = v - np.where(root[top] ** 2 > 0.5, v[top], 0)[:, None]
        w -= row_sums(root * (root * w))[:, None]
        return w

    _redo(z, v, p, lost | ~np.isfinite(mean), again)


def log_jacobian_transposed_product(z: Any, u: Any, *, out: Array | None = None) -> Any:
    """Σ_i u_i(δ_ij - p_j) = u_j - p_j Σ_i u_i with p = softmax(z): the gradient of Σ_i u_i log p_i.

    z, u : (..., K), and so is the result.  Each entry is within 8 ulp of
    |u_j| Σ_{k≠j} p_k + p_j Σ_{i≠j} |u_i| where p_j > 1/2, and of |u_j| + p_j Σ_i |u_i| elsewhere.
    """
    return _over(z, u, log_transposed_rows, out, "u")


@compiled(writes=2)
def log_transposed_rows(z: Array, u: Array, w: Array, p: Array) -> None:
    """Write a block of `log_jacobian_transposed_product` to p, with room in w."""
    top = z.argmax(axis=1)
    at = places(top, z.shape[1])
    own, others, _ = weigh_apart(z, p, top)
    sums = own + others
    share_rows(p, sums, p)
    lost = _lost(z, p, at)
    w[...] = u
    w.reshape(-1)[at] = 0
    rest, mine = row_sums(w), u.reshape(-1)[at].astype(np.float64)
    total = (rest + mine).astype(u.dtype)
    scale_rows(p, total, p)
    np.subtract(u, p, out=p)
    p.reshape(-1)[at] = others / sums * mine - own / sums * rest

    def again(z: Array, u: Array, top: Array) -> Array:
        root, w = _roots(z), u.copy()
        w[top] = 0
        rest, mine = row_sums(w), u[top]
        value: Array = u - root * (root * (rest + mine)[:, None])
        own = root[top] ** 2
        others = root * (root * mine[:, None])
        others[top] = 0
        value[top] = row_sums(others) - own * rest
        return value

    _redo(z, u, p, lost | ~np.isfinite(total), again)


def weighted(z: Any, v: Any, *, out: Array | None = None) -> Any:
    """p_i v_i with p = softmax(z), which is 0 where p_i is, even if v_i is infinite there.

    z, v : (..., K), and so is the result; within 6 ulp, also where p_i is subnormal.
    """
    z, v = directions(v, logits(z))
    value = result(out, z.shape, z.dtype, z, v)
    softmax(z, out=value)
    flat_z, flat_v, flat = (a.reshape(-1, z.shape[-1]) for a in (z, v, value))
    with np.errstate(all="ignore"):
        lost = _lost(flat_z, flat)
        value *= v
        lost |= np.isnan(flat.sum(axis=1))
        if lost.any():
            root = _roots(flat_z[lost].astype(np.float64))
            flat[lost] = zero_times(root, root * flat_v[lost])
    return deliver(value, out)


def _over(z: Any, v: Any, rows: Callable[..., None], out: Array | None, name: str = "v") -> Any:
    """A product, block by block."""
    z, v = directions(v, logits(z), name)
    value = result(out, z.shape, z.dtype, z, v)
    flat_z, flat_v, flat = (a.reshape(-1, z.shape[-1]) for a in (z, v, value))
    over_rows(
        flat_z, z.shape[:-1], lambda b, space: rows(flat_z[b], flat_v[b], space, flat[b]), room=1
    )
    return deliver(value, out)


def _redo(
    z: Array, v: Array, value: Array, failed: Array, again: Callable[[Array, Array, Any], Array]
) -> None:
    """Write the rows that failed `again`, in double, scaled where v is very large."""
    bad = np.flatnonzero(failed)
    if len(bad) == 0:
        return
    some_z, some_v = z[bad].astype(np.float64), v[bad].astype(np.float64)
    size = np.abs(some_v).max(axis=1, keepdims=True)
    scale = np.where(size > 1e280, 2.0 ** -(3 + len(some_z[0]).bit_length()), 1.0)
    top = np.arange(len(bad)), some_z.argmax(axis=1)
    value[bad] = again(some_z, some_v * scale, top) / scale


def _common(z: Array, p: Array, v: Array) -> Array:
    """The v_m of each row with a p_m > 1/2, 0 for the others."""
    rows, width = p.shape
    if width <= NARROW:
        where = np.flatnonzero(p > 0.5)
        value = np.zeros(rows, v.dtype)
        value[where // width] = v.reshape(-1)[where]
        return value
    at = places(z.argmax(axis=1), width)
    return np.where(p.reshape(-1)[at] > 0.5, v.reshape(-1)[at], 0)


def _lost(z: Array, p: Array, at: Array | None = None) -> Array:
    """The rows in which some p is subnormal, or 0 though its logit is finite."""
    tiny = np.finfo(p.dtype).tiny
    if p.min(initial=1) >= tiny:
        return np.zeros(len(p), bool)
    small = (p < tiny) & (z > -np.inf)
    if at is not None:
        small.reshape(-1)[at] = False
    lost: Array = small.any(axis=1)
    return lost


def _roots(z: Array) -> Array:
    """The square roots of softmax: normal numbers where p has long been subnormal."""
    d, r = less_exactly(z, z.max(axis=1, keepdims=True))
    root = np.exp(d / 2) * (1 + r / 2)
    root /= np.sqrt(row_sums(root * root))[:, None]
    return root
