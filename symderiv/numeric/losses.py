"""Cross-entropy with its gradient in the logits: one pass over blocks of rows.

Gives, for class labels, `label_loss`, `label_gradient` (p_j - δ_jy) and both at once in
`label_loss_and_gradient`; for target probabilities the same three with `target` for `label`
(p_j - y_j).  Imports NumPy only.

The gradient at the label is -Σ_{j≠y} p_j and the loss is log(1 + Σ_{j≠y} e^{z_j} / e^{z_y}): both
come from the sum of the others, which loses nothing as p_y → 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import deliver, labels, logits, result, targets
from symderiv.numeric.blocks import over_rows
from symderiv.numeric.compiled import compiled
from symderiv.numeric.sums import row_sums
from symderiv.numeric.weights import places, share_rows, weigh_apart

Array = NDArray[Any]


def label_loss_and_gradient(z: Any, y: Any, *, out: Array | None = None) -> tuple[Any, Any]:
    """(-log p_y, p_j - δ_jy) with p = softmax(z).

    z : (..., K), y : (...) integer labels 0 .. K-1; the gradient goes to `out` if given.
    Loss within 4 ulp, gradient within 5.  A label on a logit of -inf has loss inf.
    """
    z = logits(z)
    z, y = labels(y, z)
    loss = np.empty(z.shape[:-1], z.dtype)
    gradient = result(out, z.shape, z.dtype, z)
    width = z.shape[-1]
    rows, g = z.reshape(-1, width), gradient.reshape(-1, width)
    flat_loss, flat_y = loss.reshape(-1), y.reshape(-1)

    def work(b: slice) -> None:
        label_rows(rows[b], flat_y[b], flat_loss[b], g[b])

    over_rows(rows, z.shape[:-1], work)
    return loss[()], deliver(gradient, out)


@compiled(writes=2)
def label_rows(z: Array, y: Array, loss: Array, g: Array) -> None:
    """Write the losses of a block, and its gradient."""
    own, others, loss[...] = weigh_apart(z, g, y)
    sums = own + others
    share_rows(g, sums, g)
    g.reshape(-1)[places(y, z.shape[1])] = 0 - others / sums


def label_gradient(z: Any, y: Any, *, out: Array | None = None) -> Any:
    """p_j - δ_jy with p = softmax(z); see `label_loss_and_gradient`."""
    return label_loss_and_gradient(z, y, out=out)[1]


def label_loss(z: Any, y: Any, *, out: Array | None = None) -> Any:
    """-log p_y with p = softmax(z); see `label_loss_and_gradient`."""
    z = logits(z)
    z, y = labels(y, z)
    value = result(out, z.shape[:-1], z.dtype, z)
    rows, flat, flat_y = z.reshape(-1, z.shape[-1]), value.reshape(-1), y.reshape(-1)

    def work(b: slice, space: Array) -> None:
        _, _, flat[b] = weigh_apart(rows[b], space, flat_y[b])

    over_rows(rows, z.shape[:-1], work, room=1)
    return deliver(value, out)


def target_loss_and_gradient(
    z: Any, y: Any, *, out: Array | None = None, sure: bool = False
) -> tuple[Any, Any]:
    """(-Σ_i y_i log p_i, p_j - y_j) with p = softmax(z) and Σ_i y_i = 1.

    z, y : (..., K); the gradient goes to `out` if given.  The sums of y are looked at unless they
    are `sure` by how it was made.  Loss within 4 ulp (y ≥ 0), gradient within 5 ulp of the larger
    of p_j and y_j.  y_i = 0 adds nothing, also where z_i = -inf.
    """
    z = logits(z)
    z, y = targets(y, z, sure=sure)
    loss = np.empty(z.shape[:-1], z.dtype)
    gradient = result(out, z.shape, z.dtype, z, y)
    width = z.shape[-1]
    rows, g, ys = (a.reshape(-1, width) for a in (z, gradient, y))
    flat_loss = loss.reshape(-1)

    def work(b: slice, space: Array) -> None:
        target_rows(rows[b], ys[b], space, flat_loss[b], g[b])

    over_rows(rows, z.shape[:-1], work, room=1)
    return loss[()], deliver(gradient, out)


@compiled(writes=3)
def target_rows(z: Array, y: Array, space: Array, loss: Array, g: Array) -> None:
    """Write the losses of a block, and its gradient, with room in space."""
    top = z.argmax(axis=1)
    at = places(top, z.shape[1])
    own, others, least = weigh_apart(z, g, top)
    loss[...] = _loss_of_rows(z, y, z.reshape(-1)[at], least, space)
    shares = 1 / (own + others)
    share_rows(g, own + others, g)
    g -= y
    y_top = y.reshape(-1)[at].astype(np.float64)
    g.reshape(-1)[at] = np.where(y_top > 0.5, (1 - y_top) - others * shares, own * shares - y_top)


def target_gradient(z: Any, y: Any, *, out: Array | None = None, sure: bool = False) -> Any:
    """p_j - y_j with p = softmax(z) and Σ_i y_i = 1; see `target_loss_and_gradient`."""
    return target_loss_and_gradient(z, y, out=out, sure=sure)[1]


def target_loss(z: Any, y: Any, *, out: Array | None = None, sure: bool = False) -> Any:
    """-Σ_i y_i log p_i with p = softmax(z) and Σ_i y_i = 1; see `target_loss_and_gradient`."""
    z = logits(z)
    z, y = targets(y, z, sure=sure)
    value = result(out, z.shape[:-1], z.dtype, z, y)
    rows, ys = z.reshape(-1, z.shape[-1]), y.reshape(-1, z.shape[-1])
    flat = value.reshape(-1)

    def work(b: slice, space: Array) -> None:
        block = rows[b]
        top = block.argmax(axis=1)
        _, _, least = weigh_apart(block, space, top)
        at = places(top, block.shape[1])
        flat[b] = _loss_of_rows(block, ys[b], block.reshape(-1)[at], least, space)

    over_rows(rows, z.shape[:-1], work, room=1)
    return deliver(value, out)


def _loss_of_rows(z: Array, y: Array, top: Array, least: Array, space: Array) -> Array:
    """Σ_i y_i ((z_m - z_i) - log p_m), m the largest logit: nothing cancels."""
    np.subtract(top[:, None], z, out=space)
    space += least.astype(z.dtype, copy=False)[:, None]
    space *= y
    sums = row_sums(space)
    bad = np.flatnonzero(~(sums < np.inf))
    if len(bad):  # 0 times inf adds nothing; a quarter of the distance may not overflow
        part = (top[bad, None] / 4 - z[bad] / 4 + least[bad, None] / 4) * y[bad]
        part[y[bad] == 0] = 0
        sums[bad] = row_sums(part) * 4.0
    return sums
