r"""Arrays that a text defines whole and uses by components, p = softmax(z) and p_j.

Right lines are those of textbooks; each is held against finite differences where it is a gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symderiv import check

SOFTMAX = (
    r"\mathrm{softmax}(z)",
    r"\operatorname{softmax}(\mathbf{z})",
    r"\text{Softmax}(z)",
    r"\mathbf{softmax}(z)",
)
TEXT = r"Let $L=-\log p_y$ where $p = %s$. \[\frac{\partial L}{\partial z_j} = %s\]"


def _verdicts(text: str) -> list[str]:
    report = check(text).as_data()
    return [row["verdict"] for chain in report["chains"] for row in chain["rows"]]


@pytest.mark.parametrize("function", SOFTMAX)
def test_a_softmax_that_is_defined_whole(function: str) -> None:
    assert _verdicts(TEXT % (function, r"p_j - \delta_{yj}")) == ["follows"]
    assert _verdicts(TEXT % (function, r"p_j + \delta_{yj}")) == ["wrong"]


def test_sigma_of_a_column_may_be_the_softmax() -> None:
    assert _verdicts(TEXT % (r"\sigma(z)", r"p_j - \delta_{yj}")) == ["follows-if"]
    assert _verdicts(TEXT % (r"\sigma(z)", r"(p_j - 1)\delta_{yj}")) == ["follows"]
    assert _verdicts(TEXT % (r"\sigma(z)", r"p_j + \delta_{yj}")) == ["wrong"]


LAYER = (
    r"Let $\mathbf{z} = \mathbf{W}\mathbf{x} + \mathbf{b}$, $\mathbf{h} = \tanh(\mathbf{z})$ and"
    r" $L = \sum_i v_i h_i$. \[\frac{\partial L}{\partial %s} = %s\]"
)
Loss = Callable[[np.ndarray[Any, Any], np.ndarray[Any, Any]], Any]
SIZES = {"W": (3, 2), "x": (2,), "b": (3,), "v": (3,)}


@pytest.mark.parametrize(
    ("by", "index", "gradient", "claim"),
    [
        ("b", "j", "v*(1-h**2)", r"v_j (1 - h_j^2)"),
        ("W", "jk", "(v*(1-h**2))[:, None]*x", r"v_j (1 - h_j^2) x_k"),
        ("x", "k", "(v*(1-h**2)) @ W", r"\sum_j v_j (1 - h_j^2) W_{jk}"),
        ("v", "j", "h", r"h_j"),
    ],
)
def test_a_layer_that_is_defined_whole(by: str, index: str, gradient: str, claim: str) -> None:
    rng = np.random.default_rng(0)
    at = {name: rng.normal(size=shape) for name, shape in SIZES.items()}

    def loss(moved: dict[str, Any]) -> Any:
        return moved["v"] @ np.tanh(moved["W"] @ moved["x"] + moved["b"])

    h = np.tanh(at["W"] @ at["x"] + at["b"])
    right = eval(gradient, {**at, "h": h})  # of this table
    for place in np.ndindex(*SIZES[by]):
        step = np.zeros(SIZES[by])
        step[place] = 1e-6
        slope = (loss({**at, by: at[by] + step}) - loss({**at, by: at[by] - step})) / 2e-6
        np.testing.assert_allclose(right[place], slope, rtol=1e-6)
    assert _verdicts(LAYER % (f"{by}_{{{index}}}", claim)) == ["follows"]
    assert _verdicts(LAYER % (f"{by}_{{{index}}}", "2 " + claim)) == ["wrong"]


def test_a_number_that_is_defined_in_vector_notation() -> None:
    text = (
        r"Here $\hat{y} = \mathbf{w}^\top \mathbf{x}$ and $\mathcal{L} = (\hat y - y)^2$."
        r" \[\frac{\partial\mathcal{L}}{\partial w_i} = %s\]"
    )
    assert _verdicts(text % r"2(\hat y - y) x_i") == ["follows"]
    assert _verdicts(text % r"2(y - \hat y) x_i") == ["wrong"]


def test_an_identity_beside_columns_that_are_written_with_an_index() -> None:
    text = r"Let $o_i = \sum_j a_{ij} v_j$. \[\frac{\partial o_i}{\partial v_j} = %s I\]"
    assert _verdicts(text % "a_{ij}") == ["follows-if"]
    assert _verdicts(text % "a_{ji}") == ["wrong"]
    defined = r"Let $I = x^2$. \[\frac{d}{dx} x = I\]"
    assert _verdicts(defined) == ["wrong"]


def test_deltas_beside_norms() -> None:
    text = (
        r"Let $\hat x = x/\|x\|$."
        r" \[\frac{\partial \hat x_i}{\partial x_j} ="
        r" \frac{1}{\|x\|}(\delta_{ij} %s \hat x_i\hat x_j)\]"
    )
    assert _verdicts(text % "-") == ["follows"]
    assert _verdicts(text % "+") == ["wrong"]


def test_two_softmaxes_of_layers() -> None:
    """What stands within the one is not what stands within the other."""
    text = (
        r"Let $\mathbf{p} = \mathrm{softmax}(\mathbf{A}\mathbf{x})$ and"
        r" $\mathbf{q} = \mathrm{softmax}(\mathbf{B}\mathbf{x})$."
        r" \[\frac{\partial p_i}{\partial A_{jk}} = p_i(\delta_{ij} - p_j)x_k\]"
        r" \[\frac{\partial q_i}{\partial B_{jk}} = q_i(\delta_{ij} - q_j)x_k\]"
        r" \[\frac{\partial q_i}{\partial A_{jk}} = q_i(\delta_{ij} - q_j)x_k\]"
    )
    assert _verdicts(text) == ["follows", "follows", "undecided"]


def test_a_name_that_is_defined_later() -> None:
    text = (
        r"Let $\mathbf{p} = \mathrm{softmax}(\mathbf{A}\mathbf{x})$."
        r" \[\frac{\partial p_i}{\partial A_{jk}} = p_i(\delta_{ij} - p_j)x_k\]"
        r" Now let $z_i = x_i^2$ and $q_i = z_i^2$."
        r" \[\frac{\partial q_i}{\partial x_j} = 4 x_i^3 \delta_{ij}\]"
        r" \[\frac{\partial p_i}{\partial A_{jk}} = p_i(\delta_{ij} - p_j)x_k\]"
        r" \[\frac{\partial z_i}{\partial A_{jk}} = \delta_{ij} x_k\]"
    )
    assert _verdicts(text) == ["follows", "follows", "follows", "undecided"]


@pytest.mark.parametrize(
    "defined", [r"\mathrm{softmax}(z_i)", r"\mathrm{softmax}(z, w)", r"\mathrm{LSE}(z)"]
)
def test_a_known_function_is_no_unknown_one(defined: str) -> None:
    """What is not read of it is not held against the lines that use it."""
    line = r"\[\frac{\partial q_i}{\partial z_j} = q_i(\delta_{ij} - q_j)\]"
    text = f"Let $q = {defined}$. {line}"
    assert "wrong" not in _verdicts(text)


def test_a_probability_that_is_defined_by_components_is_a_factor_before_a_bracket() -> None:
    text = r"Let $P_i = \frac{e^{S_i}}{\sum_l e^{S_l}}$. \[\frac{\partial P_j}{\partial S_k} = %s\]"
    assert _verdicts(text % r"P_j(\delta_{jk} - P_k)") == ["follows"]
    assert _verdicts(text % r"P_j(\delta_{jk} + P_k)") == ["wrong"]
    assert _verdicts(r"\[P_j(1 - x) = P_j - P_j x + 1\]") == ["follows"]  # of what nothing is said
    assert _verdicts(r"Let $P_j = x_j^2$. \[P_j(x) = P_j x + 1\]") == ["undecided"]


# A line with %s, the right term, and the value of both sides: a loss, its variable, the gradient.
COMPONENTS: list[tuple[str, str, str, Callable[..., Any], Callable[..., Any]]] = [
    (
        r"\[\frac{\partial}{\partial x_k} \sum_i\sum_j x_i A_{ij} x_j = %s\]",
        r"[(A + A^\top) x]_k",
        r"[(A - A^\top) x]_k",
        lambda A, x, b: x @ A @ x,
        lambda A, x, b: (A + A.T) @ x,
    ),
    (
        r"\[\frac{\partial}{\partial x_j} \frac12\|Ax - b\|^2 = %s\]",
        r"(A^\top(Ax - b))_j",
        r"(A(Ax - b))_j",
        lambda A, x, b: ((A @ x - b) ** 2).sum() / 2,
        lambda A, x, b: A.T @ (A @ x - b),
    ),
    (
        r"""\begin{align*} \frac{\partial}{\partial x_j}\|x\|_2
        &= \frac{\partial}{\partial x_j}\Big(\sum_i x_i^2\Big)^{1/2} \\
        &= \frac12 \Big(\sum_i x_i^2\Big)^{-1/2} 2x_j \\ &= %s \end{align*}""",
        r"\frac{x_j}{\|x\|_2}",
        r"\frac{x_j}{\|x\|_2^2}",
        lambda A, x, b: np.linalg.norm(x),
        lambda A, x, b: x / np.linalg.norm(x),
    ),
    (
        r"""\begin{align*} \frac{\partial}{\partial x_j}\sum_i (\sum_k A_{ik} x_k - b_i)^2
        &= 2\sum_i(\sum_k A_{ik}x_k - b_i)A_{ij} \\ &= %s \end{align*}""",
        r"2[A^\top(Ax - b)]_j",
        r"2[A(Ax - b)]_j",
        lambda A, x, b: ((A @ x - b) ** 2).sum(),
        lambda A, x, b: 2 * A.T @ (A @ x - b),
    ),
    (
        r"""\[ R(\mathbf x) = \frac{1}{N}\sum_{n=1}^N (b_n - \mathbf x\cdot\mathbf a_n)^2 \]
        \[ \nabla R = %s\]""",
        r"-\frac{2}{N}\sum_{n=1}^N (b_n - \mathbf x\cdot\mathbf a_n)\mathbf a_n",
        r"-\frac{1}{N}\sum_{n=1}^N (b_n - \mathbf x\cdot\mathbf a_n)\mathbf a_n",
        lambda A, x, b: ((b - A @ x) ** 2).mean(),
        lambda A, x, b: -2 * A.T @ (b - A @ x) / len(b),
    ),
]


@pytest.mark.parametrize(("text", "right", "wrong", "loss", "gradient"), COMPONENTS)
def test_a_component_of_what_is_written_whole(
    text: str, right: str, wrong: str, loss: Callable[..., Any], gradient: Callable[..., Any]
) -> None:
    rng = np.random.default_rng(3)
    A, x, b = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)
    for n, slope in enumerate(gradient(A, x, b)):
        step = 1e-6 * np.eye(3)[n]
        found = (loss(A, x + step, b) - loss(A, x - step, b)) / 2e-6
        assert found == pytest.approx(slope, rel=1e-6, abs=1e-8)
    assert _verdicts(text % right)[-1] == "follows"
    assert _verdicts(text % wrong)[-1] == "wrong"


def test_the_elements_of_the_identity() -> None:
    text = r"""Let $y_k = \frac{e^{a_k}}{\sum_l e^{a_l}}$.
    \[ \frac{\partial y_k}{\partial a_j} = y_k (I_{kj} %s y_j) \]"""
    assert _verdicts(text % "-") == ["follows-if"]
    assert _verdicts(text % "+") != ["follows-if"]


@pytest.mark.parametrize(
    ("said", "term", "right", "wrong"),
    [
        (r"\|w\| = 1", r"\epsilon\|w\|^2", r"\epsilon", r"2\epsilon"),
        (r"\|w\|_2 = 3", r"\epsilon w^\top w", r"9\epsilon", r"3\epsilon"),
        (r"w^\top w = 2", r"w^\top w x^\top x", r"2 x^\top x", r"4 x^\top x"),
        (r"\mathbf 1^\top\mathbf y = 1", r"a \mathbf 1^\top\mathbf y", "a", "2a"),
    ],
)  # fmt: skip
def test_a_fact_about_a_column(said: str, term: str, right: str, wrong: str) -> None:
    chain = rf"\begin{{align*}} f &= {term} \\ &= %s \end{{align*}}"
    assert _verdicts(rf"Suppose ${said}$. {chain % right}")[-1] == "follows"
    assert _verdicts(rf"Suppose ${said}$. {chain % wrong}")[-1] == "wrong"
    assert _verdicts(chain % right)[-1] != "follows"


GAUSSIAN = r"""\[ \ell = -\frac12\log\det\Sigma - \frac12 (x-\mu)^\top \Sigma^{-1} (x-\mu) \] """


@pytest.mark.parametrize("sign", [1, -1])
def test_a_mean_is_a_column_where_nothing_else_fits(sign: int) -> None:
    """By Σ alone is differentiated, and μ is a Greek letter beside the column x."""
    rng = np.random.default_rng(1)
    a, d = rng.normal(size=(3, 3)) + 4 * np.eye(3), rng.normal(size=3)
    inverse = np.linalg.inv(a).T
    said = -inverse / 2 + sign * (inverse @ np.outer(d, d) @ inverse) / 2

    def value(a: np.ndarray) -> float:
        return float(-np.log(np.linalg.det(a)) / 2 - d @ np.linalg.solve(a, d) / 2)

    found = np.zeros((3, 3))
    for i, j in np.ndindex(3, 3):
        h = np.zeros((3, 3))
        h[i, j] = 1e-6
        found[i, j] = (value(a + h) - value(a - h)) / 2e-6
    right = (r"\frac12\Sigma^{-\top}", r"\Sigma^{-\top}(x-\mu)(x-\mu)^\top\Sigma^{-\top}")
    line = rf"-{right[0]} {'+' if sign > 0 else '-'} \frac12 {right[1]}"
    row = (
        check(rf"{GAUSSIAN} \[ \frac{{\partial\ell}}{{\partial\Sigma}} = {line} \]")
        .chains[-1]
        .rows[0]
    )
    assert row.verdict == ("follows" if np.allclose(said, found, atol=1e-6) else "wrong")


@pytest.mark.parametrize("back", [r"W_2^\top", r"W_2^T"])
def test_a_numbered_matrix_transposed_before_a_bracket(back: str) -> None:
    text = (
        r"Let $\mathbf{h}=\sigma(W_1\mathbf{x})$, $\mathbf{y}=W_2\mathbf{h}$ and "
        r"$L=\frac12\|\mathbf{y}-\mathbf{t}\|^2$. \[\frac{\partial L}{\partial \mathbf h} = %s\]"
    )
    rng = np.random.default_rng(3)
    weights, h, t, step = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2), 1e-6

    def loss(h: Any) -> float:
        return float(((weights @ h - t) ** 2).sum() / 2)

    slope = [(loss(h + step * e) - loss(h - step * e)) / (2 * step) for e in np.eye(3)]
    assert np.allclose(slope, weights.T @ (weights @ h - t))
    assert _verdicts(text % (back + r"(\mathbf y-\mathbf t)")) == ["follows"]
    assert _verdicts(text % (back + r"(\mathbf y+\mathbf t)")) == ["wrong"]


@pytest.mark.parametrize("name", [r"\hat y", r"\hat{y}", r"\tilde y", "p"])
def test_an_accented_name_of_what_is_defined_in_vector_notation(name: str) -> None:
    text = (
        rf"Let $z = w^\top x + b$ and ${name} = \sigma(z)$ with the loss "
        rf"$\ell = -y\log {name} - (1-y)\log(1-{name})$. \[\nabla_w \ell = %s\]"
    )
    w, x, b, y, step = np.array([0.3, -0.7]), np.array([1.1, 0.4]), 0.2, 0.25, 1e-6

    def probability(w: Any) -> Any:
        return 1 / (1 + np.exp(-(w @ x + b)))

    def loss(w: Any) -> Any:
        return -y * np.log(probability(w)) - (1 - y) * np.log(1 - probability(w))

    slope = [(loss(w + step * e) - loss(w - step * e)) / (2 * step) for e in np.eye(2)]
    assert np.allclose(slope, (probability(w) - y) * x)
    assert _verdicts(text % rf"({name} - y) x") == ["follows"]
    assert _verdicts(text % rf"(y - {name}) x") == ["wrong"]


def test_a_hessian_by_a_column_and_a_row() -> None:
    text = (
        r"Let $L = \|\mathbf{y} - \mathbf{X}\mathbf{w}\|^2$. "
        r"\[\frac{\partial^2 L}{\partial\mathbf{w}\,\partial\mathbf{w}^\top} = %s\]"
    )
    rng = np.random.default_rng(5)
    x, y, w, step = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3), 1e-6

    def gradient(w: Any) -> Any:
        return -2 * x.T @ (y - x @ w)

    slopes = [(gradient(w + step * e) - gradient(w - step * e)) / (2 * step) for e in np.eye(3)]
    assert np.allclose(slopes, 2 * x.T @ x)
    assert _verdicts(text % r"2\mathbf{X}^\top\mathbf{X}") == ["follows"]
    assert _verdicts(text % r"\mathbf{X}^\top\mathbf{X}") != ["follows"]
