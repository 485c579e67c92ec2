"""Means of exponentials and powers where each is near 1: their logarithms, and their high roots.

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
from symderiv.emit.averages import less_average
from symderiv.face.source import derivation_source
from symderiv.reader import read
from symderiv.terms.factors import key

Function = Callable[[Sequence[Any], Sequence[Any], Any], Any]


def _mean(of: Callable[[Any], Any], x: Sequence[Any], w: Sequence[Any] | None = None) -> Any:
    weights = w or [mpf(1)] * len(x)
    return sum(a * of(v) for a, v in zip(weights, x, strict=True)) / sum(weights)


FORMULAS: dict[str, Function] = {
    "(sum(x[k]**p, k)/K)**(1/p)": lambda x, w, p: _mean(lambda v: v**p, x) ** (1 / p),
    "(sum(abs(x[k])**p, k)/K)**(1/p)": lambda x, w, p: _mean(lambda v: abs(v) ** p, x) ** (1 / p),
    "(sum(w[k]*abs(x[k])**p, k)/sum(w[k], k))**(1/p)": lambda x, w, p: (
        _mean(lambda v: abs(v) ** p, x, w) ** (1 / p)
    ),
    "((x[1]**p + x[2]**p)/2)**(1/p)": lambda x, w, p: _mean(lambda v: v**p, x[:2]) ** (1 / p),
    "log(sum(abs(x[k])**p, k)/K)/p": lambda x, w, p: (
        mpmath.log(_mean(lambda v: abs(v) ** p, x)) / p
    ),
    "log(sum(exp(p*x[k]), k)/K)/p": lambda x, w, p: (
        mpmath.log(_mean(lambda v: mpmath.exp(p * v), x)) / p
    ),
    "log(sum(w[k]*exp(p*x[k]), k)/sum(w[k], k))/p": lambda x, w, p: (
        mpmath.log(_mean(lambda v: mpmath.exp(p * v), x, w)) / p
    ),
    "log(sum(exp(w[k])*exp(p*x[k]), k)/sum(exp(w[k]), k))/p": lambda x, w, p: (
        mpmath.log(_mean(lambda v: mpmath.exp(p * v), x, list(map(mpmath.exp, w)))) / p
    ),
    "(sum(exp(p*x[k]), k)/K)**(1/p)": lambda x, w, p: (
        _mean(lambda v: mpmath.exp(p * v), x) ** (1 / p)
    ),
}
POINTS = (
    [1.0, 4.0], [3.0, 3.0], [1e-3, 250.0, 7.0], [0.99, 1.02, 1.01, 1.5],
)  # fmt: skip
POWERS = (1e-300, 1e-53, -1e-15, 1e-8, -1e-3, 0.05, 1.0, -2.0, 7.5)


def _made(formula: str, target: str = "numpy") -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(f"L = {formula}", wrt="x[j]"), target), names)
    return names


def _call(function: Callable[..., Any], **given: Any) -> Any:
    return function(**{n: given[n] for n in inspect.signature(function).parameters})


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", FORMULAS)
def test_value_and_slope_at_every_power(formula: str) -> None:
    names, exact = _made(formula), FORMULAS[formula]
    assert "cancel" not in names["L"].__doc__
    for x in POINTS:
        w = [0.5, 3.0, 2.0, 0.25][: len(x)]
        for p in POWERS:
            given = {"x": np.array(x), "w": np.array(w), "p": np.float64(p)}
            value, slope = _call(names["L_value_and_gradient"], **given)
            with mpmath.workdps(700):
                at, weights, power = [[mpf(v) for v in x], [mpf(v) for v in w], mpf(p)]
                right = exact(at, weights, power)
                assert abs(mpf(float(value)) - right) <= abs(right) * mpf(10) ** -12, (x, p)
                for n, v in enumerate(at):
                    h = v * mpf(10) ** -100
                    up, down = ([*at[:n], v + s, *at[n + 1 :]] for s in (h, -h))
                    wanted = (exact(up, weights, power) - exact(down, weights, power)) / (2 * h)
                    off = abs(mpf(float(slope[n])) - wanted)
                    assert off <= abs(wanted) * mpf(10) ** -12, (x, p, n)


def test_second_slopes_by_torch_also_where_the_mean_is_far_from_1() -> None:
    """What is computed where it is near 1 has a slope there as well, if not its own."""
    torch = pytest.importorskip("torch")
    names = _made("(sum(abs(x[k])**p, k)/K)**(1/p)", "torch")
    for x, p in (
        ([1.0, 4.0], 1e-15), ([1e3, 2.0], 300.0), ([0.0, 4.0], 3.0), ([800.0, -1.0], -1.0),
    ):  # fmt: skip
        at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        value = names["L"](at, torch.tensor(p, dtype=torch.float64))
        (slope,) = torch.autograd.grad(value, at, create_graph=True)
        found = [torch.autograd.grad(s, at, retain_graph=True)[0].tolist() for s in slope]
        with mpmath.workdps(60):
            a, b = map(mpf, x)
            mean = (abs(a) ** p + abs(b) ** p) / 2
            # its slope does not change along x, so that each row is 0 along it (Euler)
            mixed = (mpf(1) - p) * (abs(a * b)) ** (p - 1) / 4 * mean ** (1 / mpf(p) - 2)
            mixed *= mpmath.sign(a) * mpmath.sign(b)
            wanted = [[-mixed * b / a if a else mpf(0), mixed], [mixed, -mixed * a / b]]
        for mine, right in zip(np.ravel(found), np.ravel(wanted), strict=True):
            assert abs(mpf(mine) - right) <= abs(right) * mpf(10) ** -11 + mpf(10) ** -60, (x, p)


@pytest.mark.parametrize(
    ("mean", "less"),
    [
        ("sum(exp(x[k]), k)/K", "sum(1 - exp(x[k]), k)/K"),
        ("sum(x[k]**p, k)/K", "sum(1 - x[k]**p, k)/K"),
        ("sum(w[k]*exp(x[k]), k)/sum(w[k], k)", "sum(w[k]*(1 - exp(x[k])), k)/sum(w[k], k)"),
        ("(exp(a) + 3*exp(b))/4", "(1 - exp(a))/4 + 3*(1 - exp(b))/4"),
        ("1 - a + a*exp(x)", "a*(1 - exp(x))"),
        ("sum(exp(x[k]), k)/(K + 1)", None),
        ("sum(w[k]*exp(x[k]), k)", None),
        ("(exp(a) + exp(b))/3", None),
    ],
)
def test_what_is_left_of_1(mean: str, less: str | None) -> None:
    made = less_average(read(mean).function)
    assert (made and key(made)) == (less and key(read(less).function))
