r"""Losses of one sample, written without its index: L = (y_i - t_i)^2, L = -\log\sigma(r_w - r_l).

The slopes beside them are held against finite differences; the wrong ones are off there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import symderiv

rng = np.random.default_rng(3)
N, D = 4, 3
x, y, w = rng.normal(size=(N, D)), rng.integers(0, 2, N), rng.normal(size=D)


def _sigma(a: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-a)))


def _entropies(w: np.ndarray) -> np.ndarray:
    p = _sigma(x @ w)
    return np.asarray(-y * np.log(p) - (1 - y) * np.log(1 - p))


def _slope(function: Callable[[np.ndarray], np.ndarray], at: np.ndarray) -> np.ndarray:
    steps = 1e-6 * np.eye(len(at))
    return np.array([(function(at + h) - function(at - h)) / 2e-6 for h in steps])


LOGISTIC = r"""\[ L = -y_i \log p_i - (1 - y_i) \log(1 - p_i) \] \[ p_i = \sigma(z_i) \]
\[ z_i = \sum_d w_d x_{id} \] \[ J = \frac1N \sum_{i=1}^N L \] """
ERROR = (_sigma(x @ w) - y)[:, None] * x
MEAN = [
    (r"\frac{\partial L}{\partial w_d} = (p_i - y_i) x_{id}", ERROR, False),
    (r"\frac{\partial L}{\partial w_d} = \sum_i (p_i - y_i) x_{id}", ERROR.sum(0), False),
    (r"\frac{\partial J}{\partial w_d} = \frac1N \sum_i (p_i - y_i) x_{id}", ERROR.mean(0), True),
    (r"\frac{\partial J}{\partial w_d} = \sum_i (p_i - y_i) x_{id}", ERROR.sum(0), True),
]


@pytest.mark.parametrize(("line", "value", "mean"), MEAN)
def test_what_is_summed_over_its_own_letter_is_said_of_one(
    line: str, value: np.ndarray, mean: bool
) -> None:
    found = _slope(lambda w: _entropies(w).mean() if mean else _entropies(w), w)
    right = value.shape == found.T.shape and np.allclose(value, found.T, atol=1e-6)
    row = symderiv.check(rf"{LOGISTIC} \[ {line} \]").chains[-1].rows[0]
    assert row.verdict == ("follows" if right else "wrong")


PAIR = r"\[ L = -\log\sigma(r_w - r_l) \] "
r = np.array([0.7, -0.4])


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("inner", ["r_l - r_w", "r_w - r_l"])
def test_letters_that_nothing_binds_name_two_of_them(at: int, sign: str, inner: str) -> None:
    found = _slope(lambda r: np.asarray(-np.log(_sigma(r[0] - r[1]))), r)[at]
    said = (-1 if sign else 1) * _sigma(r[1] - r[0] if inner.startswith("r_l") else r[0] - r[1])
    line = rf"\frac{{\partial L}}{{\partial r_{'wl'[at]}}} = {sign}\sigma({inner})"
    row = symderiv.check(rf"{PAIR} \[ {line} \]").chains[-1].rows[0]
    assert row.verdict == ("follows-if" if abs(said - found) < 1e-6 else "wrong")
    assert row.needs in ("", "w ≠ l")


def test_a_kink_of_one_sample() -> None:
    hinge = r"\[ L = \max(0, 1 - y_i f_i) \] \[ \frac{\partial L}{\partial f_i} = "
    right = symderiv.check(hinge + r"-y_i \mathbb 1\{y_i f_i < 1\} \]").chains[-1].rows[0]
    wrong = symderiv.check(hinge + r"-y_i \mathbb 1\{y_i f_i > 1\} \]").chains[-1].rows[0]
    assert (right.verdict, right.needs) == ("follows-if", "L is said of one i")
    assert wrong.verdict == "wrong"
