"""Reading by form: what has no meaning here is read as far as its form goes, and honestly."""

from __future__ import annotations

import json

import pytest

from symderiv.checking import Verdict, check
from tests.check_attacks import CLEVER_ERRORS, ODD_STYLES

UNKNOWN = (
    r"\mathbb{E}_{x\sim p}[f(x)]=\int p(x)f(x)\,dx",
    r"\hat\theta=\arg\max_\theta\sum_i\log p(x_i\mid\theta)",
    r"\mathrm{KL}(q\|p)=\mathbb E_q[\log q-\log p]",
    r"J=\begin{bmatrix}\frac{\partial y_1}{\partial x_1}&\cdots\\\vdots&\ddots\end{bmatrix}",
    r"f'(x)=\lim_{h\to0}\frac{f(x+h)-f(x)}{h}",
    r"h_t=f_W(h_{t-1},x_t)",
    r"\theta_{t+1}=\theta_t-\eta\nabla L(\theta_t)",
    r"X=\{x_1,\ldots,x_n\}",
    r"a^{\langle t\rangle}=g(W_{aa}a^{\langle t-1\rangle}+b_a)",
    r"\mathbf h_t=\phi(\mathbf W_\textrm{hx}\mathbf x_t+\mathbf W_\textrm{hh}\mathbf h_{t-1})",
    r"\boxed{s(x)=\nabla_x\log p(x)}",
    r"L=\underbrace{\frac1N\sum_iL_i}_\text{data loss}+\underbrace{\lambda R(W)}_\text{other}",
    r"\left.\frac{\partial p_t}{\partial t}\right|_{t=T}=g",
    r"\binom{n}{k}=\frac{n!}{k!(n-k)!}",
    r"x\otimes y=z",
    r"f(x)={1 \over 2}x^TQx+c",
)
BROKEN = (
    r"\mathbb{E}[f(x)=2",
    r"p(y|",
    r"\int",
    r"f(x,)+",
    r"\begin{bmatrix}1&2",
    r"\frac{a}{",
    r"x^",
    r"\unknowncommand{x}{y}=2",
    r"\arg\max=",
)


def rows(text: str):
    return list(check(text, "tex").rows)


@pytest.mark.parametrize("line", UNKNOWN)
def test_what_has_no_meaning_is_read_by_its_form(line: str) -> None:
    (row,) = rows(rf"\[{line}\]")
    assert row.verdict in (Verdict.FOLLOWS, Verdict.FOLLOWS_IF, Verdict.UNDECIDED)


@pytest.mark.parametrize("line", BROKEN)
def test_what_is_no_mathematics_is_not_read(line: str) -> None:
    (row,) = rows(rf"\[{line}\]")
    assert row.verdict is Verdict.UNREAD
    assert row.note


@pytest.mark.parametrize(
    "text",
    [
        r"\[p(x,z)=q(x)r(z)+p(x,z)-1\]",  # may be true of some p, q and r
        r"\[\mathbb E[X]=2\mathbb E[X]\]",
        r"\[y=\mathbb E[f(x)]\]\[L=y^2+w^2\]\[\frac{\partial L}{\partial w}=2w\]",
        r"\[y=\mathbb E[f(x)]\]\[L=y^2+w^2\]\[\frac{\partial L}{\partial w}=2y+2w\]",
        r"\[\frac{\partial}{\partial x}\left(x\,f(x,y)\right)=f(x,y)\]",
        r"\[x_1+\dots+x_n=x_1+\dots+x_n\]",  # dots stand for something else each time
        r"\[\sum_ip(x_i|w)=n\,p(x_i|w)\]",
    ],
)
def test_nothing_is_said_of_what_only_has_a_form(text: str) -> None:
    assert rows(text)[-1].verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    "line",
    [r"\frac{df}{d(x+y)} = 2x + 1", r"\frac{df}{d 2x} = x", r"\frac{d}{d(x+y)} f = 2x",
     r"\frac{df}{d\left(x+1\right)} = 2x", r"\frac{\partial f}{\partial (x+y)} = 1"],
)  # fmt: skip
def test_a_derivative_by_what_is_no_variable_is_not_read(line: str) -> None:
    _, row = rows(rf"\[f(x,y) = x^2 + y\]\[{line}\]")
    assert row.verdict is Verdict.UNREAD
    assert "below the bar stands a variable" in row.note


@pytest.mark.parametrize(
    ("line", "verdict"),
    [(r"\frac{df}{d(x)} = 2x", Verdict.FOLLOWS), (r"\frac{df}{d{x}} = 3x", Verdict.WRONG),
     (r"\frac{d}{d(x)} f(x) = 2x", Verdict.FOLLOWS)],
)  # fmt: skip
def test_a_variable_may_stand_in_brackets(line: str, verdict: Verdict) -> None:
    assert rows(rf"\[f(x) = x^2\]\[{line}\]")[-1].verdict is verdict


@pytest.mark.parametrize(
    "text", [r"\[a = \frac{d x}{d(1+d)}\]\[a = \frac{x}{1+d}\]", r"\[r = \frac{d(x,y)}{d(x,z)}\]"]
)
def test_d_may_be_a_number_or_a_distance(text: str) -> None:
    assert all(row.verdict is Verdict.FOLLOWS for row in rows(text))


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        (r"\[2\,p(x|w)+p(x|w)=3\,p(x|w)\]", ""),
        (r"\[\log\prod_{i=1}^np(x_i|w)=\sum_{i=1}^n\log p(x_i|w)\]", "is positive"),
        (r"\[\mathcal N(x|m,s)=\frac1se^{-(x-m)^2}\]"
         r"\[\frac{\partial}{\partial m}\mathcal N(x|m,s)=\frac2s(x-m)e^{-(x-m)^2}\]", ""),
    ],
)  # fmt: skip
def test_what_holds_of_every_value_follows(text: str, needs: str) -> None:
    row = rows(text)[-1]
    assert row.verdict is (Verdict.FOLLOWS_IF if needs else Verdict.FOLLOWS)
    assert row.needs.endswith(needs)
    assert "opaque" not in json.dumps(check(text, "tex").as_data())


def test_a_form_that_is_defined_can_be_wrong() -> None:
    row = rows(r"\[p(x|w)=w^2x\]\[\frac{\partial}{\partial w}p(x|w)=wx\]")[-1]
    assert row.verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        (r"\[f(Q)=\frac KQ+hQ\]\[Q^*=\sqrt{\frac Kh}\]\[f(Q)=\frac KQ+hQ=2\sqrt{hK}\]", "Q is Q*"),
        (r"\[\frac{\partial}{\partial x_i}x^TAx=\frac{\partial}{\partial x_i}"
         r"\sum_{j,k}a_{jk}x_jx_k\]", "a_ij is A_ij"),
        (r"\[y=Wx\]\[\frac{\partial L}{\partial x}=W^\top\frac{\partial L}{\partial y}\]",
         "L depends on y alone"),
        (r"\[\log\frac{ab}c=\log a+\log b-\log c\]", "a, b and c are positive"),
    ],
)  # fmt: skip
def test_what_a_line_needs_is_found(text: str, needs: str) -> None:
    row = rows(text)[-1]
    assert row.verdict is Verdict.FOLLOWS_IF
    assert row.needs.startswith(needs)


@pytest.mark.parametrize(
    "text",
    [
        r"\[v=x^2\]\[v=x^3\]",  # a second meaning, or wrong: who knows
        r"\[J=(w-a)^2\]\[0=w-a\]\[w^2=a^2\]",
        r"\[A v=\lambda v\]\[A^2v=\lambda^2v\]",
        r"\[g=2x\]\[\frac{d}{dx}x^2=e_h\]",  # stands nowhere before
        r"\[y=uv\]\[dy=u\,dv+v\,du\]",
        r"\[\mu=\frac1N\sum_ix_i\]\[\sum_ix_i=N\bar x\]",
        r"\[y=x^2\Rightarrow x=\sqrt y\]",
    ],
)
def test_what_may_be_meant_otherwise_is_not_accused(text: str) -> None:
    assert Verdict.WRONG not in [row.verdict for row in rows(text)]


@pytest.mark.parametrize("text", ODD_STYLES)
def test_no_right_line_in_an_odd_style_is_accused(text: str) -> None:
    assert not {row.verdict for row in rows(text)} & {Verdict.WRONG, Verdict.UNREAD}


@pytest.mark.parametrize("text", CLEVER_ERRORS)
def test_the_clever_error_is_the_first_wrong_line(text: str) -> None:
    found = check(text, "tex")
    assert found.first_wrong == (len(found.chains), len(found.chains[-1].rows))


def test_a_page_of_images_and_code_holds_no_display() -> None:
    page = '<img src="https://x.org/?\\begin{align}a&space;b\\end{align}">\n`$$a$$`\n![$$x$$](y)\n'
    assert not check(page, "md").chains


def test_nested_forms_take_no_time() -> None:
    line = "f(x, " * 50 + "y" + ")" * 50
    (row,) = rows(rf"\[{line}=1\]")
    assert row.verdict in (Verdict.UNDECIDED, Verdict.UNREAD)


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        (r"\[y_i=\sum_jW_{ij}x_j\]\[p_i=\frac{e^{z_i}}{\sum_ke^{z_k}}\]\[L=-\sum_iy_i\log p_i\]"
         r"\[\frac{\partial L}{\partial z_j}=p_j-y_j\]",
         "y in L is a target, and no other y, and Σ_k y_k = 1"),
        (r"\[y_i=\sum_jW_{ij}x_j\]\[p_i=\frac{e^{y_i}}{\sum_ke^{y_k}}\]\[L=-\sum_iy_i\log p_i\]"
         r"\[\frac{\partial L}{\partial y_j}=p_j-y_j\]",
         "y in L is a target, and no other y, and Σ_k y_k = 1"),
        (r"\[y=\sigma(wx)\]\[a=\sigma(wx)\]\[L=-y\log a-(1-y)\log(1-a)\]"
         r"\[\frac{\partial L}{\partial w}=(a-y)x\]", "y is held fixed"),
    ],
)  # fmt: skip
def test_a_letter_may_be_a_target_and_an_output_on_one_page(text: str, needs: str) -> None:
    row = rows(text)[-1]
    assert (row.verdict, row.needs) == (Verdict.FOLLOWS_IF, needs)
    *known, line = text.split(r"\[")
    wrong = r"\[".join([*known, line.replace("-y", "+y")])
    assert rows(wrong)[-1].verdict is Verdict.WRONG


@pytest.mark.parametrize(
    "text",
    [
        r"\[z=Wx+b\]\[x-x^k=z\]",
        r"\[f=\frac12x^2\]\[f-f^k=x-x^k\]",
        r"\[y=wx\]\[y^{t+1}-y^t=x\]",
        r"\[y=x_1x_2\]\[x^1x^2=y\]",
    ],
)
def test_an_upper_index_is_no_power(text: str) -> None:
    assert rows(text)[-1].verdict is not Verdict.WRONG


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{d}{dx}x^n=x^{n-1}",
        r"(xy)^n=x^ny",
        r"(x^k)^2=x^{k+2}",
        r"x^n\,x=n\,x^n",
        r"x^ax^b=x^{ab}",
    ],
)
def test_a_power_that_is_one_is_not_excused(line: str) -> None:
    assert rows(rf"\[{line}\]")[-1].verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"\[f(x)=x^2\]\[f''(x)=3x\]", Verdict.WRONG),
        (r"\[f(x)=x^3\]\[f''(x)=6x\]", Verdict.FOLLOWS),
        (r"\[g(x)=x^2-x\]\[g'(x)=2x-1=0\]", Verdict.UNDECIDED),  # to be solved
        (
            r"\[\frac{\partial}{\partial w}\frac{1}{2N}\|Xw-y\|^2=\frac1NX^\top(Xw-y)\]",
            Verdict.FOLLOWS,
        ),
        (
            r"\[\frac{\partial}{\partial w}\frac{1}{2N}\|Xw-y\|^2=\frac2NX^\top(Xw-y)\]",
            Verdict.WRONG,
        ),
        (r"\[\frac{d}{dx}n(n-1)x^2=2n(n-1)x\]", Verdict.FOLLOWS),
        (r"\[\frac{d}{dx}n(n-1)x^2=2n(n+1)x\]", Verdict.WRONG),
        (r"\[\frac{d^2}{dx^2}x^n=n(n-1)x^{n-2}\]", Verdict.FOLLOWS),
    ],
)
def test_numbers_before_brackets_divisors_and_values_of_functions(
    text: str, verdict: Verdict
) -> None:
    assert rows(text)[-1].verdict is verdict
