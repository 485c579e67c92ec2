"""Products that are summed are contracted: never formed wider than their factors, never wrong."""

from __future__ import annotations

import inspect
import tracemalloc
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symderiv import backprop, derive


def relu_layer(U: Any, x: Any, g: Any) -> Any:
    return ((x @ U.T > 0) * g).T @ x


def square_layer(U: Any, x: Any, g: Any) -> Any:
    return (2 * np.maximum(x @ U.T, 0) * g).T @ x


def counted_layer(U: Any, x: Any, g: Any) -> Any:
    return ((x @ U.T > 1) * g).T @ x


def scaled_layer(U: Any, x: Any, g: Any) -> Any:
    return (g / (1 + x[:, :1] ** 2)).T @ x


START = "h[n,i] = sum(U[i,j]*x[n,j], j)"
LAYERS: list[tuple[str, Callable[..., Any]]] = [
    (f"{START}; a[n,i] = relu(h[n,i]); sum(a[n,i]*g[n,i], n, i)", relu_layer),
    (f"{START}; a[n,i] = relu(h[n,i])**2; sum(a[n,i]*g[n,i], n, i)", square_layer),
    (f"{START}; sum(iverson(h[n,i] > 1)*h[n,i]*g[n,i], n, i)", counted_layer),
    (f"{START}; sum(h[n,i]*g[n,i]/(1 + x[n,1]**2), n, i)", scaled_layer),
]


@pytest.mark.parametrize(("text", "by_hand"), LAYERS)
def test_a_layers_gradient_is_a_product_of_matrices(text: str, by_hand: Callable[..., Any]) -> None:
    function = backprop(text, wrt=["U"]).function()
    for sizes in ((1, 1, 1), (2, 2, 2), (3, 1, 4), (60, 50, 40)):
        N, K, M = sizes
        random = np.random.default_rng(7)
        given = {"U": random.normal(size=(K, M)), "x": random.normal(size=(N, M))}
        given["g"] = random.normal(size=(N, K))
        given["x"][0, 0] = given["g"][0, 0] = 0
        tracemalloc.start()
        made = function(**given)[1]["U"]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        np.testing.assert_allclose(made, by_hand(**given), rtol=1e-12, atol=1e-12)
        if N * K * M > 1e5:
            assert peak < 8 * N * K * M / 2  # bytes


def below(x: Any, w: Any, v: Any) -> Any:
    return np.where(x[:, None] > w, v / np.where(w == 0, 1, w), 0).sum(-1)


HIDDEN: list[tuple[str, str, Callable[..., Any]]] = [
    (
        "sum(iverson(x[i] > 0)*log(x[i])*u[j]*v[i,j], i, j)",
        "u[a]",
        lambda x, w, v: np.log(x[x > 0]) @ v[x > 0],
    ),
    (
        "s[i] = log(x[i]); sum(iverson(x[i] > 0)*s[i]*u[j]*v[i,j], i, j)",
        "u[a]",
        lambda x, w, v: np.log(x[x > 0]) @ v[x > 0],
    ),
    (
        "s[j] = 1/w[j]; sum(iverson(w[j] > -1)*iverson(w[j] != 0)*s[j]*u[i]*v[i,j], i, j)",
        "u[a]",
        lambda x, w, v: v[:, w == 1],
    ),
    ("s[j] = 1/w[j]; sum(iverson(x[i] > w[j])*s[j]*u[i]*v[i,j], i, j)", "u[a]", below),
    ("sum(iverson(x[i] > w[j])/w[j]*u[i]*v[i,j], i, j)", "u[a]", below),
]


@pytest.mark.parametrize(("formula", "wrt", "by_hand"), HIDDEN)
def test_a_bracket_hides_what_is_infinite_there(
    formula: str, wrt: str, by_hand: Callable[..., Any]
) -> None:
    function = derive(formula, wrt=wrt).function()
    x, w = np.array([-1.0, -2, -3]), np.array([-2.5, 0, 1])
    if "log" in formula:
        x = np.array([0.0, -1, 2])
    known = {"x": x, "w": w, "v": np.arange(1.0, 10).reshape(3, 3), "u": np.ones(3)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = function(**{n: known[n] for n in inspect.signature(function).parameters})
    np.testing.assert_allclose(made, np.squeeze(by_hand(x, w, known["v"])), rtol=1e-13)
