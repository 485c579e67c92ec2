"""Angles: the slope of atan(y/x) wherever x² + y² has one, and the arcsine that loses its digits.

The slopes are held against x/(x² + y²) and its like, by mpmath.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv.face.source import derivation_source

SLOPES: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("atan(y/x)", "x"): lambda x, y: -y / (x * x + y * y),
    ("atan(y/x)", "y"): lambda x, y: x / (x * x + y * y),
    ("atan(2*y/(3*x))", "x"): lambda x, y: -6 * y / (9 * x * x + 4 * y * y),
    ("y/(1 + (y/x)**2)", "x"): lambda x, y: 2 * x * y**3 / (x * x + y * y) ** 2,
    ("log(1 + (x/y)**2)", "x"): lambda x, y: 2 * x / (x * x + y * y),
}
SIZES = (0.0, 1e-300, 3e-200, 1e-8, 0.7, 2e9, 1e155, 4e200)


def _source(formula: str, wrt: str) -> str:
    return derivation_source(symderiv.derive(f"L = {formula}", wrt=wrt))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("formula", "wrt"), SLOPES)
def test_the_slope_of_an_angle(formula: str, wrt: str) -> None:
    names: dict[str, Any] = {"__name__": "made"}
    exec(_source(formula, wrt), names)
    made = names["L_derivative"]
    parameters = inspect.signature(made).parameters
    for x in (-s for s in SIZES[1:]):
        for y in SIZES:
            given = {n: np.float64({"x": x, "y": y}[n]) for n in parameters}
            with mpmath.workdps(60):
                right = SLOPES[formula, wrt](mpf(x), mpf(y))
                found = mpf(float(made(**given)))
                if (y == 0 and "x/y" in formula) or abs(right) > mpf(10) ** 300:
                    continue
                off = abs(found - right)
                assert off <= max(abs(right) * mpf(10) ** -12, mpf(10) ** -300), (x, y, found)


def test_the_docstring_says_where_an_arcsine_loses_its_digits() -> None:
    source = _source("asin(x/sqrt(x**2 + y**2))", "x")
    said = re.findall(
        r"Where its terms cancel, (\d) digits are right \(far", " ".join(source.split())
    )
    assert said in (["8"], ["9"])


SUMS: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("sin(2*x)", "2*sin(x)*cos(x)"): lambda x, y: mpmath.sin(2 * x),
    ("cos(2*x)", "1 - 2*sin(x)**2"): lambda x, y: mpmath.cos(2 * x),
    ("sin(3*x)", "3*sin(x) - 4*sin(x)**3"): lambda x, y: mpmath.sin(3 * x),
    ("cos(x - y)", "cos(x)*cos(y) + sin(x)*sin(y)"): lambda x, y: mpmath.cos(x - y),
    ("tan(x + y)", "(tan(x) + tan(y))/(1 - tan(x)*tan(y))"): lambda x, y: mpmath.tan(x + y),
    ("sin(2*x)", "2*sin(x)"): lambda x, y: mpmath.sin(2 * x),
    ("cos(x - y)", "cos(x)*cos(y) - sin(x)*sin(y)"): lambda x, y: mpmath.cos(x - y),
    ("sin(3*x)", "3*sin(x) - 3*sin(x)**3"): lambda x, y: mpmath.sin(3 * x),
}


@pytest.mark.parametrize(("left", "right"), SUMS)
def test_the_sine_of_a_sum(left: str, right: str) -> None:
    x, y = mpf("0.7"), mpf("-1.3")
    functions = {name: getattr(mpmath, name) for name in ("sin", "cos", "tan")}
    holds = abs(SUMS[left, right](x, y) - eval(right, functions, {"x": x, "y": y})) < 1e-9
    (row,) = symderiv.check(f"{left} = {right}", kind="txt").rows
    assert (row.verdict.value, row.strength) == (("follows", "proved") if holds else ("wrong", ""))
