"""The error function, and the tails of the normal distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def erf(x: Any) -> Any:
    """The error function."""
    return np.vectorize(math.erf, otypes=[x.dtype])(x)


def erfc(x: Any) -> Any:
    """1 - erf(x), where that is small too."""
    return np.vectorize(math.erfc, otypes=[x.dtype])(x)


ATOMS = (
    Atom("erf", "erf(x)", function=erf),
    Atom("erfc", "erfc(x)", function=erfc),
    Atom("upper_tail", "1 - erf(x)", "erfc(x)"),
    Atom("lower_tail", "1 + erf(x)", "erfc(-x)"),
)
