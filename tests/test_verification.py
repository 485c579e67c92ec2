"""Verification: the oracle, the table, and somebody's own function beside exact values."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import symderiv
from symderiv import functions
from symderiv.catalogue import library
from symderiv.cli import run
from symderiv.emit.family import answer_program
from symderiv.face.source import derivation_source
from symderiv.mistakes import Mistake
from symderiv.numbers.evaluator import OffAxis
from symderiv.numbers.exact import Exact
from symderiv.numbers.matrices import Undefined
from symderiv.reader import read
from symderiv.verification.own import check_gradient, computes
from symderiv.verification.report import Line, Report, verify
from symderiv.verification.tried import check

Array = np.ndarray[Any, Any]

# -- the oracle, against values of mpmath's own ------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "given", "sizes", "exact"),
    [
        ("x**2/3 - x", {"x": 6.0}, {}, lambda: mpmath.mpf(6)),
        ("sum(x[i]*y[i], i)", {"x": [1.0, 2], "y": [3.0, 4]}, {"K": 2}, lambda: mpmath.mpf(11)),
        ("prod(x[i], i)", {"x": [2.0, 3, 4]}, {"K": 3}, lambda: mpmath.mpf(24)),
        ("max(x[i], i) - min(x[i], i)", {"x": [2.0, -3, 4]}, {"K": 3}, lambda: mpmath.mpf(7)),
        ("-log(softmax(z)[y])", {"z": [0.0, 1], "y": 0}, {"K": 2},
         lambda: mpmath.log(1 + mpmath.e)),
        ("1 - softmax(z)[y]", {"z": [800.0, 0], "y": 0}, {"K": 2},
         lambda: 1 / (1 + mpmath.exp(800))),
        ("log(1 + exp(x))", {"x": -900.0}, {}, lambda: mpmath.exp(-900)),
        ("log(exp(x))", {"x": 3e-308}, {}, lambda: mpmath.mpf(3e-308)),
        ("logsumexp(z)", {"z": [3e-308]}, {"K": 1}, lambda: mpmath.mpf(3e-308)),
        ("log(1 + x)", {"x": 1e-200}, {}, lambda: mpmath.log1p(mpmath.mpf(1e-200))),
        ("(1 + x)**2 - 1 - 2*x", {"x": 1e-90}, {}, lambda: mpmath.mpf(1e-90)**2),
        ("cos(x) - 1 + x**2/2", {"x": 1e-30}, {}, lambda: mpmath.mpf(1e-30)**4/24),
        ("sigmoid(x) - 1/2", {"x": 1e-150}, {}, lambda: mpmath.mpf(1e-150)/4),
        ("exp(exp(900)) - exp(exp(900)) + x", {"x": 2.0}, {}, lambda: mpmath.mpf(2)),
        ("sum(x[i], i)", {"x": [1e200, 1e-100, -1e200]}, {"K": 3}, lambda: mpmath.mpf(1e-100)),
        ("sum(iverson(i <= j)*x[i]*x[j], i, j)", {"x": [1.0, 2]}, {"K": 2}, lambda: mpmath.mpf(7)),
        ("sum((x[i+1] - x[i])**2, (i, 1, N-1))", {"x": [1.0, 5, 2]}, {"N": 3},
         lambda: mpmath.mpf(25)),
        ("sum(iverson(i > 1)*log(x[i]), i)", {"x": [-1.0, 1]}, {"K": 2}, lambda: mpmath.mpf(0)),
        ("sum(iverson(x[i+1] > x[i])*iverson(i < N)*x[i], (i, 1, N))", {"x": [1.0, 5, 2]},
         {"N": 3}, lambda: mpmath.mpf(1)),
    ],
)  # fmt: skip
def test_exact_values(
    formula: str, given: dict[str, Any], sizes: dict[str, int], exact: Any
) -> None:
    problem = read(formula, library=library())
    with mpmath.workdps(60):
        right = exact()
        found = Exact(problem, given, sizes).value(problem.function, {})
        assert abs(found - right) <= abs(right) * mpmath.mpf(10) ** -50


def test_a_bracket_counts_in_a_product_of_sympys() -> None:
    i, j, x = sympy.Symbol("i", integer=True), sympy.Symbol("j", integer=True), sympy.Symbol("x")
    term = sympy.Mul(sympy.KroneckerDelta(i, j), x)
    exact = Exact(read("x**2"), {"x": 3.0}, {})
    assert (exact.value(term, {i: 1, j: 1}), exact.value(term, {i: 1, j: 2})) == (3, 0)


def test_no_stage_is_looked_up_beside_its_axis() -> None:
    problem = read("a[i] = i*2; sum(a[i]*x[i], i)")
    stage = problem.stages[0].quantity
    exact = Exact(problem, {"x": [1.0, 1]}, {"K": 2})
    assert exact.array(30, stage).tolist() == [2, 4]
    with pytest.raises(OffAxis):
        exact.value(stage, {stage.indices[0]: 3})


@pytest.mark.parametrize(
    ("formula", "given"), [("log(x)", {"x": -1.0}), ("1/x", {"x": 0.0}), ("sqrt(x)", {"x": -2.0})]
)
def test_where_there_is_no_value(formula: str, given: dict[str, Any]) -> None:
    problem = read(formula)
    with pytest.raises(Undefined):
        Exact(problem, given, {}).value(problem.function, {})


@pytest.mark.parametrize(
    ("formula", "x", "exact"),
    [
        ("log(1 - tanh(x))", 1e4, lambda x: mpmath.log(2) - 2 * x),
        ("log((1 + erf(x))/2)", -40.0, lambda x: mpmath.log(mpmath.erfc(-x) / 2)),
    ],
)
def test_what_is_as_far_below_1_as_no_digits_reach_has_a_value(
    formula: str, x: float, exact: Any
) -> None:
    problem = read(formula)
    with mpmath.workdps(60):
        right = exact(mpmath.mpf(x))
        found = Exact(problem, {"x": x}, {}).value(problem.function, {})
        assert abs(found - right) <= abs(right) * mpmath.mpf(10) ** -40
    source = derivation_source(symderiv.derive("L = log(1 - tanh(x))", wrt="x"))
    assert "no value" not in source  # 1 - tanh(10000) is no 0


def test_a_function_that_is_infinite_where_its_formula_is_not_is_refused() -> None:
    derivation = symderiv.derive("L = -log((1 + erf(x))/2)", wrt="x")
    program = answer_program(derivation)
    with pytest.raises(symderiv.Unanswered, match="is -inf where its formula is"):
        check(lambda x: np.where(x < -30, -np.inf, derivation.function()(x)), program)


# -- the table ---------------------------------------------------------------------------------


def test_every_bound_holds() -> None:
    told: list[float] = []
    names = ["softmax-jacobian", "cross_entropy_and_gradient", "logsumexp", "hinge_gradient"]
    report = verify(names, lambda what, share: told.append(share))
    assert report.holds, report.text()
    assert told == sorted(told)
    assert {line.precision for line in report.lines} == {"float64", "float32"}
    assert all(line.points >= 20 for line in report.lines)
    data = json.loads(json.dumps(report.as_json()))
    assert data["holds"] is True
    bad = Line("f", "float64", 3, float("inf"), 2e-13, "z = (1, 2)")
    failed = Report((*report.lines, bad))
    assert not failed.holds
    assert "FAILS" in failed.text()
    assert json.loads(json.dumps(failed.as_json()))["lines"][-1]["worst"] is None


@pytest.mark.parametrize("factor", [1 + 1e-11, -1.0, np.nan])
def test_a_lost_digit_fails(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    right = functions.quadratic_form
    monkeypatch.setattr(functions, "quadratic_form", lambda x, A: right(x, A) * factor)
    report = verify(["quadratic_form"])
    assert not report.lines[0].holds


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(Mistake, match="softmax_jacobian"):
        verify(["softmax_jacobain"])


# -- somebody's own ----------------------------------------------------------------------------


def probabilities(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)  # type: ignore[no-any-return]


def one_row(z: Array, y: int) -> Array:
    p = probabilities(z)
    p[y] -= 1
    return p


def batched(z: Array, y: Array) -> Array:
    p = probabilities(z)
    p[np.arange(len(y)), y] -= 1
    return p


def unshifted(z: Array, y: int) -> Array:
    p: Array = np.exp(z) / np.exp(z).sum()
    p[y] -= 1
    return p


def sigmoid(x: Array) -> Array:
    """As it is typed: 0 at -938, where the exact value is none of a float's either."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def raises(*_: Array) -> Array:
    raise RuntimeError("no luck")


@pytest.mark.parametrize(
    ("function", "name", "verdict", "holds"),
    [
        (functions.cross_entropy_gradient, "cross-entropy", "right to 14 digits everywhere", True),
        (one_row, "cross-entropy", "right, and loses digits at p near 1", True),
        (batched, "cross-entropy", "right, and loses digits at p near 1", True),
        (batched, "cross-entropy-logits-batch", "right, and loses digits at p near 1", True),
        (functions.cross_entropy_logits_batch_gradient, "cross-entropy-logits-batch",
         "digits everywhere", True),
        (unshifted, "cross-entropy", "right at ordinary input, and wrong at", False),
        (lambda z, y: probabilities(z), "cross-entropy",
         "wrong formula: the 1 at the label is not subtracted", False),
        (lambda z, y: -one_row(z, y), "cross-entropy",
         "wrong formula: its sign is the other way round", False),
        (lambda z, y: one_row(z, y) / len(z), "cross-entropy", "a mean for a sum?", False),
        (lambda a, b: np.outer(b, a), "bilinear-form",
         "wrong formula: it is the transpose of what is wanted", False),
        (lambda z, y: one_row(z, y)[None, None], "cross-entropy",
         "it returns shape (1, 1, 3), where (3,) is right; its numbers are right", False),
        (lambda z: np.diag(probabilities(z)) - np.outer(probabilities(z), probabilities(z)),
         "softmax", "right, and loses digits at p near 1", True),
        (lambda z: np.diag(probabilities(z)) - probabilities(z)**2,
         "softmax", "wrong formula", False),
        (lambda y, z: one_row(z, y), "cross-entropy", "loses digits", True),  # by name
        (lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))), "silu", "digits everywhere", True),
        (lambda x: np.maximum(x, 0), "relu-value", "right to 15 digits everywhere", True),
        (lambda x: np.where(x > 5, 1, sigmoid(x)), "softplus", "wrong at 2 to 40", False),
        (lambda x: np.where(x > 20, 1, sigmoid(x)), "softplus", "digits everywhere", True),
        (raises, "cross-entropy", "wrong at every point: it raises RuntimeError: no luck", False),
        (lambda z, y: None, "cross-entropy", "is a `return` missing?", False),
        (lambda z, y: one_row(z, y) * np.nan, "cross-entropy", "wrong formula", False),
    ],
)  # fmt: skip
def test_verdicts(function: Any, name: str, verdict: str, holds: bool) -> None:
    report = check_gradient(function, name)
    assert verdict in report.verdict
    assert report.holds is holds
    assert report.verdict in report.text()
    assert json.loads(json.dumps(report.as_json()))["holds"] is holds


# -- however it is called ------------------------------------------------------------------------


def loss_and_gradient(z: Array, y: int) -> tuple[Any, Array]:
    return -np.log(probabilities(z)[y]), one_row(z, y)


def by_keyword(*, y: int, z: Array) -> Array:
    return one_row(z, y)


def other_names(target: int, logits: Array) -> Array:
    return one_row(logits, target)


def overwrites(z: Array, y: int) -> Array:
    z -= z.max()
    np.exp(z, out=z)
    z /= z.sum()
    z[y] -= 1
    return z


class Layer:
    def __call__(self, z: Array, y: int, reduction: str = "sum") -> dict[str, Array]:
        return {"z": one_row(z, y)}


def of_torch(z: Any, y: Any) -> Any:
    import torch

    z = z.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(z[None], y[None])
    loss.backward()
    return loss, z.grad


def of_jax() -> Any:
    jax = pytest.importorskip("jax")
    return jax.value_and_grad(lambda z, y: -jax.nn.log_softmax(z)[y])


@pytest.mark.parametrize(
    ("function", "noted"),
    [
        (loss_and_gradient, "of 2 results, number 2 is compared"),
        (lambda z, y: loss_and_gradient(z, y)[::-1], "of 2 results, number 1 is compared"),
        (by_keyword, ""),
        (other_names, "its arguments are taken to be y, z"),
        (overwrites, "it changes its argument z"),
        (Layer(), ""),
        (lambda *given: one_row(*given), ""),
        (lambda **given: one_row(**given), ""),
        (lambda z, y: list(one_row(z, y)), ""),
        (lambda z, y: one_row(z, y).astype(np.float32), "it returns float32 for float64"),
        (of_torch, "it is given arrays of torch"),
        (of_jax, "of 2 results, number 2 is compared"),  # float64 where JAX is told so
    ],
)
def test_a_right_function_is_right_however_it_is_called(function: Any, noted: str) -> None:
    if function is of_torch:
        pytest.importorskip("torch")
    report = check_gradient(function() if function is of_jax else function, "cross-entropy")
    assert report.holds, report.text()
    assert noted in report.notes or not (noted or report.notes)


def sum_of_rows(z: Array, y: Array) -> tuple[Any, Array]:
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    rows = np.arange(len(y))
    right = p[rows, y]
    p[rows, y] -= 1
    return -np.log(right).sum(), p


@pytest.mark.parametrize(
    ("function", "verdict"),
    [
        (lambda z, y: (np.log(probabilities(z)[y]), one_row(z, y)),
         "wrong loss: its sign is the other way round"),
        (lambda z, y: (one_row(z, y), -2 * np.log(probabilities(z)[y])),
         "wrong loss: it is 2 times what is wanted"),
        (lambda z, y: (1 - np.log(probabilities(z)[y]), one_row(z, y)),
         "wrong loss: it is 1 more than what is wanted"),
        (lambda z, y: (0.0, -one_row(z, y)), "wrong formula: its sign is the other way round"),
        # of several numbers beside a gradient one is the loss; of a batch it may be the sum
        (lambda z, y: (z.argmax() == y, *loss_and_gradient(z, y)), ""),
        (lambda z, y: (float(z.argmax() == y), one_row(z, y)), ""),
        (lambda z, y: (0.0, one_row(z, y)), "wrong loss"),
        (sum_of_rows, ""),
        (lambda z, y: (3 * sum_of_rows(z, y)[0], sum_of_rows(z, y)[1]), "wrong loss"),
    ],
)  # fmt: skip
def test_a_loss_is_compared_that_is_given_with_a_gradient(function: Any, verdict: str) -> None:
    report = check_gradient(function, "cross-entropy")
    assert report.holds is (not verdict), report.text()
    assert verdict in report.verdict


def two_axes(z: Array, y: Array, first: bool) -> Array:
    """Of a row or of a batch, with the first row's shares in all rows perhaps."""
    rows, labels = np.atleast_2d(z), np.atleast_1d(y)
    p = np.array([probabilities(rows[0 if first else n]) for n in range(len(rows))])
    return (p - (np.arange(z.shape[-1]) == labels[:, None])).reshape(z.shape)  # type: ignore[no-any-return]


@pytest.mark.parametrize("narrow", [lambda f: f, lambda f: only_rows(f)], ids=["one", "many"])
@pytest.mark.parametrize("first", [True, False])
def test_of_a_batch_no_row_stands_for_another(narrow: Any, first: bool) -> None:
    report = check_gradient(narrow(partial(two_axes, first=first)), "cross-entropy")
    assert report.holds is not first, report.text()
    assert ("of a batch whose rows differ it is not each row's own" in report.verdict) is first


def test_a_number_is_given_once_for_a_batch() -> None:
    def by_rows(z: Array, y: Array, T: float) -> Array:
        p = probabilities(z[:, :] / T)
        return (p - (np.arange(z.shape[1]) == y[:, None])) / T  # type: ignore[no-any-return]

    formula = "-log(exp(z[y]/T)/sum(exp(z[k]/T), k))"
    assert check_gradient(by_rows, formula, wrt="z[j]")
    assert not check_gradient(lambda z, y, T: by_rows(z, y, 2 * T), formula, wrt="z[j]")
    ridge = "sum(w[i]*x[i], i)**2/2 + lam*sum(w[k]**2, k)/2"
    assert check_gradient(
        lambda w, x, lam: x.T @ (x[:, :] @ w) / len(x) + lam * w, ridge, wrt="w[j]"
    )


def test_what_never_returns_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symderiv.verification.calls.MOST", 0.2)

    def endless(z: Array, y: int) -> Array:
        while True:
            with suppress(Exception):
                time.sleep(0.01)

    with pytest.raises(Mistake, match="has not returned after"):
        check_gradient(endless, "cross-entropy")


def rows_of(
    loss: Callable[[Array], Any], slopes: Callable[[Array], Array], z: Array, y: Array
) -> tuple[Any, Array]:
    """The losses of rows, or of one, made one number or none, and the gradients beside them."""
    p = probabilities(z)
    at = np.arange(z.shape[-1]) == np.asarray(y)[..., None]
    return loss(-np.log(p[at]).reshape(np.shape(y))), slopes(p - at)


def over_rows(a: Array) -> Array:
    return a / max(1, a.size // a.shape[-1])


def only_rows(function: Callable[[Array, Array], Any]) -> Callable[[Array, Array], Any]:
    """The same of a batch alone."""
    return lambda z, y: function(z[np.arange(len(y))], y)


@pytest.mark.parametrize("narrow", [lambda f: f, only_rows], ids=["or one row", "a batch"])
@pytest.mark.parametrize(
    ("loss", "slopes", "said"),
    [
        (np.mean, np.asarray, "N times what is wanted: the loss beside it is the mean"),
        (np.mean, over_rows, ""),
        (np.sum, np.asarray, ""),
        (np.sum, over_rows, "1/N of what is wanted: the loss beside it is the sum"),
        (np.asarray, np.asarray, ""),
    ],
)
def test_of_a_batch_the_gradient_is_that_of_its_loss(
    narrow: Any, loss: Any, slopes: Any, said: str
) -> None:
    report = check_gradient(narrow(partial(rows_of, loss, slopes)), "cross-entropy")
    assert said in report.verdict
    assert report.holds is (not said), report.text()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda w, x, y: (((x @ w - y) ** 2).mean(), 2 * x.T @ (x @ w - y) / len(y)), ""),
        (lambda w, x, y: (((x @ w - y) ** 2).sum(), 2 * x.T @ (x @ w - y)), ""),
        (lambda w, x, y: 2 * x.T @ (x @ w - y), ""),
        (lambda w, x, y: 2 * x.T @ (x @ w - y) / len(y), ""),
        (lambda w, x, y: (((x @ w - y) ** 2).mean(), 2 * x.T @ (x @ w - y)), "N times"),
        (lambda w, x, y: (((x @ w - y) ** 2).sum(), 2 * x.T @ (x @ w - y) / len(y)), "1/N of"),
        (lambda w, x, y: 3 * x.T @ (x @ w - y), "wrong formula"),
        (lambda w, x, y: 4 * x.T @ (x @ w - y) / len(y), "wrong formula"),
        (lambda w, x, y: x.T @ (x @ w - y), "wrong formula"),
        (lambda w, x, y: 2 * x[:, :].mean(0) * (x @ w - y).mean(), "rows differ"),
        (lambda w, x, y: 2 * x[0, :] * (x @ w - y)[0], "rows differ"),
    ],
)
def test_of_a_batch_the_weights_have_one_gradient(function: Any, said: str) -> None:
    report = check_gradient(function, of="(y - sum(x[k]*w[k], k))**2", wrt="w[j]")
    assert said in report.verdict
    assert report.holds is (not said), report.text()


@pytest.mark.parametrize("mean", [True, False])
def test_of_a_batch_a_product_of_means_is_no_mean_of_products(mean: bool) -> None:
    def slopes(W: Array, x: Array, b: Array, y: Array) -> Array:
        (rows, _), classes = x.shape, np.arange(len(W))
        p = probabilities(x @ W.T + b) - (classes == y[:, None])
        return p.T @ x / rows if mean else np.outer(p.mean(0), x.mean(0))

    report = check_gradient(slopes, "cross-entropy-linear")
    assert report.holds is mean, report.text()


@pytest.mark.parametrize(
    ("function", "holds"),
    [
        (lambda x: (np.sin(x), np.cos(x)), True),
        (lambda x: (np.cos(x), -np.sin(x)), True),  # with a second derivative
        (lambda x: (np.sin(x) + 1, np.cos(x)), False),
    ],
)
def test_a_number_beside_a_derivative(function: Any, holds: bool) -> None:
    assert check_gradient(function, "sin(x)", wrt="x").holds is holds


RIDGE = "sum((sum(X[n,d]*w[d], d) - y[n])**2, n) + lam*sum(w[d]**2, d)"


def ridge(X: Array, w: Array, y: Array, lam: float) -> Array:
    return 2 * X.T @ (X @ w - y) + 2 * lam * w  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("function", "of", "wrt", "said"),
    [
        (ridge, RIDGE, "w[c]", ""),
        (lambda X, w, y, lam: ridge(X, w, y, 0), RIDGE, "w[c]", "the term 2 λ w_c is missing"),
        (lambda X, w, y, lam: ridge(X, w, y, lam / 2), RIDGE, "w[c]",
         "the term 2 λ w_c is 0.5 times what it should be"),
        (lambda X, w, y, lam: ridge(X, w, -y, lam), RIDGE, "w[c]", "yₙ) has the other sign"),
        (lambda X, w, y, lam: ridge(X, w, y, lam) / len(y), RIDGE, "w[c]", "divided by N"),
        (lambda x: 3 * x**2, "sum(x[i]**3, i)", "x[j]", ""),
        (lambda x: np.roll(3 * x**2, 1), "sum(x[i]**3, i)", "x[j]", "one place too far on"),
        (lambda x: np.diag(6 * x), "sum(x[i]**3, i)", ["x[j]", "x[k]"], ""),
        (lambda A, x: A @ x, "sum(A[i,j]*x[j]*x[i], i, j)", "x[k]", "is missing"),
        (lambda A, w: A.T @ w, "sum(x[i]*A[i,j]*w[j], i, j)", "x[k]", "A is taken transposed"),
        (lambda x, A, w: A @ w, "sum(x[i]*A[i,j]*w[j], i, j)", "x[k]", ""),
        (lambda u, M, v: M @ v, "sum(x[i]*A[i,j]*w[j], i, j)", "x[k]", ""),
        (lambda W: 2 * W.T, "sum(W[i,j]**2, i, j)", "W[a,b]", "it is the transpose"),
        (lambda W, x, y: 2 * np.outer(W @ x - y, x), "norm(W @ x - y)**2", "W", ""),
        (lambda W, x, y: 2 * np.outer(x, W @ x - y), "norm(W @ x - y)**2", "W", "the transpose"),
        (lambda z, y: (y - 1) * np.ones_like(z), r"-\sum_k (1 - y) z_k", "z_j", ""),
        (lambda z, y: (1 - y) * np.ones_like(z), r"-\sum_k (1 - y) z_k", "z_j", "sign"),
        (lambda X, w: X * w, "sum(X[n,d]*w[d], n, d)", "w[c]", "returns shape"),
        (lambda X, w: X, "sum(X[n,d]*w[d], n, d)", "w[c]",
         "right once it is summed over its first axis"),
        (lambda x: np.sum(x**3), "sum(x[i]**3, i)", "x[j]", "it is the function itself"),
        (lambda x: np.sin(x), "sin(x)", "x", "it is the function itself"),
        (lambda x: np.cos(x) * np.nan, "sin(x)", "x", "it is nan"),
        (lambda x: 3 * x**2 * (1 if len(x) > 1 else np.nan), "sum(x[i]**3, i)", "x[j]", "is nan"),
        (lambda x: np.roll(3 * x**2, 1) * (1 if len(x) > 1 else np.nan), "sum(x[i]**3, i)", "x[j]",
         "one place too far on"),
        (lambda x: 1j * x, "sin(x)", "x", "complex128; real numbers are wanted"),
        # at a kink each slope between those of both sides is one
        (lambda x: np.where(x >= 0, 1.0, -1.0), "sum(abs(x[i]), i)", "x[j]", ""),
        (lambda x: np.where(x >= 0, 1.0, -2.0), "sum(abs(x[i]), i)", "x[j]", "wrong formula"),
        (lambda x: np.where(x == 0, 3, np.sign(x)), "sum(abs(x[i]), i)", "x[j]", "wrong at zeros"),
        (lambda x: (np.arange(len(x)) == x.argmax()) * 1.0, "max(x[i], i)", "x[j]", ""),
    ],
)  # fmt: skip
def test_a_gradient_of_a_formula(function: Any, of: str, wrt: Any, said: str) -> None:
    report = check_gradient(function, of, wrt=wrt)
    assert report.holds is not bool(said), report.text()
    assert said in report.verdict, report.text()


@pytest.mark.parametrize(
    ("function", "of", "said"),
    [
        (lambda z, y: one_row(z, y - 1), "cross-entropy", "y counts from 1; labels count from 0"),
        (lambda z, y: probabilities(z) + np.eye(len(z))[y], "cross-entropy",
         "the term −δ_{ky} has the other sign"),
        (lambda z, y: -np.eye(len(z))[y], "cross-entropy", "the term pₖ is missing"),
        (lambda z: np.diag(probabilities(z) * (1 - probabilities(z))), "softmax",
         "its entries off the diagonal are 0"),
        (lambda x: 1 / (1 + np.exp(-x)), "sigmoid", "the factor 1 − s is missing"),
        (lambda W, x, b, y: one_row(W @ x + b, y)[:, None] + 0 * W, "cross-entropy-linear",
         "the factor x_c is missing"),
        (lambda z, y: probabilities(z) - np.eye(z.shape[-1])[y], "cross-entropy-logits-batch-mean",
         "N times what is wanted; a sum for a mean?"),
    ],
)  # fmt: skip
def test_the_mistake_is_guessed(function: Any, of: str, said: str) -> None:
    report = check_gradient(function, of)
    assert said in report.verdict
    assert said in repr(report)  # which is what pytest shows of a test that fails
    assert "\n" not in repr(report)
    assert str(report) == report.text()


def without_the_last(x: Array) -> Array:
    g = 2 * x
    g[-1] = 0  # of a batch the last row, which is not the one that is looked at
    return g


@pytest.mark.parametrize("slope", [without_the_last, lambda x: 2 * x * np.arange(1, 1 + len(x))])
def test_of_a_batch_each_row_is_looked_at(slope: Any) -> None:
    report = check_gradient(slope, of="sum(x[i]**2, i)", wrt="x[j]")
    assert report.verdict.startswith("wrong formula")


def test_no_factor_is_guessed_that_would_have_to_make_something_of_0() -> None:
    leaky = check_gradient(lambda x: np.where(x > 0, 1, 0.01), of="max(x, 0)", wrt="x")
    assert leaky.verdict == "wrong formula"


def test_a_formula_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(
        "def right(x):\n    return 3 * x**2\ndef wrong(x):\n    return 2 * x**2\n", encoding="utf-8"
    )
    for name, status in (("right", 0), ("wrong", 1)):
        asked = ["--against", f"{mine}:{name}", "--function", "sum(x[i]**3, i)", "--wrt", "x[j]"]
        assert run(["verify", *asked]) == status
    said = capsys.readouterr().out
    assert "the derivative of sum(x[i]**3, i) by x[j]" in said
    assert "0.666667 times what is wanted" in said
    with pytest.raises(Mistake, match="a formula goes with wrt"):
        check_gradient(one_row, "sum(z[i]**3, i)")


def test_facts_go_with_a_formula() -> None:
    with pytest.raises(Mistake, match="wrt"):
        check_gradient(one_row, "cross-entropy", assume=["x > 0"])
    assert check_gradient(lambda x: 1 / x, "log(x)", wrt="x", assume=["x > 0"]).holds


def test_the_tolerance_is_what_was_asked() -> None:
    def rough(z: Array, y: int) -> Array:
        return one_row(z, y) * (1 + 1e-5)

    assert not check_gradient(rough, "cross-entropy").holds
    assert check_gradient(rough, "cross-entropy", rtol=1e-4).holds
    assert symderiv.check_gradient is check_gradient


def test_a_file_and_what_is_noticed_besides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine_here.py").write_text(
        "from symderiv.functions import relu_derivative\n"
        "def slope(x):\n    print('noise')\n    return relu_derivative(x)\n",
        encoding="utf-8",
    )
    for spec in ("mine_here:slope", "mine_here.py:slope"):
        report = check_gradient(spec, "relu")
        assert report.holds
        assert report.notes == ("it prints",)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("spec", "name", "said"),
    [
        ("nocolon", "softmax", "module:function"),
        ("no_such_module_here:f", "softmax", "cannot be imported"),
        ("nothing.py:f", "softmax", "there is no file"),
        ("math:nope", "softmax", "has no 'nope'"),
        ("math:pi", "softmax", "no function"),
        ("math:exp", "sofmax", "softmax"),
    ],
)
def test_refusals(spec: str, name: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        check_gradient(spec, name)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("mse", "mean_squared_error_gradient"),
        ("MSE-value", "mean_squared_error"),
        ("ce", "cross_entropy_gradient"),
        ("swish", "silu_derivative"),
        ("softmax-jacobian", "softmax_jacobian"),
    ],
)
def test_functions_are_named_as_in_the_catalogue(asked: str, meant: str) -> None:
    assert computes(asked) == meant


# -- where there is no value, in a docstring ---------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("1/x[5]", "no value at x[4] = 0 (there it is inf)"),
        ("sum(X[i,j]**2, (i,1,3), (j,1,5))/X[2,3]", "no value at X[1, 2] = 0 (there it is"),
        ("1/(x - a)", "no value at x = "),
    ],
)
def test_a_docstring_names_the_place_without_a_value(formula: str, said: str) -> None:
    letter = "X[p,q]" if "X" in formula else "x[p]" if "x[" in formula else "x"
    source = derivation_source(symderiv.derive(f"L = {formula}", wrt=letter))
    assert said in " ".join(source.split())
    assert "no value at (" not in " ".join(source.split())


def test_a_number_beyond_all_floats_is_a_value() -> None:
    source = derivation_source(symderiv.derive("L = sum(exp(x[i]*x[j]), i, j)", wrt="x[r]"))
    assert "no value" not in source


def test_a_report_is_true_where_it_holds() -> None:
    """So that an assertion of the report itself does not pass whatever was found."""
    assert symderiv.check_gradient(lambda x: 3 * x**2, of="sum(x[i]**3, i)", wrt="x[j]")
    assert not symderiv.check_gradient(lambda x: x**2, of="sum(x[i]**3, i)", wrt="x[j]")
