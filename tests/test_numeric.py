"""The atoms: exact to their bounds, careful with what they are given, and clear in refusing."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from symderiv import numeric
from symderiv.verification.exact import DIGITS, Exact, precise, ulps
from symderiv.verification.points import points

pytestmark = pytest.mark.usefixtures("passes")

DTYPES = [np.float64, np.float32]
Array = np.ndarray[Any, Any]


@pytest.fixture(autouse=True)
def no_warning() -> Iterator[None]:
    with warnings.catch_warnings(), mpmath.workdps(DIGITS):
        warnings.simplefilter("error")
        yield


# name: (of logits, exact, bound in ulp)
OF_LOGITS: dict[str, tuple[Callable[[Any], Any], Callable[[Exact], Any], float]] = {
    "softmax": (numeric.softmax, lambda x: x.p, 5),
    "complement": (numeric.complement, lambda x: x.q, 5),
    "log_softmax": (numeric.log_softmax, lambda x: -x.loss, 4),
    "jacobian_diagonal": (numeric.jacobian_diagonal, lambda x: x.p * x.q, 5),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", OF_LOGITS)
def test_atoms_of_logits(name: str, dtype: Any) -> None:
    function, exact, bound = OF_LOGITS[name]
    for point in points(dtype, widest=2000):
        value = function(point.z)
        assert value.dtype == dtype
        far = ulps(value, exact(Exact(point.z)), dtype).max()
        assert far <= bound, f"{name}: {far:.3g} ulp at {point.kind}: {point.z[:5]}"


@pytest.mark.parametrize("dtype", DTYPES)
def test_losses_and_gradients(dtype: Any) -> None:
    for point in points(dtype, widest=2000):
        x, t = Exact(point.z), precise(point.target)
        for y in point.labels:
            loss, gradient = numeric.label_loss_and_gradient(point.z, y)
            assert ulps(loss, x.loss[y], dtype).max() <= 4, (point.kind, y)
            assert ulps(gradient, x.gradient(y), dtype).max() <= 5, (point.kind, y)
            assert numeric.label_loss(point.z, y) == loss
        loss, gradient = numeric.target_loss_and_gradient(point.z, point.target)
        exact = mpmath.fsum(a * b for a, b in zip(t, x.loss, strict=True) if a)
        assert ulps(loss, exact, dtype).max() <= 4, point.kind
        assert numeric.target_loss(point.z, point.target) == loss
        difference = x.p - t
        difference[x.top] = (1 - t[x.top]) - x.q[x.top]
        assert ulps(gradient, difference, dtype, scale=np.maximum(x.p, t)).max() <= 5, point.kind


@pytest.mark.parametrize("dtype", DTYPES)
def test_jacobian_and_products(dtype: Any) -> None:
    for point in points(dtype, widest=60):
        x, width = Exact(point.z), len(point.z)
        if width <= 60:
            i, j = np.indices((width, width))
            jacobian = numeric.jacobian(point.z)
            far = ulps(jacobian, x.jacobian(i, j), dtype)
            assert np.diag(far).max() <= 5, point.kind
            assert far.max() <= 9, point.kind
            for a, b in ((0, 0), (0, width - 1), (width - 1, 0)):
                entry = numeric.jacobian_entry(point.z, a, b)
                assert ulps(entry, x.jacobian(i, j)[a, b], dtype).max() <= (5 if a == b else 9)
        w = precise(point.direction) - precise(point.direction)[x.top]
        mean = mpmath.fsum(x.p * w)
        size = x.p * (abs(w) + mpmath.fsum(x.p * abs(w)))
        product = numeric.jacobian_product(point.z, point.direction)
        assert ulps(product, x.p * (w - mean), dtype, scale=size).max() <= 8, point.kind


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["sigmoid", "softplus", "log_sigmoid"])
def test_logistic(name: str, dtype: Any) -> None:
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.normal(size=300) * s for s in (1e-6, 1, 30, 400)])
    x = np.concatenate([x, [0, -0.0, 37.5, -87.5, -103, -708, -744, 1e30, -1e30]]).astype(dtype)
    big = precise(x)
    exact = {
        "sigmoid": lambda t: 1 / (1 + mpmath.exp(-t)),
        "softplus": lambda t: (
            mpmath.log1p(mpmath.exp(t)) if t < 90 else t + mpmath.log1p(mpmath.exp(-t))
        ),
        "log_sigmoid": lambda t: (
            -mpmath.log1p(mpmath.exp(-t)) if t > -90 else t - mpmath.log1p(mpmath.exp(t))
        ),
    }[name]
    with mpmath.workdps(500):
        wanted = np.array([exact(t) for t in big], dtype=object)
    assert ulps(getattr(numeric, name)(x), wanted, dtype).max() <= 4
    ends = getattr(numeric, name)(np.array([-np.inf, np.inf, np.nan], dtype))
    assert (
        ends.tolist()[:2]
        == {"sigmoid": [0, 1], "softplus": [0, np.inf], "log_sigmoid": [-np.inf, 0]}[name]
    )
    assert np.isnan(ends[2])


def test_the_hard_cases_one_by_one() -> None:
    inf = np.inf
    assert numeric.softmax([1e308, -1e308, 1e308]).tolist() == [0.5, 0, 0.5]
    assert numeric.softmax([0.0, -inf]).tolist() == [1, 0]
    assert numeric.softmax([7]).tolist() == [1]
    assert numeric.label_loss([0.0, -inf], 1) == inf
    assert numeric.label_loss([0.0, -inf], 0) == 0
    loss, gradient = numeric.target_loss_and_gradient([0.0, -inf, 0.0], [0.5, 0, 0.5])
    assert loss == pytest.approx(np.log(2), rel=1e-15)
    assert gradient.tolist() == [0, 0, 0]
    assert numeric.target_loss([0.0, -inf], [0.5, 0.5]) == inf
    assert numeric.logsumexp([[-inf, -inf], [inf, 0], [3, -inf]]).tolist() == [-inf, inf, 3]
    assert numeric.label_loss_and_gradient([5.0], 0)[1].tolist() == [0]
    assert np.isnan(numeric.softmax([[np.nan, 1.0], [0.0, 0.0]])).tolist() == [
        [True] * 2,
        [False] * 2,
    ]


finite = hnp.arrays(
    st.sampled_from(DTYPES),
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=5),
    elements=st.floats(-(2.0**99), 2.0**99, width=32) | st.floats(-20, 20, width=32),
)
UNARY = ["softmax", "complement", "log_softmax", "logsumexp", "jacobian", "jacobian_diagonal"]
LOGISTIC = ["sigmoid", "softplus", "log_sigmoid"]


@settings(deadline=None, max_examples=60)
@given(finite, st.sampled_from(UNARY + LOGISTIC))
def test_batch_out_dtype_and_input(z: Array, name: str) -> None:
    function, before = getattr(numeric, name), z.copy()
    value = np.asarray(function(z))
    assert value.dtype == z.dtype
    assert not np.isnan(value).any()
    assert np.array_equal(z, before)
    if name not in LOGISTIC:
        loop = [np.asarray(function(row)) for row in z.reshape(-1, z.shape[-1])]
        assert np.allclose(
            value.reshape(len(loop), -1), np.reshape(loop, (len(loop), -1)), rtol=1e-6
        )
    out = np.full_like(value, 9)
    assert function(z, out=out) is out
    assert np.array_equal(out, value)
    turned = np.asarray(function(np.asfortranarray(z)))
    assert np.array_equal(turned, value)
    if value.shape == z.shape:
        same = z.copy()
        assert function(same, out=same) is same
        assert np.array_equal(same, value)


@settings(deadline=None, max_examples=60)
@given(finite, st.integers(0, 2**32))
def test_gradients_sum_to_zero_to_rounding(z: Array, seed: int) -> None:
    rng = np.random.default_rng(seed)
    eps, width = np.finfo(z.dtype).eps, z.shape[-1]
    y = rng.integers(0, width, z.shape[:-1])
    loss, gradient = numeric.label_loss_and_gradient(z, y)
    assert (np.abs(gradient.sum(-1, dtype=np.float64)) <= 4 * width * eps).all()
    assert np.shape(loss) == z.shape[:-1]
    assert (np.asarray(loss) >= 0).all()
    assert (np.abs(numeric.jacobian(z).sum(-1, dtype=np.float64)) <= 4 * width * eps).all()
    assert np.array_equal(numeric.label_gradient(z, y), gradient)
    v = rng.normal(size=z.shape).astype(z.dtype)
    direct = np.einsum("...ij,...j->...i", numeric.jacobian(z).astype(float), v.astype(float))
    assert np.allclose(numeric.jacobian_product(z, v), direct, atol=20 * width * eps)


def test_integers_and_lists_are_float64_and_float16_is_float32() -> None:
    assert numeric.softmax([1, 2, 3]).dtype == np.float64
    assert numeric.softmax(np.array([1, 2], np.int8)).dtype == np.float64
    assert numeric.softmax(np.array([1, 2], np.float16)).dtype == np.float32
    assert numeric.softmax(np.array([1, 2], ">f4")).dtype == np.float32
    assert numeric.softmax(np.zeros((0, 3))).shape == (0, 3)
    assert numeric.label_loss_and_gradient(np.zeros((0, 3)), np.zeros(0, int))[1].shape == (0, 3)


@pytest.mark.parametrize("width", [3, 40, 300, 40_000])
@pytest.mark.parametrize("dtype", DTYPES)
def test_blocks_with_a_few_rows_beyond_range(width: int, dtype: Any) -> None:
    rng = np.random.default_rng(width)
    z = (rng.normal(size=(200_000 // width + 3, width)) * 3).astype(dtype)
    z[1] += 2000
    z[-1] -= 2000
    z[2, 0] = -np.inf
    y = rng.integers(0, width, len(z))
    value, (loss, gradient) = numeric.softmax(z), numeric.label_loss_and_gradient(z, y)
    wide = z.astype(np.longdouble)
    e = np.exp(wide - wide.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    eps = np.finfo(dtype).eps
    assert (np.abs(value - p) <= 4 * eps * p + np.finfo(dtype).tiny * eps).all()
    own = p[np.arange(len(z)), y]
    assert np.allclose(
        loss[own > 0], -np.log(own[own > 0]), rtol=1e-5 if dtype == np.float32 else 1e-12
    )
    p[np.arange(len(z)), y] -= 1
    assert np.allclose(gradient, p, rtol=1e-5, atol=2 * eps)


def test_loss_with_gradient_needs_its_result_and_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    for rows, width in ((512, 4000), (8, 100_000)):
        z = np.random.default_rng(0).normal(size=(rows, width))
        y = np.zeros(rows, int)
        tracemalloc.start()
        numeric.label_loss_and_gradient(z, y)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        numeric.jacobian_product(z, z)
        product = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        block = max(1 << 19, 8 * width)
        assert peak <= z.nbytes + block + (1 << 15) + 50 * rows  # a half for each of two threads
        assert product <= z.nbytes + 4 * block + 200 * rows  # two for each of two threads


# what is asked: (type, what the message names)
REFUSALS: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: numeric.softmax(1.0), ValueError, "scalar"),
    (lambda: numeric.softmax(np.zeros((2, 0))), ValueError, r"\(2, 0\).*empty"),
    (lambda: numeric.softmax([1j]), TypeError, "complex128"),
    (lambda: numeric.softmax(np.array([None])), TypeError, "object"),
    (lambda: numeric.softmax(["a"]), TypeError, "<U1"),
    (lambda: numeric.softmax(np.zeros(3, np.longdouble)), TypeError, "float"),
    (lambda: numeric.softmax([[0.0, 1], [-np.inf, -np.inf]]), ValueError, r"z\[1\]"),
    (lambda: numeric.log_softmax([[[0.0, np.inf]]]), ValueError, r"z\[0, 0\]"),
    (lambda: numeric.softmax(np.zeros(3), out=np.zeros(2)), ValueError, r"\(2,\).*\(3,\)"),
    (lambda: numeric.softmax(np.zeros(3), out=np.zeros(3, "f4")), ValueError, "float32"),
    (lambda: numeric.softmax(np.zeros(3), out=[0.0]), TypeError, "list"),  # type: ignore[arg-type]
    (lambda: numeric.label_loss(np.zeros((2, 3)), [0, 3]), IndexError, r"y\[1\] = 3"),
    (lambda: numeric.label_loss(np.zeros((2, 3)), [-1, 0]), IndexError, r"y\[0\] = -1"),
    (lambda: numeric.label_loss(np.zeros(3), 5), IndexError, "y = 5"),
    (lambda: numeric.label_loss(np.zeros((2, 3)), [0, 1, 2]), ValueError, r"\(3,\).*\(2, 3\)"),
    (lambda: numeric.label_loss(np.zeros((2, 3)), [0.0, 1.0]), TypeError, "float64"),
    (lambda: numeric.target_loss(np.zeros((2, 3)), np.zeros(4)), ValueError, r"\(4,\).*\(2, 3\)"),
    (lambda: numeric.target_loss(np.zeros((2, 2)), [[1, 0], [1, 1]]), ValueError, r"y\[1\].*2"),
    (lambda: numeric.jacobian_entry([0.0, 1.0], 2, 0), IndexError, "i = 2"),
    (lambda: numeric.jacobian_entry([0.0, 1.0], 0, 0.5), TypeError, "j"),  # type: ignore[arg-type]
    (lambda: numeric.jacobian_product(np.zeros(3), np.zeros(2)), ValueError, r"\(2,\).*\(3,\)"),
]


@pytest.mark.parametrize(("ask", "error", "named"), REFUSALS)
def test_refusals(ask: Callable[[], Any], error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        ask()
