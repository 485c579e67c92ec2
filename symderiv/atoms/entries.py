"""Entries of rows, products with matrices and zeros at the ends: what only moves numbers about."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def at(x: Any, y: Any) -> Any:
    """x[y] of each row."""
    shape = y.shape if y.shape == x.shape[:-1] else np.broadcast_shapes(x.shape[:-1], y.shape)
    x = x if shape == x.shape[:-1] else np.broadcast_to(x, (*shape, x.shape[-1]))
    return x[(*np.indices(shape, sparse=True), y)]


def put(x: Any, y: Any, v: Any) -> Any:
    """Each row with v in place of x[y]; x is changed."""
    one = y.shape == x.shape[:-1] == np.shape(v)
    shape = y.shape if one else np.broadcast_shapes(x.shape[:-1], y.shape, np.shape(v))
    x = x if shape == x.shape[:-1] else x + np.zeros((*shape, 1), x.dtype)
    x[(*np.indices(shape, sparse=True), y)] = v
    return x


def without(x: Any, y: Any) -> Any:
    """The sum of each row but for x[y], which is 0 meanwhile."""
    shape = y.shape if y.shape == x.shape[:-1] else np.broadcast_shapes(x.shape[:-1], y.shape)
    x = x if shape == x.shape[:-1] else x + np.zeros((*shape, 1), x.dtype)
    places = (*np.indices(shape, sparse=True), y)
    kept, x[places] = x[places], 0
    total, x[places] = x.sum(-1), kept
    return total


def matvec(W: Any, x: Any) -> Any:
    """W x; for one matrix and many vectors one product of matrices."""
    return x @ W.mT if W.ndim == 2 else (W @ x[..., None])[..., 0]


def padded(x: Any, axis: int, before: int, behind: int, size: int) -> Any:
    """Zeros before and behind the entries of an axis, which then has so many."""
    place = x.ndim + axis
    ahead, after = x.shape[:place], x.shape[place + 1 :]
    first, last = (np.full((*ahead, n, *after), 0, x.dtype) for n in (before, behind))
    whole = np.concatenate([first, x, last], place)
    return np.moveaxis(np.moveaxis(whole, place, 0)[:size], 0, place)


ATOMS = (
    Atom("at", function=at),
    Atom("put", function=put),
    Atom("without", function=without),
    Atom("matvec", function=matvec),
    Atom("padded", function=padded),
)
