"""What is asked of arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def array(value: Any, name: str) -> Any:
    """A value as an array of NumPy's; one of another library is refused."""
    first = value
    while isinstance(first, list | tuple) and first:
        first = first[0]
    strange = hasattr(first, "__array_function__") or hasattr(first, "__dlpack__")
    if strange and not isinstance(first, np.ndarray | np.generic):
        library = type(first).__module__.partition(".")[0]
        raise TypeError(f"{name} is of {library}: 'symderiv emit --for' writes functions for it")
    return np.asarray(value)


_array = array  # as a program calls it


def floats(**given: Any) -> list[Any]:
    """The arguments as floats of one type; z=(z, "... K") names the axes of z, `...` a batch's."""
    known: dict[str, int] = {}
    arrays = [_array(a, name) for name, (a, _) in given.items()]
    for a, (name, (_, said)) in zip(arrays, given.items(), strict=True):
        axes = said.removeprefix("...").split()
        shape = a.shape[max(a.ndim - len(axes), 0) * (said[:1] == ".") :]
        wanted = [known.setdefault(s, int(s) if s.isdigit() else k)
                  for s, k in zip(axes, shape, strict=False)]  # fmt: skip
        if a.dtype.kind not in "fiub":
            raise TypeError(f"{name} takes real numbers, not {a.dtype}")
        if len(axes) != len(shape) or wanted != [*shape]:
            raise ValueError(
                f"{name} takes ({', '.join(said.split())}), not {a.shape}, with {known}"
            )
    large = [a.dtype for a in arrays if a.ndim] or [a.dtype for a in arrays]
    dtype = np.result_type(*(d if d.kind == "f" else float for d in large))
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
