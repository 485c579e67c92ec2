"""Diagnosis: what is probably wrong with a gradient that is wrong at ordinary input.

Gives `diagnosis`.  Imports NumPy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
CLOSE = 1e-6


def diagnosis(pairs: Sequence[tuple[Array, Array]]) -> str:
    """What (found, exact) at all of several inputs have in common, or the empty string."""
    if not pairs or any(not np.isfinite(f).all() for f, _ in pairs):
        return ""
    if all(f.ndim == 2 and _same(f.T, e) for f, e in pairs):
        return "it is the transpose of what is wanted"
    if any(f.shape != e.shape for f, e in pairs):
        return ""
    if all(_same(-f, e) for f, e in pairs):
        return "its sign is the other way round"
    if all(e.ndim == 1 and _off_by_a_one(f - e) for f, e in pairs):
        return "the 1 at the label is not subtracted"
    some = [(f, e) for f, e in pairs if np.any(e)]
    factors = [float(np.vdot(f, e) / np.vdot(e, e)) for f, e in some]
    if not factors or not all(_same(f, e * c) for (f, e), c in zip(some, factors, strict=True)):
        return ""
    if np.ptp(factors) < CLOSE < abs(factors[0]):
        mean = "; a mean for a sum?" if abs(1 / factors[0] - round(1 / factors[0])) < CLOSE else ""
        return f"it is {factors[0]:.6g} times what is wanted{mean}"
    if all(abs(c * e.size - 1) < CLOSE for (_, e), c in zip(some, factors, strict=True)):
        return "it is what is wanted, divided by the number of its entries; a mean for a sum?"
    return ""


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=CLOSE, atol=CLOSE * np.abs(b).max()))


def _off_by_a_one(difference: Array) -> bool:
    away = np.abs(difference) > CLOSE
    return bool(away.sum() == 1) and abs(float(difference[away][0]) - 1) < CLOSE
