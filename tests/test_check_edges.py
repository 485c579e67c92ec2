"""Lines that hold inside an axis or for the pairs of a sum, and not at ends: right, with a word.

Authors differentiate Σ_{i<j} w_ij s_i s_j by w_ij, and a chain of differences by one inside.  What
is wrong inside too stays wrong.
"""

from __future__ import annotations

import pytest

import symderiv
from symderiv.checking.verdicts import Verdict

CHAIN = r"$E = \sum_{i=1}^{n-1} (x_{i+1}-x_i)^2$. "
PAIRS = r"$E = -\sum_{i<j}w_{ij}s_is_j$. "
INSIDE = {
    PAIRS + r"\[\frac{\partial E}{\partial w_{ij}} = -s_is_j\]": "i < j",
    PAIRS + r"\[\frac{\partial E}{\partial w_{kl}} = -s_ks_l\]": "k < l",
    r"$E = \sum_{i}\sum_{j\neq i}w_{ij}s_is_j$. \[\frac{\partial E}{\partial w_{ij}} = s_is_j\]":
        "i ≠ j",
    r"$E = \sum_{i}\sum_{j=1}^{i}w_{ij}s_is_j$. \[\frac{\partial E}{\partial w_{ij}} = s_is_j\]":
        "j <= i",
    r"$E = \sum_{i=1}^{n}\sum_{j=i+1}^{n}w_{ij}s_j$. \[\frac{\partial E}{\partial w_{ij}} = s_j\]":
        "i < j",
    r"$E = \sum_{i=2}^{n} x_i^2$. \[\frac{\partial E}{\partial x_i} = 2x_i\]":
        "i is at least 1 from the ends of its axis",
    CHAIN + r"\[\frac{\partial E}{\partial x_i} = 2(x_i-x_{i-1})-2(x_{i+1}-x_i)\]":
        "the indices stay on their axes",
    r"$y_i = \sum_{k=1}^{3} w_kx_{i+k}$. \[\frac{\partial y_i}{\partial x_j} = w_{j-i}\]":
        "the indices stay on their axes",
}  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_a_line_about_indices_inside_follows_with_a_word(text: str) -> None:
    (row,) = symderiv.check(text).rows
    assert row.verdict is Verdict.FOLLOWS_IF
    assert row.needs == INSIDE[text]


@pytest.mark.parametrize(
    "text",
    [PAIRS + r"\[\frac{\partial E}{\partial w_{ij}} = s_is_j\]",
     PAIRS + r"\[\frac{\partial E}{\partial w_{ij}} = -s_i\]",
     CHAIN + r"\[\frac{\partial E}{\partial x_i} = 2(x_i-x_{i-1})+2(x_{i+1}-x_i)\]",
     CHAIN + r"\[\frac{\partial E}{\partial x_i} = (x_i-x_{i-1})-(x_{i+1}-x_i)\]",
     CHAIN + r"\[\frac{\partial E}{\partial x_1} = 2(x_2-x_1)\]",
     r"$E = \sum_{i=2}^{n} x_i^2$. \[\frac{\partial E}{\partial x_i} = x_i\]"],
)  # fmt: skip
def test_a_line_that_is_wrong_inside_is_wrong(text: str) -> None:
    (row,) = symderiv.check(text).rows
    assert row.verdict is Verdict.WRONG
