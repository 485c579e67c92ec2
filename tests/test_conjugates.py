"""Roots that cancel what they tend to; roots and logarithms of powers that overflow; fractions of
which two cancel, and logarithms of which that is said.

Each value and slope is held against the same to 2500 digits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import log, mpf, sqrt

import symderiv
from tests.answered import emitted

FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "sqrt(x**2 + 1) - x": lambda x, c: sqrt(x * x + 1) - x,
    "x - sqrt(1 + x**2)": lambda x, c: x - sqrt(1 + x * x),
    "x + sqrt(x**2 + 1)": lambda x, c: x + sqrt(x * x + 1),
    "3*sqrt(x**2 + 1) - 3*x": lambda x, c: 3 * sqrt(x * x + 1) - 3 * x,
    "sqrt(4*x**2 + 1) - 2*x": lambda x, c: sqrt(4 * x * x + 1) - 2 * x,
    "1 - x/sqrt(1 + x**2)": lambda x, c: 1 - x / sqrt(1 + x * x),
    "sqrt(x**2 + c**2) - x": lambda x, c: sqrt(x * x + c * c) - x,
    "c**2*(sqrt(1 + (x/c)**2) - 1)": lambda x, c: c * c * (sqrt(1 + (x / c) ** 2) - 1),
    "sqrt(1 + (x - c)**2) - 1": lambda x, c: sqrt(1 + (x - c) ** 2) - 1,
    "sqrt(c**2 + (x - 1)**2) - c": lambda x, c: sqrt(c * c + (x - 1) ** 2) - c,
    "sqrt(x + 1) - sqrt(x)": lambda x, c: sqrt(x + 1) - sqrt(x),
    "log(x + sqrt(x**2 + 1))": lambda x, c: log(x + sqrt(x * x + 1)),
    "log(sqrt(1 + x**2) - x)": lambda x, c: log(sqrt(1 + x * x) - x),
    "log(x + sqrt(x**2 + c**2))": lambda x, c: log(x + sqrt(x * x + c * c)),
    "log(1 + x**2)": lambda x, c: log(1 + x * x),
    "log(2 + x**2)": lambda x, c: log(2 + x * x),
    "log(1/(1 + x**2))": lambda x, c: -log(1 + x * x),
    "log(sqrt(1 + (x/c)**2))": lambda x, c: log(1 + (x / c) ** 2) / 2,
    "20*log10(sqrt(1/(1 + (x/c)**2)))": lambda x, c: -10 * log(1 + (x / c) ** 2) / log(10),
    "log(1/(1 + abs(x)))": lambda x, c: -log(1 + abs(x)),
    "log(1 + (x/c)**2)": lambda x, c: log(1 + (x / c) ** 2),
    "log(x**2 + c**2)": lambda x, c: log(x * x + c * c),
    "log(1 + x**4)": lambda x, c: log(1 + x**4),
    "log(1 + x**2 + x**4)": lambda x, c: log(1 + x**2 + x**4),
    "log(3*x**4 + 2*x**2 + 7)": lambda x, c: log(3 * x**4 + 2 * x**2 + 7),
    "sqrt(1 + x**4)": lambda x, c: sqrt(1 + x**4),
    "(1 + abs(x)**3)**(1/3)": lambda x, c: mpmath.cbrt(1 + abs(x) ** 3),
    "(x**4 + c**4)**(1/4)": lambda x, c: (x**4 + c**4) ** mpf(0.25),
    "x**4/(1 + x**4)": lambda x, c: x**4 / (1 + x**4),
    "x**3/(1 + x**2 + x**4)": lambda x, c: x**3 / (1 + x**2 + x**4),
    "x**3/(1 + x**2)": lambda x, c: x**3 / (1 + x**2),
    "x/sqrt(1 + x**2)": lambda x, c: x / sqrt(1 + x * x),
    "1/(x + sqrt(1 + x**2))": lambda x, c: sqrt(1 + x * x) - x,
    "1/(1 + x**2) - 1/(2 + x**2)": lambda x, c: 1 / ((1 + x * x) * (2 + x * x)),
    "x*log(1 + x**2)/(1 + x**2)": lambda x, c: x * log(1 + x * x) / (1 + x * x),
}
SIZES = [0.0, 1e-200, 1e-9, 1e-3, 0.4, 1.0, 3.0, 1e5, 1e8, 1e100, 1e200, 1e306]
POINTS = [s * x for x in SIZES for s in (1, -1)]
LEAST = mpf(10) ** -300


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", FORMULAS)
def test_value_and_slope_are_right_from_the_smallest_to_the_largest(formula: str) -> None:
    names = emitted(f"L = {formula}", "x")
    exact = FORMULAS[formula]
    tried = 0
    for point in POINTS:
        for c in (1.5, -0.25) if "c" in formula else (1.0,):
            given = {"x": np.float64(point), "c": np.float64(c)}
            with mpmath.workdps(1200):
                x, side = mpf(point), mpf(c)
                step = abs(x) * mpf(10) ** -60 or mpf(10) ** -450
                value = exact(x, side)
                slope = (exact(x + step, side) - exact(x - step, side)) / (2 * step)
                for name, right in (("L", value), ("L_derivative", slope)):
                    if not isinstance(right, mpf) or not abs(right) < mpf(10) ** 307:
                        continue
                    made = names[name]
                    found = made(**{n: given[n] for n in inspect.signature(made).parameters})
                    off = abs(mpf(float(found)) - right)
                    assert off <= abs(right) * mpf(10) ** -10 + LEAST, (name, point, c, found)
                    tried += 1
    assert tried > len(SIZES)


def test_two_roots_that_are_both_0() -> None:
    names = emitted("L = sqrt(x + c) - sqrt(x)", "c")
    assert names["L"](c=0.0, x=0.0) == 0
    assert names["L"](c=1.0, x=0.0) == 1


def test_rows_of_roots() -> None:
    """Along an axis, and an axis less than its sum: the letters of the one are not the other's."""
    x = np.array([1e8, -1e8, 0.5, 0.0])
    formula = "L = sum(w[i]*(sqrt(x[i]**2 + 1) - x[i]), i)"
    names = emitted(formula, "x[j]")
    w = np.array([1.0, 0, 0, 0])
    np.testing.assert_allclose(names["L"](w=w, x=x), 5e-9, rtol=1e-12)
    slope = names["L_value_and_gradient"](w=w, x=x)[1]
    np.testing.assert_allclose(slope, [-5e-17, 0, 0, 0], rtol=1e-12)


def test_an_argument_whose_digits_have_no_room_is_no_point_to_try() -> None:
    formula = "L = tanh(sqrt(1 + exp(sum(a*x[j]*x[j+1], (j, 1, K-1)))**2))"
    names = emitted(formula, "x[r]")
    x = np.array([0.5, -1.0, 2.0])
    found = names["L_value_and_gradient"](a=1.0, x=x)[1]
    u = np.exp(x[:-1] @ x[1:])
    inner = u**2 / np.sqrt(1 + u**2) / np.cosh(np.sqrt(1 + u**2)) ** 2
    np.testing.assert_allclose(found, inner * np.array([-1.0, 2.5, -1.0]), rtol=1e-12)


def test_a_half_of_the_largest_number() -> None:
    """x f/2 where x f is beyond all floats."""
    names = emitted("gelu(x)", "x")
    x = np.array([1e308, -1e308, 0.0])
    np.testing.assert_array_equal(names["L"](x), [1e308, 0, 0])
    np.testing.assert_array_equal(names["L_derivative"](x), [1, 0, 0.5])


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("log(2 + x**2) - log(1 + x**2)", "Where its terms cancel, 7 digits are right"),
        ("log((1 + x**4)/(2 + x**4))", "Where its terms cancel, no digit is right"),
        ("log(sum(exp(exp(x[k])), k))", "It is nan where a part of it is beyond all floats"),
    ],
)
def test_what_is_lost_is_said(formula: str, said: str) -> None:
    names = emitted(f"L = {formula}", "x[j]" if "[" in formula else "x")
    assert said in " ".join(names["L"].__doc__.split())


def test_a_double_exponential_has_its_digits_where_its_parts_have_floats() -> None:
    p = symderiv.derive("softmax(exp(z))[i]", wrt="z[j]").function()
    assert "It is nan where a part of it is beyond all floats" in " ".join(p.__doc__.split())
    (a, b), far = (float(mpmath.exp(z)) for z in (mpf("0.5"), -1)), np.array([5.0, -5.0])
    share = float(1 / (1 + mpmath.exp(mpmath.exp(-1) - mpmath.exp(mpf("0.5")))))
    right = share * (1 - share) * np.array([[a, -b], [-a, b]])
    np.testing.assert_allclose(p(np.array([0.5, -1.0])), right, rtol=1e-14)
    lost = float(mpmath.exp(mpmath.exp(-5) - mpmath.exp(5) - 5))
    np.testing.assert_allclose(p(far)[0, 1], -lost, rtol=1e-13)


# What each law of roots, logarithms, tails and series is there for, where no other test looks.
FAR: list[tuple[str, str, dict[str, Any], str, float]] = [
    ("sqrt(1 + sum(x[i]**2, i)) - 1", "x[j]", {"x": [3e200, 4e200]}, "L", 5e200),
    ("w*(cosh(x) - 1)/x**2", "w", {"w": 3.0, "x": 1e-200}, "L", 1.5),
    ("x - x**3/(1 + x**2)", "x", {"x": 1e8}, "L_derivative", -1e-16 + 3e-32),
    ("sqrt(x**2*(1 + y**2))", "x", {"x": -1e-200, "y": 1e200}, "L", 1.0),
    ("sum(x[i]*y[i], i)/sqrt(sum(x[i]**2, i)*sum(y[i]**2, i))", "x[j]",
     {"x": [3e-200, 4e-200], "y": [3e200, 4e200]}, "L", 1.0),
]  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("formula", "wrt", "given", "name", "right"), FAR)
def test_where_what_is_on_the_way_overflows_or_vanishes(
    formula: str, wrt: str, given: dict[str, Any], name: str, right: float
) -> None:
    names = emitted(f"L = {formula}", wrt)
    np.testing.assert_allclose(names[name](**given), right, rtol=2e-13)
