"""The inputs of generated functions: arrays of one dtype, axes of one size, labels in range.

Gives `together`, `size` and `chosen`.  Imports NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import real

Array = NDArray[Any]


def together(**given: Any) -> tuple[Array, ...]:
    """All inputs as arrays of one dtype: float32 if every array among them is.

    Python numbers take the dtype of the arrays.

    Raises
    ------
    TypeError
        for complex, object, text, or floats wider than 64 bits, naming the input.
    """
    arrays = {name: real(x, name) for name, x in given.items()}
    counted = [a.dtype for name, a in arrays.items() if not isinstance(given[name], int | float)]
    dtype = np.result_type(*counted) if counted else np.dtype(np.float64)
    return tuple(a.astype(dtype, copy=False) for a in arrays.values())


def size(name: str, *axes: tuple[str, Array, int]) -> int:
    """The one size of some axes, each given as (name of the array, array, axis).

    A name that is a number is the size that they must have.

    Raises
    ------
    ValueError
        if an array has no such axis, if it is empty, or if sizes differ.
    """
    found: dict[int, str] = {}
    for array, a, axis in axes:
        if a.ndim < -axis:
            raise ValueError(
                f"{array} has shape {a.shape}: it needs {-axis} axes, {name} among them"
            )
        found.setdefault(a.shape[axis], f"{array} has shape {a.shape}")
    if len(found) > 1:
        raise ValueError(f"axis {name} has one size: " + ", but ".join(found.values()))
    (length, said) = next(iter(found.items()))
    if name.isdigit() and length != int(name):
        raise ValueError(f"{said}: this function is for size {name}")
    if length == 0:
        raise ValueError(f"{said}: its axis {name} is empty")
    return length


def chosen(y: Any, name: str, classes: int) -> NDArray[np.intp]:
    """Labels 0 .. classes - 1.

    Raises
    ------
    TypeError
        for labels that are no integers.
    IndexError
        for a label out of range, naming the first such.
    """
    a = np.asarray(y)
    if a.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integer labels, not {a.dtype}")
    if a.size and not (a.min() >= 0 and a.max() < classes):
        where = tuple(int(n) for n in np.argwhere((a < 0) | (a >= classes))[0])
        at = f"{name}[{', '.join(map(str, where))}]" if where else name
        raise IndexError(f"{at} = {a[where]} is no label of {classes} classes (0 to {classes - 1})")
    return a.astype(np.intp, copy=False)
