"""Sums of rows to the last digit, and what stands on them: nothing is lost beside a large term."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv import numeric
from symderiv.numeric.sums import row_sums

pytestmark = pytest.mark.usefixtures("passes")

WIDTHS = (1, 2, 3, 4, 10, 31, 32, 33, 129, 200, 255, 256, 259, 1000, 10_003)
JUST_LOST = (-36.65, -36.75, -36.9, -37.3, -38.2)  # e^d is about half a unit in the last place of 1


def worst(e: Any) -> float:
    """Of the row sums, in roundings of the sum of magnitudes."""
    exact = np.array([math.fsum(row) for row in e.tolist()])
    size = np.array([math.fsum(np.abs(row)) for row in e.tolist()])
    off: float = np.max(np.abs(row_sums(e) - exact) / np.where(size > 0, size, 1)) * 2**53
    return off


@pytest.mark.parametrize("width", WIDTHS)
def test_alike_terms_beside_a_large_one(width: int) -> None:
    rng = np.random.default_rng(width)
    for depth in (0, -5, -20.3, *JUST_LOST, -700):
        z = np.full((4, width), float(depth))
        z[0, 0] = z[1, width // 2] = z[2, 0] = z[2, -1] = 0
        z[3] = rng.normal(size=width) * 0.3 + depth
        assert worst(np.exp(z)) <= 3
    assert worst(rng.normal(size=(9, width))) <= 3
    assert worst(np.exp(rng.normal(size=(9, width)) * 100)) <= 3  # rows of very different size


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.integers(0, 2**32), st.floats(0, 40))
def test_any_row(width: int, seed: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    assert (
        worst(rng.choice([-1.0, 1.0], (3, width)) * np.exp(rng.normal(size=(3, width)) * spread))
        <= 3
    )


def ulps(value: Any, exact: Any, dtype: Any) -> float:
    return float(abs(mpmath.mpf(float(value)) - exact) / float(np.spacing(dtype(float(exact)))))


@pytest.mark.parametrize("width", [10, 31, 128, 1000, 10_000])
@pytest.mark.parametrize("depth", JUST_LOST)
def test_softmax_beside_a_large_logit(width: int, depth: float) -> None:
    z = np.full(width, depth)
    z[0] = 0
    v = np.zeros(width)
    v[1] = 1
    with mpmath.workdps(60):
        e = mpmath.exp(mpmath.mpf(depth))
        total = 1 + (width - 1) * e
        first, other = 1 / total, e / total
        p = numeric.softmax(z)
        assert ulps(p[0], first, np.float64) <= 5
        assert ulps(p[1], other, np.float64) <= 5
        assert ulps(numeric.label_gradient(z, 1)[0], first, np.float64) <= 5
        assert ulps(numeric.jacobian_diagonal(z)[0], first * (1 - first), np.float64) <= 5
        assert ulps(-numeric.jacobian_entry(z, 0, 1), first * other, np.float64) <= 9
        assert ulps(-numeric.jacobian_product(z, v)[0], first * other, np.float64) <= 9


@pytest.mark.parametrize(
    ("dtype", "width", "depth"),
    [(np.float32, k, d) for k in (2, 10, 1000, 10_001) for d in (-88, -90, -95, -100, -103.9)]
    + [(np.float64, k, d) for k in (2, 1000, 10_001) for d in (-708, -717.25, -735, -745, -746)],
)
def test_loss_and_gradient_where_all_others_are_subnormal(
    dtype: Any, width: int, depth: float
) -> None:
    z = np.full(width, depth, dtype)
    z[0] = 0
    with mpmath.workdps(60):
        ratio = (width - 1) * mpmath.exp(mpmath.mpf(float(z[1])))
        loss, gradient = numeric.label_loss_and_gradient(z, 0)
        assert ulps(loss, mpmath.log1p(ratio), dtype) <= 4
        assert ulps(-numeric.log_softmax(z)[0], mpmath.log1p(ratio), dtype) <= 4
        assert ulps(-gradient[0], ratio / (1 + ratio), dtype) <= 5
        assert ulps(numeric.complement(z)[0], ratio / (1 + ratio), dtype) <= 5
        assert ulps(numeric.jacobian_entry(z, 0, 0), ratio / (1 + ratio) ** 2, dtype) <= 5


def test_a_row_that_is_not_finite_spoils_no_other() -> None:
    z = np.array([[np.nan, 0.0], [-np.inf, 0.0], [1e308, -1e308]])
    y = np.array([[0.5, 0.5], [0.0, 1.0], [1.0, 0.0]])
    loss = numeric.target_loss(z, y)
    np.testing.assert_array_equal(loss, [np.nan, 0, 0])
    np.testing.assert_array_equal(numeric.target_loss_and_gradient(z, y)[0], loss)


def test_millions_of_alike_terms() -> None:
    e = np.full((1, 4_500_000), 4.3e-16)
    e[0, 0] = 1
    assert worst(e) <= 3


# found by hill climbing: rows whose exponentials are all rounded to the worse side
WORST = (
    "-30.076558730434794 5.564342326871744 0.006945980557786058 -4.0269035838581795 "
    "-30.119737147274094",
    "1.392250899351854 -5.873911197626293 -2.770788082433433 -5.543931540212662 "
    "-3.8908926839861295",
    "-3.4609183845580778 1.4219794943494497 -29.952370424476385 3.475787645126068 "
    "-3.3862924326755803",
)


@pytest.mark.parametrize("row", WORST)
def test_rows_that_a_search_found(row: str) -> None:
    logits = [float(x) for x in row.split()]
    for z in (np.array(logits), np.tile(logits, (64, 1))):
        with mpmath.workdps(60):
            e = [mpmath.exp(mpmath.mpf(x)) for x in logits]
            p = [x / mpmath.fsum(e) for x in e]
            values = np.atleast_2d(numeric.softmax(z))[0]
            assert max(ulps(a, b, np.float64) for a, b in zip(values, p, strict=True)) <= 5
            for y in range(len(logits)):
                labels = np.full(z.shape[:-1], y)
                gradient = np.atleast_2d(numeric.label_gradient(z, labels))[0]
                exact = [b - (k == y) for k, b in enumerate(p)]
                off = max(ulps(a, b, np.float64) for a, b in zip(gradient, exact, strict=True))
                assert off <= 5
