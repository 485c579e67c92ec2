"""Each way of writing a line of a derivation in LaTeX is read, and found right."""

from __future__ import annotations

import pytest

import symderiv

SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}; L = -\sum_i y_i \log p_i"

LINES = [
    r"\frac{\partial L}{\partial z_j} = p_j \sum_i y_i - y_j",
    r"\frac{\partial L}{\partial z_j} = -\sum_k y_k \frac{\partial \log p_k}{\partial z_j}",
    r"\frac{\partial}{\partial z_j} \log p_i = \delta_{ij} - p_j",
    r"\frac{\partial p_i}{\partial z_j} = -p_i p_j, \quad i \neq j",
    r"\frac{\partial p_i}{\partial z_j} = -p_i p_j, \text{ for } i \ne j",
    r"\frac{\partial p_i}{\partial z_j} = {\color{red} p_i} \left( \delta_{ij} - p_j \right)",
    r"\frac{\partial L}{\partial z_j} = -y_j (1 - p_j) + \sum_{i \neq j} y_i p_j",
    r"L = -\sum_{j=1}^n y_j \log p_j",
    r"\frac{\partial p_i}{\partial z_j} "
    r"= \begin{cases} p_i(1 - p_i) & i = j \\ -p_i p_j & i \neq j \end{cases}",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_and_follows(line: str) -> None:
    report = symderiv.check(f"$$ {line} $$", define=[SOFTMAX])
    rows = [row for chain in report.chains for row in chain.rows]
    assert [row.verdict for row in rows] == ["follows"], report


@pytest.mark.parametrize("line", [r"L = p_i +", r"L = \frac{p_i}{"])
def test_a_line_that_is_not_read_is_said_to_be_so(line: str) -> None:
    report = symderiv.check(f"$$ {line} $$", define=[SOFTMAX])
    rows = [row for chain in report.chains for row in chain.rows]
    assert [row.verdict for row in rows] == ["unread"], report


F = "$$f(x) = x^2$$\n\n"
NO_DEFINITION = {
    r"$$\arctan x = \pi/2$$": "undecided",
    r"$$e^x = 2\pi$$": "undecided",
    F + r"$$\sin x = \sqrt{2}/2$$": "undecided",
    F + r"$$f'(x) = \pi$$": "undecided",
    F + "$$x^2 = 4$$": "undecided",
    F + r"$$\frac{\partial f}{\partial x^{1.5}} = 2$$": "unread",
    F + r"$$\frac{\partial f}{\partial 2x} = x$$": "unread",
    F + r"$$\frac{\partial f}{\partial \sin x} = 2$$": "unread",
    F + r"$$\frac{\partial}{\partial 3} f = 0$$": "unread",
    r"$$\sigma^2 = 4$$": "follows",
    r"$$x - x_0 = z$$": "follows",
    r"$$\frac{\partial L}{\partial \Sigma^{-1}} = G$$": "follows",
}


@pytest.mark.parametrize("text", NO_DEFINITION)
def test_a_value_of_what_is_known_is_no_definition(text: str) -> None:
    rows = [row for chain in symderiv.check(text).chains for row in chain.rows]
    assert rows[-1].verdict == NO_DEFINITION[text]
    assert all(row.verdict == "follows" for row in rows[:-1])


@pytest.mark.parametrize(
    ("text", "status", "summary"),
    [
        (r"$$\mathbb{E}[f(x)]$$", 3, "Nothing is claimed that could follow or be wrong."),
        (r"$$\frac{d}{dx} x^3$$ $$= 3x^2$$", 0, "1 of 1 lines follow, nothing is claimed on 1."),
        (r"\[(x^3)'\] \[= 2x\]", 1, "0 of 1 lines follow, 1 wrong, nothing is claimed on 1."),
        (r"$$y = x^3$$", 0, "1 of 1 lines follow."),  # it says what y is
    ],
)  # fmt: skip
def test_a_term_by_itself_claims_nothing(text: str, status: int, summary: str) -> None:
    report = symderiv.check(text)
    assert report.status == status
    assert report.page().splitlines()[-1 - (status == 1)] == summary


def test_what_is_said_of_a_number_is_not_said_of_the_letter_of_a_sum() -> None:
    text = r"For $n \ge 1$ $$\frac{d}{dx}\sum_{n=1}^N a_n x^n = \sum_{n=1}^N n a_n x^{%s}$$"
    power = r" $$\frac{d}{dx}x^n = n x^{n-1}$$"
    for exponent, verdict in (("n-1", "follows"), ("n", "wrong")):
        rows = symderiv.check(text % exponent + power).rows
        assert [row.verdict for row in rows] == [verdict, "follows"]


def test_names_side_by_side_in_a_bracket_are_no_argument() -> None:
    """3 x h (w x) is 3 x h², of h = w x, and 3 x h is not."""
    text = r"Let $h = wx$. $$\frac{\partial}{\partial w} h^3 = 3xh%s$$"
    for factor, verdict in (("(wx)", "undecided"), (r"\cdot (wx)", "follows"), ("", "wrong")):
        (row,) = symderiv.check(text % factor).rows
        assert row.verdict == verdict


XY = "$$f(x, y) = x^2 y$$\n\n"
STEP = r"$$f(x) = x \cdot 1[x > 0]$$ Now $$f(x) = x$$ Then $$f'(x) = 1$$"
WRITTEN = {
    # the gradient reaches over what is transposed; ∂_y f is ∂f/∂y
    XY + r"$$\partial_y f = x^2$$": "follows",
    XY + r"$$\partial_x f = x^2$$": "wrong",
    XY + r"$$\partial_x \partial_y f = 2x$$": "follows",
    r"$$L = \sum_i x_i^2$$ $$\partial_j L = 2 x_j$$": "follows",
    r"$$L = \sum_i x_i^2$$ $$\partial_j L = 3 x_j$$": "wrong",
    r"$$L = \sum_i x_i^2$$ $$\partial_i \partial_j L = 2 \delta_{ij}$$": "follows",
    r"$$L = \sum_i (x_i - y_i)^2$$ $$\partial_j L = 2 (x_j - y_j)$$": "unread",  # by which?
    r"$$p_i = x_i^2$$ $$L = \sum_i p_i$$ $$\partial_j L = 1$$": "unread",
    XY + r"$$f_x = 2 x y, \quad f_y(x, y) = x^2, \quad f_{xy} = 2 x$$": "follows",
    XY + r"$$f_x = x y$$": "wrong",
    XY + r"$$f_{xx} = 2 x$$": "wrong",
    r"$$f(x) = x^2$$ $$f_x = 3 x$$": "undecided",  # of one number it is written f'
    r"$$f(i, j) = x_i y_j$$ $$\sum_i f_{ij} = y_j$$": "undecided",
    # a sum from 0
    r"$$\frac{\partial}{\partial x_j} \sum_{i=0}^{n-1} x_i^2 = 2 x_j$$": "follows",
    r"$$\sum_{i=0}^{n-1} i = \frac{n(n-1)}{2}$$": "follows",
    r"$$\sum_{i=0}^{n-1} x_i = \sum_{i=1}^n x_{i-1}$$": "undecided",
    r"$$\nabla_x x^\top A x = (A + A^\top) x$$": "follows",
    r"$$\nabla_x a^\top x = a$$": "follows",
    # dV over dD is no product with a matrix
    r"$$V = \log D + \log(1 - D)$$ $$\frac{dV}{dD} = \frac{1}{D} - \frac{1}{1 - D}$$": "follows",
    r"$$V = \log D + \log(1 - D)$$ $$\frac{dV}{dD} = \frac{1}{D} + \frac{1}{1 - D}$$": "wrong",
    F + r"$$\left.\frac{df}{dx}\right|_{x=1} = 2$$": "follows",
    F + r"$$\left.\frac{df}{dx}\right|_{x=1} = 3$$": "wrong",
    F + r"$$\left.\frac{d^2 f}{dx^2}\right|_{x=a} = 2$$": "follows",
    r"$$\langle A, X \rangle = \operatorname{tr}(A^\top X)$$": "follows",
    r"$$\langle A, X \rangle = A X$$": "undecided",
    r"$$\|x\|_3^3 = \sum_i |x_i|^3$$": "follows",
    # the parameter of a function is no index
    r"$$f_\theta(x) = \theta^2 x$$ $$\frac{d f_\theta}{d\theta} = 2\theta x$$": "follows",
    r"$$f_\theta(x) = \theta^2 x$$ $$\nabla_\theta f_\theta(x) = 3\theta x$$": "wrong",
    # of m it is said what some components are, and of f two things
    r"$$m_j = 1 \text{ for } j \le i$$ $$\sum_j m_j x_j = \sum_j x_j$$": "undecided",
    r"$$m_j = 1, \quad j \ne i$$ $$\frac{\partial}{\partial x_j} m_j x_j = 1$$": "undecided",
    SOFTMAX.partition(";")[0].join(("$$", "$$"))
    + r" $$\frac{\partial p_i}{\partial z_j} = -p_i p_j, \quad i < j$$": "follows",
    STEP: "follows-if",
    "d/dx x^2 = 2*x": "follows",
    "d/dx x*exp(x) + 1 = exp(x) + x*exp(x) + 1": "follows",
    "d/dx x^2 = 3*x": "wrong",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written_otherwise_is_read_alike(text: str) -> None:
    rows = [row for chain in symderiv.check(text).chains for row in chain.rows]
    assert rows[-1].verdict == WRITTEN[text], rows
