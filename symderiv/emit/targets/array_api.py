"""The array API standard: one file for every library that keeps it.

The namespace is that of the arguments.  Only calls of the standard are made, nothing is changed in
place, and no value of an array is looked at, so that a file runs under a tracer, on a lazy array
and on one that lies on several devices.

Imports the standard library only: every piece takes the namespace.
"""

from __future__ import annotations

from typing import Any

from symderiv.emit.targets import contraction
from symderiv.emit.targets.entry import Target, pieces


def namespace(*arrays: Any) -> Any:
    """The array namespace of the arguments."""
    given = [a for a in arrays if not isinstance(a, bool | int | float)]
    found = [a.__array_namespace__() for a in given if hasattr(a, "__array_namespace__")]
    if not given:
        raise TypeError("an argument is an array of a library that keeps the array API standard")
    if len(found) == len(given) and all(f is found[0] for f in found):
        return found[0]
    try:
        from array_api_compat import array_namespace
    except ImportError:
        kinds = ", ".join(dict.fromkeys(type(a).__name__ for a in given))
        raise TypeError(
            f"{kinds}: no one namespace of the array API standard; install array-api-compat"
        ) from None
    return array_namespace(*given)


def count(xp: Any, x: Any, start: int, stop: int) -> Any:
    """The whole numbers from start to stop - 1, where x is."""
    try:
        return xp.arange(start, stop, device=x.device)
    except (AttributeError, TypeError, ValueError):  # of no one device: traced, lazy, on several
        return xp.arange(start, stop)


def taken(xp: Any, x: Any, places: Any, axis: int) -> Any:
    """The entries of an axis at some places."""
    axis %= x.ndim
    shape = (*x.shape[:axis], *places.shape, *x.shape[axis + 1 :])
    return xp.reshape(xp.take(x, xp.reshape(places, (-1,)), axis=axis), shape)


def eye(xp: Any, x: Any, size: int) -> Any:
    """Where row and column are one."""
    places = count(xp, x, 0, size)
    return places[:, None] == places


def full(xp: Any, x: Any, shape: Any, v: Any) -> Any:
    """A new array of this shape, of x's type, filled with v."""
    return v + xp.zeros_like(xp.broadcast_to(xp.sum(x) * 0 if x.ndim else x, shape))


def broadcast_arrays(xp: Any, *arrays: Any) -> Any:
    """Numbers and arrays in one shape; the last is an array."""
    zero = xp.zeros_like(arrays[-1])
    return xp.broadcast_arrays(*(zero + a if isinstance(a, int | float) else a for a in arrays))


def cbrt(xp: Any, x: Any) -> Any:
    """The cube root."""
    return xp.sign(x) * xp.abs(x) ** (1 / 3)


def floats(xp: Any, **given: Any) -> Any:
    """The type of the results, and the arguments as floats of one type, float32 for halves.

    z=(z, "... K") names the axes of z, `...` those of a batch.
    """
    known = dict[str, int]()
    whole: list[Any] = []
    single: list[Any] = []
    default = xp.asarray(0.0).dtype
    for name, (a, text) in given.items():
        if not isinstance(a, int | float) and not hasattr(a, "dtype"):
            raise TypeError(f"{name} takes an array, not {type(a).__name__}")
        if hasattr(a, "dtype"):
            real = xp.isdtype(a.dtype, "real floating")
            if not real and not xp.isdtype(a.dtype, ("bool", "integral")):
                raise TypeError(f"{name} takes real numbers, not {a.dtype}")
            (whole if a.ndim else single).append(a.dtype if real else default)
        said, shape = text.split(), tuple(getattr(a, "shape", ()))
        axes = said[said[:1] == ["..."] :]
        sizes = shape[len(shape) - len(axes) :] if said != axes else shape
        fits = [k == (int(s) if s.isdigit() else known.setdefault(s, k))
                for s, k in zip(axes, sizes, strict=False)]  # fmt: skip
        if len(axes) != len(sizes) or not all(fits):
            raise ValueError(f"{name} takes ({', '.join(said)}), not {shape}, with {known}")
    kind = xp.result_type(*(whole or single or [default]))
    dtype = kind if xp.finfo(kind).bits >= 32 else xp.float32
    arrays = (a for a, _ in given.values())
    return kind, *(
        xp.astype(a, dtype, copy=False) if hasattr(a, "dtype") else xp.asarray(a, dtype=dtype)
        for a in arrays
    )


def labels(xp: Any, y: Any, K: int, name: str) -> Any:
    """Labels as whole numbers; `_within` looks at their values."""
    if isinstance(y, int):
        y = xp.asarray(y)
    if not hasattr(y, "dtype") or not xp.isdtype(y.dtype, "integral"):
        raise TypeError(f"{name} takes integers from 0 to {K - 1}")
    return xp.astype(y, xp.arange(1).dtype, copy=False)


def within(xp: Any, y: Any, K: int) -> Any:
    """Are all labels in their range?"""
    return xp.all((y >= 0) & (y < K))


def typed(xp: Any, value: Any, kind: Any) -> Any:
    """A result in the type of the arguments."""
    return xp.astype(value, kind, copy=False)


def where_it_holds(xp: Any, value: Any, kind: Any, holds: Any) -> Any:
    """A result in the type of the arguments, and nan where they are not as they must be."""
    return xp.astype(xp.where(holds, value, xp.nan), kind, copy=False)


TARGET = Target(
    name="array-api",
    title="the array API standard",
    module="xp",
    pieces={"namespace": namespace, **pieces("xp", contraction.__name__, __name__)},
    place=1,
)
