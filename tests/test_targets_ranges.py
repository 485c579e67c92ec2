"""Sums over parts of an axis in every target: the numbers of NumPy's file, an empty part too."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from symderiv.emit.module import functions_of
from symderiv.face.source import derivation_source
from tests.answered import derived
from tests.target_libraries import jitted

Needs = Callable[[str], None]
TEXTS = {
    "differences": "sum((x[k+1] - x[k])**2, (k, 1, K-1))",
    "a window below": "sum(w[j]*x[j-1], (j, 2, K))",
    "shifts in a softplus": "log(1 + exp(sum(log(softmax(x)[y])**2*x[j]*x[j+1], (j,1,K-1))))",
    "exponentials over a part": "sum(exp(x[k])*w[k+1], (k, 1, K-1))",
    "sigmoids beside a shift": "sin(sum(t*x[j+1]/(1 + exp(w[j])), (j, 1, K-1)))",
    "a power of e alone": "sum(exp(2)*x[j], j)",
    "functions of numbers": "exp(expm1(sigmoid(2)))*sum(x[j]*w[j-1], (j, 2, K))",
    "numbers under a bar": "sum(log(1 + exp(x[j]))/(1 + exp(2)), j)/(1 + exp(sqrt(1 + w[y]**2)))",
    "a number in an exponent": "x[y]/(1 + exp(abs(2)))/(1 + exp(sum(x[k]*x[k+1], (k, 1, K-1))))",
    "digits that no integer of 64 bits has": "sum(selu(x[j])*w[j], j)",
}  # fmt: skip
GIVEN = {
    K: {"x": np.linspace(-1.5, 1, K), "w": np.linspace(0.5, 2, K), "t": np.float64(0.4), "y": 0}
    for K in (1, 2, 4)
}


def made(answer: Any, target: str) -> Callable[..., Any]:
    names = functions_of(derivation_source(answer, target))
    both: Callable[..., Any] = names["L_value_and_gradient"]
    return both


@pytest.mark.parametrize("target", ["array-api", "torch", "jax"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=[*TEXTS])
def test_parts_of_an_axis(text: str, target: str, needs: Needs) -> None:
    array: Callable[..., Any] = np.asarray
    if target != "array-api":
        needs(f"python:{target}")
        module = import_module(target)
        if target == "jax":
            module.config.update("jax_enable_x64", True)
            array = import_module("jax.numpy").asarray
        else:
            array = module.tensor
    answer = derived(f"L = {text}", "x[r]")
    own, other = made(answer, "numpy"), made(answer, target)
    wanted = own.__wrapped__ if hasattr(own, "__wrapped__") else own
    names = wanted.__code__.co_varnames[: wanted.__code__.co_argcount]
    other = jitted(other) if target == "jax" else other
    for given in GIVEN.values():
        right = own(*(given[n] for n in names))
        found = other(*(array(given[n]) for n in names))
        for one, two in zip(found, right, strict=True):
            np.testing.assert_allclose(np.asarray(one), two, rtol=1e-11, atol=1e-12)


def test_a_label_of_a_part_that_may_be_empty() -> None:
    """At K = 1 no label is in 1 … K-1: the function is tried at others, and refuses that one."""
    both = made(derived("L = sum(iverson(j != y)*x[j]**2, (j, 1, K-1))", "x[r]"), "numpy")
    for K in (2, 3, 5):
        x = np.linspace(-1.5, 1, K)
        for y in range(K - 1):
            left = np.where((np.arange(K) == y) | (np.arange(K) == K - 1), 0, x)
            value, slope = both(x, y)
            np.testing.assert_allclose(value, (left**2).sum(), rtol=1e-15)
            np.testing.assert_allclose(slope, 2 * left, rtol=1e-15)
    with pytest.raises(IndexError, match="y takes integers from 0"):
        both(np.ones(1), 0)


@pytest.mark.parametrize("target", ["torch", "jax"])
@pytest.mark.parametrize("text", ["0*sum(x[o], o)", "3 + 0*sum(x[o]*w[o], o)"])
def test_a_constant_is_known_to_autograd(text: str, target: str, needs: Needs) -> None:
    """Its value is made beside the arguments, not beside what its slope is multiplied by."""
    needs(f"python:{target}")
    source = derivation_source(derived(f"L = {text}", "x[r]"), target)
    function, module = functions_of(source)["L"], import_module(target)
    exact = float(text[0])
    if target == "torch":
        x = module.ones(2, 3, requires_grad=True)
        found = function(x)
        (slope,) = module.autograd.grad(found.sum(), x)
        found = found.detach()
    else:
        x = module.numpy.ones((2, 3))
        found, slope = function(x), module.grad(lambda x: function(x).sum())(x)
    np.testing.assert_array_equal(np.asarray(found), np.full(2, exact))
    np.testing.assert_array_equal(np.asarray(slope), np.zeros((2, 3)))
