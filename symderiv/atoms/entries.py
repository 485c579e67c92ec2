"""Entries of rows, products with matrices and zeros at the ends: what only moves numbers about."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def at(x: Any, y: Any) -> Any:
    """x[y] of each row."""
    if y.shape != x.shape[:-1]:
        shape = np.broadcast_shapes(x.shape[:-1], y.shape)
        x, y = np.broadcast_to(x, (*shape, x.shape[-1])), np.broadcast_to(y, shape)
    return x[(*np.indices(y.shape, sparse=True), y)]


def put(x: Any, y: Any, v: Any) -> Any:
    """Each row with v in place of x[y]; x is changed."""
    if y.shape != x.shape[:-1] or np.shape(v) not in ((), y.shape):
        shape = np.broadcast_shapes(x.shape[:-1], y.shape, np.shape(v))
        x = np.broadcast_to(x, (*shape, x.shape[-1])).copy()
        y = np.broadcast_to(y, shape)
    x[(*np.indices(y.shape, sparse=True), y)] = v
    return x


def without(x: Any, y: Any) -> Any:
    """The sum of each row but for x[y], which is 0 meanwhile."""
    if y.shape != x.shape[:-1]:
        shape = np.broadcast_shapes(x.shape[:-1], y.shape)
        x, y = np.broadcast_to(x, (*shape, x.shape[-1])).copy(), np.broadcast_to(y, shape)
    places = (*np.indices(y.shape, sparse=True), y)
    kept = x[places]
    x[places] = 0
    total = x.sum(-1)
    x[places] = kept
    return total


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
    Atom("without", function=without),
    Atom("matvec", function=matvec),
    Atom("padded", function=padded),
)
