"""Lines of somebody else's that were taken as given, and are false."""

from __future__ import annotations

import numpy as np
import pytest

import symderiv
from symderiv.documents.checks import summary


@pytest.mark.parametrize("line", ["f''(x) = 3x", "f'(1) = 3y", "f(2) = 3x"])
def test_a_value_of_a_known_function_is_not_taken_as_given(line: str) -> None:
    report = symderiv.check(f"Let $f(x) = x^2$. $$ {line} $$")
    assert report.status != 0


@pytest.mark.parametrize(
    "line",
    [
        r"\log\sum_k e^{z_k} = m + \log\sum_k e^{z_k + m}",
        r"\frac{e^{z_i}}{\sum_k e^{z_k}} = \frac{e^{z_i - m}}{\sum_k e^{z_k + m}}",
    ],
)
def test_an_identity_with_a_wrong_sign_is_not_taken_as_given(line: str) -> None:
    assert symderiv.check(f"$$ {line} $$").status == 3


@pytest.mark.parametrize("line", [r"\lambda x_i = \sum_j A_{ij} x_j", r"w_i x_i = w_i y_i"])
def test_an_equation_that_is_none_is_taken_as_given(line: str) -> None:
    assert symderiv.check(f"$$ {line} $$").status == 0


FALSE = [
    r"\sum_i (x_i + y_i)^2 = \sum_i x_i^2 + N \sum_i y_i^2",
    r"(a+b)^2 = a^2",
    r"x y = x^2",
    r"\operatorname{tr}(A^\top B) = \sum_{i,j} A_{ij} B_{ji}",
]
OPEN = [
    r"e^x = e^{x+c}/c",
    r"\sum_i x_i = \sum_i x_i y_i",
    r"a^\top b = \|a\| \|b\| \cos\theta",
    r"\log\sum_i e^{x_i} = m + \log\sum_i e^{x_j - m}",
]


@pytest.mark.parametrize("line", FALSE)
def test_what_names_nothing_new_and_is_no_identity_is_wrong(line: str) -> None:
    assert symderiv.check(f"$$ {line} $$").first_wrong is not None


@pytest.mark.parametrize("line", OPEN)
def test_what_one_side_merely_adds_is_neither_given_nor_wrong(line: str) -> None:
    assert symderiv.check(f"$$ {line} $$").status == 3


@pytest.mark.parametrize("line", [*FALSE[:2], *OPEN])
def test_a_quantity_of_the_page_is_no_new_one(line: str) -> None:
    """With all letters met before, the same line asserts what does not hold."""
    met = r"\[ F = \sum_i (x_i + y_i)^2 + e^x + a^\top b + c + \cos\theta \]"
    report = symderiv.check(f"{met} $$ {line} $$")
    assert report.chains[-1].rows[0].verdict != "follows"


@pytest.mark.parametrize("line", [*FALSE[1:3], *OPEN, "x^2 = x + 1", r"\tan x = x", "A B = B A"])
@pytest.mark.parametrize("words", ["Assume that", "Let $c$ be such that", "we solve", "subject to"])
def test_what_a_sentence_supposes_is_given(line: str, words: str) -> None:
    assert symderiv.check(f"{words} $$ {line} $$").status == 0
    assert symderiv.check(f"{words} so. And $$ {line} $$").status != 0


@pytest.mark.parametrize(
    "line", [r"A v = \lambda v", "P V = n R T", r"\frac1f = \frac1u + \frac1v"]
)
def test_a_relation_is_given_where_it_says_something_new(line: str) -> None:
    assert symderiv.check(f"$$ {line} $$").status == 0


MEANS = [  # held against numbers below
    (r"\sum_i (x_i-\mu)^2 = \sum_i x_i^2 - N \mu^2", "mu", 0),
    (r"\sum_{i=1}^n (x_i-\bar x)^2 = \sum_{i=1}^n x_i^2 - n \bar x^2", "xbar", 0),
    (r"\sum_i (x_i-\bar x)(y_i-\bar y) = \sum_i x_iy_i - n\bar x\bar y", "xbar", 1),
]


@pytest.mark.parametrize(("line", "name", "which"), MEANS)
def test_an_identity_of_means_needs_that_they_are_means(line: str, name: str, which: int) -> None:
    x, y = np.array([1.0, 4.0, -2.5]), np.array([0.5, 2.0, 7.0])
    left = [((x - x.mean()) ** 2).sum(), ((x - x.mean()) * (y - y.mean())).sum()]
    right = [(x**2).sum() - 3 * x.mean() ** 2, (x * y).sum() - 3 * x.mean() * y.mean()]
    assert left[which] == pytest.approx(right[which])
    (row,) = symderiv.check(f"$$ {line} $$").chains[0].rows
    assert row.verdict == "follows-if"
    assert f"{name} is the mean of x" in row.needs
    (wrong,) = symderiv.check(f"$$ {line.replace('= ', '= 2 + ')} $$").chains[0].rows
    assert wrong.verdict not in ("follows", "follows-if")


MEAN = r"\[ \mu = \frac1N \sum_{i=1}^N x_i \] \[ p_i = \frac{e^{z_i}}{\sum_k e^{z_k}} \] "
CONSTANT = [  # a number for what is another one, whatever the values are
    r"\frac{\partial\mu}{\partial x_j} = 1",
    r"\frac{\partial\mu}{\partial x_j} = 0",
    r"\frac{\partial\mu}{\partial x_j} = \frac{1}{N-1}",
    r"\sum_i (x_i - \mu) = 1",
    r"\sum_i (x_i - \mu) = N",
    r"\sum_i p_i = 2",
    r"\sum_i \frac{\partial p_i}{\partial z_j} = 1",
    r"\frac{\partial \operatorname{tr} X}{\partial X} = 2 I",
    r"\frac{\partial \sum_i x_i}{\partial x_j} = N",
]
SOLVABLE = [  # true somewhere
    r"\sum_i p_i^2 = 1",
    r"\sum_i x_i^2 = 1",
    r"\frac{d}{dx} x^2 = 2",
    r"\frac{d}{dx} |x| = -1",
    r"p_1 = \frac12",
    r"\arctan x + \arctan\frac1x = \frac\pi2",  # for x > 0
    r"\arctan x + \arctan\frac1x = -\frac\pi2",
]


@pytest.mark.parametrize("line", CONSTANT)
def test_a_number_for_another_number_is_no_equation_to_be_solved(line: str) -> None:
    report = symderiv.check(rf"{MEAN} \[ {line} \]")
    assert report.first_wrong == (3, 1)


@pytest.mark.parametrize("line", SOLVABLE)
def test_a_number_for_what_varies_is_one(line: str) -> None:
    assert symderiv.check(rf"{MEAN} \[ {line} \]").status == 3


A, B, C = np.random.default_rng(5).normal(size=(3, 3, 3))
TRACES = [
    (r"\operatorname{tr}(AB) = \operatorname{tr}(A) \operatorname{tr}(B)",
     np.trace(A @ B), np.trace(A) * np.trace(B)),
    (r"\operatorname{tr}(AB) = \operatorname{tr}(BA)", np.trace(A @ B), np.trace(B @ A)),
    (r"\operatorname{tr}(ABC) = \operatorname{tr}(CBA)",
     np.trace(A @ B @ C), np.trace(C @ B @ A)),
    (r"\operatorname{tr}(ABC) = \operatorname{tr}(CAB)",
     np.trace(A @ B @ C), np.trace(C @ A @ B)),
    (r"\operatorname{tr}(A) = \sum_i A_{ii}", np.trace(A), A.trace()),
    (r"\operatorname{tr}(A) = \sum_{i,j} A_{ij}", np.trace(A), A.sum()),
    (r"A A^{-1} = I", A @ np.linalg.inv(A), np.eye(3)),
    (r"A A^{-1} = 2 I", A @ np.linalg.inv(A), 2 * np.eye(3)),
    (r"A (A^{-1} + B) = I + A B", A @ (np.linalg.inv(A) + B), np.eye(3) + A @ B),
]  # fmt: skip


@pytest.mark.parametrize(("line", "left", "right"), TRACES)
def test_an_equation_of_known_functions_defines_none(
    line: str, left: np.ndarray, right: np.ndarray
) -> None:
    (row,) = symderiv.check(f"$$ {line} $$").chains[0].rows
    assert row.verdict == ("follows" if np.allclose(left, right) else "wrong")
    assert row.note == ""


def test_what_agrees_as_it_stands_needs_no_fact_for_that() -> None:
    (row,) = symderiv.check(r"$$ (A B)^{-1} = B^{-1} A^{-1} $$").chains[0].rows
    assert row.verdict == "undecided"
    assert row.note.startswith("agrees at ")
    assert " if " not in row.note


@pytest.mark.parametrize(
    "words",
    [
        "Given the logits $z$, we have",
        "Note that, if $a$ is small, then",
        "Let us compute the left side:",
        "Under these conditions we get",
        "It satisfies",
        "We solve this by noting",
        "The left side is given by",
        "Assume that $a$ is positive; then",
        "Under the assumption above,",
        "Under that assumption,",
        "Without the independence assumption",
        "Under weak conditions",
        "We need to check that they satisfy",
        "This requires",
    ],
)
@pytest.mark.parametrize(
    "line", [r"\log(a b) = \log a + 2 \log b", "(a+b)^2 = a^2 + b^2", r"(A B)^\top = A^\top B^\top"]
)
def test_a_sentence_that_asserts_lays_nothing_down(line: str, words: str) -> None:
    assert symderiv.check(f"{words} $$ {line} $$").first_wrong is not None


@pytest.mark.parametrize(
    "words", ["By assumption,", "Under the assumption", "Assume that they satisfy", "We require"]
)
def test_what_is_laid_down_is_counted_apart(words: str) -> None:
    report = symderiv.check(f"{words} $$ (a+b)^2 = a^2 + b^2 $$")
    assert summary(report) == "1 of 1 lines follow, 1 of them taken as given."


def test_what_is_supposed_and_holds_is_proved() -> None:
    (row,) = symderiv.check(r"Assume that $$ (A B)^\top = B^\top A^\top $$").rows
    assert row.strength.startswith("proved")


def test_what_is_drawn_from_what_is_supposed_is_not_supposed() -> None:
    line = r"x y = y \implies (x + y)^2 = x^2 + y^2"
    assert symderiv.check(f"Assume that $$ {line} $$").status != 0


@pytest.mark.parametrize(
    "line",
    [
        r"\mathbb{E}[XY] = \mathbb{E}[X]\mathbb{E}[Y]",
        r"\mathbb{E}\left[X \mid Y\right] = \mathbb{E}[X]",
        r"\mathbb{E}[\mathbb{E}[X \mid Y]] = \mathbb{E}[Y]",
        r"\operatorname{Var}(aX) = a \operatorname{Var}(X)",
        r"\mathrm{Var}(X+Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)",
    ],
)
def test_what_is_said_of_one_operator_is_no_definition(line: str) -> None:
    (row,) = symderiv.check(f"$$ {line} $$").rows
    assert row.verdict == "undecided"
    (row,) = symderiv.check(f"Assume that $$ {line} $$").rows
    assert row.note in ("taken as given", "taken as a definition")


def test_an_operator_is_defined_by_another() -> None:
    (row,) = symderiv.check(r"$$ \mathrm{Var}(X) = \mathbb{E}[(X - \mu)^2] $$").rows
    assert row.note == "taken as a definition"


@pytest.mark.parametrize(
    ("line", "sides"),
    [
        ("x/x = {}", lambda n: (1, n)),
        (r"\frac{{a}}{{b}} \cdot \frac{{b}}{{a}} = {}", lambda n: (1, n)),
        ("x^0 = {}", lambda n: (1, n)),
        ("3 + {} = 4", lambda n: (3 + n, 4)),
        (r"2 \tanh(0) + 1 = {}", lambda n: (2 * np.tanh(0) + 1, n)),
        (r"4 \sigma(0) - 1 = {}", lambda n: (4 / (1 + np.exp(0)) - 1, n)),
    ],
)
@pytest.mark.parametrize("number", [1, 2])
def test_what_is_a_number_whatever_its_letters_are_is_judged(line, sides, number: int) -> None:
    (row,) = symderiv.check(f"$$ {line.format(number)} $$").rows
    left, right = sides(number)
    assert row.verdict == ("follows" if left == right else "wrong")
    assert row.note == ""


@pytest.mark.parametrize(
    "line",
    [
        r"\sum_j \delta_{ij} = N",
        r"\int x \, dx = x^2",
        r"\lim_{x \to 0} \frac{\sin x}{x} = 0",
    ],
)
def test_what_no_text_can_lay_down_is_not_taken_as_given(line: str) -> None:
    (row,) = symderiv.check(f"$$ {line} $$").rows
    assert row.verdict == "undecided"


@pytest.mark.parametrize("word", ["Tanh", "tanh", "TANH"])
def test_the_author_s_own_function_of_a_known_name_is_no_definition_like_another(
    word: str,
) -> None:
    lines = {r"2 \sigma(2x) - 1": "follows", r"\sigma(2x)": "undecided"}
    for line, verdict in lines.items():
        (row,) = symderiv.check(rf"$$ \mathrm{{{word}}}(x) = {line} $$").rows
        assert row.verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        r"$$S = Q K^\top, \quad P = \mathrm{softmax}(S), \quad O = P V$$ $$dP = dO V^\top$$",
        r"$$S = Q K^\top$$ $$dQ = dS K$$",
        r"$$L = w^\top S w - \lambda(w^\top w - 1)$$"
        r"$$\frac{\partial L}{\partial w} = 2 S w - 2\lambda w = 0$$"
        r"$$w^\top S w = \lambda w^\top w = \lambda$$",
    ],
)
def test_differentials_and_what_holds_at_an_optimum_are_not_accused(text: str) -> None:
    assert symderiv.check(text).chains[-1].rows[0].verdict == "undecided"


@pytest.mark.parametrize("sign", "+-")
@pytest.mark.parametrize(
    ("by_itself", "solved"),
    [
        (r"V = R + \gamma P V", r"V = (I {} \gamma P)^{{-1}} R"),
        ("x = 1 + a x", "x = 1/(1 {} a)"),
        (r"m_t = b m_{t-1} + g_t", r"m_t = {} \sum_{{i=1}}^t b^{{t-i}} g_i"),
    ],
)
def test_what_is_given_by_itself_gets_no_second_definition(
    by_itself: str, solved: str, sign: str
) -> None:
    report = symderiv.check(f"$$ {by_itself} $$ $$ {solved.format(sign)} $$")
    assert report.chains[-1].rows[0].verdict == "undecided"


@pytest.mark.parametrize("line", ["y(2x) = 4 x^2", "y(-x) = x^2"])
def test_a_bracket_behind_a_quantity_may_hold_its_argument(line: str) -> None:
    assert symderiv.check(f"$$y = x^2$$ $${line}$$").chains[-1].rows[0].verdict == "undecided"
    wrong = symderiv.check("$$y = x^2$$ $$y(1 - y) = x^2 - x^3$$")
    assert wrong.chains[-1].rows[0].verdict == "wrong"


@pytest.mark.parametrize(
    "text",
    [
        "$$f(x) = x^4$$ $$f^{(2)}(x) = 13 x^2$$",
        r"$$\frac{x}{y} = \frac{2}{3}$$ $$3x = 4y$$",
        r"$$\sigma^{-1}(p) = \log\frac{1-p}{p}$$",
    ],
)
def test_what_is_said_of_what_is_known_by_now_is_not_taken_as_given(text: str) -> None:
    assert symderiv.check(text).chains[-1].rows[0].verdict == "undecided"


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("Let $A$ be symmetric.", "follows"),
        ("Let $A$ be skew-symmetric.", "follows-if"),
        ("Here $A$ is not symmetric.", "follows-if"),
    ],
)
def test_that_a_matrix_is_symmetric_is_heard(words: str, verdict: str) -> None:
    line = r"\frac{\partial}{\partial x} x^\top A x = 2 A x"
    assert symderiv.check(f"{words} $${line}$$").chains[-1].rows[0].verdict == verdict


@pytest.mark.parametrize(
    ("made", "right", "wrong"),
    [
        ("E = m c^2", "m = E/c^2", "m = 2 E/c^2"),
        (r"x_t = a_t x_0 + s_t e", r"x_0 = (x_t - s_t e)/a_t", "x_0 = (x_t + s_t e)/a_t"),
        (r"p = \sigma(x)", r"x = \log\frac{p}{1-p}", r"x = \log\frac{1-p}{p}"),
        ("z = W x + b", "x = W^{-1}(z - b)", "x = W^{-1}(z + b)"),
        (r"z = \mu + \sigma \odot e", r"e = (z - \mu)/\sigma", r"e = (z + \mu)/\sigma"),
    ],
)
def test_what_is_solved_for_is_judged_and_may_be_another_equation(
    made: str, right: str, wrong: str
) -> None:
    for line, verdict in ((right, "follows"), (wrong, "undecided")):
        row = symderiv.check(f"$$ {made} $$ $$ {line} $$").chains[-1].rows[0]
        assert row.verdict == verdict
        assert row.strength.startswith("proved") == (verdict == "follows")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"Let $f = a x^2 - b x$. Setting $f' = 0$ gives \[ x = b/a \]", "undecided"),
        (r"Let $f = a x^2 - b x$. Setting $f' = 0$ gives \[ x^* = b/a \]", "undecided"),
        (r"Let $L = \|X w - y\|^2$. Solving yields \[ w = (X^\top X)^{-1} X y \]", "undecided"),
        (r"Let $L = -\sum_i y_i\log p_i$. Here \[ p_i = e^{z_i}/\sum_j e^{z_j} \]", "follows"),
        (r"Setting $r_i = y_i - w x_i$ gives \[ J = \sum_i r_i^2 \]", "follows"),
        (r"To solve it we minimise \[ L = \sum_i (y_i - w x_i)^2 \]", "follows"),
    ],
)
def test_what_a_known_name_is_solved_to_be_is_no_definition(text: str, verdict: str) -> None:
    assert symderiv.check(text).chains[-1].rows[0].verdict == verdict


@pytest.mark.parametrize(
    ("words", "line", "verdict"),
    [
        (r"If $y = 0$ then $L = -\log(1-p)$ and", "p", "undecided"),
        (r"When $y = 0$ we have $L = -\log(1-p)$, so that", "p", "undecided"),
        (r"For any $y$ we have", "p", "wrong"),
        (r"If $y = 1$ then $L = -\log p$ and", "p", "wrong"),
    ],
)
def test_a_name_is_another_one_in_a_case_of_the_running_text(
    words: str, line: str, verdict: str
) -> None:
    text = rf"Let $p = \sigma(z)$ and $L = -\log p$. {words} \[ \frac{{dL}}{{dz}} = {line} \]"
    assert symderiv.check(text).chains[-1].rows[0].verdict == verdict


def test_the_value_of_a_function_at_another_place_is_no_product() -> None:
    for line, verdict in (("x", "wrong"), ("|x|", "follows")):
        text = rf"Let $r(x) = \max(0, x)$. \[ r(x) + r(-x) = {line} \]"
        assert symderiv.check(text).chains[-1].rows[0].verdict == verdict
