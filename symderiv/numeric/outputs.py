"""The results of generated functions: put together, added up over a batch, written to `out`.

Gives `matrix`, `add_up`, `delivered` and `computed`.  Imports NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import check_out

Array = NDArray[Any]

SLICE = 1 << 14  # numbers: with fewer, the products of matrices are slow


def delivered(value: Any, out: Array | None) -> Any:
    """A result, copied to `out` if one was given; raises as `check_out` does."""
    if out is None:
        return value
    check_out(out, np.shape(value), np.asarray(value).dtype)
    out[...] = value
    return out


def computed(operation: np.ufunc, *operands: Any, out: Array | None) -> Any:
    """The last operation of a result, an elementary one, straight into `out` if one was given.

    NumPy sees to an `out` that overlaps an operand.  Raises as `check_out` does.
    """
    if out is None:
        return operation(*operands)
    shape = np.broadcast_shapes(*(np.shape(a) for a in operands))
    check_out(out, shape, np.result_type(*operands))
    return operation(*operands, out=out)


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
    of elements of the result (or SLICE).
    """
    (first, axis), *_ = sliced
    step = max(1, max(largest, SLICE) // max(1, width))
    sums: tuple[Any, ...] = ()
    for start in range(0, first.shape[axis], step):
        value = part(*(_cut(a, ax, start, start + step) for a, ax in sliced))
        values = value if isinstance(value, tuple) else (value,)
        pairs = zip(sums, values, strict=True)
        sums = tuple(np.add(s, v, out=s if s.ndim else None) for s, v in pairs) if sums else values
    return sums if isinstance(value, tuple) else sums[0]


def _cut(a: Array, axis: int, start: int, stop: int) -> Array:
    places: tuple[Any, ...] = (..., slice(start, stop), *(slice(None),) * (-axis - 1))
    piece: Array = a[places]
    return piece
