"""The length of a vector, whose squares may overflow or vanish where it does not."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def norm(x: Any, axes: Any) -> Any:
    """The root of the sum of squares along axes, scaled by the largest."""
    top = np.abs(x).max(axes, keepdims=True, initial=0)
    top = np.where((top > 0) & np.isfinite(top), top, 1).astype(x.dtype)
    return np.squeeze(top, axes) * np.sqrt(((x / top) ** 2).sum(axes))


ATOMS = (Atom("norm", "sqrt(sum(x[i]**2, i))", function=norm),)
