"""Lines that hold inside an axis or for the pairs of a sum, and not at ends: right, with a word.

Authors differentiate Σ_{i<j} w_ij s_i s_j by w_ij, and a chain of differences by one inside.  What
is wrong inside too stays wrong.
"""

from __future__ import annotations

import math

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


A = (0, 2, -3, 5, 7)  # from 1
TO_THE_LAST = {
    r"\sum_{i=1}^{N-1} (a_{i+1} - a_i)": sum(A[i + 1] - A[i] for i in range(1, 4)),
    r"\sum_{i=1}^{N} a_i - a_N": sum(A) - A[4],
    r"\sum_{i=1}^{N} a_i - a_{N-1}": sum(A) - A[3],
    r"\prod_{i=1}^{N} a_i": math.prod(A[1:]),
}


@pytest.mark.parametrize("line", TO_THE_LAST)
@pytest.mark.parametrize(
    ("other", "value"),
    [
        ("a_N - a_1", A[4] - A[1]),
        ("a_N + a_1", A[4] + A[1]),
        (r"\sum_{i=1}^{N-1} a_i", sum(A[:4])),
        (r"a_N \prod_{i=1}^{N-1} a_i", A[4] * math.prod(A[1:4])),
        (r"a_1 \prod_{i=1}^{N-1} a_i", A[1] * math.prod(A[1:4])),
    ],
)
def test_a_capital_at_which_a_sum_ends_is_the_last_index(line: str, other: str, value: int) -> None:
    (row,) = symderiv.check(f"$$ {line} = {other} $$").rows
    assert row.verdict == ("follows" if TO_THE_LAST[line] == value else "wrong")


MASKED = {  # relu(x)^2 and relu(x) log x at x = ±2: what forgets the mask is wrong at the one only
    r"\mathrm{ReLU}(x)^2": (lambda x: max(x, 0) ** 2, "2x", r"2\,\mathrm{ReLU}(x)"),
    r"x\,\mathbb{1}[x > 0]": (lambda x: x * (x > 0), "1", r"\mathbb{1}[x > 0]"),
    r"\max(0, x)": (lambda x: max(x, 0), "1", r"\mathbb{1}[x > 0]"),
}


@pytest.mark.parametrize("body", MASKED)
def test_what_forgets_a_mask_is_wrong(body: str) -> None:
    function, forgotten, slope = MASKED[body]
    assert (function(-2 + 1e-6) - function(-2)) / 1e-6 == 0
    line = rf"Let $a = {body}$. \[\frac{{\partial a}}{{\partial x}} = %s\]"
    (right,), (wrong,) = (symderiv.check(line % s).rows for s in (slope, f"{forgotten} + 0 x"))
    assert right.verdict is Verdict.FOLLOWS
    assert wrong.verdict is Verdict.WRONG


def test_a_mask_forgotten_in_a_layer_is_wrong() -> None:
    layer = r"Let $h_i = \mathrm{ReLU}(\sum_j W_{ij}x_j)$ and $L = \sum_i v_i h_i$. "
    (row,) = symderiv.check(layer + r"\[\frac{\partial L}{\partial W_{ij}} = v_i x_j\]").rows
    assert row.verdict is Verdict.WRONG
