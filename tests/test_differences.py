"""Differences that are small beside what they are of, and factors that hide what has no value.

Each value and slope is held against mpmath, which takes the formula as it is written.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv.face.source import derivation_source

Made = dict[str, Any]


def _made(formula: str, wrt: str) -> Made:
    names: Made = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(formula, wrt=wrt)), names)
    return names


def _call(made: Made, part: str, **given: Any) -> Any:
    function = made[part]
    return function(**{n: given[n] for n in inspect.signature(function).parameters})


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    # a difference of two gates, as an ordinal regression has it
    "log(sigmoid(x) - sigmoid(y))": lambda x, y: mpmath.log(_sigmoid(x) - _sigmoid(y)),
    "log(-sigmoid(y) + sigmoid(x))": lambda x, y: mpmath.log(_sigmoid(x) - _sigmoid(y)),
    "log(1/(1 + exp(-x)) - 1/(1 + exp(-y)))": lambda x, y: mpmath.log(_sigmoid(x) - _sigmoid(y)),
    "sigmoid(x) - sigmoid(y)": lambda x, y: _sigmoid(x) - _sigmoid(y),
    # powers less 1, of what is near 1
    "y**2*(1 - (1 - (x/y)**2)**3)": lambda x, y: y**2 * (1 - (1 - (x / y) ** 2) ** 3),
    "(1 + exp(-x**2))**2 - 1": lambda x, y: (1 + mpmath.exp(-x * x)) ** 2 - 1,
    "x*(1 - 2*exp(-x/y)/(1 + exp(-x/y)))": lambda x, y: x * mpmath.tanh(x / y / 2),
    "x*(1 - 2*sigmoid(x/y))": lambda x, y: x * (1 - 2 * _sigmoid(x / y)),
}  # fmt: skip
SIZES = (-1e200, -700.0, -3.0, -1e-5, 0.0, 1e-9, 0.4, 1.0, 20.0, 650.0)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", FORMULAS)
def test_value_and_slope_where_terms_are_near(formula: str) -> None:
    made, exact = _made(f"L = {formula}", "x"), FORMULAS[formula]
    for x, y in product(SIZES, SIZES):
        if x == y or ("log(" in formula and "erf" not in formula and x < y) or abs(y) > 1e100:
            continue
        if (y == 0 and "/y" in formula) or (abs(x) > 1e100 and "erf" not in formula):
            continue
        with mpmath.workdps(1500 if abs(x) < 1e100 else 50):
            step = mpf(10) ** -700
            at = [mpf(x), mpf(y)]
            if abs(x) > 1e100:  # log erf e^(-x²) is -x² and a number
                wanted, slope = mpf("-inf"), -2 * mpf(x)
            else:
                wanted = exact(*at)
                slope = (exact(at[0] + step, at[1]) - exact(at[0] - step, at[1])) / (2 * step)
            scale = max(abs(wanted), mpf(10) ** -280)
            found = float(_call(made, "L", x=np.float64(x), y=np.float64(y)))
            assert wanted == found or abs(found - wanted) <= 1e-12 * scale, (x, y, found)
            found = float(_call(made, "L_derivative", x=np.float64(x), y=np.float64(y)))
            off = max(abs(slope) * mpf(10) ** -12, mpf(10) ** -13 * min(1, abs(wanted)))
            assert abs(found - slope) <= off + mpf(10) ** -280, (x, y, found)


def test_two_shares_that_vanish_together() -> None:
    made = _made("L = -log(sum(softmax(a)[i]*softmax(b)[i], i))", "a[j]")
    for a, b in (
        ([0.0, 1000], [1000.0, 0]),
        ([1.0, 2, 3], [3.0, 2, 1]),
        ([0.0, 900, -500], [800.0, 0, 7]),
    ):
        found, slope = (_call(made, n, a=np.array(a), b=np.array(b)) for n in ("L", "L_gradient"))
        with mpmath.workdps(1200):
            p, q = ([mpmath.exp(v) for v in row] for row in (a, b))
            p, q = ([v / mpmath.fsum(row) for v in row] for row in (p, q))
            both = [v * w for v, w in zip(p, q, strict=True)]
            whole = mpmath.fsum(both)
            right = [v - w / whole for v, w in zip(p, both, strict=True)]
            assert abs(found + mpmath.log(whole)) <= 1e-12 * abs(found)
        np.testing.assert_allclose(slope, [float(v) for v in right], atol=1e-12)


CONTRASTIVE = (
    "L = y*sum((a[i] - b[i])**2, i) + (1 - y)*max(0, m - sqrt(sum((a[i] - b[i])**2, i)))**2",
    "d = sqrt(sum((a[i] - b[i])**2, i)); L = y*d**2 + (1 - y)*max(0, m - d)**2",
)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", CONTRASTIVE)
def test_a_factor_that_is_0_hides_the_foot_of_a_root(formula: str) -> None:
    """Of equal vectors a pair has the slope 0; only what is no pair has none."""
    made, a = _made(formula, "a[j]"), np.array([1.0, 2.0])
    slope = _call(made, "L_gradient", a=a, b=a, m=np.array(1.0), y=np.array(1.0))
    np.testing.assert_array_equal(slope, [0, 0])
    apart = _call(made, "L_gradient", a=a, b=a, m=np.array(1.0), y=np.array(0.0))
    assert np.isnan(apart).all()
    rows = _call(
        made, "L_gradient", a=np.array([[1.0, 2], [3, 4]]), b=np.array([[1.0, 2], [3.3, 4.4]]),
        m=np.array(1.0), y=np.array([1.0, 0]),
    )  # fmt: skip
    np.testing.assert_allclose(rows, [[0.0, 0.0], [0.6, 0.8]])


def test_what_is_divided_in_the_function_is_not_hidden() -> None:
    """(1 - y)/‖a‖ has no value where a is 0, whatever y is: nor has its slope."""
    made = _made("L = (1 - y)/sqrt(sum(a[i]**2, i))", "a[j]")
    assert np.isnan(_call(made, "L_gradient", a=np.zeros(2), y=np.array(1.0))).all()


@pytest.mark.parametrize(
    "formula", ["max(max(a, b), c)", "max(a, max(b, c))", "-min(-a, min(-b, -c))"]
)
def test_a_largest_of_largest(formula: str) -> None:
    made = _made(f"L = {formula}", "a")
    for a, b, c in product((-1.0, 0.5, 2.0), (-2.0, 1.0), (0.0, 3.0)):
        assert _call(made, "L", a=a, b=b, c=c) == max(a, b, c)
        assert _call(made, "L_derivative", a=a, b=b, c=c) == (a > max(b, c))


def _second(formula: str) -> Any:
    made: Made = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(f"L = {formula}", wrt=["x", "x"])), made)
    return made["L_hessian"]


SECOND: dict[str, Callable[[Any], Any]] = {
    "sin(x)/x": lambda x: mpmath.sin(x) / x,
    "(exp(x) - 1)/x": lambda x: mpmath.expm1(x) / x,
    "1/(1 + exp(-x))": _sigmoid,
    "(1 - sigmoid(x))**2*log(1 + exp(-x))":
        lambda x: (1 - _sigmoid(x)) ** 2 * mpmath.log1p(mpmath.exp(-x)),
}  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", SECOND)
def test_a_second_slope_of_a_loss_that_has_a_name(formula: str) -> None:
    """Where the answer says L for what cancels in it."""
    made = _second(formula)
    for x in (-3.0, -1e-3, 1e-9, 1e-300, 0.2, 0.37, 5.0, 20.0):
        with mpmath.workdps(1000):
            wanted = mpmath.diff(SECOND[formula], mpf(x), 2, h=mpf(10) ** -330)
        assert abs(float(made(np.float64(x))) - wanted) <= 1e-10 * abs(wanted) + 1e-290, x


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kernel", [
    "(1 + sqrt(sum((x[i] - y[i])**2, i)))*exp(-sqrt(sum((x[i] - y[i])**2, i)))",
    "d = sqrt(sum((x[i] - y[i])**2, i)); (1 + d)*exp(-d)",
])  # fmt: skip
def test_a_kernel_at_distance_0(kernel: str) -> None:
    *stages, last = kernel.split("; ")
    made = _made("; ".join([*stages, f"L = {last}"]), "x[j]")
    x, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, 2.0], [0.0, 3.0]])
    found = _call(made, "L_gradient", x=x, y=y)
    np.testing.assert_allclose(found, (y - x) * np.exp(-np.array([[0.0], [5.0]])), rtol=1e-14)
