"""Entries of rows, products with matrices and zeros at the ends: what only moves numbers about."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def at(x: Any, y: Any) -> Any:
    """x[y] of each row."""
    shape = np.broadcast_shapes(x.shape[:-1], y.shape)
    if shape != x.shape[:-1]:
        x = np.broadcast_to(x, (*shape, x.shape[-1]))
    return x[(*np.indices(shape, sparse=True), y)]


def put(x: Any, y: Any, v: Any) -> Any:
    """Each row with v in place of x[y]."""
    shape = np.broadcast_shapes(x.shape[:-1], y.shape, np.shape(v))
    made = x.copy() if shape == x.shape[:-1] else x + np.zeros((*shape, 1), x.dtype)
    made[(*np.indices(shape, sparse=True), y)] = v
    return made


def matvec(W: Any, x: Any) -> Any:
    """W x; for one matrix and many vectors one product of matrices."""
    return x @ W.mT if W.ndim == 2 else (W @ x[..., None])[..., 0]


def padded(x: Any, axis: int, before: int, behind: int, size: int) -> Any:
    """Zeros before and behind the entries of an axis, which then has so many."""
    widths = [(0, 0)] * x.ndim
    widths[axis] = (before, behind)
    return np.moveaxis(np.moveaxis(np.pad(x, widths), axis, 0)[:size], 0, axis)


ATOMS = (
    Atom("at", function=at),
    Atom("put", function=put),
    Atom("matvec", function=matvec),
    Atom("padded", function=padded),
)
