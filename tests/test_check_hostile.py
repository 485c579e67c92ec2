"""Hostile texts are checked in bounded time, and what is not read of them is said."""

from __future__ import annotations

import random
import sys

import pytest

from symderiv.checking import Verdict, check
from symderiv.checking.pages import page_of
from symderiv.checking.spans import spans
from symderiv.documents.checks import write

LONG = 200_000
PAGE = r"""The softmax is \begin{equation} p_i=\frac{e^{z_i}}{\sum_k e^{z_k}} \end{equation}
and the loss $L=-\sum_iy_i\log p_i$ with one-hot $y$.
\begin{align} \frac{\partial L}{\partial z_j} &= -\sum_iy_i\left(\delta_{ij}\right. \\
&\quad \left. - p_j\right) \end{align}
"""


def filled(text: str, size: int = LONG) -> str:
    return text * (size // len(text))


def calls(text: str, kind: str) -> int:
    """How many functions, Python's own too, are called for a page."""
    count = 0

    def called(frame: object, event: str, of: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        page_of(text, kind)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", ["tex", "md", ""])
@pytest.mark.parametrize(
    "text",
    [
        *(r"\[", r"\\[", r"\(", "$$ ", "$x", "$x\n", r"\begin{align}"),
        *(r"\begin{align}\begin{split}", r"\begin{verbatim}"),
        *("```math\n", "`", "~~~\n````\n", "<img ", "![a](", r"\def\a{"),
        *(r"\[x\\[[[[", r"\intertext{", "\\", "\\%"),
    ],
)  # fmt: skip
def test_a_long_text_is_looked_through_once(text: str, kind: str) -> None:
    page_of(filled(text), kind)  # a tenth of a second; squared it would be an hour
    short, long = (calls(filled(text, LONG // n), kind) for n in (40, 20))
    assert long <= 2 * short


@pytest.mark.parametrize(
    "body",
    [
        "{" * 100_000 + "x" + "}" * 100_000,
        r"\left(" * 100_000 + "x" + r"\right)" * 100_000,
        r"\begin{cases}" * 50_000 + "x=x" + r"\end{cases}" * 50_000,
        "& " * 500_000 + "=x",
        "{" * 4000 + "x" + "}" * 4000,
        "x=" + "9" * 5000,
        r"x={{\frac{1}{x}}=x",
        r"x=x}}",
    ],
)
def test_what_is_nested_or_long_beyond_reason_is_one_sentence(body: str) -> None:
    (row,) = check(rf"\[{body}\]", "tex").rows
    assert row.verdict is Verdict.UNREAD
    assert row.note


def test_a_macro_that_multiplies_its_argument_is_refused() -> None:
    text = r"\newcommand{\q}[1]{" + "#1" * 1000 + r"}\[\q{" + "x" * 5000 + r"}=1\]"
    (row,) = check(text, "tex").rows
    assert "do not end" in row.note


def test_the_time_for_a_text_is_kept_and_one_note_says_what_is_left() -> None:
    text = r"\begin{align}" + filled("a&=b\\\\\n", 200_000) + r"\end{align}"
    report = check(text, "tex", timeout=1)
    assert report.status == 3
    (note,) = report.notes
    assert "1 seconds were over before" in note
    for target in ("text", "markdown", "github"):
        assert write(report, target).count("over before") == 1


@pytest.mark.parametrize("mark", [r"\[", "$$", r"\begin{align}"])
def test_a_display_that_is_not_closed_is_not_passed_over(mark: str) -> None:
    report = check(rf"\[x+x=2x\] and {mark} x+x=3x", "tex")
    *_, row = report.rows
    assert (row.verdict, row.note, report.status) == (Verdict.UNREAD, f"{mark} is not closed", 3)


@pytest.mark.parametrize("kind", ["tex", "md", ""])
def test_a_page_cut_anywhere_or_mistyped_is_answered(kind: str) -> None:
    draw = random.Random(17)
    marks = ["{", "}", "\\", "$", "$$", "_", "^", "&", r"\\", r"\frac", r"\left(", "[", "%", "=",
             r"\begin{cases}", r"\over", "/0", "é", "\x00"]  # fmt: skip
    for _ in range(12):
        place = draw.randrange(len(PAGE))
        mistyped = PAGE[:place] + draw.choice(marks) + PAGE[place + draw.randrange(3) :]
        for text in (PAGE[:place], mistyped):
            report = check(text, kind, timeout=20)
            assert report.status in (0, 1, 3)
            assert all(row.note for row in report.rows if row.verdict is Verdict.UNREAD)
            assert write(report, "latex")


@pytest.mark.parametrize(
    ("text", "kind", "bodies"),
    [
        (r"\[a\] $$b$$ \begin{align}c\end{align} $d$ \(e\)", "tex", "a b c d e"),
        (r"\\[2pt] \[a\]", "tex", "a"),  # the end of a line of a table
        (r"\\[a\\] \\(b\\)", "md", "a b"),
        (r"\[a \begin{align}b\end{align}", "md", "b"),
        (r"costs \$5 and $a$ \$", "md", "a"),
    ],
)
def test_formulas_stand_where_the_text_has_them(text: str, kind: str, bodies: str) -> None:
    found = [s for s in spans(text, kind) if not s.open]
    assert " ".join(text[s.start : s.stop] for s in found) == bodies


def test_a_bracket_at_the_front_of_a_line_is_no_length() -> None:
    (one, other) = check("\\begin{align}x&=x\\\\ [x+x]&=2x\\end{align}", "tex").rows
    assert other.source == "[x+x]&=2x"
    assert Verdict.WRONG not in (one.verdict, other.verdict)


def test_the_marked_text_keeps_comments_and_code() -> None:
    text = "% mine\n\\begin{verbatim}\n$$\n\\end{verbatim}\n\\[x+x=3x\\]\n"
    assert write(check(text, "tex"), "latex").startswith(text.partition("\\[")[0])
