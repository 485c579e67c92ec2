"""What is asked of arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def array(value: Any, name: str) -> Any:
    """A value as an array of NumPy's; one of another library is refused."""
    if type(value) is np.ndarray:
        return value
    first = value
    while isinstance(first, list | tuple) and first:
        first = first[0]
    strange = hasattr(first, "__array_function__") or hasattr(first, "__dlpack__")
    if strange and not isinstance(first, np.ndarray | np.generic):
        library = type(first).__module__.partition(".")[0]
        raise TypeError(f"{name} is of {library}: 'symderiv emit --for' writes functions for it")
    return np.asarray(value)


_array = array  # as a program calls it


def floats(**given: Any) -> Any:
    """The arguments as floats of one type; z=(z, "... K") names the axes of z, `...` a batch's."""
    arrays: list[Any] = []
    known: dict[str, int] = {}
    for name, (value, said) in given.items():
        a = _array(value, name)
        axes = said.removeprefix("...").split()
        shape = a.shape if said[:1] != "." else a.shape[max(a.ndim - len(axes), 0) :]
        fits = len(axes) == len(shape)
        for s, k in zip(axes, shape, strict=False):
            fits &= known.setdefault(s, int(s) if s.isdigit() else k) == k
        if a.dtype.kind not in "fiub":
            raise TypeError(f"{name} takes real numbers, not {a.dtype}")
        if not fits:
            said = ", ".join(said.split())
            raise ValueError(f"{name} takes ({said}), not {a.shape}, with {known}")
        arrays.append(a)
    types = {a.dtype for a in arrays}
    if len(types) == 1 and a.dtype.kind == "f":
        return arrays
    types = {a.dtype for a in arrays if a.ndim} or types  # a number takes the type of an array
    dtype = np.result_type(*(d if d.kind == "f" else float for d in types))
    return [a.astype(dtype, copy=False) for a in arrays]


def labels(y: Any, K: int, name: str) -> Any:
    """Labels, looked at."""
    y = _array(y, name)
    if y.dtype.kind not in "iu" or (y.size and not 0 <= y.min() <= y.max() < K):
        raise IndexError(f"{name} takes integers from 0 to {K - 1}")
    return y


ATOMS = (
    Atom("array", function=array),
    Atom("floats", function=floats),
    Atom("labels", function=labels),
)
