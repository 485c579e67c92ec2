"""The results of generated functions: put together, added up over a batch, written to `out`.

Gives `matrix`, `add_up`, `along`, `taken`, `computed` and `onto`.  Imports NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import check_out
from symderiv.numeric.blocks import Undefined

Array = NDArray[Any]

SLICE = 1 << 14  # numbers: with a fourth, a gradient of ten classes takes 1.6 times as long


def computed(operation: np.ufunc, *operands: Any, out: Array | None) -> Any:
    """The last operation of a result, an elementary one, straight into `out` if one was given.

    NumPy sees to an `out` that overlaps an operand.  Raises as `check_out` does.
    """
    if out is None:
        return operation(*operands)
    shape = np.broadcast_shapes(*(np.shape(a) for a in operands))
    check_out(out, shape, np.result_type(*operands))
    return operation(*operands, out=out)


def onto(operation: np.ufunc, made: Array, other: Any, *, out: Array | None) -> Any:
    """As `computed`, with a first operand that was made for it: the result may stand there."""
    if out is None and _fits(made, np.shape(other)) and np.result_type(made, other) == made.dtype:
        return operation(made, other, out=made)
    return computed(operation, made, other, out=out)


def _fits(made: Array, shape: tuple[int, ...]) -> bool:
    """Does what has that shape broadcast to the shape of an array, and no further?"""
    if shape == made.shape:
        return True
    pairs = zip(shape[::-1], made.shape[::-1], strict=False)
    return len(shape) <= made.ndim and all(m in (1, n) for m, n in pairs)


def along(value: Any, axes: int, *others: tuple[Array, int]) -> Array:
    """A result with so many axes of its own, repeated over the batches of other arrays.

    Each of those is given with the number of its own axes: the result does not depend on it, but
    there is one for each place of its batch.
    """
    value = np.asarray(value)
    batches = [(value, axes), *others]
    batch = np.broadcast_shapes(*(a.shape[: a.ndim - own] for a, own in batches))
    shape = (*batch, *value.shape[value.ndim - axes :])
    return value if value.shape == shape else np.broadcast_to(value, shape).copy()


def taken(a: Array, places: Array, axis: int) -> Array:
    """The entries of an array at places along one of its axes, which is then gone.

    The other axes of both broadcast.
    """
    axes = list(a.shape)
    axes[axis] = 1
    shape = list(np.broadcast_shapes(axes, places.shape))
    places = np.broadcast_to(places, shape)
    shape[axis] = a.shape[axis]
    found: Array = np.take_along_axis(np.broadcast_to(a, shape), places, axis).squeeze(axis)
    return found


def matrix(rows: int, columns: int, dtype: Any, *entries: Any) -> Array:
    """Entries, row by row, as the last two axes of one array."""
    shape = np.broadcast_shapes(*(np.shape(e) for e in entries))
    value: Array = np.empty((*shape, rows, columns), dtype)
    for n, e in enumerate(entries):
        value[..., n // columns, n % columns] = e
    return value


def add_up(part: Callable[..., Any], *sliced: tuple[Array, int], width: int, largest: int) -> Any:
    """The sum of `part`, an array or several, over slices of arrays, given as (array, axis).

    A slice is as long as keeps `width` numbers for each of its places below `largest`, the number
    of elements of the result, or below SLICE, whichever is more; but it has one place at least.
    """
    (first, axis), *_ = sliced
    step = max(1, max(largest, SLICE) // max(1, width))
    sums: tuple[Any, ...] = ()
    for start in range(0, first.shape[axis], step):
        try:
            value = part(*(_cut(a, ax, start, start + step) for a, ax in sliced))
        except Undefined as row:
            *outer, place = row.where
            raise Undefined(*outer, start + place) from None
        values = value if isinstance(value, tuple) else (value,)
        pairs = zip(sums, values, strict=True)
        sums = tuple(np.add(s, v, out=s if s.ndim else None) for s, v in pairs) if sums else values
    return sums if isinstance(value, tuple) else sums[0]


def _cut(a: Array, axis: int, start: int, stop: int) -> Array:
    places: tuple[Any, ...] = (..., slice(start, stop), *(slice(None),) * (-axis - 1))
    piece: Array = a[places]
    return piece
