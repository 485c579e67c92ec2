"""What comes in and goes out: arrays checked once, in the words NumPy users expect.

Gives `logits`, `integers`, `chosen`, `labels`, `targets`, `directions` and `entry`, which return
what the passes may rely on (native float32 or float64, last axis the classes, labels in range);
`check_out`, which refuses an array that a result cannot be written to, `result`, which finds one
that it can be written to at once, and `deliver`, which hands a result out.  Imports NumPy only.

Every refusal is one exception: TypeError for what is no real number, ValueError for a shape or a
value, IndexError for a label or index out of range; each names the shapes or the position.  What
fits is let through before any words are made for what does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

DOUBLE = np.dtype(np.float64)
SINGLE = np.dtype(np.float32)
MANY = 1 << 12  # a product with ones adds up so many numbers in a tenth of the time


def as_array(x: Any, name: str) -> Array:
    """As NumPy makes an array of it.

    Raises
    ------
    ValueError
        for lists that are no array.
    """
    try:
        return np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} is no array: lists in it differ in length") from None


def real(x: Any, name: str) -> Array:
    """As a native float32 or float64 array: integers and bools as float64, float16 as float32.

    Raises
    ------
    TypeError
        for complex, object, text, dates, or floats wider than 64 bits.
    """
    if type(x) is np.ndarray and (x.dtype is DOUBLE or x.dtype is SINGLE):
        return x
    a = as_array(x, name)
    if a.dtype.kind in "biu":
        return a.astype(np.float64)
    if a.dtype.kind != "f" or a.dtype.itemsize > 8:
        raise TypeError(
            f"{name} must hold real numbers (float32, float64, integers), not {a.dtype}"
        )
    return a.astype(np.float32 if a.dtype.itemsize < 8 else np.float64, copy=False)


def logits(z: Any, name: str = "z") -> Array:
    """Real numbers whose last axis holds the classes.

    Raises
    ------
    ValueError
        for a scalar, or an empty last axis.
    """
    a = real(z, name)
    if a.ndim == 0:
        raise ValueError(f"{name} must have a last axis of classes, but is a scalar")
    if a.shape[-1] == 0:
        raise ValueError(f"{name} has shape {a.shape}: its last axis, the classes, is empty")
    return a


def integers(y: Any, name: str) -> Array:
    """An array of integers, such as labels are.

    Raises
    ------
    TypeError
        for anything else.
    """
    a = as_array(y, name)
    if a.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integer labels, not {a.dtype}")
    return a


def chosen(y: Any, name: str, classes: int) -> NDArray[np.intp]:
    """Labels 0 .. classes - 1.

    Raises
    ------
    TypeError
        for labels that are no integers.
    IndexError
        for a label out of range, naming the first such.
    """
    a = integers(y, name)
    if not _within(a, classes):
        where = tuple(int(n) for n in np.argwhere((a < 0) | (a >= classes))[0])
        at = f"{name}[{', '.join(map(str, where))}]" if where else name
        raise IndexError(f"{at} = {a[where]} is no label of {classes} classes (0 to {classes - 1})")
    return a.astype(np.intp, copy=False)


def _within(a: Array, classes: int) -> bool:
    """Are all labels 0 .. classes - 1?"""
    if a.size < 2:
        return a.size == 0 or 0 <= a.item() < classes
    return bool(a.min() >= 0 and a.max() < classes)


def labels(y: Any, z: Array, name: str = "y") -> tuple[Array, NDArray[np.intp]]:
    """Logits and class labels 0 .. K-1, one for each row, broadcast to one batch.

    Raises
    ------
    TypeError
        for labels that are no integers.
    ValueError
        for a shape that does not broadcast with that of z without its last axis.
    IndexError
        for a label outside 0 .. K-1, naming the first such.
    """
    a = integers(y, name)
    batch = a.shape
    if batch != z.shape[:-1]:
        try:
            batch = np.broadcast_shapes(a.shape, z.shape[:-1])
        except ValueError:
            raise ValueError(
                f"{name} has shape {a.shape}, but z has shape {z.shape}: it needs labels of shape "
                f"{z.shape[:-1]}"
            ) from None
    classes = z.shape[-1]
    a = chosen(a, name, classes)
    return _spread(z, (*batch, classes)), _spread(a, batch)


def targets(y: Any, z: Array, name: str = "y", *, sure: bool = False) -> tuple[Array, Array]:
    """Logits and target probabilities, broadcast to one shape, each row summing to one.

    Both are of one dtype.  The sums are not looked at where they are `sure` by how y was made.

    Raises
    ------
    ValueError
        for a shape that does not broadcast with that of z, another number of classes, or a row
        whose sum is not one to rounding, naming it.
    """
    a = real(y, name)
    shape = _one_shape(a, z)
    if shape is None:
        raise ValueError(f"{name} has shape {a.shape}, but z has shape {z.shape}")
    if not sure:
        check_sums(a, name, -1, SINGLE if SINGLE in (a.dtype, z.dtype) else DOUBLE)
    return of_one_dtype(_spread(z, shape), _spread(a, shape))


def check_sums(y: Array, name: str, axis: int, rounded: np.dtype[Any]) -> None:
    """Are the sums along an axis one, as far as numbers `rounded` to a dtype can add up to it?

    Raises
    ------
    ValueError
        naming the first that is not.
    """
    slack = 8 * y.shape[axis] ** 0.5 * (2.0**-23 if rounded == SINGLE else 2.0**-52) + 1e-7
    if axis == -1 and y.size > MANY:
        with np.errstate(all="ignore"):
            if np.abs(y @ np.ones(y.shape[-1], y.dtype) - 1).max() <= slack:
                return
    sums = np.add.reduce(y, axis, np.float64)
    far = np.abs(sums - 1)
    if (far if far.ndim == 0 else far.max(initial=0)) <= slack:
        return
    wrong = far > slack
    if wrong.any():
        sizes = np.abs(y).sum(axis, dtype=np.float64)
        wrong &= (far > slack * sizes) | np.isinf(sums)
    if wrong.any():
        where = tuple(int(n) for n in np.argwhere(wrong)[0])
        row = f"{name}[{', '.join(map(str, where))}]" if where else name
        raise ValueError(
            f"targets must sum to one over the last axis, but {row} sums to {sums[where]!s}"
        )


def directions(v: Any, z: Array, name: str = "v") -> tuple[Array, Array]:
    """Logits and directions, broadcast to one shape; of one dtype.

    Raises
    ------
    ValueError
        for a shape that does not broadcast with that of z, or another number of classes.
    """
    a = real(v, name)
    shape = _one_shape(a, z)
    if shape is None:
        raise ValueError(f"{name} has shape {a.shape}, but must have the shape of z, {z.shape}")
    return of_one_dtype(_spread(z, shape), _spread(a, shape))


def _one_shape(a: Array, z: Array) -> tuple[int, ...] | None:
    """What two arrays with the same last axis broadcast to, if they do."""
    if a.shape == z.shape:
        return a.shape
    try:
        if a.ndim and a.shape[-1] == z.shape[-1]:
            return np.broadcast_shapes(a.shape, z.shape)
    except ValueError:
        pass
    return None


def _spread(a: Array, shape: tuple[int, ...]) -> Array:
    return a if a.shape == shape else np.broadcast_to(a, shape)


def of_one_dtype(a: Array, b: Array) -> tuple[Array, Array]:
    """Two arrays as float32 if both are, else as float64: NumPy's own rule."""
    if a.dtype is b.dtype:
        return a, b
    dtype = np.result_type(a, b)
    return a.astype(dtype, copy=False), b.astype(dtype, copy=False)


def entry(i: Any, z: Array, name: str) -> int:
    """One index 0 .. K-1.

    Raises
    ------
    TypeError
        if it is no integer.
    IndexError
        if it is outside 0 .. K-1.
    """
    a = np.asarray(i)
    if a.ndim or a.dtype.kind not in "iu":
        raise TypeError(f"{name} must be one integer, not {i!r}")
    if not 0 <= a < z.shape[-1]:
        raise IndexError(f"{name} = {i} is outside 0 to {z.shape[-1] - 1} (logits: {z.shape})")
    return int(a)


def check_out(out: Any, shape: tuple[int, ...], dtype: Any) -> None:
    """Can a result of this shape and dtype be written to `out`?

    Raises
    ------
    TypeError
        if `out` is no array.
    ValueError
        if `out` has another shape or dtype, or cannot be written.
    """
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an array, not {type(out).__name__}")
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(
            f"out has shape {out.shape} and dtype {out.dtype}, but the result has shape {shape} "
            f"and dtype {np.dtype(dtype)}"
        )
    if not out.flags.writeable:
        raise ValueError("out is read-only")


def result(out: Array | None, shape: tuple[int, ...], dtype: Any, *inputs: Array) -> Array:
    """A C-contiguous array to write to: `out` itself where it is fit and apart from the inputs.

    Raises as `check_out` does.
    """
    if out is None:
        return np.empty(shape, dtype)
    check_out(out, shape, dtype)
    if out.flags.c_contiguous and not any(np.may_share_memory(out, a) for a in inputs):
        return out
    return np.empty(shape, dtype)


def deliver(value: Any, out: Array | None) -> Any:
    """The result: in `out` if one was given, else as it is, a NumPy scalar where it has no axes.

    Raises as `check_out` does.
    """
    if out is None:
        return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
    if value is not out:
        check_out(out, np.shape(value), np.asarray(value).dtype)
        out[...] = value
    return out
