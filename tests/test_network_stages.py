"""Fused stages of a network as functions of their own, whose derivatives autograd is told of."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import symderiv
from symderiv.emit.module import functions_of
from symderiv.face.networks import Gradients
from tests.target_libraries import module

NETWORK = """
mu[t] = mean(x[t,d], d)
va[t] = mean((x[t,d] - mu[t])**2, d)
n[t,d] = g[d]*(x[t,d] - mu[t])/sqrt(va[t] + eps)
s[t,u] = sum(n[t,d]*n[u,d], d)
w[t,u] = softmax(s[t,:])[u]
z[t,k] = sum(w[t,u]*E[k,d]*n[u,d], u, d)
p[t,k] = softmax(z[t,:])[k]
mean(-log(p[t,y[t]]), t)
"""
LABELS = [1, 0, 2]


@cache
def gradients() -> Gradients:
    return symderiv.backprop(NETWORK)


@cache
def made(target: str) -> dict[str, Any]:
    return functions_of(gradients().emit(target=target))


def test_torch_is_told_of_each_fused_stage() -> None:
    torch = pytest.importorskip("torch")
    found = made("torch")
    assert found["__all__"] == ["L_stage", "value", "value_and_gradients", "w_stage", "xhat_stage"]
    torch.manual_seed(0)

    def given(*shape: int) -> Any:
        return torch.randn(*shape, dtype=torch.float64, requires_grad=True)

    eps, y = torch.tensor(0.1, dtype=torch.float64, requires_grad=True), torch.tensor(LABELS)
    for check in (torch.autograd.gradcheck, torch.autograd.gradgradcheck):
        assert check(lambda z: found["L_stage"](z, y), (given(3, 4),))
        assert check(found["xhat_stage"], (given(3, 4), eps))
        assert check(found["w_stage"], (given(3, 3),))


def test_the_stages_by_hand_are_the_network() -> None:
    """One who writes the rest by himself gets the gradients of the whole."""
    torch = pytest.importorskip("torch")
    found, random = made("torch"), np.random.default_rng(1)
    x, g, E = (torch.tensor(random.normal(size=s), requires_grad=True) for s in ((3, 4), 4, (5, 4)))
    y, eps = torch.tensor(LABELS), torch.tensor(1e-3, dtype=torch.float64)
    n = g * found["xhat_stage"](x, eps)
    w = found["w_stage"](n @ n.mT)
    loss = found["L_stage"](w @ n @ E.mT, y)
    slopes = torch.autograd.grad(loss, (x, g, E))
    plain = {"x": x.detach(), "g": g.detach(), "E": E.detach()}
    value, gradients = found["value_and_gradients"](**plain, eps=eps, y=y)
    assert float(loss.detach()) == pytest.approx(float(value), rel=1e-13)
    for slope, name in zip(slopes, "xgE", strict=True):
        np.testing.assert_allclose(slope, gradients[name], rtol=1e-11, atol=1e-13)


def test_jax_is_told_of_each_fused_stage() -> None:
    pytest.importorskip("jax")
    jax = module("jax")
    from jax.test_util import check_grads

    found, random = made("jax"), np.random.default_rng(0)
    assert found["__all__"] == ["L_stage", "value", "value_and_gradients", "w_stage", "xhat_stage"]
    with jax.enable_x64(True):
        y = jax.numpy.array(LABELS)
        z, x, s = (random.normal(size=s) for s in ((3, 4), (3, 4), (3, 3)))
        check_grads(jax.jit(lambda z: found["L_stage"](z, y)), (z,), 2)
        check_grads(jax.jit(lambda x: found["xhat_stage"](x, 0.1)), (x,), 2)
        check_grads(jax.jit(found["w_stage"]), (s,), 2)


def test_equal_stages_are_written_once() -> None:
    lines = [f"p{n}[t,u] = softmax(p{n - 1}[t,:])[u]" for n in range(1, 4)]
    written = symderiv.backprop("\n".join([*lines, "sum(p3[t,u]**2, t, u)"])).emit(target="torch")
    assert "def p1_stage(" in written
    assert "p2_stage" not in written
