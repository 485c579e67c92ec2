"""Powers with an exponent that is not known, of what vanishes or overflows before its power does.

Each value and slope is held against the same to 1200 digits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv.face.source import derivation_source


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "sigmoid(x)**g": lambda x, g: _sigmoid(x) ** g,
    "(1 - sigmoid(x))**g*sigmoid(x)": lambda x, g: _sigmoid(-x) ** g * _sigmoid(x),
    "(1/(1 + exp(-x)))**g": lambda x, g: _sigmoid(x) ** g,
    "(exp(x) + exp(2*x))**g": lambda x, g: (mpmath.exp(x) + mpmath.exp(2 * x)) ** g,
    "(1 - tanh(x))**g": lambda x, g: (2 * _sigmoid(-2 * x)) ** g,
    "cosh(x)**g": lambda x, g: mpmath.cosh(x) ** g,
    "softplus(x)**g": lambda x, g: mpmath.log1p(mpmath.exp(x)) ** g,
    "(1 + x**2)**g": lambda x, g: (1 + x * x) ** g,
    "erfc(x)**g": lambda x, g: mpmath.erfc(x) ** g,
    "(exp(x)*(2 - sin(x)))**g": lambda x, g: (mpmath.exp(x) * (2 - mpmath.sin(x))) ** g,
}


def _made(formula: str, wrt: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(formula, wrt=wrt)), names)
    return names


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", FORMULAS)
def test_value_and_slope_where_the_base_vanishes(formula: str) -> None:
    names, exact = _made(f"L = {formula}", "x"), FORMULAS[formula]
    tried = 0
    for x in (-1000.0, -40.0, -1.0, 0.0, 0.5, 30.0, 500.0, 1000.0):
        for g in (0.5, 0.01, 2.0, -0.25, 0.0):
            with mpmath.workdps(1200):
                step = mpf(10) ** -300
                value = exact(mpf(x), mpf(g))
                slope = (exact(mpf(x) + step, mpf(g)) - exact(mpf(x) - step, mpf(g))) / (2 * step)
                for name, right in (("L", value), ("L_derivative", slope)):
                    if abs(right) > mpf(10) ** 300 or 0 < abs(right) < mpf(10) ** -300:
                        continue
                    given = {"x": np.float64(x), "g": np.float64(g)}
                    made = names[name]
                    found = made(**{n: given[n] for n in inspect.signature(made).parameters})
                    assert abs(mpf(float(found)) - right) <= abs(right) * mpf(10) ** -11, (
                        name,
                        x,
                        g,
                    )
                    tried += 1
    assert tried > 30


def test_a_share_to_a_power() -> None:
    """The generalised cross-entropy of Zhang and Sabuncu has p_y to the power of q."""
    names = _made("p[i] = softmax(z)[i]; L = p[y]**q", "z[j]")
    z = np.array([0.0, 1000.0, 0.5])
    value = np.exp(0.01 * -1000.0)
    np.testing.assert_allclose(names["L"](z=z, y=0, q=0.01), value, rtol=1e-11)
    slope = names["L_gradient"](z=z, y=0, q=0.01)
    np.testing.assert_allclose(slope, [0.01 * value, -0.01 * value, 0], rtol=1e-11)


def test_nothing_to_the_power_of_0_is_1() -> None:
    names = _made("L = (x**2 + y**2)**g", "x")
    assert names["L"](x=0.0, y=0.0, g=0.0) == 1
    assert names["L"](x=0.0, y=0.0, g=2.0) == 0
