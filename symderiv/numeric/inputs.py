"""The inputs of generated functions: arrays of one dtype, axes of one size, labels in range.

Gives `together`, `size`, `one_batch` and `summing_to_one`.  Each looks first whether all is well,
which is quick, and finds words for what is not only where there is something.  And
`logits_called`, within which the logits have another name than z.  Imports NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.numeric.arrays import check_sums, real
from symderiv.numeric.blocks import Undefined

Array = NDArray[Any]


def together(**given: Any) -> tuple[Array, ...]:
    """All inputs as arrays of one dtype: float32 if every array among them is.

    Python numbers take the dtype of the arrays.

    Raises
    ------
    TypeError
        for complex, object, text, or floats wider than 64 bits, naming the input.
    """
    arrays = tuple([real(x, name) for name, x in given.items()])
    if len({a.dtype for a in arrays}) == 1:
        return arrays
    kinds = zip(arrays, given.values(), strict=True)
    dtype = np.result_type(*(a.dtype for a, x in kinds if not isinstance(x, int | float)))
    return tuple(a.astype(dtype, copy=False) for a in arrays)


def size(name: str, *axes: tuple[str, Array, int]) -> int:
    """The one size of some axes, each given as (name of the array, array, axis).

    A name that is a number is the size that they must have.

    Raises
    ------
    ValueError
        if an array has no such axis, if it is empty, or if sizes differ.
    """
    length: int
    try:
        (length,) = {a.shape[axis] for _, a, axis in axes}
    except (IndexError, ValueError):
        length = 0
    if length == 0 or (name.isdigit() and length != int(name)):
        raise ValueError(_no_size(name, axes))
    return length


def _no_size(name: str, axes: tuple[tuple[str, Array, int], ...]) -> str:
    """Why some axes have no size in common."""
    found: dict[int, str] = {}
    for array, a, axis in axes:
        if a.ndim < -axis:
            return f"{array} has shape {a.shape}: it needs {_axes(-axis, name)}"
        found.setdefault(a.shape[axis], f"{array} has shape {a.shape}")
    if len(found) > 1:
        return f"axis {name} has one size: " + ", but ".join(found.values())
    ((length, said),) = found.items()
    if name.isdigit() and length != int(name):
        return f"{said}: this function is for size {name}"
    return f"{said}: its axis {name} is empty"


def one_batch(*given: tuple[str, Array, int]) -> None:
    """Do the leading axes of some arrays, each given with the number of its own, broadcast?

    Raises
    ------
    ValueError
        if they do not, naming the first that does not fit one before it.
    """
    if len({a.shape[: a.ndim - own] for _, a, own in given} - {()}) < 2:
        return
    batches = [(name, a.shape, a.shape[: a.ndim - own]) for name, a, own in given]
    for n, (name, shape, batch) in enumerate(batches):
        for other, whole, before in batches[:n]:
            if batch == before or not _clash(batch, before):
                continue
            said = (
                f"{other} has shape {whole}{_batch_in(whole, before)}, but "
                f"{name} has shape {shape}{_batch_in(shape, batch)}"
            )
            raise ValueError(f"leading axes, the batch, must broadcast: {said}")


def _clash(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return any(m != n and 1 not in (m, n) for m, n in zip(a[::-1], b[::-1], strict=False))


def _batch_in(shape: tuple[int, ...], batch: tuple[int, ...]) -> str:
    return "" if shape == batch else f" with batch {batch}"


def summing_to_one(y: Array, name: str, axis: int, *, least: float = -np.inf) -> None:
    """Are these numbers that sum to one along an axis, none below `least`?

    Raises
    ------
    ValueError
        naming the first sum that is not one to rounding, or the first number that is too small.
    """
    if least > -np.inf and (y < least).any():
        where = [int(n) for n in np.argwhere(y < least)[0]]
        raise ValueError(f"{name}{where} = {y[tuple(where)]} is no probability")
    check_sums(y, name, axis, y.dtype)


def _axes(number: int, name: str) -> str:
    return f"an axis {name}" if number == 1 else f"{number} axes, {name} among them"


class logits_called:
    """Within it, what has no softmax is a row of these logits, maybe computed from inputs."""

    def __init__(self, name: str, *inputs: str) -> None:
        self.name, self.inputs = name, inputs

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Undefined):
            *others, last = self.inputs or ("",)
            made_of = f"{', '.join(others)} and {last}" if others else last
            source = f", computed from {made_of}," if last else ""
            raise Undefined(*error.where, name=self.name, source=source) from None
