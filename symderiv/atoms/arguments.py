"""What is asked of arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def array(a: Any, name: str) -> Any:
    """An argument as NumPy's array; one of another library, or a list of such, is refused."""
    if strange := _strange(a):
        raise TypeError(f"{name} is of {strange}: 'symderiv emit --for' writes functions for it")
    return np.asarray(a)


def strange(a: Any) -> str:
    """Of which other library is an array, or one in a list?"""
    if isinstance(a, list | tuple):
        return next(filter(None, map(_strange, a)), "")
    other = hasattr(a, "__dlpack__") or hasattr(a, "__array_function__")
    mine = isinstance(a, np.ndarray | np.generic)
    return type(a).__module__.partition(".")[0] if other and not mine else ""


def floats(**given: Any) -> list[Any]:
    """The arguments as arrays of floats of one type, which numbers beside arrays do not say."""
    made = [a if type(a) is np.ndarray else _array(a, name) for name, a in given.items()]
    for name, a in zip(given, made, strict=True):
        if a.dtype.kind not in "fiub":
            raise TypeError(f"{name} takes real numbers, not {a.dtype}")
    dtype = np.result_type(*([a for a in made if a.ndim] or made), 1.0)
    return [a.astype(dtype, copy=False) for a in made]


def labels(y: Any, K: int, name: str) -> Any:
    """Labels, looked at."""
    y = np.asarray(y) if type(y) is int else _array(y, name)
    if y.dtype.kind not in "iu" or (
        not 0 <= y.item() < K if y.size == 1 else y.astype(np.uint64).max(initial=0) >= K
    ):  # those below 0 are large without a sign
        raise IndexError(f"{name} takes integers from 0 to {K - 1}")
    return y


_array, _strange = array, strange  # as a program calls them

ATOMS = (
    Atom("array", function=array),
    Atom("floats", function=floats),
    Atom("labels", function=labels),
    Atom("strange", function=strange),
)
