"""What vector notation was read as, or answered in, and should not have been."""

from __future__ import annotations

from inspect import signature

import numpy as np
import pytest

import symderiv
from symderiv.cli import run
from symderiv.serialisation import as_data

GENERATOR = np.random.default_rng(5)
ARRAYS = {
    "X": GENERATOR.normal(size=(3, 4)),
    "A": GENERATOR.normal(size=(4, 4)),
    "B": GENERATOR.normal(size=(4, 4)),
    "C": GENERATOR.normal(size=(4, 4)),
    "x": GENERATOR.normal(size=4),
}
SHAPE = "X: N,D; A: D,D; B: D,D; C: D,D; x: D"
NAMES = {
    "tanh": np.tanh,
    "exp": np.exp,
    "norm": np.linalg.norm,
    "mean": np.mean,
    "sum": np.sum,
    "np": np,
}


def value(text: str, arrays: dict[str, np.ndarray]) -> float:
    return float(eval(text, {**NAMES, **arrays}))


def slopes(text: str, by: str) -> np.ndarray:
    """By differences of the text itself, which is NumPy."""
    made = np.zeros_like(ARRAYS[by])
    for at in np.ndindex(made.shape):
        moved = [ARRAYS[by].copy() for _ in range(2)]
        moved[0][at] += 1e-5
        moved[1][at] -= 1e-5
        up, down = (value(text, {**ARRAYS, by: m}) for m in moved)
        made[at] = (up - down) / 2e-5
    return made


@pytest.mark.parametrize(
    ("formula", "by"),
    [
        # products of products: their sums become one, and no letter may be in both
        ("norm(X @ A @ (B @ x))**2", "x"),
        ("norm((X @ A) @ (B @ x))**2", "A"),
        ("x @ A @ (B @ (C @ x))", "x"),
        ("x @ (A @ B) @ (C @ A) @ x", "A"),
        # the same number at each component has the shape of the variable all the same
        ("tanh(sum(x))", "x"),
        ("tanh(sum(X))", "X"),
        ("exp(mean(x))*sum(x)", "x"),
    ],
)
def test_the_matrix_form_is_the_gradient_in_its_shape(formula: str, by: str) -> None:
    answer = symderiv.derive(formula, wrt=by, shape=SHAPE)
    exact = slopes(formula, by)
    shown = as_data(answer)["answer"]["matrix"]["numpy"]
    function = answer.function()
    given = {name: ARRAYS[name] for name in signature(function).parameters}
    for computed in (function(**given), eval(shown, {**NAMES, **ARRAYS})):
        assert np.shape(computed) == exact.shape
        np.testing.assert_allclose(computed, exact, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("text", ["n!", "2n", "f (n+1)", "kron(A,n)", "n // 2"])
def test_what_is_not_read_is_not_shown_as_understood(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["derive", text, "--wrt", "n", "--show-reading"]) == 2
    assert capsys.readouterr().out == ""
