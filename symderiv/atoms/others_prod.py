"""Products without one of their factors, which may be 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def others_prod(x: Any) -> Any:
    """For each factor of a row, the product of the others."""
    one = np.ones_like(x[..., :1])
    before = np.cumprod(np.concatenate([one, x[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([one, np.flip(x[..., 1:], -1)], -1), -1)
    return before * np.flip(after, -1)


ATOMS = (Atom("others_prod", "prod(x[j], j, j != i)", function=others_prod),)
