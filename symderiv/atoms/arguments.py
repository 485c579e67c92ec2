"""What is asked of arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def floats(**given: Any) -> Any:
    """The arguments as floats of one type: float32 stays float32, integers become float64."""
    arrays = {name: np.asarray(value) for name, value in given.items()}
    for name, a in arrays.items():
        if a.dtype.kind not in "fiub":
            raise TypeError(f"{name} takes real numbers, not {a.dtype}")
    large = [a for a in arrays.values() if a.ndim] or list(arrays.values())
    dtype = np.result_type(*(a.dtype if a.dtype.kind == "f" else float for a in large))
    made = [a.astype(dtype, copy=False) for a in arrays.values()]
    return made if len(made) > 1 else made[0]


def sizes(**given: Any) -> Any:
    """The size of each named axis, the same in every array: z=(z, "N K"), axes last."""
    found: dict[str, tuple[int, str]] = {}
    for name, (array, axes) in given.items():
        axes = axes.split()
        if array.ndim < len(axes):
            raise ValueError(f"{name} takes (..., {', '.join(axes)}), not {array.shape}")
        for axis, size in zip(axes, array.shape[array.ndim - len(axes) :], strict=True):
            if not axis.isdigit() and found.setdefault(axis, (size, name))[0] != size:
                other, whose = found[axis]
                raise ValueError(
                    f"{axis} is {other} in {whose} {given[whose][0].shape}"
                    f" and {size} in {name} {array.shape}"
                )
            if axis.isdigit() and int(axis) != size:
                raise ValueError(f"{name} takes (..., {', '.join(axes)}), not {array.shape}")
    return [size for size, _ in found.values()]


ATOMS = (
    Atom("floats", function=floats),
    Atom("sizes", function=sizes),
)
