"""Second derivatives that torch and JAX take of emitted functions, far out and in both precisions.

The values are those of the derived second derivative at 40 digits, by the page's own terms; the
engines differentiate the written first derivative themselves, where an infinite part that the
value hides can come back as nan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.elementwise import FUNCTIONS
from symderiv.face.source import derivation_source
from symderiv.numbers.exact import Exact
from symderiv.numbers.matrices import Undefined
from tests.target_libraries import module
from tests.test_targets import TOLD, needed, run, value_of

pytestmark = pytest.mark.usefixtures("derived_once")

Needs = Callable[[str], None]
PLACES = (0.0, 0.5, -3.0, 30.0, -100.0, 1e3, -1e3, 1e5, -1e5)
KINDS = ("float64", "float32")
SMOOTH = [n for n in sorted(FUNCTIONS) if n != "abs"]
WRITTEN = [
    "1/cosh(x)", "1/cosh(x)**2", "(exp(x) - exp(-x))/(exp(x) + exp(-x))", "sinh(x)/cosh(x)",
    "exp(-x)/(1 + exp(-x))**2", "x/(1 + exp(-x))", "log(exp(x) + exp(-x))", "log(cosh(x))",
    "sigmoid(x)*(1 - sigmoid(x))", "x*tanh(log(1 + exp(x)))", "exp(-exp(-x))", "x*exp(-x**2/2)",
    "tanh(x)*sigmoid(x)", "sqrt(1 + x**2)", "x*(1 + erf(x/sqrt(2)))/2", "1/sqrt(1 + exp(-2*x))",
]  # fmt: skip
BEYOND = {"exp(-exp(-x))": -50.0}  # below it e^-x overflows beside what vanishes: README, Limits
# Of 1 - sigmoid both engines keep what their own rounding leaves: an error of the function's size.
NEAR = {"float64": 1e-13, "float32": 1e-6}


@cache
def source(text: str, target: str) -> str:
    return derivation_source(symderiv.derive(f"L = {text}", wrt="x"), target)


Second = Callable[[str], np.ndarray[Any, Any]]


def by_torch(made: Mapping[str, Any]) -> Second:
    torch = module("torch")

    def second(kind: str) -> np.ndarray[Any, Any]:
        x = torch.tensor(PLACES, dtype=getattr(torch, kind), requires_grad=True)
        (slope,) = torch.autograd.grad(made["L"](x).sum(), x, create_graph=True)
        if not slope.requires_grad:
            return np.zeros(len(PLACES))
        (found,) = torch.autograd.grad(slope.sum(), x, allow_unused=True)
        return np.zeros(len(PLACES)) if found is None else found.numpy()

    return second


def by_jax(made: Mapping[str, Any]) -> Second:
    jax = module("jax")
    second = jax.jit(jax.vmap(jax.grad(jax.grad(made["L"]))))
    return lambda kind: np.asarray(second(np.array(PLACES, kind)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", [*(f"{name}(x)" for name in SMOOTH), *WRITTEN])
def test_second_derivatives_far_out(text: str, needs: Needs) -> None:
    needed(needs, "torch", "jax")
    twice = symderiv.derive(f"L = {text}", wrt=["x", "x"])
    engines = {
        "torch": by_torch(run(source(text, "torch"))),
        "jax": by_jax(run(source(text, "jax"))),
    }
    found = {(name, kind): engine(kind) for name, engine in engines.items() for kind in KINDS}
    tried = 0
    for n, v in enumerate(PLACES):
        if v < BEYOND.get(text, -np.inf):
            continue
        exact = Exact(twice.problem, {"x": v}, {})
        try:
            with mpmath.workdps(40):
                right = float(exact.value(twice.answer, {}))
                value = float(exact.value(twice.problem.function, {}))
        except (Undefined, OverflowError):
            continue
        for (name, kind), all_found in found.items():
            if max(abs(right), abs(value), abs(v) ** 3) < float(np.finfo(kind).max) / 1e3:
                tried += 1
                off = abs(all_found[n] - right)
                assert off <= NEAR[kind] * (1 + abs(right)), (name, kind, v, all_found[n], right)
    assert tried


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("grad", [False, True])
def test_values_and_slopes_of_torch(text: str, grad: bool, needs: Needs) -> None:
    """Whether a gradient is taken or not: operations are in place where it is not."""
    needed(needs, "torch")
    torch = module("torch")
    answer = symderiv.derive(f"L = {text}", wrt="x")
    made = run(source(text, "torch"))
    places = [0.0, 0.5, -3.0, 7.0]
    with torch.set_grad_enabled(grad):
        x = torch.tensor(places, dtype=torch.float64, requires_grad=grad)
        found = {
            "L": made["L"](x).detach().numpy(),
            "L_derivative": made["L_derivative"](x).detach().numpy(),
        }
    wanted = {"L": answer.problem.function, "L_derivative": answer.answer}
    for name, term in wanted.items():
        for n, v in enumerate(places):
            exact = Exact(answer.problem, {"x": v}, {})
            with mpmath.workdps(40):
                right = float(exact.value(term, {}))
            assert found[name][n] == pytest.approx(right, rel=1e-12, abs=1e-13), (name, v)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("entry", TOLD)
@pytest.mark.parametrize("kind", KINDS)
def test_catalogue_far_out(entry: str, kind: str, needs: Needs) -> None:
    """Where value and gradient are numbers, the second derivative is one, and nowhere nan."""
    needed(needs, "torch")
    torch = module("torch")
    function, asked = value_of(entry, "torch")
    random = np.random.default_rng(3)
    for scale in (1.0, 1e3, 1e5):
        given = {}
        for n, v in asked.at("ordinary").items():
            value = v * scale if v.dtype == float and n not in asked.declared else v
            if n in ("T", "e"):
                value = np.abs(v)
            given[n] = torch.tensor(value)
            if given[n].is_floating_point():
                given[n] = given[n].to(getattr(torch, kind))
                given[n].requires_grad_(n not in asked.declared)
        leaves = [v for v in given.values() if v.requires_grad]
        value = function(**given)
        slopes = torch.autograd.grad(value.sum(), leaves, create_graph=True)
        total = sum((s * torch.tensor(random.normal(size=s.shape), dtype=s.dtype)).sum()
                    for s in slopes)  # fmt: skip
        assert torch.isfinite(total), scale
        for found in torch.autograd.grad(total, leaves, allow_unused=True):
            assert found is None or not torch.isnan(found).any(), (scale, given, found)
