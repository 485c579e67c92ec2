"""What is asked of arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def floats(**given: Any) -> Any:
    """The arguments as floats of one type; "N K" are the last axes of z=(z, "N K")."""
    arrays = {name: np.asarray(value) for name, (value, _) in given.items()}
    seen: dict[str, tuple[int, str]] = {}
    for name, a in arrays.items():
        axes = given[name][1].split()
        if a.dtype.kind not in "fiub":
            raise TypeError(f"{name} takes real numbers, not {a.dtype}")
        if a.ndim < len(axes):
            raise ValueError(f"{name} takes (..., {', '.join(axes)}), not {a.shape}")
        for axis, size in zip(axes, a.shape[a.ndim - len(axes) :], strict=True):
            known, whose = seen.setdefault(axis, (int(axis) if axis.isdigit() else size, name))
            if known != size:
                raise ValueError(f"{axis} is {known} in {whose} and {size} in {name}, {a.shape}")
    large = [a.dtype for a in arrays.values() if a.ndim] or [a.dtype for a in arrays.values()]
    dtype = np.result_type(*(d if d.kind == "f" else float for d in large))
    return [a.astype(dtype, copy=False) for a in arrays.values()]


def labels(y: Any, K: int, name: str) -> Any:
    """Labels, looked at."""
    y = np.asarray(y)
    if y.dtype.kind not in "iu" or np.any((y < 0) | (y >= K)):
        raise IndexError(f"{name} takes integers from 0 to {K - 1}")
    return y


ATOMS = (Atom("floats", function=floats), Atom("labels", function=labels))
