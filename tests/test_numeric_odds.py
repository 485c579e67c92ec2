"""A class against all others: the stated bounds at hard points, and rows that have no softmax."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import numeric
from symderiv.verification import verify
from symderiv.verification.exact import ulps

DIGITS = 1300  # 1 - p is wanted to the last digit where p differs from 1 by e^-2900
inf = np.inf

HARD = [
    [37.43, 0],
    [40, 0, 0.3],
    [-90, -91.5, -1500],
    [750, 0, 1],
    [0, -740.5, -741],
    [0, -88, -87.5, -103],
    [1400, -1400, 0, 700],
    [0, -inf, 1],
    [1e4, 1e4 - 30, 1e4 - 0.1],
    [0.1, 0.1000001],
    [5, 5, -5, 5],
    [np.log(3000) + 0.1] + [0.01 * (k % 7) for k in range(3000)],  # log K does not show
    [np.log(40)] + [0.0] * 40,
    [41.08951216, 18.39784993, 15.04225653, -7.34360126, -26.38847684, 4.33866784],
    [-0.86777, -3.58139, -4.79215, -0.28569, -5.97387, 5.60951],
]


def exact(z: Any) -> tuple[list[Any], list[Any]]:
    """p and 1 - p, the latter as the sum of the others where they are little."""
    e = [mpmath.exp(mpmath.mpf(float(x))) if x > -inf else mpmath.mpf(0) for x in z]
    s = mpmath.fsum(e)
    top = int(np.argmax(z))
    q = [1 - x / s for x in e]
    q[top] = mpmath.fsum(x for k, x in enumerate(e) if k != top) / s
    return [x / s for x in e], q


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("row", HARD, ids=lambda row: f"{row[:3]}"[:30])
def test_the_odds_within_their_bounds(row: list[float], dtype: Any) -> None:
    z = np.array(row, dtype)
    with mpmath.workdps(DIGITS if len(z) < 10 else 60):
        p, q = exact(z)
        logs = [mpmath.log1p(-x) if x < 0.5 else mpmath.log(y) for x, y in zip(p, q, strict=True)]
        assert ulps(numeric.log_complement(z), logs, dtype).max() <= 8
        rows = range(len(z)) if len(z) < 10 else (0, 1)
        matrix = numeric.odds_jacobian(z[:50])
        for i in rows:
            wanted = [mpmath.mpf(-1) if j == i else x / q[i] for j, x in enumerate(p)]
            assert ulps(numeric.label_odds_gradient(z, i), wanted, dtype).max() <= 5
            if len(z) <= 50:
                assert ulps(matrix[i], wanted, dtype).max() <= 8


@pytest.mark.parametrize("row", [[-inf, -inf], [inf, 0.0], [0.0, inf]])
@pytest.mark.parametrize(
    "odds",
    [lambda z: numeric.label_odds_gradient(z, [1, 0]), numeric.odds_jacobian,
     numeric.log_complement],
)  # fmt: skip
def test_a_row_without_a_softmax_is_named(odds: Any, row: list[float]) -> None:
    with pytest.raises(ValueError, match=r"z\[1\] is -inf everywhere or holds \+inf"):
        odds(np.array([[0.0, 1.0], row]))


def test_nothing_is_left_for_the_others() -> None:
    z = np.array([0.0, -inf])
    assert numeric.label_odds_gradient(z, 0).tolist() == [-1, 0]
    assert numeric.odds_jacobian(z).tolist() == [[-1, 0], [1, -1]]
    assert numeric.log_complement(z).tolist() == [-inf, 0]
    assert numeric.odds_jacobian(np.array([3.0])).tolist() == [[-1]]


def test_the_odds_are_verified() -> None:
    report = verify(["log-complement", "label_odds_gradient", "odds_jacobian"])
    assert report.holds, report.text()
    assert {(line.function, line.bound) for line in report.lines} == {
        ("log_complement", 8),
        ("label_odds_gradient", 5),
        ("odds_jacobian", 8),
    }
