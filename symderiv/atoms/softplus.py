"""Softplus beside the exponential that it is far below 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def over_exp(x: Any) -> Any:
    """Softplus over exp(min(x, 0)), which is 1 far below 0."""
    low = np.minimum(x, 0)
    return np.where(x < -40, 1, np.logaddexp(x, 0) / np.exp(np.maximum(low, -40)))


ATOMS = (
    Atom("over_exp", "log(1 + exp(x))/exp(min(x, 0))", function=over_exp),
    Atom("softplus", "log(1 + exp(x))", "softplus(x)"),
)
