"""Sums of p-th powers, p an argument: neither too large nor too small a component is raised alone.

Each value and slope is held against mpmath, which takes the formula as it is written.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv.face.source import derivation_source

FORMULAS: dict[str, Callable[[Sequence[Any], Any], Any]] = {
    "sum(abs(x[i])**p, i)**(1/p)": lambda x, p: sum(abs(v) ** p for v in x) ** (1 / p),
    "sum(abs(x[i])**p, i)**(1/(2*p))": lambda x, p: sum(abs(v) ** p for v in x) ** (1 / (2 * p)),
    "log(sum(abs(x[i])**p, i))/p": lambda x, p: mpmath.log(sum(abs(v) ** p for v in x)) / p,
    "log(1 + sum(abs(x[i])**p, i))": lambda x, p: mpmath.log1p(sum(abs(v) ** p for v in x)),
    "sum(abs(2*x[i] - 1)**p, i)**(1/p)": lambda x, p: (
        sum(abs(2 * v - 1) ** p for v in x) ** (1 / p)
    ),
    "(abs(x[1])**p + abs(x[2])**p)**(1/p)": lambda x, p: (
        (abs(x[0]) ** p + abs(x[1]) ** p) ** (1 / p)
    ),
}
POINTS = (
    [3.0, -4.0], [2.0, 2.0], [1235.0, -938.0], [1e200, -3e199], [1e-200, 2e-200], [1e-160, 7.0],
    [-2.0, 1e8],
)  # fmt: skip


def _made(formula: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(f"L = {formula}", wrt="x[j]")), names)
    return names


def _call(function: Callable[..., Any], **given: Any) -> Any:
    return function(**{n: given[n] for n in inspect.signature(function).parameters})


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", FORMULAS)
def test_value_and_slope_where_a_power_has_no_float(formula: str) -> None:
    names, exact = _made(formula), FORMULAS[formula]
    for x in POINTS:
        for p in (1.0, 2.0, 3.0, 2.5, 0.5, 40.0, 800.0, -3.0, -800.0):
            given = {"x": np.array(x), "p": np.float64(p)}
            value = _call(names["L"], **given)
            slope = _call(names["L_gradient"], **given)
            with mpmath.workdps(1500):
                right = exact([mpf(v) for v in x], mpf(p))
                tiny = mpf(10) ** -300  # below which there is no normal number
                off = abs(mpf(float(value)) - right)
                assert off <= max(tiny, abs(right) * mpf(10) ** -12), (x, p)
                for n, v in enumerate(x):
                    h = abs(mpf(v)) * mpf(10) ** -40
                    up, down = (
                        [*map(mpf, x[:n]), mpf(v) + s, *map(mpf, x[n + 1 :])] for s in (h, -h)
                    )
                    wanted = (exact(up, mpf(p)) - exact(down, mpf(p))) / (2 * h)
                    off = abs(mpf(float(slope[n])) - wanted)
                    assert off <= max(tiny, abs(wanted) * (1 + abs(mpf(p))) * mpf(10) ** -12), (
                        x,
                        p,
                    )


def test_it_is_the_largest_of_all_where_p_grows() -> None:
    """And 0 where every component is; each row has a p of its own."""
    names = _made("sum(abs(x[i])**p, i)**(1/p)")
    x = np.array([[1.0, -5.0, 5.0], [0.0, 0.0, 0.0], [3.0, -7.0, 0.0]])
    found = _call(names["L"], x=x, p=np.array([1e6, 3.0, 1.0]))
    np.testing.assert_allclose(found, [5 * 2 ** (1e-6), 0, 10], rtol=1e-15)


@pytest.mark.parametrize("formula", ["sum(x[i]**2, i)**g", "(1/sum(x[i]**2, i))**g"])
def test_a_power_that_is_given_of_a_sum_of_squares(formula: str) -> None:
    names, sign = _made(formula), -1 if formula.startswith("(1") else 1
    for x, g in (([3e200, 4e200], 0.5), ([3e-200, 4e-200], 0.5), ([3.0, 4.0], -2.0)):
        found = _call(names["L"], x=np.array(x), g=np.float64(g * sign))
        with mpmath.workdps(50):
            right = sum(mpf(v) ** 2 for v in x) ** mpf(g)
        assert abs(found - float(right)) <= 1e-13 * float(right)


HIGH: dict[str, Callable[[Any, Any, Any], Any]] = {
    "log(1 + a*(x**2 + 4)**b)": lambda x, a, b: mpmath.log(1 + a * (x * x + 4) ** b),
    "1/(1 + a*(x**2)**b)": lambda x, a, b: 1 / (1 + a * (x * x) ** b),
    "1/(1 + a*sum(x**2/k, (k, 1, 3))**b)": lambda x, a, b: 1 / (1 + a * (x * x * 11 / 6) ** b),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", HIGH)
def test_a_high_power_below_one_more(formula: str) -> None:
    """As in a similarity 1/(1 + a d^(2b)): the power overflows, what it is divided by as well."""
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(formula, wrt="x")), names)
    for x in (0.3, -2.0, 1e3, 1e100, -1e-100):
        for a, b in ((1.577, 0.895), (1.0, 3.0), (0.5, 99.5), (2.0, 0.01)):
            given = {n: np.float64(v) for n, v in (("x", x), ("a", a), ("b", b))}
            found = [float(_call(names[n], **given)) for n in ("L", "L_derivative")]
            with mpmath.workdps(900):
                at, step = [mpf(v) for v in (x, a, b)], abs(mpf(x)) * mpf(10) ** -100
                up, down = (HIGH[formula](at[0] + s, *at[1:]) for s in (step, -step))
                wanted = HIGH[formula](*at), (up - down) / (2 * step)
                for mine, right in zip(found, wanted, strict=True):
                    off = abs(right) * mpf(10) ** -10 + mpf(10) ** -290
                    assert abs(mine - right) <= off, (x, a, b, mine)


def test_a_sum_below_0_may_be_divided_by_what_is_too() -> None:
    """Σ x^p has a sign where no x is taken for its size: log(-3/-1.5) is not taken apart."""
    derived = symderiv.derive("L = log(sum(x[i]**p, i)/N)", wrt="x[j]")
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(derived), names)
    value = names["L"](np.array([-1.0, -2.0]), np.array(1.0), np.array(-1.5))
    np.testing.assert_allclose(value, np.log(2), rtol=1e-15)
    assert "def L(" in derivation_source(derived, "torch")
