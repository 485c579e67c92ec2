"""1 + x²/ν, the sign of ν not known, where x² is beyond all floats.

Values and slopes are held against mpmath, which takes formula and derivative as they are written.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from tests.answered import emitted

FORMULAS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "log(1 + (x - m)**2/nu)": lambda x, m, nu: mpmath.log(1 + (x - m) ** 2 / nu),
    "log(1 + nu*(x - m)**4)": lambda x, m, nu: mpmath.log(1 + nu * (x - m) ** 4),
    "-(nu + 1)/2*log(1 + ((x - m)/3)**2/nu)": lambda x, m, nu: (
        -(nu + 1) / 2 * mpmath.log(1 + ((x - m) / 3) ** 2 / nu)
    ),
    "x/(1 + x**2/nu) + m": lambda x, m, nu: x / (1 + x**2 / nu) + m,
}
# by nu two terms of the third cancel where nu is large
ASKED = [(f, "x") for f in FORMULAS] + [(f, "nu") for f in FORMULAS if not f.startswith("-")]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("formula", "wrt"), ASKED)
def test_value_and_slope_where_the_square_overflows(formula: str, wrt: str) -> None:
    names = emitted(f"L = {formula}", wrt)
    exact = FORMULAS[formula]
    for x in (0.0, 1e-9, 0.3, -2.0, 1e8, -3e70, 1e155, -1e200, 1e300):
        for nu in (1.0, 4.5, 1e-6, 1e10):
            with mpmath.workdps(2000):
                at = {"x": mpf(x), "m": mpf(0.25), "nu": mpf(nu)}
                step = mpf(10) ** -900
                up, down = ({**at, wrt: at[wrt] + s} for s in (step, -step))
                right = exact(**at), (exact(**up) - exact(**down)) / (2 * step)
                for name, wanted in zip(("L", "L_derivative"), right, strict=True):
                    made = names[name]
                    given = {n: np.float64(at[n]) for n in inspect.signature(made).parameters}
                    found = mpf(float(made(**given)))
                    off = abs(found - wanted)
                    assert off <= max(abs(wanted) * mpf(10) ** -12, mpf(10) ** -300), (
                        name, x, nu, float(found), float(wanted),
                    )  # fmt: skip
