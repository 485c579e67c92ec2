"""The kernels: their exponentials, logarithms and sums against 50 digits, and what they leave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import numeric
from symderiv.numeric import compiled
from symderiv.verification.exact import DIGITS, precise, ulps

DTYPES = [np.float64, np.float32]


@pytest.fixture(autouse=True)
def many_digits() -> Iterator[None]:
    with mpmath.workdps(DIGITS):
        yield


@pytest.fixture
def kernels(needs: Any) -> ModuleType:
    needs("python:numba")
    found = compiled.kernels()
    assert found is not None
    return found


@pytest.mark.parametrize("dtype", DTYPES)
def test_exponentials_within_one_ulp(kernels: ModuleType, dtype: Any) -> None:
    rng = np.random.default_rng(5)
    far = 708 if dtype is np.float64 else 87
    halfway = (np.arange(-900, 900, 1) + 0.5) * np.log(2)  # where the power of two changes
    z = np.concatenate(
        [
            rng.uniform(-far, far, 4000),
            rng.normal(size=2000),
            rng.normal(size=500) * 1e-6,
            halfway[np.abs(halfway) < far],
            [0.0, -0.0, far, -far, 1e-300, -1e-300],
        ]
    ).astype(dtype)
    e = np.empty_like(z)
    assert kernels._fill(z, e)
    exact = np.array([mpmath.exp(t) for t in precise(z)], dtype=object)
    assert ulps(e, exact, dtype).max() <= 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_exponentials_where_the_series_ends(kernels: ModuleType, dtype: Any) -> None:
    z = np.array([-np.inf, -1e308, -1e4, -745.2, -744, -720, -104, -103, -90, 0], np.float64)
    z = np.maximum(z, np.where(np.isinf(z), -np.inf, np.finfo(dtype).min)).astype(dtype)
    e = np.empty_like(z)
    assert not kernels._fill(z, e)
    exact = np.array([mpmath.exp(t) for t in precise(z)], dtype=object)
    assert ulps(e, exact, dtype).max() <= 1
    z, p = z[None], np.empty_like(e)[None]
    assert len(kernels.softmax_rows(z, p)) == 0
    for last in (np.inf, np.nan, 1e4):
        z[0, -1] = last
        assert kernels.softmax_rows(z, p).tolist() == [0]


def test_logarithms_within_one_ulp(kernels: ModuleType) -> None:
    rng = np.random.default_rng(6)
    x = np.concatenate(
        [
            rng.random(3000),
            np.exp(rng.normal(size=3000) * 10),
            np.exp(-700 * rng.random(1000)),
            np.exp(700 * rng.random(1000)),
            2.0 ** np.arange(-1000, 1000) * (1 + 2.0**-40),
            2.0 ** np.arange(60) * np.sqrt(2) - 1,
            [0.0, 5e-324, 1.7e308],
        ]
    )
    value = np.empty_like(x)
    kernels._log1p(x, value)
    exact = np.array([mpmath.log1p(t) for t in precise(x)], dtype=object)
    assert ulps(value, exact, np.float64).max() <= 1


def test_rows_that_are_left_are_done_and_no_others() -> None:
    done: list[list[int]] = []

    @compiled.compiled(writes=1)
    def softmax_rows(z: Any, p: Any) -> None:
        done.append(z[:, 0].tolist())
        p[...] = 7

    z = np.array([[0.0, 1.0], [1e4, 0.0], [2.0, 0.0], [-1e4, -1e4]])
    p = np.zeros_like(z)
    softmax_rows(z, p)
    assert done == ([[1e4, -1e4]] if compiled.kernels() else [z[:, 0].tolist()])
    assert (p[[1, 3]] == 7).all()
    assert z[1, 0] == 1e4


ROWS: dict[str, Callable[..., Any]] = {
    "softmax": lambda z, y, t: numeric.softmax(z),
    "log_softmax": lambda z, y, t: numeric.log_softmax(z),
    "label loss": lambda z, y, t: numeric.label_loss_and_gradient(z, y)[0],
    "label gradient": lambda z, y, t: numeric.label_gradient(z, y),
    "target loss": lambda z, y, t: numeric.target_loss(z, t),
    "target gradient": lambda z, y, t: numeric.target_gradient(z, t),
    "product": lambda z, y, t: numeric.jacobian_product(z, t),
    "log product": lambda z, y, t: numeric.log_jacobian_product(z, t),
    "transposed": lambda z, y, t: numeric.log_jacobian_transposed_product(z, t),
}


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [3, 10, 33, 200])
def test_no_row_sees_its_neighbours(name: str, dtype: Any, width: int) -> None:
    rng = np.random.default_rng(width)
    z = (rng.normal(size=(40, width)) * rng.choice([0.1, 10, 90, 700], (40, 1))).astype(dtype)
    z += rng.choice([0, -60, 1e3], (40, 1)).astype(dtype)
    z[3, 1] = z[4, 0] = z[30, 2] = -np.inf
    y, t = rng.integers(0, width, 40), np.abs(rng.normal(size=(40, width)))
    t = (t / t.sum(-1, keepdims=True)).astype(dtype)
    together = ROWS[name](z, y, t)
    for i in range(40):
        np.testing.assert_array_equal(together[i], ROWS[name](z[i], y[i], t[i]))


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays_of_any_layout(dtype: Any) -> None:
    rng = np.random.default_rng(7)
    z = rng.normal(size=(6, 4, 10)).astype(dtype)
    p = numeric.softmax(z)
    frozen = z.copy()
    frozen.setflags(write=False)
    np.testing.assert_array_equal(numeric.softmax(frozen), p)
    for other in (np.asfortranarray(z), np.repeat(z, 2, axis=2)[..., ::2], z[::-1][::-1]):
        np.testing.assert_allclose(numeric.softmax(other), p, rtol=8 * np.finfo(dtype).eps)
        out = np.empty((6, 10, 4), dtype).swapaxes(1, 2)
        assert numeric.softmax(other, out=out) is out
        np.testing.assert_allclose(out, p, rtol=8 * np.finfo(dtype).eps)
    wider = z.astype(z.dtype.newbyteorder())
    np.testing.assert_array_equal(numeric.softmax(wider), p)


@pytest.mark.parametrize("setting", ["NUMBA_DISABLE_JIT", "none"])
def test_numba_may_be_switched_off_or_missing(setting: str) -> None:
    code = (
        "import os, sys\n"
        f"os.environ[{setting!r}] = '1'\n"
        f"if {setting!r} == 'none': sys.modules['numba'] = None\n"
        "from symderiv.numeric import compiled, softmax\n"
        "assert compiled.kernels() is None\n"
        "assert softmax([0.0, 0.0]).tolist() == [0.5, 0.5]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_where_a_kernel_cannot_be_read_or_made_numpy_does_the_rows(
    kernels: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*arrays: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(kernels, "softmax_rows", damaged)
    assert numeric.softmax([0.0, 0.0]).tolist() == [0.5, 0.5]
