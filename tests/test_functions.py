"""symderiv.functions: what is generated stands there, exact at hard points, well behaved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv import catalogue, functions
from symderiv.emit.catalogue import ABOUT
from symderiv.emit.family import family
from symderiv.emit.module import file_of, functions_of
from symderiv.verification.report import BOUNDS
from symderiv.verification.tried import Trial, check
from tests.target_libraries import functions as programs
from tests.target_libraries import of_entry

ROWS = [
    [0.0],
    [2.0, 1.0, 0.1],
    [37.43, 0.0],
    [0.0, 37.43, 0.3],
    [1e4, 1e4 + 1, 1e4 - 3],
    [1000.0, 0.0, -1000.0],
    [700.0, 0.0],
    [5.0, 5.0, 5.0],
    [1e308, 0.0, -1e308],
    [0.0, -np.inf, 2.0],
    [-np.inf, -3.0, -np.inf, 4.0],
]
Array = np.ndarray[Any, Any]


def test_what_is_generated_is_what_stands_there() -> None:
    path = Path(functions.__file__)
    assert path.read_text(encoding="utf-8") == file_of(
        list(programs().values()), ABOUT, strict=True
    )


def test_one_array_of_a_chosen_length_takes_no_other() -> None:
    answer = symderiv.derive("sum(x[i]**2, (i, 1, 3))", wrt="x[j]")
    program = next(m.program for m in family(answer, "f") if m.part == "value")
    made = functions_of(file_of([program], ABOUT, strict=True))[program.name]
    np.testing.assert_array_equal(made(np.ones((4, 3))), 3 * np.ones(4))
    for length in (1, 2, 4):
        with pytest.raises(ValueError, match="x takes"):
            made(np.ones(length))
    assert sorted(programs()) == functions.__all__


@pytest.mark.parametrize("name", catalogue.functions())
def test_every_function_gives_its_exact_values(name: str) -> None:
    """Those of one entry are held against the same values, each worked out once."""
    trial = Trial()
    for called, program in of_entry(name).items():
        check(getattr(functions, called), program, trial)


class Exact:
    """Softmax and what is made of it, by the definitions, with digits enough for e^-2000."""

    def __init__(self, z: list[float]) -> None:
        with mpmath.workdps(2000):
            top = max(z)
            shifted = [mpmath.mpf(v) - mpmath.mpf(top) for v in z]
            e = [mpmath.exp(v) if v > -5000 else mpmath.mpf(0) for v in shifted]
            s = mpmath.fsum(e)
            self.p = [x / s for x in e]
            self.rest = [(s - x) / s for x in e]  # 2000 digits are enough for that
            total = mpmath.log(s)
            self.loss = [total - v for v in shifted]


def close(found: Any, exact: list[Any], dtype: str) -> None:
    """Within the bound, relative to each value, where that is a normal number."""
    tiny, bound = float(np.finfo(dtype).tiny), BOUNDS[dtype]
    for a, b in zip(np.ravel(found), exact, strict=True):
        if mpmath.isinf(b) or abs(b) > np.finfo(dtype).max:
            assert np.isinf(a)
        else:
            assert abs(mpmath.mpf(float(a)) - b) <= bound * abs(b) + tiny, (a, b)


def narrowed(row: list[float], dtype: str) -> list[float]:
    with np.errstate(over="ignore"):
        z = np.asarray(row, dtype)
    return [float(v) for v in np.nan_to_num(z, posinf=3e38, neginf=-np.inf)]


@pytest.mark.parametrize("dtype", BOUNDS)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_no_digit_is_lost_of_softmax_and_of_what_is_made_of_it(
    row: list[float], dtype: str
) -> None:
    row = narrowed(row, dtype)
    z, exact = np.asarray(row, dtype), Exact(row)
    K = len(row)
    close(functions.softmax(z), exact.p, dtype)
    pairs = [
        (i, j, exact.p[i] * exact.rest[i] if i == j else -exact.p[i] * exact.p[j])
        for i in range(K)
        for j in range(K)
    ]
    close(functions.softmax_jacobian(z), [v for *_, v in pairs], dtype)
    close(functions.cross_entropy_hessian(z), [v for *_, v in pairs], dtype)
    logs = [exact.rest[i] if i == j else -exact.p[j] for i in range(K) for j in range(K)]
    close(functions.log_softmax_jacobian(z), logs, dtype)
    for y in range(K):
        gradient = [-exact.rest[k] if k == y else exact.p[k] for k in range(K)]
        close(functions.cross_entropy_gradient(z, y), gradient, dtype)
        if not np.isneginf(z[y]):
            close(functions.cross_entropy(z, y), [exact.loss[y]], dtype)
            loss, slope = functions.cross_entropy_and_gradient(z, y)
            close(loss, [exact.loss[y]], dtype)
            close(slope, gradient, dtype)


@pytest.mark.parametrize("K", [1, 2, 1000, 10_000])
@pytest.mark.parametrize("spread", [1.0, 30.0])
def test_wide_rows(K: int, spread: float) -> None:
    z = np.random.default_rng(K).normal(0, spread, K) + 1e4
    exact = Exact([float(v) for v in z]) if K <= 1000 else None
    if exact is None:  # enough digits for what is spread so little
        with mpmath.workdps(400):
            e = [mpmath.exp(mpmath.mpf(v) - 10_000) for v in z]
            s = mpmath.fsum(e)
            close(functions.softmax(z), [x / s for x in e], "float64")
            close(functions.cross_entropy(z, 3), [mpmath.log(s / e[3])], "float64")
        return
    close(functions.softmax(z), exact.p, "float64")
    close(functions.cross_entropy(z, 0), [exact.loss[0]], "float64")
    y = int(z.argmax())
    close(functions.cross_entropy_gradient(z, y)[y], [-exact.rest[y]], "float64")


@pytest.mark.parametrize("x", [0.0, 1e-9, -1e-9, 0.5, -3.0, 20.0, -40.0, 700.0, -700.0, 1e6, -1e6])
def test_functions_of_one_number(x: float) -> None:
    with mpmath.workdps(1200):
        X = mpmath.mpf(x)
        s = 1 / (1 + mpmath.exp(-X)) if X > -2000 else mpmath.mpf(0)
        t = mpmath.tanh(X)
        phi = (1 + mpmath.erf(X / mpmath.sqrt(2))) / 2
        wanted = {
            "sigmoid": s, "sigmoid_derivative": s * (1 - s),
            "softplus": mpmath.log(1 + mpmath.exp(X)) if X < 2000 else X, "tanh": t,
            "tanh_derivative": 1 - t**2, "silu": X * s,
            "log_sigmoid": -mpmath.log(1 + mpmath.exp(-X)) if X > -2000 else X,
            "log_cosh": mpmath.log(mpmath.cosh(X)) if abs(X) < 2000 else abs(X) - mpmath.log(2),
            "gelu": X * phi, "relu": max(X, mpmath.mpf(0)),
        }  # fmt: skip
        for name, exact in wanted.items():
            close(getattr(functions, name)(x), [exact], "float64")


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_leading_axes_are_a_batch() -> None:
    z, v = rng().normal(size=(2, 3, 4)), rng().normal(size=(2, 3, 4))
    y = rng().integers(0, 4, (2, 3))
    calls = [
        (functions.softmax_jacobian, (z,)), (functions.softmax_jvp, (z, v)),
        (functions.cross_entropy_gradient, (z, y)), (functions.entropy_gradient, (z,)),
        (functions.layer_normalisation_jacobian, (z, np.full((2, 3), 0.1))),
        (functions.cross_entropy, (z, y)), (functions.softmax_with_temperature, (z, v[..., 0]**2)),
    ]  # fmt: skip
    for function, arrays in calls:
        whole = function(*arrays)
        for place in np.ndindex(2, 3):
            one = function(*(a[place] for a in arrays))
            np.testing.assert_allclose(whole[place], one, rtol=1e-13, atol=1e-300)
    W, x, b = rng().normal(size=(4, 5)), rng().normal(size=(3, 5)), rng().normal(size=4)
    whole = functions.cross_entropy_linear_gradient_W(W, x, b, y[0])
    for n in range(3):
        one = functions.cross_entropy_linear_gradient_W(W, x[n], b, y[0, n])
        np.testing.assert_allclose(whole[n], one, rtol=1e-13)
    stacked = functions.quadratic_form_gradient(x, rng().normal(size=(3, 5, 5)))
    assert stacked.shape == (3, 5)


def test_single_precision_stays() -> None:
    z = rng().normal(size=(3, 4)).astype(np.float32)
    y = np.array([0, 1, 3])
    for found in (
        functions.softmax(z), functions.softmax_jacobian(z), functions.cross_entropy(z, y),
        functions.cross_entropy_gradient(z, y), functions.softmax_with_temperature(z, 2.0),
        functions.gelu(z), functions.layer_normalisation(z, 1e-5), functions.relu_derivative(z),
        functions.hinge(z.T @ z, z[0], 2), functions.sigmoid(z),
    ):  # fmt: skip
        assert np.asarray(found).dtype == np.float32
    assert functions.softmax([1, 2]).dtype == np.float64
    assert functions.softmax(np.array([1, 2], np.int8)).dtype == np.float64


def test_arguments_are_not_changed_and_results_are_new() -> None:
    z, y = rng().normal(size=(3, 4)), np.array([0, 1, 2])
    kept = z.copy()
    functions.cross_entropy_and_gradient(z, y)
    functions.softmax_jacobian(z)
    np.testing.assert_array_equal(z, kept)
    A = rng().normal(size=(2, 2))
    gradient = functions.trace_product_gradient(A)
    gradient[...] = 0
    assert A.any()


@pytest.mark.parametrize(
    ("name", "given", "error", "said"),
    [
        ("softmax", ("text",), TypeError, "z takes real numbers"),
        ("softmax", ([1j, 2],), TypeError, "z takes real numbers, not complex128"),
        ("softmax", (1.0,), ValueError, r"z takes \(..., K\), not \(\)"),
        ("cross_entropy", ([1.0, 2.0], 2), IndexError, "y takes integers from 0 to 1"),
        ("cross_entropy", ([1.0, 2.0], -1), IndexError, "y takes integers from 0 to 1"),
        ("cross_entropy", ([1.0, 2.0], 0.5), TypeError, "y takes integers"),
        (
            "cross_entropy_soft",
            ([1.0, 2.0], [1.0]),
            ValueError,
            r"^y takes \(\.\.\., K=2\), not \(1,\)",
        ),
        ("cross_entropy_soft_gradient", ([1.0, 2.0], [1.0, 1.0]), ValueError, "y must sum to 1"),
        (
            "quadratic_form",
            ([1.0, 2.0], [[1.0, 2.0]]),
            ValueError,
            r"^A takes \(\.\.\., K=2, K=2\), not \(1, 2\)",
        ),
        (
            "bilinear_form",
            ([1.0], [1.0], [1.0]),
            ValueError,
            r"^X takes \(\.\.\., K=1, M\), not \(1,\)",
        ),
        ("cross_entropy", ([[1.0, 2.0]] * 3, [0, 1]), ValueError, r"\(3,\).*\(2,\)"),
    ],
)
def test_what_does_not_fit_is_said(
    name: str, given: tuple[Any, ...], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        getattr(functions, name)(*given)


@pytest.mark.filterwarnings("error")
def test_legal_input_gives_no_warning() -> None:
    z = np.array([[1000.0, -1000.0, 0.0], [0.0, -np.inf, 5.0], [1e4, 37.0, 0.0]])
    y = np.array([0, 2, 1])
    functions.softmax_jacobian(z)
    functions.cross_entropy_and_gradient(z, y)
    functions.logsumexp_and_gradient(z)
    functions.entropy_gradient(z[[0, 2]])
    for name in ("sigmoid", "softplus", "silu_derivative", "gelu", "log_cosh", "tanh_derivative"):
        getattr(functions, name)(np.array([-1e4, -1.0, 0.0, 1e4]))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "row", [[1e308, -1e308, 0.0], [-1.7e308, 1.7e308, 1e308], [1e308, 1e308, -1e308]]
)
def test_logits_whose_differences_overflow_give_no_warning(row: list[float]) -> None:
    """The shift leaves -inf there, whose exponential is 0: shares are of the largest alone."""
    z = np.array(row)
    top = z == z.max()
    np.testing.assert_array_equal(functions.softmax(z), top / top.sum())
    np.testing.assert_array_equal(functions.logsumexp(z), z.max())
    np.testing.assert_array_equal(functions.entropy(z), np.log(top.sum()))
    p = top / top.sum()
    for name in ("softmax_jacobian", "logsumexp_hessian"):
        made = getattr(functions, name)(z)
        np.testing.assert_allclose(made, np.diag(p) - np.outer(p, p), atol=1e-16)
    for y in range(3):
        slope = functions.cross_entropy_gradient(z, y)
        np.testing.assert_allclose(slope, p - np.eye(3)[y], atol=1e-16)
    np.testing.assert_array_equal(functions.gelu_derivative(np.array([1e200, -1e200])), [1, 0])


def test_a_matrix_of_functions_has_the_batch_of_either_variable() -> None:
    x1, x2 = np.array([0.5, 1.5]), np.array(2.0)
    one = functions.vector_function_jacobian
    np.testing.assert_array_equal(one(x1, x2), [one(x, 2.0) for x in x1])
    np.testing.assert_array_equal(one(x2, x1), [one(2.0, x) for x in x1])
