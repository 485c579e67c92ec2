"""log cosh."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def log_cosh(x: Any) -> Any:
    """log cosh x: log(1 + 2 sinh²(x/2)) where x is small, |x| + log(1 + exp(-2|x|)) - log 2."""
    a = np.abs(x)
    near = np.log1p(2 * np.sinh(np.minimum(a, 1) / 2) ** 2)
    return np.where(a < 1, near, a + np.log1p(np.exp(-2 * a)) - 0.6931471805599453)


ATOMS = (Atom("log_cosh", "log(cosh(x))", "log(1 + 2*sinh(x/2)**2)", log_cosh),)
