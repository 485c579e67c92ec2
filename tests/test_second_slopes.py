"""Second derivatives by torch's and JAX's autograd, where a form in |x| or a clip has a kink.

The forms are smooth there, or the function has that derivative, so that autograd has to give it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv.emit.module import functions_of
from symderiv.face.source import derivation_source
from tests.answered import derived
from tests.target_libraries import module

Needs = Callable[[str], None]

FORMULAS: dict[str, Callable[[Any], Any]] = {
    "x*sigmoid(x)": lambda x: x / (1 + mpmath.exp(-x)),
    "log(1 + exp(x))": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "log(sigmoid(x))": lambda x: -mpmath.log(1 + mpmath.exp(-x)),
    "x*tanh(log(1 + exp(x)))": lambda x: x * mpmath.tanh(mpmath.log(1 + mpmath.exp(x))),
    "cosh(x)": mpmath.cosh,
    "sinh(x)": mpmath.sinh,
    "expm1(x)*x": lambda x: mpmath.expm1(x) * x,
    "log(cosh(x))": lambda x: mpmath.log(mpmath.cosh(x)),
    "sqrt(1 + x**2)": lambda x: mpmath.sqrt(1 + x**2),
    "log1p(x**2)": lambda x: mpmath.log(1 + x**2),
    "max(x, 0) - x/4 + log(1 + exp(-abs(x)))": lambda x: mpmath.log(1 + mpmath.exp(x)) - x / 4,
    "max(-x, 0) + log(1 + exp(-abs(x)))": lambda x: mpmath.log(1 + mpmath.exp(-x)),
    "log(1 + exp(-abs(x))) - min(0, x)": lambda x: mpmath.log(1 + mpmath.exp(-x)),
    "atan(x)": mpmath.atan,
    "asinh(x)": mpmath.asinh,
}
POINTS = (0.0, -0.0, 1e-9, -1e-9, 0.3, -0.7, 20.0, -30.0)


def made(formula: str, target: str) -> Any:
    return functions_of(derivation_source(derived(f"L = {formula}", "x"), target))["L"]


def slopes(formula: str, x: float) -> tuple[float, float]:
    with mpmath.workdps(40):
        f = FORMULAS[formula]
        return float(mpmath.diff(f, mpmath.mpf(x))), float(mpmath.diff(f, mpmath.mpf(x), 2))


@pytest.mark.parametrize("formula", FORMULAS)
def test_torch(formula: str, needs: Needs) -> None:
    needs("python:torch")
    torch, f = module("torch"), made(formula, "torch")
    for point in POINTS:
        x = torch.tensor(point, dtype=torch.float64, requires_grad=True)
        (first,) = torch.autograd.grad(f(x), x, create_graph=True)
        (second,) = torch.autograd.grad(first, x)
        one, two = slopes(formula, point)
        assert first.item() == pytest.approx(one, rel=1e-11, abs=1e-15), point
        assert second.item() == pytest.approx(two, rel=1e-9, abs=1e-12), point


@pytest.mark.parametrize("formula", ["x*sigmoid(x)", "cosh(x)", "log(cosh(x))", "expm1(x)*x"])
def test_jax(formula: str, needs: Needs) -> None:
    needs("python:jax")
    jax, f = module("jax"), made(formula, "jax")
    first, second = jax.jit(jax.grad(f)), jax.jit(jax.grad(jax.grad(f)))
    for point in (0.0, -1e-9, 0.3, -30.0):
        one, two = slopes(formula, point)
        assert float(first(point)) == pytest.approx(one, rel=1e-11, abs=1e-15), point
        assert float(second(point)) == pytest.approx(two, rel=1e-9, abs=1e-12), point


RADIAL = {
    "log(cosh(sqrt(sum(x[i]**2, i))))": lambda n: mpmath.log(mpmath.cosh(n)),
    "cosh(sqrt(sum(x[i]**2, i)))": mpmath.cosh,
    "cos(sqrt(sum(x[i]**2, i))/2)": lambda n: mpmath.cos(n / 2),
}


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("formula", RADIAL)
def test_an_even_function_of_a_norm_is_smooth_at_0(formula: str, target: str, needs: Needs) -> None:
    """Its gradient is x f'(n)/n, which is 0 there, and its second slope f''(0) δ_ij."""
    if target != "numpy":
        needs(f"python:{target}")
    source = derivation_source(derived(f"L = {formula}", "x[j]"), target)
    names = functions_of(source)
    for x in ([0.0, 0.0], [1e-200, 0.0], [3e-9, 4e-9], [0.3, -0.4], [9.0, 12.0]):
        f, n = RADIAL[formula], mpmath.hypot(*map(mpmath.mpf, x))
        with mpmath.workdps(40):
            curved = float(mpmath.diff(f, n, 2))
            over = float(mpmath.diff(f, n) / n) if n > 1e-100 else curved
        unit = [float(v / n) if n else 0.0 for v in map(mpmath.mpf, x)]
        one = [v * over for v in x]
        two = [[over * (i == j) + (curved - over) * a * b for j, b in enumerate(unit)]
               for i, a in enumerate(unit)]  # fmt: skip
        if target == "numpy":
            found = [names["L_gradient"](np.array(x))]
        elif target == "torch":
            torch = module("torch")
            at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
            (slope,) = torch.autograd.grad(names["L"](at), at, create_graph=True)
            rows = [torch.autograd.grad(s, at, retain_graph=True)[0].tolist() for s in slope]
            found = [slope.tolist(), *rows]
        else:
            jax = module("jax")
            at = jax.numpy.array(x)
            found = [jax.grad(names["L"])(at), *jax.hessian(names["L"])(at)]
        for mine, right in zip(found, [one, *two], strict=False):
            assert list(map(float, mine)) == pytest.approx(right, rel=1e-12, abs=1e-15), x
