r"""How far a function without brackets reaches, and letters that may be the imaginary unit."""

from __future__ import annotations

import mpmath
import pytest

from symderiv import check, derive
from symderiv.reader import ReadError

LIKELIHOOD = (
    r"\[\frac{d}{d\theta}\log%s(1-\theta)^{n-k} = \frac{k}{\theta} %s \frac{n-k}{1-\theta}\]"
)


def _verdict(text: str) -> str:
    (chain,) = check(text).as_data()["chains"]
    (row,) = chain["rows"]
    return str(row["verdict"])


def test_the_score_of_a_binomial() -> None:
    n, k = 7.5, 2.25
    for theta in (0.25, 0.5, 0.75):
        slope = mpmath.diff(lambda t: mpmath.log(t**k * (1 - t) ** (n - k)), theta)
        assert mpmath.almosteq(slope, k / theta - (n - k) / (1 - theta), 1e-10)
    assert _verdict(LIKELIHOOD % (r"\theta^k", "-")) == "follows-if"
    assert _verdict(LIKELIHOOD % (r"\theta^k", "+")) == "wrong"
    assert _verdict(LIKELIHOOD % (r"(\theta^k)", "-")) == "wrong"


def test_a_function_that_ends_before_the_bracket() -> None:
    line = r"\[\frac{d}{dx}\sin x(1+x) = %s\]"
    assert _verdict(line % r"(1+x)\cos x + \sin x") == "follows"
    assert _verdict(line % r"(1+2x)\cos(x(1+x))") == "follows-if"
    assert _verdict(line % r"(1+x)\cos x - \sin x") == "wrong"


REWARDS = r"Let $J = \sum_t \log p_t A_t$. \[\frac{\partial J}{\partial p_t} = %s\]"


@pytest.mark.parametrize(
    ("slope", "verdict"),
    [
        (r"\frac{A_t}{p_t}", "follows-if"),  # of (log p) A, as it stands in policy gradients
        (r"\frac{1}{p_t}", "follows"),  # of log (p A)
        (r"\frac{A_t}{p_t^2}", "wrong"),
        (r"-\frac{A_t}{p_t}", "wrong"),
    ],
)
def test_a_function_that_covers_its_first_factor(slope: str, verdict: str) -> None:
    assert _verdict(REWARDS % slope) == verdict


def test_nobody_means_the_logarithm_of_a_number() -> None:
    line = r"\[\frac{\partial}{\partial s} \log 2 s t = %s\]"
    assert _verdict(line % r"\frac{1}{s}") == "follows"
    assert _verdict(line % r"t \log 2") == "wrong"


@pytest.mark.parametrize("formula", [r"\log x^k(1-x)^{n-k}", r"\ln x\left(1-x\right)"])
def test_what_is_to_be_derived_says_how_far_a_logarithm_reaches(formula: str) -> None:
    with pytest.raises(ReadError, match="how far does the logarithm before"):
        derive(formula, wrt="x")


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"\sum_{i=1}^n (x_i - m) = \sum_{i=1}^n x_i - m", "follows-if"),  # Σ reaches past the −
        (r"\sum_{i=1}^n (x_i - m) = \left(\sum_{i=1}^n x_i\right) - m", "wrong"),
        (r"\sum_{i=1}^n (x_i - m) = \left(\sum_{i=1}^n x_i\right) - nm", "follows"),
        (r"\left(\sum_{i=1}^n x_i\right) - m = \sum_{i=1}^n (x_i - m)", "wrong"),
        (r"-\sum_{i=1}^n \bigl(x_i - m\bigr) = m - \sum_{i=1}^n x_i", "wrong"),
        (r"-\sum_{i=1}^n \left[x_i - m\right] = nm - \sum_{i=1}^n x_i", "follows"),
    ],
)
def test_a_bracket_ends_a_sum(formula: str, verdict: str) -> None:
    assert _verdict(rf"\[{formula}\]") == verdict


@pytest.mark.parametrize(("slope", "verdict"), [("-N", "follows"), ("-1", "wrong")])
def test_a_sum_of_the_formula_language_ends_at_its_bracket(slope: str, verdict: str) -> None:
    deviation = "L = sum(x[i] - m, (i, 1, N))\npartial(L, m) = "
    *_, row = check(deviation + slope, kind="txt").rows
    assert row.verdict.value == verdict


@pytest.mark.parametrize("unit", ["i", "j"])
def test_the_imaginary_unit_is_not_accused(unit: str) -> None:
    euler = rf"\[ e^{{{unit}\theta}} = \cos\theta + {unit}\sin\theta \]"
    assert _verdict(euler) == "undecided"


def test_an_index_is_no_imaginary_unit() -> None:
    assert _verdict(r"\[\frac{\partial}{\partial x_i} \sum_j w_j x_j = 2 w_i\]") == "wrong"
    assert _verdict(r"\[\frac{\partial}{\partial x_i} \sum_j w_j x_j = w_i\]") == "follows"


def test_a_report_says_its_counts() -> None:
    two = r"\begin{align} \frac{d}{dx}x^3 &= 3x \\ &= x + 2x \end{align}"
    assert repr(check(two)) == "<1 wrong, 1 follows>"
    assert repr(check("")) == "<no line>"


@pytest.mark.parametrize(("factor", "verdict"), [("", "wrong"), ("2", "follows"), ("3", "wrong")])
def test_a_factor_is_no_length_of_an_axis(factor: str, verdict: str) -> None:
    """λ w for 2 λ w is no reading of a sum over as many rows as there happened to be."""
    ridge = r"Let $J = \frac12 \|Xw - y\|^2 + \lambda \|w\|^2$. "
    assert _verdict(ridge + rf"\[ \nabla_w J = X^T(Xw-y) + {factor}\lambda w \]") == verdict


BEHIND = [
    (r"\frac{d}{dx} x^2 + b x - c x^3", "2x + b - 3c x^2", "follows-if"),
    (r"\frac{d}{dx} x^2 + b x - c x^3", "2x + b x - c x^3", "follows"),  # of its first term
    (r"\frac{d}{dx} x^2 + b x - c x^3", "2x + b x + 3c x^2", "wrong"),
    (r"\frac{d}{dx} (x^2) + b x", "2x + b", "wrong"),  # the author's brackets close
    (r"\frac{dx^2}{dx} + b x", "2x + b", "wrong"),
    (r"\frac{d^2}{dx^2} x^3 + b x^2", "6x + 2b", "follows-if"),
    ("d/dx x^2 + b*x", "2*x + b", "follows-if"),
    ("d/dx (x^2) + b*x", "2*x + b", "wrong"),
    ("partial(x^2, x) + b*x", "2*x + b", "wrong"),
    ("d/dx sin(x) + b*x", "cos(x) + b", "follows-if"),
    ("d/dx[j] sum(x[i]^2, i) + sum(x[i], i)", "2*x[j] + 1", "follows-if"),
]


@pytest.mark.parametrize(("slope", "claimed", "verdict"), BEHIND)
def test_a_derivative_may_cover_all_behind_it(slope: str, claimed: str, verdict: str) -> None:
    line = f"{slope} = {claimed}"
    found = check(rf"\[{line}\]") if "\\" in slope else check(line, kind="txt")
    (row,) = found.rows
    assert row.verdict.value == verdict
