"""Hostile text: nothing that a person types ends a comment or a string of any target.

What is typed reaches a page as the command in its header, as a title, as the numbers of a point.
Every target is made from it and read by the program it is for, where that is installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import symderiv
from symderiv.cli import run
from symderiv.cli.destination import quoted
from symderiv.documents.escape import html_comment, one_line
from symderiv.documents.presentation import present
from symderiv.documents.press import press
from symderiv.documents.setting import Setting
from symderiv.documents.targets import TARGETS, write

pytestmark = pytest.mark.usefixtures("derived_once")

MARK = "HOSTILE"
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
ENDS = [
    *(f"{mark}#{{{MARK}}} \\{MARK} #panic(\"{MARK}\")" for mark in BREAKS),
    f"--><script>{MARK}</script><!--",
    f"--!><script>{MARK}</script>",
    f"*/ #panic(\"{MARK}\") /*",
    f"\") #panic(\"{MARK}",
    f"^^M\\{MARK}",
    f"\\end{{document}}\\{MARK}",
    f"\x1b]0;{MARK}\x07\u202e{MARK}",
    f"'; {MARK} '",
    "```\n" + MARK,
]  # fmt: skip


class Pages(HTMLParser):
    """What a browser sees of a page outside its comments."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen += f"<{tag}>"

    def handle_data(self, data: str) -> None:
        self.seen += data


def headers() -> dict[str, str]:
    """What stands before the command in the first line of each target that shows it."""
    page = present(symderiv.derive("x**2", wrt="x"), Setting(), command="the command")
    found = {}
    for name, target in TARGETS.items():
        if target.writer is not None and "the command" in (made := write(page, name, Setting())):
            found[name] = made.partition("the command")[0]
    return found


HEADERS = headers()


def comment_of(target: str, page: str) -> str:
    """The first line of a page, which is the comment."""
    first, *_ = re.split("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", page, maxsplit=1)
    assert first.startswith(HEADERS[target]), page[:80]
    return first


@pytest.mark.parametrize("target", HEADERS)
@pytest.mark.parametrize("text", ENDS, ids=ascii)
def test_the_comment_of_a_formula_stays_in_the_header(
    target: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A formula's own comment may say anything: `x**2 # …`, and so may a fact and a claim."""
    line = [f"x**2  # {text}".replace("\n", " "), "--wrt", "x", "-f", target]
    for words in (
        line,
        [f"#{text}\nx**2" if "\n" not in text else f"# {text[1:]}\nx**2", *line[1:]],
    ):
        status = run(["derive", *words])
        out, err = capsys.readouterr()
        if status == 2:  # a break that the language does not know ends the formula's comment
            assert len(err.splitlines()) == 1
            continue
        comment = comment_of(target, out)
        assert MARK not in out.replace(comment, "")
        if target in ("markdown", "github"):
            parser = Pages()
            parser.feed(out)
            assert MARK not in parser.seen


def hostile_page(text: str) -> symderiv.Answer:
    return replace(symderiv.derive("x**2", wrt="x"), title=f"T {text}")


@pytest.mark.parametrize("text", ENDS, ids=ascii)
def test_titles_and_commands_are_one_line(text: str) -> None:
    page = present(hostile_page(text), Setting(), command=f"symderiv {text}")
    assert page.title.isprintable()
    assert page.command.isprintable()
    for target in HEADERS:
        made = write(page, target, Setting())
        assert comment_of(target, made).count(MARK) == text.count(MARK)


@pytest.mark.parametrize("text", ENDS, ids=ascii)
@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_typst_takes_it(needs: Callable[[str], None], text: str, kind: str) -> None:
    needs("python:typst")
    page = present(hostile_page(text), Setting(), command=f"symderiv {text}")
    assert press(page, kind, engine="typst")


@pytest.mark.parametrize("setting", [{"standalone": True}, {"standalone": True, "beamer": True}])
def test_latex_takes_it(
    needs: Callable[[str], None], setting: dict[str, bool], tmp_path: Path
) -> None:
    """All of them in one document: their comments, the preamble that they share, their bodies."""
    needs("pdflatex")
    chosen = Setting.of(setting)
    heads, bodies, preambles = [], [], set()
    for n, text in enumerate(ENDS):
        page = present(hostile_page(text), chosen, command=f"symderiv {text}")
        head, _, body = write(page, "latex", chosen).partition("\\begin{document}")
        comment, _, preamble = head.partition("\\documentclass")
        heads.append(comment)
        bodies.append(body.rpartition("\\end{document}")[0] + f"\\typeout{{== {n}}}\n")
        preambles.add(preamble)
    (preamble,) = preambles
    whole = [*heads, f"\\documentclass{preamble}\\begin{{document}}", *bodies, "\\end{document}"]
    (tmp_path / "page.tex").write_text("".join(whole), encoding="utf-8")
    line = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:]
    assert done.stdout.count(b"== ") == len(ENDS)


@pytest.mark.parametrize("text", ENDS, ids=ascii)
def test_the_command_in_a_header_is_the_command(text: str) -> None:
    """One line, which bash reads back as what was typed."""
    word = quoted(text)
    assert word.isprintable()
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    done = subprocess.run(
        ["bash", "-c", f"printf %s {word}"], capture_output=True, timeout=60,
        env={"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.stdout.decode() == text


@pytest.mark.parametrize(
    "text", [*ENDS, "", "-", "->", ">", "--", "<!-", "-->" * 3, "--->"], ids=ascii
)
def test_a_comment_of_html_ends_where_it_should(text: str) -> None:
    made = html_comment(one_line(text))
    body = made.removeprefix("<!--").removesuffix("-->")
    assert "-->" not in body
    assert "--!>" not in body
    assert not body.startswith((">", "->"))
    assert not body.endswith("<!-")


@pytest.mark.parametrize("text", ENDS, ids=ascii)
def test_every_other_argument_refuses_it(
    text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """No name, number, format, route, variable, claim or fact lets it through, in any target."""
    for words in (
        ["--symbols", f"x={text}"], ["--symbols", f"x=a{text}"], ["--at", f"1{text}"],
        ["--at", f"x=1{text}"], ["--route", text], ["--claim", f"2*x{text}"], ["--k", text],
        ["--assume", f"x > 0{text}"], ["--wrt", f"x{text}"], ["-f", text], ["--entry", text],
    ):  # fmt: skip
        line = ["derive", "x**2", "--wrt", "x", *words]
        status = run(line)
        out, err = capsys.readouterr()
        if status == 0:  # a comment behind a claim or a fact is one; text pages do not show it
            assert MARK not in out
        else:
            assert len(err.splitlines()) == 1, err
            assert all(c.isprintable() for c in err.rstrip("\n"))
    with pytest.raises(symderiv.Mistake):
        symderiv.derive("x**2", wrt="x", symbols={"x": text})
    with pytest.raises(symderiv.Mistake):
        symderiv.derive("x**2", wrt="x").page("latex", at=[text])
    with pytest.raises(symderiv.Mistake):
        symderiv.derive("x**2", wrt="x").page("latex", at={"x" + text: 1})


def test_what_has_a_header_is_known() -> None:
    assert HEADERS.items() >= {"latex": "% ", "typst": "// ", "markdown": "<!-- "}.items()
