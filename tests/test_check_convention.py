"""Einstein's summation, and derivatives in notations that are marked and not read.

What is right is never wrong, what is wrong never follows.  The verdicts are those of mathematics:
each derivative was worked out by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

import symderiv
from symderiv.checking.verdicts import Verdict


def verdicts(text: str) -> list[str]:
    return [str(row.verdict) for row in symderiv.check(text).rows]


SUMMED = {  # a line, and the letters over which it is to be summed
    r"\frac{\partial}{\partial x_k}(x_i A_{ij} x_j) = A_{kj}x_j + x_iA_{ik}": "i, j",
    r"\frac{\partial x_i x_i}{\partial x_k} = 2x_i\delta_{ik} = 2x_k": "i",
    r"\frac{\partial (a_i b_i)^2}{\partial a_k} = 2 (a_i b_i) b_k": "i",
    r"\frac{\partial \sqrt{x_ix_i}}{\partial x_k} = \frac{x_k}{\sqrt{x_ix_i}}": "i",
    (
        r"\frac{\partial}{\partial x_k}\frac{x_i}{\sqrt{x_jx_j}} = "
        r"\frac{\delta_{ik}}{\sqrt{x_jx_j}} - \frac{x_ix_k}{(x_jx_j)^{3/2}}"
    ): "j",
    r"\frac{\partial (A_{ij}A_{ij})}{\partial A_{kl}} = 2A_{kl}": "i, j",
    r"\frac{\partial}{\partial A_{kl}} A_{ij}B_{jm} = \delta_{ik}B_{lm}": "j",
    r"\frac{\partial}{\partial A_{kl}} A_{ij}A_{ji} = 2A_{lk}": "i, j",
}


@pytest.mark.parametrize("line", SUMMED)
def test_repeated_letters_are_summed_over_where_a_line_needs_it(line: str) -> None:
    (row,) = symderiv.check(rf"\[ {line} \]").rows
    assert row.verdict is Verdict.FOLLOWS_IF
    assert row.needs == f"repeated indices are summed over ({SUMMED[line]})"
    assert verdicts(rf"Summing over repeated indices, \[ {line} \]") == ["follows"]


SQUARE = r"\[ \frac{\partial}{\partial x_j} x_i A_{ik} x_k = %s A_{jk} x_k \]"


@pytest.mark.parametrize(
    ("words", "factor", "verdict"),
    [
        ("", "2", "follows-if"),
        ("", "3", "wrong"),
        ("Let $A$ be symmetric.", "2", "follows-if"),  # the convention is still to be said
        ("With the summation convention, and $A$ symmetric:", "2", "follows"),
    ],
)
def test_a_line_may_need_the_sums_and_a_symmetric_matrix(
    words: str, factor: str, verdict: str
) -> None:
    assert verdicts(words + SQUARE % factor) == [verdict]


@pytest.mark.parametrize(
    "line",
    [r"\frac{\partial}{\partial x_k}(x_i A_{ij} x_j) = A_{kj}x_j - x_iA_{ik}",
     r"\frac{\partial x_i x_i}{\partial x_k} = x_k",
     r"\frac{\partial \sqrt{x_ix_i}}{\partial x_k} = \frac{2x_k}{\sqrt{x_ix_i}}",
     r"\frac{\partial}{\partial A_{kl}} (x_i A_{ij} y_j) = x_l y_k"],
)  # fmt: skip
def test_a_line_that_is_wrong_with_sums_and_without_is_wrong(line: str) -> None:
    assert verdicts(rf"\[ {line} \]") == ["wrong"]


def test_a_letter_of_the_derivative_itself_is_summed_over_in_no_line() -> None:
    """Σ_j p_j (1 + z_j − E) is 1, as Σ_j p_j (1 + z_j − z_j) is: the gradient is neither."""
    text = (
        r"Let $p_i = e^{z_i}/\sum_k e^{z_k}$ and $E = \sum_i p_i z_i$. \begin{align}"
        r"\frac{\partial E}{\partial z_j} &= p_j(1 + z_j - E) \\ &= p_j(1 + z_j - %s) \end{align}"
    )
    z = np.array([0.3, -1.0, 2.0])
    p = np.exp(z) / np.exp(z).sum()
    slope = (np.diag(p) - np.outer(p, p)) @ z + p
    assert np.allclose(slope, p * (1 + z - (z * p).sum()))
    assert not np.allclose(slope, p * (1 + z - z * p.sum()))
    assert verdicts(text % r"\sum_i z_i p_i") == ["follows", "follows"]
    assert verdicts(text % r"\sum_i z_j p_i") == ["follows", "wrong"]


def test_a_loss_in_the_convention_is_one_sum() -> None:
    text = (
        r"With Einstein's convention, let $y_i = W_{ij}x_j + b_i$ and "
        r"$L = \frac12 (y_i - t_i)(y_i - t_i)$. \begin{align} \frac{\partial L}{\partial W_{kl}}"
        r" &= (y_i - t_i)\frac{\partial y_i}{\partial W_{kl}} \\ &= (y_i-t_i)\delta_{ik}"
        r"\delta_{jl}x_j \\ &= (y_k-t_k)x_l \end{align}"
    )
    assert verdicts(text) == ["follows"] * 3


SOFTMAX = r"Let $p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. "
MARKED = (  # false; by what they differentiate is not said, so that they are no more than undecided
    SOFTMAX + r"\[ D_j p_i = p_i(\delta_{ij}+p_j) \]",
    SOFTMAX + r"\[ p_i' = p_i(1+p_i) \]",
    SOFTMAX + r"\[ \dot p_i = p_i(1+p_i) \]",
    SOFTMAX + r"\[ p_{i,j} = p_i(\delta_{ij}+p_j) \]",
    r"$H = -\sum_i p_i \log p_i$. \[ \mathrm{grad}\, H = \log p + 1 \]",
    r"$H = -\sum_i p_i \log p_i$. \[ H' = \log p + 1 \]",
    r"Let $f(x) = \int_0^x t\,dt$. \[ f'(x) = x^2 \]",
)


@pytest.mark.parametrize("text", MARKED)
def test_what_is_marked_as_a_derivative_of_what_is_known_is_no_definition(text: str) -> None:
    assert verdicts(text)[-1] == "undecided"


LEAST = r"Let $f(w) = \|Xw-y\|_2^2 + \lambda\|w\|_2^2$. "
COLUMN = r"Let $J(\theta) = \frac12 (X\theta - y)^T(X\theta - y)$. "
GRADIENTS = {
    LEAST + r"\[ \nabla f(w) = 2X^\top(Xw-y) + 2\lambda w \]": "follows",
    LEAST + r"\[ \nabla f = 2X^\top(Xw-y) + 2\lambda w \]": "follows",
    LEAST + r"\[ \nabla f(u) = 2X^\top(Xu-y) + 2\lambda u \]": "follows",
    LEAST + r"\[ \nabla^2 f(w) = 2X^\top X + 2\lambda I \]": "follows",
    LEAST + r"\[ \nabla f(w) = 2X^\top(Xw-y) + \lambda w \]": "wrong",
    LEAST + r"\[ \nabla f(u) = 2X^\top(Xw-y) + 2\lambda u \]": "wrong",
    LEAST + r"\[ \nabla^2 f(w) = X^\top X + \lambda I \]": "undecided",
    COLUMN + r"\[ \nabla_\theta J(\theta) = X^TX\theta - X^Ty \]": "follows",
    COLUMN + r"\[ \nabla_\theta J(\theta) = X^TX\theta + X^Ty \]": "wrong",
    r"\[ (x\ln x)' = \ln x + 1 \]": "follows",
    r"\[ (x\ln x)' = \ln x - 1 \]": "wrong",
    r"\[ (x^3)'' = 6x \]": "follows",
    r"\[ (x^3)'' = 3x \]": "wrong",
    r"\[ \nabla L = g \]": "follows",  # which says what g is
}


@pytest.mark.parametrize("text", GRADIENTS)
def test_a_gradient_without_a_variable_is_by_the_argument_of_its_function(text: str) -> None:
    assert verdicts(text) == [GRADIENTS[text]]


RECURRENT = {
    r"$h_{t+1} = \tanh(w h_t)$. \[ \frac{\partial h_{t+1}}{\partial h_t} = (1-h_{t+1}^2)w \]": "",
    r"\[h_t = \tanh(w h_{t-1} + u x_t)\] \[ \frac{\partial h_t}{\partial h_{t-1}} = (1-h_t^2)w \]":
        "",
    r"\[h_{t+1} = \tanh(w h_t + u x_t)\] \[ \frac{\partial h_t}{\partial h_{t-1}} = (1-h_t^2)w \]":
        "",
    r"\[c_t = f_t c_{t-1} + i_t g_t\] \[ \frac{\partial c_t}{\partial c_{t-1}} = f_t \]": "",
    r"\[c_t = f_t c_{t-1} + i_t g_t\] \[ \frac{\partial c_t}{\partial f_t} = c_{t-1} \]":
        "the earlier components of c are held fixed",
    r"\[h_t = \tanh(w h_{t-1})\] \[ \frac{\partial h_t}{\partial w} = (1-h_t^2)h_{t-1} \]":
        "the earlier components of h are held fixed",
}  # fmt: skip


@pytest.mark.parametrize("text", RECURRENT)
def test_a_component_of_a_sequence_depends_on_the_one_before(text: str) -> None:
    row = list(symderiv.check(text).rows)[-1]
    assert row.verdict is (Verdict.FOLLOWS_IF if RECURRENT[text] else Verdict.FOLLOWS)
    assert row.needs == RECURRENT[text]


@pytest.mark.parametrize(
    "claim",
    [r"\frac{\partial h_t}{\partial h_{t-1}} = (1-h_t^2)u",
     r"\frac{\partial h_t}{\partial h_{t-1}} = 0",
     r"\frac{\partial h_t}{\partial h_{t-2}} = 0",
     r"\frac{\partial h_t}{\partial w} = h_{t-1}"],
)  # fmt: skip
def test_what_is_false_of_a_sequence_never_follows(claim: str) -> None:
    text = r"\[h_t = \tanh(w h_{t-1} + u x_t)\] \[ " + claim + r"\]"
    assert verdicts(text)[-1] == "undecided"


def test_a_derivative_before_a_dot_may_cover_one_factor() -> None:
    quotient = (
        r"Let $s_i = \frac{\exp(z_i)}{\sum_l\exp(z_l)}$. \[ \frac{\partial s_i}{\partial z_j} = "
        r"\frac{\frac{\partial}{\partial z_j}\exp(z_i)\cdot\sum_l\exp(z_l) - "
        r"\exp(z_i)\cdot\exp(z_j)}{\left(\sum_l\exp(z_l)\right)^2} \]"
    )
    assert verdicts(quotient) == ["follows-if"]
    assert verdicts(quotient.replace("z_l) - ", "z_l) + ")) == ["wrong"]
    assert verdicts(r"\[\frac{\partial (x^2\cdot e^x)}{\partial x} = 2x\cdot e^x\]") == ["wrong"]


@pytest.mark.parametrize("name", ["H", "L", "f", "G"])
def test_a_function_of_an_array_is_defined_whatever_its_letter(name: str) -> None:
    text = rf"${name}(p) = -\sum_i p_i\log p_i$ \[\frac{{\partial {name}}}{{\partial p_i}} = "
    assert verdicts(text + r"-\log p_i - 1\]") == ["follows"]
    assert verdicts(text + r"-\log p_i + 1\]") == ["wrong"]


def test_a_symmetric_matrix_is_no_sequence() -> None:
    text = r"\[ f=\sum_i\sum_j x_iA_{ij}x_j \] where $A_{ij}=A_{ji}$. "
    assert (
        verdicts(text + r"\[\frac{\partial f}{\partial x_k}=2\sum_j A_{kj}x_j\]")[-1] == "follows"
    )
    assert verdicts(text + r"\[\frac{\partial f}{\partial x_k}=\sum_j A_{kj}x_j\]")[-1] == "wrong"
