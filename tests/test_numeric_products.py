"""Products with Jacobians against mpmath: within their stated bound at any size of p and v."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import numeric

pytestmark = pytest.mark.usefixtures("passes")

DIGITS = 760  # 1 - p is wanted to the last digit where p differs from 1 by e^-1500

HARD = [
    ([0, -740], [0, 1e3]),
    ([0, -100], [0, 1e3]),
    ([0, -104], [0, 1e5]),
    ([0, -746], [0, 1e30]),
    ([40, 0, 0.3], [1, 0, 0]),
    ([40, 0, 0.3], [0, 1, 0]),
    ([700, 0.1, 0], [1, 0, 0]),
    ([0, -np.inf, 1], [1, 2, 3]),
    ([1e4, 1e4 - 30], [1, 2]),
    ([0], [3]),
    ([0, 0], ["max", "-max"]),
    ([0, 0], ["max", "max"]),
    ([0, -740], ["max", 0]),
    ([0, -1400], [0, "max"]),
    ([0, -95, -100], ["max", "max", 0]),
    ([80, -60, 0], ["max", "-max", 3]),
]


def sizes(name: str, z: Any, v: Any) -> tuple[list[Any], list[Any]]:
    """The exact product, and the size of what is added up, in which the bound is stated."""
    e = [mpmath.exp(mpmath.mpf(float(x))) if x > -np.inf else mpmath.mpf(0) for x in z]
    p, every = [x / mpmath.fsum(e) for x in e], range(len(e))
    q = [mpmath.fsum(p[k] for k in every if k != i) for i in every]
    v = [mpmath.mpf(float(x)) for x in v]
    if name == "log_jacobian_transposed_product":
        size = [mpmath.fsum(abs(v[k]) for k in every if k != i) for i in every]
        rest = [mpmath.fsum(v[k] for k in every if k != i) for i in every]
        exact = [v[i] * q[i] - p[i] * rest[i] for i in every]
        half = [1 if p[i] <= 0.5 else q[i] for i in every]
        return exact, [abs(v[i]) * half[i] + p[i] * size[i] for i in every]
    top = max(every, key=lambda i: p[i])
    w = [x - v[top] if p[top] > 0.5 else x for x in v]
    mean = mpmath.fsum(a * b for a, b in zip(p, w, strict=True))
    size = mpmath.fsum(a * abs(b) for a, b in zip(p, w, strict=True))
    factor = p if name == "jacobian_product" else [1] * len(p)
    exact = [factor[i] * (w[i] - mean) for i in every]
    return exact, [factor[i] * (abs(w[i]) + size) for i in every]


PRODUCTS = ("jacobian_product", "log_jacobian_product", "log_jacobian_transposed_product")


def check(name: str, z: Any, v: Any) -> None:
    product = getattr(numeric, name)(z, v)
    assert product.dtype == z.dtype
    info = np.finfo(z.dtype)
    with mpmath.workdps(DIGITS):
        exact, size = sizes(name, z, v)
        for value, true, unit in zip(product, exact, size, strict=True):
            if abs(true) >= float(info.max):
                assert np.isinf(value)
                continue
            ulp = float(np.spacing(z.dtype.type(min(float(unit), float(info.max) / 2))))
            assert np.isfinite(value), (name, z, v)
            assert abs(mpmath.mpf(float(value)) - true) <= 8 * ulp, (name, z, v)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize(("z", "v"), HARD)
def test_hard_rows(name: str, dtype: type, z: list[Any], v: list[Any]) -> None:
    most = float(np.finfo(dtype).max) * 0.6
    given = [{"max": most, "-max": -most}.get(x, x) for x in v]
    check(name, np.array(z, dtype), np.array(given, dtype))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("width", [2, 3, 10, 40])
def test_random_rows(name: str, dtype: type, width: int) -> None:
    rng = np.random.default_rng(width)
    for scale in (0.01, 1, 30, 300):
        for _ in range(3):
            z = (rng.normal(size=width) * scale).astype(dtype)
            check(name, z, rng.normal(size=width).astype(dtype))
            check(name, z, np.eye(width, dtype=dtype)[rng.integers(width)])
            powers = 10.0 ** rng.integers(-10, 10, width)
            check(name, z, (rng.normal(size=width) * powers).astype(dtype))


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_wider_type_wins_as_in_numpy(name: str) -> None:
    z, v = np.zeros(2, np.float32), np.array([1e300, 1.0])
    product = getattr(numeric, name)(z, v)
    assert product.dtype == np.float64
    np.testing.assert_array_equal(product, getattr(numeric, name)(z.astype(np.float64), v))


@pytest.mark.parametrize("name", PRODUCTS)
def test_nan_stays_in_its_row(name: str) -> None:
    z, v = np.zeros((3, 4)), np.arange(12.0).reshape(3, 4)
    z[0, 1] = v[2, 3] = np.nan
    product = getattr(numeric, name)(z, v)
    assert np.isnan(product[0]).any()
    assert np.isnan(product[2]).any()
    np.testing.assert_array_equal(product[1], getattr(numeric, name)(z[1], v[1]))


def test_adjoint() -> None:
    rng = np.random.default_rng(5)
    z, v, u = rng.normal(size=(3, 7, 50))
    left = (u * numeric.log_jacobian_product(z, v)).sum(-1)
    right = (v * numeric.log_jacobian_transposed_product(z, u)).sum(-1)
    np.testing.assert_allclose(left, right, rtol=1e-12)
    matrix = numeric.log_jacobian(z)
    np.testing.assert_allclose(
        numeric.log_jacobian_product(z, v), np.einsum("nij,nj->ni", matrix, v), atol=1e-13
    )
