r"""Samples as textbooks write them: x_n a column for each n, z_k = w_k^T x a number for each k.

Every right line is a gradient of the loss that stands beside it, held against finite differences;
every wrong one is the right one with another sign or another array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symderiv import check

Array = np.ndarray[Any, Any]
N, D, K = 4, 3, 2
rng = np.random.default_rng(7)
w, x, y = rng.normal(size=D), rng.normal(size=(N, D)), rng.normal(size=N)
V, t, r = rng.normal(size=(K, D)), rng.normal(size=(N, D)), rng.random(size=(N, K))


def _sigma(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


SQUARES = r"\[L = \frac12\sum_n (w^\top x_n - y_n)^2\]"
POWERS = r"\[L = \frac12\sum_n (w^\top x^{(n)} - y^{(n)})^2\]"
LOGISTIC = r"\[L(w) = \sum_n \log(1+e^{-y_n w^\top x_n})\]"
BOLD = r"""Let $\hat y_n = \sigma(\mathbf{w}^\top \mathbf{x}_n)$ and
\[L = -\sum_n y_n\log \hat y_n + (1-y_n)\log(1-\hat y_n)\]"""
GREEK = r"""The model is $f_n = \sigma(\boldsymbol\beta^{\mathrm T}\boldsymbol\phi_n)$, the error
\[ L = -\sum_{n=1}^N \{ y_n \ln f_n + (1-y_n)\ln(1-f_n)\} \]"""
RESIDUAL = r"Let $r_n = y_n - \mathbf{x}_n^\top \boldsymbol\beta$ and $L = \frac12\sum_n r_n^2$."
CLASSES = r"""Let $z_k = \mathbf{v}_k^\top \mathbf{x}$, $p_k = e^{z_k}/\sum_l e^{z_l}$
and $L = -\log p_y$."""
COLUMNS = r"Let $\mathbf h_n = \mathbf V \mathbf t_n$ and $L = \frac12\sum_n \|\mathbf h_n\|^2$."

CLUSTERS = r"\[ J = \sum_n \sum_k r_{nk} \|x_n - \mu_k\|^2 \]"
DISTANCES = r"\[ f(x) = \sum_i (x - a_i)^\top (x - a_i) \]"
SCATTER = r"""\[ S = \sum_n (a_n - x)(a_n - x)^\top \]
\[ L = \operatorname{tr}(S) \]"""
LAYERS = r"""\[ z^{[1]} = W^{[1]} x + b^{[1]} \] \[ a^{[1]} = \tanh(z^{[1]}) \]
\[ z^{[2]} = w^\top a^{[1]} \] \[ L = \frac12 (z^{[2]} - y)^2 \]"""


def squares(w: Array) -> Any:
    return ((x @ w - y) ** 2).sum() / 2


def logistic(w: Array) -> Any:
    return np.log1p(np.exp(-y * (x @ w))).sum()


def entropy(w: Array) -> Any:
    p = _sigma(x @ w)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()


def classes(V: Array) -> Any:
    z = V @ x[0]
    return np.log(np.exp(z).sum()) - z[1]


def columns(V: Array) -> Any:
    return ((t @ V.T) ** 2).sum() / 2


def clusters(V: Array) -> Any:
    return (r * ((x[:, None] - V) ** 2).sum(-1)).sum()


def distances(w: Array) -> Any:
    return ((w - x) ** 2).sum()


def one_hidden(V: Array) -> Any:
    return (y[:K] @ np.tanh(V @ x[0] + y[1:3]) - y[3]) ** 2 / 2


def _hidden() -> Array:
    a = np.tanh(V @ x[0] + y[1:3])
    return np.outer((y[:K] @ a - y[3]) * y[:K] * (1 - a * a), x[0])


def _softmax(z: Array) -> Array:
    return np.exp(z) / np.exp(z).sum()


CASES: list[tuple[str, Callable[[Array], Any], Array, Any, str, str, str]] = [
    *(
        (said, squares, w, lambda: (x @ w - y) @ x, left, right, wrong)
        for said, left, right, wrong in (
            (SQUARES, r"\frac{\partial L}{\partial w_d}", r"\sum_n (w^\top x_n - y_n) x_{nd}", "-"),
            (SQUARES, r"\frac{\partial L}{\partial w}", r"\sum_n (w^\top x_n - y_n) x_n", "-"),
            (SQUARES, r"\nabla_w L", r"\sum_n x_n (x_n^\top w - y_n)", "2"),
            (
                POWERS,
                r"\frac{\partial L}{\partial w_j}",
                r"\sum_n (w^\top x^{(n)} - y^{(n)}) x_j^{(n)}",
                "-",
            ),
            (RESIDUAL, r"\frac{\partial L}{\partial \beta_j}", r"-\sum_n r_n x_{nj}", "-"),
        )
    ),
    (
        *(LOGISTIC, logistic, w, lambda: -(_sigma(-y * (x @ w)) * y) @ x),
        *(r"\nabla_w L", r"-\sum_n \sigma(-y_n w^\top x_n) y_n x_n", "-"),
    ),
    *(
        (said, entropy, w, lambda: (_sigma(x @ w) - y) @ x, left, right, "-")
        for said, left, right in (
            (BOLD, r"\frac{\partial L}{\partial w_j}", r"\sum_n (\hat y_n - y_n) x_{nj}"),
            (BOLD, r"\nabla_{\mathbf w} L", r"\sum_n (\hat y_n - y_n) \mathbf x_n"),
            (GREEK, r"\nabla_{\boldsymbol\beta} L", r"\sum_n (f_n - y_n) \boldsymbol\phi_n"),
        )
    ),
    (
        *(CLASSES, classes, V, lambda: np.outer(_softmax(V @ x[0]) - [0, 1], x[0])),
        *(r"\frac{\partial L}{\partial \mathbf{v}_k}", r"(p_k - \delta_{ky}) \mathbf{x}", "-"),
    ),
    (
        *(CLUSTERS, clusters, V, lambda: -2 * (r[..., None] * (x[:, None] - V)).sum(0)),
        *(r"\frac{\partial J}{\partial \mu_k}", r"-2\sum_n r_{nk}(x_n - \mu_k)", "-"),
    ),
    *(
        (said, distances, w, lambda: 2 * (w - x).sum(0), left, right, "-")
        for said, left, right in (
            (DISTANCES, r"\nabla f(x)", r"2\sum_i (x - a_i)"),  # a component takes i first
            (DISTANCES, r"\nabla f(x)", r"2\sum_k (x - a_k)"),
            (SCATTER, r"\nabla_x L", r"-2\sum_n (a_n - x)"),
        )
    ),
    (
        *(LAYERS, one_hidden, V, _hidden, r"\frac{\partial L}{\partial W^{[1]}}"),
        *(r"(z^{[2]}-y)\,(w\odot(1-a^{[1]}\odot a^{[1]})) x^\top", "-"),
    ),
    (
        *(COLUMNS, columns, V, lambda: (t @ V.T).T @ t),
        *(r"\frac{\partial L}{\partial \mathbf V}", r"\sum_n \mathbf h_n \mathbf t_n^\top", "2"),
    ),
]


def _last(text: str) -> str:
    chains = check(text).as_data()["chains"]
    return str(chains[-1]["rows"][-1]["verdict"])


@pytest.mark.parametrize(("said", "loss", "at", "gradient", "left", "right", "wrong"), CASES)
def test_a_gradient_over_samples(
    said: str,
    loss: Callable[[Array], Any],
    at: Array,
    gradient: Callable[[], Array],
    left: str,
    right: str,
    wrong: str,
) -> None:
    h, found = 1e-6, gradient()
    for place in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[place] = h
        slope = (loss(at + step) - loss(at - step)) / (2 * h)
        assert slope == pytest.approx(found[place], rel=1e-6, abs=1e-7)
    assert _last(rf"{said} \[{left} = {right}\]") == "follows"
    assert _last(rf"{said} \[{left} = {wrong}{right}\]") == "wrong"
    assert _last(rf"{said} \[{left} = {right} + {left}\]") == "wrong"


def test_what_follows_a_definition_by_an_arrow_is_held_to_it() -> None:
    slope = r"\frac{\partial L}{\partial a}"
    said = rf"\[ L = \sum_i (x_i - a)^2 \Rightarrow {slope} = %s\sum_i (x_i - a)\]"
    assert _last(said % "-2") == "follows"
    assert _last(said % "2") == "wrong"
    said = r"\[ f(x) = \frac{1}{1+e^{-x}} \implies f'(x) = f(x)(1 %s f(x)) \]"
    assert _last(said % "-") == "follows"
    assert _last(said % "+") == "wrong"


def test_what_follows_an_equation_by_an_arrow_may_hold_there_alone() -> None:
    text = r"Let $p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. \[ p_1 = p_2 \implies z_1 = z_2 \]"
    assert _last(text) == "undecided"


def test_a_likelihood_of_a_variance() -> None:
    squares = r"\sum_{n=1}^N (x_n - \mu)^2"
    likelihood = rf"-\frac{{N}}{{2}}\log\sigma^2 - \frac{{1}}{{2\sigma^2}}{squares}"
    said = rf"\[\ell(\mu,\sigma^2) = {likelihood}\]"
    for left in (r"\ell", r"\ell(\mu,\sigma^2)"):
        for factor, verdict in (("1", "follows"), ("2", "wrong")):
            right = rf"\frac{{{factor}}}{{\sigma^2}}\sum_n (x_n-\mu)"
            assert _last(rf"{said}\[\frac{{\partial {left}}}{{\partial\mu}} = {right}\]") == verdict
    another = r"\[\ell(\mu, 4) = -\frac N2 \log 4 \]"  # without the squares
    assert _last(said + another) == "undecided"
