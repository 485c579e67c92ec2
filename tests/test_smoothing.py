"""Kinks that cancel: a written function gives the slope that its formula has, not a convention."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import symderiv
from symderiv.face.source import derivation_source
from tests.answered import emitted

# A formula, a point where terms of it have kinks and it has none, and its slope by x there.
SMOOTH: list[tuple[str, dict[str, float], float]] = [
    ("max(x,0) + log(1 + exp(-abs(x)))", {"x": 0}, 0.5),
    ("max(x,0) - x*t + log(1 + exp(-abs(x)))", {"x": 0, "t": 1}, -0.5),
    ("relu(x) - relu(-x)", {"x": 0}, 1),
    ("max(x,b) + min(x,b)", {"x": 3, "b": 3}, 1),
    ("max(x,0) + min(exp(x) - 1, 0)", {"x": 0}, 1),
    ("x*abs(x) + max(x,0)**2", {"x": 0}, 0),
    ("abs(x - a) - 2*max(x - a, 0)", {"x": 1, "a": 1}, -1),
]

# Kinks that stay: the conventional slope, as the page says.
KINKS: list[tuple[str, dict[str, float], float]] = [
    ("max(x,0)", {"x": 0}, 0),
    ("abs(x)", {"x": 0}, 0),
    ("max(x,0) + log(1 + exp(-2*abs(x)))", {"x": 0}, 0),
    ("max(x,0)*t", {"x": 0, "t": 2}, 0),
]


def slope_of(formula: str, at: dict[str, float]) -> tuple[float, str]:
    names = emitted(formula, "x")
    slope = next(f for n, f in names.items() if n.endswith(("_derivative", "_gradient")))
    asked = inspect.signature(slope).parameters
    return float(slope(**{n: np.float64(at[n]) for n in asked})), str(slope.__doc__)


@pytest.mark.parametrize(("formula", "at", "slope"), SMOOTH)
def test_the_slope_where_kinks_cancel(formula: str, at: dict[str, float], slope: float) -> None:
    found, said = slope_of(formula, at)
    assert found == pytest.approx(slope, abs=1e-15)
    assert ("kinks of its terms cancel" in said) is ("x*abs(x)" not in formula)
    near = [slope_of(formula, {**at, "x": at["x"] + step})[0] for step in (-1e-9, 1e-9)]
    assert near == pytest.approx([slope, slope], abs=1e-8)
    function = symderiv.derive(formula, wrt="x").function()
    asked = inspect.signature(function).parameters
    assert float(function(**{n: at[n] for n in asked})) == pytest.approx(slope, abs=1e-15)


@pytest.mark.parametrize(("formula", "at", "slope"), KINKS)
def test_a_kink_that_stays_has_the_slope_of_the_page(
    formula: str, at: dict[str, float], slope: float
) -> None:
    found, said = slope_of(formula, at)
    assert found == slope
    assert "kinks of its terms cancel" not in said


def test_in_a_row_each_entry_is_looked_at() -> None:
    formula = "sum(max(z[k],0) - z[k]*t[k] + log(1 + exp(-abs(z[k]))), k)"
    function = symderiv.derive(formula, wrt="z[j]").function()
    z, t = np.array([0.0, 2, -3, 0]), np.array([1.0, 0, 1, 0])
    np.testing.assert_allclose(function(z=z, t=t), 1 / (1 + np.exp(-z)) - t, rtol=1e-14)


def test_autograd_is_told_the_same() -> None:
    torch = pytest.importorskip("torch")
    names: dict[str, Any] = {"__name__": "made"}
    answer = symderiv.derive("L = max(x,0) + log(1 + exp(-abs(x)))", wrt="x")
    exec(derivation_source(answer, "torch"), names)
    x = torch.zeros((), dtype=torch.float64, requires_grad=True)
    names["L"](x).backward()
    assert float(x.grad) == 0.5
