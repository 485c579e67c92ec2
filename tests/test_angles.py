"""Angles: the slope of atan(y/x) wherever x² + y² has one, and the arcsine that loses its digits.

The slopes are held against x/(x² + y²) and its like, by mpmath.
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


ARCS: dict[str, Callable[[Any, Any], Any]] = {
    "asin(x/sqrt(x**2 + y**2))": lambda x, y: mpmath.asin(x / mpmath.sqrt(x * x + y * y)),
    "acos(x/sqrt(x**2 + y**2))": lambda x, y: mpmath.acos(x / mpmath.sqrt(x * x + y * y)),
    "acosh(1 + x*y)": lambda x, y: mpmath.acosh(1 + x * y),
    "acos(1 - x*y)": lambda x, y: mpmath.acos(1 - x * y),
    "acos(x*y - 1)": lambda x, y: mpmath.acos(x * y - 1),
    "asin(1 - x*y)": lambda x, y: mpmath.asin(1 - x * y),
    "atanh(1 - x*y)": lambda x, y: mpmath.atanh(1 - x * y),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", ARCS)
def test_an_inverse_function_at_the_ends_of_its_domain(formula: str) -> None:
    names: dict[str, Any] = {"__name__": "made"}
    source = _source(formula, "x")
    exec(source, names)
    assert "cancel" not in source
    for x in (1e-9, 3e-4, 0.7, 1.3, 2e4, 1e8):
        for y in (1e-12, 1e-4, 0.5, 1.2, 3e7):
            with mpmath.workdps(150):
                right = ARCS[formula](mpf(x), mpf(y))
                step = mpf(x) * mpf(10) ** -20
                up, down = (ARCS[formula](mpf(x) + s, mpf(y)) for s in (step, -step))
                slope = (up - down) / (2 * step)
            if isinstance(right, mpmath.mpc) or isinstance(slope, mpmath.mpc):
                continue
            for name, wanted in (("L", right), ("L_derivative", slope)):
                found = float(names[name](np.float64(x), np.float64(y)))
                assert abs(found - wanted) <= 1e-12 * abs(wanted), (name, x, y)


COSINES = [
    "sum(a[i]*b[i], i)/sqrt(sum(a[i]**2, i)*sum(b[i]**2, i))",
    "sum(a[i]*b[i], i)/(sqrt(sum(a[i]**2, i))*sqrt(sum(b[i]**2, i)))",
    "u[i] = a[i]/sqrt(sum(a[k]**2, k)); v[i] = b[i]/sqrt(sum(b[k]**2, k)); sum(u[i]*v[i], i)",
    "m = sum(a[k], k)/K; n = sum(b[k], k)/K; (sum((a[i] - m)*(b[i] - n), i)/K)"
    "/(sqrt(sum((a[i] - m)**2, i)/K)*sqrt(sum((b[i] - n)**2, i)/K))",
]  # fmt: skip
OF_COSINES: dict[str, Callable[[Any], Any]] = {
    "acos({})": lambda angle: angle,
    "asin({})": lambda angle: mpmath.pi / 2 - angle,
    "1 - {}": lambda angle: 2 * mpmath.sin(angle / 2) ** 2,
    "sqrt(1 - ({})**2)": mpmath.sin,
    "log({})": lambda angle: mpmath.log(mpmath.cos(angle)),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("of", OF_COSINES)
@pytest.mark.parametrize("cosine", COSINES)
def test_the_angle_of_two_vectors(cosine: str, of: str) -> None:
    """By what is left of 1, and never above it; the angle itself by that of the units' difference.

    Rounding of the vectors turns them by an ulp: no angle is known better.
    """
    *stages, last = cosine.split("; ")
    whole = "; ".join([*stages, f"L = {of.format(f'({last})')}"])
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(whole, wrt="a[j]")), names)
    rng = np.random.default_rng(3)
    for far in (0, 1e-12, 1e-7, 1e-3, 0.3):
        for scale in (1.0, 3.3, 1e100, 7e-150):
            a = np.array([1.0, 2.0, 3.0, -0.7])
            b = scale * (a + far * rng.normal(size=4))
            with mpmath.workdps(60):
                u, v = ([mpf(x) for x in y] for y in (a, b))
                if "m =" in cosine:
                    u, v = ([x - mpmath.fsum(w) / 4 for x in w] for w in (u, v))
                u, v = ([x / mpmath.norm(w, 2) for x in w] for w in (u, v))
                apart, along = (
                    mpmath.norm([x + s * y for x, y in zip(u, v, strict=True)], 2) for s in (-1, 1)
                )
                angle = 2 * mpmath.atan2(apart, along)
                right, ulp = OF_COSINES[of](angle), mpf(10) ** -15
                moved = max(abs(OF_COSINES[of](angle + ulp) - right), ulp * abs(right), ulp**2)
            found = float(names["L"](a, b))
            assert abs(found - right) <= 4 * moved, (far, scale, found)


def test_parallel_vectors_have_no_slope_and_the_docstring_says_so() -> None:
    source = " ".join(_source(f"acos({COSINES[0]})", "a[j]").split())
    assert "The formula has no value at a = (-0.0102402), b = (1.56921) (there it is nan)" in source


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
