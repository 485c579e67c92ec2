r"""Functions of an author's: said after they are applied, made of one another, or the catalogue's.

The oracle is mpmath's difference quotient of the functions as Python has them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import mpmath
import numpy as np
import pytest

import symderiv

Function = Callable[[mpmath.mpf], mpmath.mpf]


def normal(x: mpmath.mpf) -> mpmath.mpf:
    return (1 + mpmath.erf(x / mpmath.sqrt(2))) / 2


ROWS = [
    (r"Let $f(x) = x\,\Phi(x)$ with $\Phi(x) = \frac12(1 + \operatorname{erf}(x/\sqrt 2))$.",
     r"f'(x) = \Phi(x) + \frac{x}{\sqrt{2\pi}} e^{-x^2/2}", r"f'(x) = \Phi(x)",
     lambda x: x * normal(x),
     (lambda x: normal(x) + x * mpmath.npdf(x), normal)),
    (r"Let $f(x) = g(h(x))$ where $g(u) = u^2$ and $h(x) = \sin x$.",
     r"f'(x) = 2 \sin x \cos x", r"f'(x) = 2 \sin x",
     lambda x: mpmath.sin(x) ** 2,
     (lambda x: 2 * mpmath.sin(x) * mpmath.cos(x), lambda x: 2 * mpmath.sin(x))),
    (r"Let $u(x) = x^3$ and $f(x) = e^{u(x)}$.",
     r"f'(x) = 3 x^2 e^{x^3}", r"f'(x) = x^3 e^{x^3}",
     lambda x: mpmath.exp(x**3),
     (lambda x: 3 * x**2 * mpmath.exp(x**3), lambda x: x**3 * mpmath.exp(x**3))),
    (r"Let $\operatorname{softplus}(x) = \log(1 + e^{2x})$.",
     r"\frac{d}{dx} \operatorname{softplus}(x) = 2\sigma(2x)",
     r"\frac{d}{dx} \operatorname{softplus}(x) = \sigma(x)",
     lambda x: mpmath.log(1 + mpmath.exp(2 * x)),
     (lambda x: 2 / (1 + mpmath.exp(-2 * x)), lambda x: 1 / (1 + mpmath.exp(-x)))),
    ("Activations of a network.",
     r"\frac{d}{dx} \mathrm{SiLU}(x) = \sigma(x) + x \sigma(x)(1 - \sigma(x))",
     r"\frac{d}{dx} \mathrm{SiLU}(x) = \sigma(x)(1 - \sigma(x))",
     lambda x: x / (1 + mpmath.exp(-x)),
     (lambda x: (1 + x - x / (1 + mpmath.exp(-x))) / (1 + mpmath.exp(-x)),
      lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2)),
    (r"Let $f(x) = \frac{x}{1+s}$ where $s = e^{-x}$.",
     r"f'(x) = \frac{1}{1+s} + \frac{x s}{(1+s)^2}", r"f'(x) = \frac{1}{1+s}",
     lambda x: x / (1 + mpmath.exp(-x)),
     (lambda x: (1 + x - x / (1 + mpmath.exp(-x))) / (1 + mpmath.exp(-x)),
      lambda x: 1 / (1 + mpmath.exp(-x)))),
    (r"Let $f(x) = g(x)^2$, $g(x) = h(2x)$ and $h(u) = \sin u$.",
     r"f'(x) = 4 \sin 2x \cos 2x", r"f'(x) = 2 \sin 2x \cos 2x",
     lambda x: mpmath.sin(2 * x) ** 2,
     (lambda x: 2 * mpmath.sin(4 * x), lambda x: mpmath.sin(4 * x))),
    ("Let $g(x) = x^2$ and $f(x) = g(x)^2$. Then $$f'(x) = 4 x^3$$\n\n## Another\n\n"
     "Now let $g(x) = x^3$ and $f(x) = g(x)^2$.",
     r"f'(x) = 6 x^5", r"f'(x) = 4 x^3",
     lambda x: x**6,
     (lambda x: 6 * x**5, lambda x: 4 * x**3)),
    ("\\section{One}\nFor $f(x) = x^2$ we get $$f'(x) = 2 x$$\n"
     "\\section{Another}\nHere $f(x) = x^3$.",
     r"f'(x) = 3 x^2", r"f'(x) = 2 x",
     lambda x: x**3,
     (lambda x: 3 * x**2, lambda x: 2 * x)),
    ("# One\nWith $f(x) = x^2$ we get $$f'(x) = 2 x$$\n# Two\nHence, with $f(x) = x^3$, we get",
     "f'(x) = 3 x^2", "f'(x) = 2 x",
     lambda x: x**3,
     (lambda x: 3 * x**2, lambda x: 2 * x)),
    (r"$$g(x) = x^2$$ $$f(x) = g(x)^2$$"
     "\n\n## Another\n\n"
     r"$$g(x) = x^3$$ $$f(x) = g(x)^2$$",
     r"f'(x) = 6 x^5", r"f'(x) = 4 x^3",
     lambda x: x**6,
     (lambda x: 6 * x**5, lambda x: 4 * x**3)),
    (r"$$f_3 = f_0 + g$$ $$f_0(x) = x$$ $$g(x) = 3x$$",
     "f_3'(x) = 4", "f_3'(x) = 5",
     lambda x: x + 3 * x,
     (lambda x: 4, lambda x: 5)),
    ("Let $g(x) = 3$ and $f(x) = x^2 g(x)$.", "f'(x) = 6 x", "f'(x) = 5 x",
     lambda x: 3 * x**2,
     (lambda x: 6 * x, lambda x: 5 * x)),
    ("$$y = x^3$$", "dy/dx = 3 x^2", "dy/dx = 3 x",
     lambda x: x**3,
     (lambda x: 3 * x**2, lambda x: 3 * x)),
    ("A slash:", r"\partial/\partial x (x^3) = 3 x^2", r"\mathrm{d}/\mathrm{d}x (x^3) = 3 x",
     lambda x: x**3,
     (lambda x: 3 * x**2, lambda x: 3 * x)),
    ("$$y = x^3$$", "y'(x) = 3 x^2", "y'(x) = x^3",
     lambda x: x**3,
     (lambda x: 3 * x**2, lambda x: x**3)),
    ("Let $f(x) = x|x|$.", "f'(x) = 2|x|", "f'(x) = |x|",
     lambda x: x * abs(x),
     (lambda x: 2 * abs(x), abs)),
    (r"Let $f(x) = \max(0, x)^2$.", r"f''(x) = 2 \cdot \mathbb{1}[x > 0]", "f''(x) = 2|x|",
     lambda x: mpmath.diff(lambda t: max(mpmath.mpf(0), t) ** 2, x),
     (lambda x: 2, lambda x: 2 * abs(x))),
    (r"Let $a > 0$ and $$f(x) = \begin{cases}\frac12 x^2 & |x| \le a\\ "
     r"a(|x| - \frac12 a) & \text{otherwise}\end{cases}$$",
     r"f'(x) = \begin{cases}x & |x| \le a\\ a\,\mathrm{sign}(x) & \text{otherwise}\end{cases}",
     r"f'(x) = \begin{cases}x & |x| \le a\\ a x & \text{otherwise}\end{cases}",
     lambda x: (abs(x) - mpmath.mpf("0.25")) / 2,
     (lambda x: mpmath.mpf("0.5"), lambda x: x / 2)),  # at a = 1/2
    (r"Let $J = (h_\theta(x) - y)^2$ where $h_\theta(x) = \theta_0 + \theta_1 x$.",
     r"\frac{\partial J}{\partial x} = 2(h_\theta(x) - y)\theta_1",
     r"\frac{\partial J}{\partial x} = 2(h_\theta(x) - y) x",
     lambda x: (3 + 2 * x - 1) ** 2,
     (lambda x: 2 * (3 + 2 * x - 1) * 2, lambda x: 2 * (3 + 2 * x - 1) * x)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "wrong", "function", "slopes"), ROWS)
def test_its_slope(
    text: str, right: str, wrong: str, function: Function, slopes: tuple[Function, Function]
) -> None:
    at = mpmath.mpf("0.7")
    slope = mpmath.diff(function, at)
    for line, claimed in zip((right, wrong), slopes, strict=True):
        row = symderiv.check(rf"{text} Then $${line}$$").chains[-1].rows[0]
        holds = abs(claimed(at) - slope) < 1e-9
        assert row.verdict.value == ("follows" if holds else "wrong")
        assert (str(row.strength) == "proved") == holds


@pytest.mark.parametrize("text", ["$f(x) = a^2$", "$a = b + x$, $b = a + x$, and $f(x) = a^2$"])
def test_what_is_no_function_of_its_argument_has_no_slope_to_be_taken_as_given(text: str) -> None:
    row = symderiv.check(rf"Let {text}. Then $$f'(x) = 2 a$$").chains[-1].rows[0]
    assert row.verdict.value == "undecided"


def test_definitions_without_end_end() -> None:
    chain = " ".join(f"Let ${b}(x) = {a}(x) {a}(x)$." for a, b in pairwise("ABCDGHKLMN"))
    row = symderiv.check(f"Let $A(x) = x^2$. {chain} Then $$N'(x) = 3$$").chains[-1].rows[0]
    assert row.verdict.value != "follows"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("$f(x) = x f(x - 1)$", "f'(x) = 0"),
        ("$f(x) = g(x) + 1$ and $g(x) = x f(x)$", "g'(x) = f(x)"),
        ("$f(x) = g(x) + 1$ and $g(x) = x f(x)$", "f'(x) = g(x)"),
    ],
)
def test_a_function_that_is_defined_by_itself_has_no_slope(text: str, line: str) -> None:
    row = symderiv.check(f"Let {text}. Then $${line}$$").chains[-1].rows[0]
    assert row.verdict.value == "undecided"


def test_an_equation_of_the_running_text_that_is_not_laid_down_gives_no_other_meaning() -> None:
    for claim in ("Suppose now $a = 1$; then $f(x) = x^3$.", "Clearly, $f(x) = x^3$."):
        text = f"Let $f(x) = x^2$. {claim} Yet $$f'(x) = 2 x$$"
        assert symderiv.check(text).chains[-1].rows[0].verdict.value == "follows"


def test_laid_down_anew_in_one_section_it_has_two_meanings() -> None:
    for line, verdict in (
        (r"\frac{da}{dx} = 3 x^2", "follows"),
        (r"\frac{da}{dx} = 2 x", "undecided"),
    ):
        text = f"Let $a = x^2$. Now let $a = x^3$ instead. Then $${line}$$"
        assert symderiv.check(text).chains[-1].rows[0].verdict.value == verdict


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("Let $y = w x$ and $L = y^2$.", "A second model is $y = w^2 x$.",
         r"\frac{\partial L}{\partial w} = 4 w^3 x^2"),
        (r"Let $z = X w$ and $L = z^\top z$.", "A second model is $z = X w - y$.",
         r"\nabla_w L = 2 X^\top (X w - y)"),
        ("Let $f(x) = x^2$.", "Its fixed points are where $f(x) = x$.", "f'(x) = 2 x"),
        ("Let $f(x) = x^2$.", "\n\n## Another\n\nOf the cube we know that", "f'(x) = 3 x^2"),
    ],
)  # fmt: skip
def test_what_may_have_another_meaning_by_now_accuses_no_line(
    first: str, second: str, line: str
) -> None:
    row = symderiv.check(f"{first} $$2 + 2 = 4$$ {second} $${line}$$").chains[-1].rows[0]
    assert row.verdict.value != "wrong"


def test_what_is_said_again_in_a_later_section_is_meant_there() -> None:
    text = "# One\n$$L = x^2$$\n# Two\n$$L = x^2$$ $$\\frac{dL}{dx} = 3 x^2$$"
    assert symderiv.check(text).chains[-1].rows[0].verdict.value == "wrong"
    text = text.replace("# Two\n$$L = x^2$$", "# Two\nHere $L = x^2$.")
    assert symderiv.check(text).chains[-1].rows[0].verdict.value == "wrong"


@pytest.mark.parametrize("mark", ["Now let ${}$.", "Here ${}$.", "$${}$$"])
@pytest.mark.parametrize(
    ("line", "slope"),
    [
        (r"2 X^\top (X w - y)", lambda X, w, y: 2 * X.T @ (X @ w - y)),
        (r"2 X^\top X w", lambda X, w, y: 2 * X.T @ X @ w),
    ],
)
def test_vectors_that_are_something_else_in_a_later_section(
    mark: str, line: str, slope: Callable[..., np.ndarray]
) -> None:
    X, w, y = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.2]]), np.array([0.3, 1.1]), np.arange(3.0)
    steps = np.eye(2) * 1e-6
    true = [(np.sum((X @ (w + s) - y) ** 2) - np.sum((X @ (w - s) - y) ** 2)) / 2e-6 for s in steps]
    first = r"Let $z = X w$ and $L = z^\top z$. Then $$\nabla_w L = 2 X^\top X w$$"
    text = first + "\n\n## Another\n\n" + mark.format("z = X w - y")
    row = symderiv.check(rf"{text} Then $$\nabla_w L = {line}$$").chains[-1].rows[0]
    assert (row.verdict.value == "follows") == np.allclose(slope(X, w, y), true)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (r"L(w) = \sum_i w_i^2", "L(2w) = 2 L(w)"),
        (r"f(x) = 1/(1 + s)", "f(0) = 2"),
        (r"f(x, y) = x y^2", "f_y(1, 2) = 3"),
        (r"\mathrm{Var}(x) = \frac1n \sum_i (x_i - m)^2", r"\mathrm{Var}(2x) = 2\mathrm{Var}(x)"),
    ],
)
def test_a_value_of_what_the_text_defines_is_no_new_name(text: str, line: str) -> None:
    row = symderiv.check(f"Let ${text}$. Then $${line}$$").chains[-1].rows[0]
    assert row.verdict.value == "undecided"


@pytest.mark.parametrize("sign", ["w_0", "w^*", r"\hat{w}"])
@pytest.mark.parametrize(
    ("said", "line", "value"),
    [
        (r"L = \sum_i (w x_i - y_i)^2", r"\sum_i (W x_i - y_i)^2",
         lambda x, y, w: np.sum((w * x - y) ** 2)),
        (r"L = \sum_i (w x_i - y_i)^2", r"\sum_i (W x_i + y_i)^2",
         lambda x, y, w: np.sum((w * x + y) ** 2)),
        (r"L = \|x - y w\|^2", r"\|x\|^2 - 2 W x^\top y + W W \|y\|^2",
         lambda x, y, w: np.sum((x - w * y) ** 2)),
        (r"L = \|x - y w\|^2", r"\|x\|^2 + W W \|y\|^2", lambda x, y, w: x @ x + w * w * y @ y),
    ],
)  # fmt: skip
def test_a_quantity_where_a_name_in_it_is_another_one(
    sign: str, said: str, line: str, value: Callable[..., float]
) -> None:
    x, y, w = np.array([1.0, 2.0, -0.5]), np.array([0.3, 1.0, 2.0]), 0.7
    true = np.sum((x - y * w) ** 2) if "|" in said else np.sum((w * x - y) ** 2)
    claim = line.replace("W", sign)
    text = rf"$${said}$$ $$\frac{{L({sign})}}{{2}} = \frac12 \left({claim}\right)$$"
    row = symderiv.check(text).chains[-1].rows[0]
    assert row.verdict.value == ("follows" if np.isclose(value(x, y, w), true) else "wrong")


TEMPERED = r"\operatorname{softmax}(z)_i = \frac{e^{z_i/T}}{\sum_k e^{z_k/T}}"
SLOPES = (
    r"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij} - p_j)/T",
    r"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij} - p_j)",
)


@pytest.mark.parametrize("line", SLOPES)
@pytest.mark.parametrize("said", [f"Let ${TEMPERED}$", f"$${TEMPERED}$$ Let"])
def test_a_softmax_of_the_author_s_is_not_held_to_be_ours(said: str, line: str) -> None:
    text = rf"{said} and $p_i = \operatorname{{softmax}}(z)_i$. Then $${line}$$"
    row = symderiv.check(text).chains[-1].rows[-1]
    assert row.verdict.value == "undecided"


@pytest.mark.parametrize(
    "said",
    [
        r"Let $\operatorname{softmax}(z)_i = \frac{e^{z_i}}{Z}$ with $Z = \sum_k e^{z_k}$",
        r"$$\operatorname{softmax}(z)_i = \operatorname{softmax}(-z)_i$$ Let $q = 1$",
    ],
)
def test_what_is_said_of_softmax_is_judged_when_all_is_heard_and_is_no_definition_by_itself(
    said: str,
) -> None:
    right, wrong = (
        symderiv.check(rf"{said} and $p_i = \operatorname{{softmax}}(z)_i$. Then $${line}$$")
        for line in SLOPES[::-1]
    )
    assert right.chains[-1].rows[-1].verdict.value == "follows"
    assert wrong.chains[-1].rows[-1].verdict.value == "wrong"


def test_a_softmax_as_it_is_may_be_written_out() -> None:
    written = r"\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_k e^{z_k}}"
    named = r"$p_i = \operatorname{softmax}(z)_i$"
    right, wrong = (
        symderiv.check(rf"Let ${written}$ and {named}. Then $${line}$$").chains[-1].rows[-1]
        for line in SLOPES[::-1]
    )
    assert (right.verdict.value, str(right.strength)) == ("follows", "proved for every K")
    assert wrong.verdict.value == "wrong"
    false = written.replace("e^{z_i}", "e^{-z_i}")
    assert symderiv.check(rf"$${false}$$").chains[-1].rows[-1].verdict.value == "wrong"


VALUES = [
    (r"Let $f(x) = a x^2$ with $a = 3$.", "f'(x) = 6 x", "follows"),
    (r"$$L = a x^2$$ At $a = 3$:", r"\frac{dL}{dx} = 6 x", "follows"),
    (r"$$L = a x^2 + b x$$ With $a = 3$ and $b = 2$:", r"\frac{dL}{dx} = 6 x + 2", "follows"),
    (r"$$L = a x^2$$ At $a = 2$:", r"\frac{dL}{dx} = 6 x", "wrong"),
    (r"$$L = a x^2$$ At $a = 3$ $$\frac{dL}{dx} = 6 x$$ In all,", r"\frac{dL}{dx} = 6 x", "wrong"),
    (r"$$L = a x^2$$ At $x = 0$ it is least.", r"\frac{dL}{dx} = 3 a x", "wrong"),
]


@pytest.mark.parametrize(("text", "line", "verdict"), VALUES)
def test_a_letter_may_be_given_a_value(text: str, line: str, verdict: str) -> None:
    row = symderiv.check(f"{text} $${line}$$").chains[-1].rows[0]
    assert row.verdict.value == verdict
    assert bool(row.uses) == (verdict == "follows")


def test_a_case_that_is_supposed_in_words_is_not_held_against_the_one_before() -> None:
    text = "Case 1. If $f(x) = x^2$, then $$f'(x) = 2 x$$ Case 2. If $f(x) = x^3$, then"
    assert symderiv.check(f"{text} $$f'(x) = 3 x^2$$").chains[-1].rows[0].verdict.value != "wrong"
