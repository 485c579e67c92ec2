"""Products with exponentials and logarithms whose other factor is 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def times_exp(v: Any, u: Any) -> Any:
    """v exp(u), finite where the product is: 0 where v is, though exp(u) overflow."""
    half = u / 2
    half = np.exp(np.minimum(half, 0.999 * np.log(np.finfo(np.result_type(half, 0.0)).max)))
    return v * half * half


def zero_times(a: Any, b: Any) -> Any:
    """a b, and 0 where one is 0, though the other be infinite."""
    with np.errstate(invalid="ignore"):
        return np.where((a == 0) | ((b == 0) & (a == a)), 0, a * b)


def finite(m: Any) -> Any:
    """m, and 0 where it is -inf."""
    return np.where(m > -np.inf, m, 0)


def room(u: Any) -> Any:
    """u, as far as e^u leaves room for other factors beside it."""
    return np.minimum(u, 0.45 * np.log(np.finfo(u.dtype).max))


ATOMS = (
    Atom("times_exp", "v*exp(u)", function=times_exp),
    Atom("zero_times", "a*log(b)", function=zero_times),
    Atom("finite", function=finite),
    Atom("room", function=room),
)
