"""What is asked of arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def array(a: Any, name: str) -> Any:
    """An argument as NumPy's array; one of another library, or a list of such, is refused."""
    if strange := _strange(a):
        raise TypeError(f"{name} is of {strange}: 'symderiv emit --for' writes functions for it")
    try:
        return np.asarray(a)
    except ValueError:
        raise ValueError(f"{name} takes an array, no lists of different lengths") from None


def strange(a: Any) -> str:
    """Of which other library is an array, or one in a list?"""
    if isinstance(a, list | tuple):
        return next(filter(None, map(_strange, a)), "")
    other = hasattr(a, "__dlpack__") or hasattr(a, "__array_function__")
    mine = isinstance(a, np.ndarray | np.generic)
    return type(a).__module__.partition(".")[0] if other and not mine else ""


def floats(**given: Any) -> list[Any]:
    """The arguments as arrays of floats of one type, which numbers beside arrays do not say.

    z=(z, "K") names the last axes of z; a number is the size of one.
    """
    known: dict[Any, int] = {}
    kinds: set[str] = set()
    made = []
    for name, (a, *axes) in given.items():
        a = a if type(a) is np.ndarray else _array(a, name)
        if a.dtype.char not in kinds:
            if a.dtype.kind not in "fiub":
                raise TypeError(f"{name} takes real numbers, not {a.dtype}")
            kinds.add(a.dtype.char)
        left = a.ndim - len(axes)
        sizes = a.shape[left:] if left > 0 else a.shape
        fits = left >= 0 and 0 not in sizes
        for s, size in zip(axes, sizes if fits else (), strict=False):
            if known.setdefault(s, s if type(s) is int else size) != size:
                fits = False
        if not fits:
            takes = ", ".join(["...", *(f"{s}={known[s]}" if s in known else str(s) for s in axes)])
            full = "; no axis may be empty" if 0 in sizes else ""
            raise ValueError(f"{name} takes ({takes}), not {a.shape}{full}")
        made.append(a)
    if kinds in ({"d"}, {"f"}):
        return made
    dtype = np.result_type(*([a for a in made if a.ndim] or made), 1.0)
    return [a.astype(dtype, copy=False) for a in made]


def one(a: Any, name: str, *axes: Any) -> Any:
    """The one argument, which most often is an array of floats."""
    if type(a) is np.ndarray and a.dtype.kind == "f" and a.ndim >= len(axes) < 2 and a.size:
        return a
    return _floats(**{name: (a, *axes)})[0]


def labels(y: Any, K: int, name: str, *axes: int) -> Any:
    """Labels, looked at; their last axes are of these sizes."""
    y = np.asarray(y) if type(y) is int else _array(y, name)
    if axes and y.shape[max(y.ndim - len(axes), 0) :] != axes:
        raise ValueError(f"{name} takes (..., {', '.join(map(str, axes))}), not {y.shape}")
    if y.dtype.kind not in "iu" or (
        not 0 <= y.item() < K if y.size == 1 else y.astype(np.uint64).max(initial=0) >= K
    ):  # those below 0 are large without a sign
        error = IndexError if y.dtype.kind in "iu" else TypeError
        raise error(f"{name} takes integers from 0 to {K - 1}")
    return y


_array, _floats, _strange = array, floats, strange  # as a program calls them

ATOMS = (
    Atom("array", function=array),
    Atom("floats", function=floats),
    Atom("one", function=one),
    Atom("labels", function=labels),
    Atom("strange", function=strange),
)
