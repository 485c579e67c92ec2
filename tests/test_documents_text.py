"""Text pages: as the files in tests/pages show them, within the width, in ASCII."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import symderiv
from symderiv.documents.blocks import Page
from symderiv.documents.fold import columns, fold
from symderiv.documents.presentation import present
from symderiv.documents.setting import Setting
from symderiv.documents.targets import write
from symderiv.documents.terminal import drawn, on_terminal
from symderiv.mistakes import Mistake
from symderiv.rules.order import RULES
from tests.sample_derivations import (
    CROSS_ENTROPY,
    SOFTMAX,
    all_pages,
    softmax_at,
    softmax_page,
)

pytestmark = pytest.mark.usefixtures("derived_once")

PAGES = Path(__file__).parent / "pages"
SHOWN = {
    "softmax.txt": (present(SOFTMAX), "text", Setting()),
    "softmax-3.txt": (softmax_page(), "text", Setting()),
    "softmax-3-ascii.txt": (softmax_page(), "text", Setting(ascii=True)),
    "softmax-3.tex": (softmax_page(), "latex", Setting()),
    "softmax-3.md": (softmax_page(), "github", Setting()),
    "softmax-3.typ": (softmax_page(), "typst", Setting()),
    "softmax-overset.tex": (present(SOFTMAX), "latex", Setting(rules="overset")),
    "softmax-slides.tex": (present(SOFTMAX), "latex", Setting(beamer=True)),
    "softmax-100.txt": (present(softmax_at(100)), "text", Setting(width=100)),
    "cross-entropy.txt": (present(CROSS_ENTROPY), "text", Setting()),
    "cross-entropy-full.txt": (present(CROSS_ENTROPY, Setting(detail="full")), "text", Setting()),
    "cross-entropy-brief.txt": (present(CROSS_ENTROPY, Setting(detail="brief")), "text", Setting()),
}


@pytest.mark.parametrize("name", SHOWN)
def test_pages_look_as_they_did(name: str) -> None:
    """A person reads these files; `SYMDERIV_PAGES=write` writes them anew."""
    made, target, setting = SHOWN[name]
    drawn_page = write(made, target, setting)
    if os.environ.get("SYMDERIV_PAGES") == "write":
        PAGES.mkdir(exist_ok=True)
        (PAGES / name).write_text(drawn_page, encoding="utf-8")
    assert drawn_page == (PAGES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [80, 100, 132, 200])
def test_the_width_is_respected(catalogue_pages: Mapping[str, Page], width: int) -> None:
    for name, made in {**catalogue_pages, **dict(all_pages())}.items():
        for line in write(made, "text", Setting(width=width)).splitlines():
            assert columns(line) <= width, f"{name}: {line}"


def test_rules_stand_in_one_column() -> None:
    lines = write(present(SOFTMAX, Setting(detail="all")), "text", Setting(width=100)).splitlines()
    known = ("quotient-rule", "derivative-of-exp", "sifting", "common-factor")
    rules = ("definition of p", *(RULES[identifier].name for identifier in known))
    at = {columns(line[: line.index(rule)]) for line in lines for rule in rules if rule in line}
    assert len(at) == 1


def test_ascii_pages_are_ascii(catalogue_pages: Mapping[str, Page]) -> None:
    for name, made in {**catalogue_pages, **dict(all_pages())}.items():
        assert write(made, "text", Setting(ascii=True)).isascii(), name


def test_rules_can_be_left_out() -> None:
    said = write(present(SOFTMAX), "text", Setting(rules="none"))
    assert RULES["quotient-rule"].name not in said
    assert "pᵢ (δᵢⱼ − pⱼ)" in said


def test_levels_of_detail() -> None:
    levels = ("brief", "textbook", "all", "full")
    pages = [present(CROSS_ENTROPY, Setting(detail=level)) for level in levels]
    lines = [sum(len(getattr(b, "lines", ())) for b in p.blocks) for p in pages]
    assert lines == [2, 5, 9, 19]
    _, textbook, _, full = pages
    assert "The rules are" in write(full, "latex")
    assert "The rules are" not in write(textbook, "latex")


def test_cases_instead_of_the_delta() -> None:
    with_delta = write(present(softmax_at()), "text")
    by_cases = write(present(softmax_at(), Setting(style="cases")), "text")
    assert "δ" in with_delta
    assert "δ" not in by_cases
    assert "if i ≠ j" in by_cases


def test_large_matrices_show_their_corners() -> None:
    said = write(present(softmax_at(100)), "text", Setting(width=80))
    assert "⋱" in said
    assert "p₁₀₀ (1 − p₁₀₀)" in said
    full = write(present(softmax_at(20)), "text", Setting(full=True))
    assert "⋱" not in full
    assert "−p₇ p₁₃" in full


def test_unknown_targets_are_mistakes() -> None:
    with pytest.raises(Mistake, match="no format 'latx'; did you mean 'latex'"):
        write(present(SOFTMAX), "latx")


@pytest.mark.parametrize(
    ("line", "width", "pieces"),
    [
        ("a + b", 10, ["a + b"]),
        ("a + b − c", 6, ["a + b", "− c"]),
        ("(a + b + c) / (d + e)", 14, ["(a + b + c)", "/ (d + e)"]),
        ("Σₖ aaaaaa bbbbbb", 12, ["Σₖ aaaaaa", "bbbbbb"]),
        ("unbreakable", 5, ["unbreakable"]),
    ],
)
def test_lines_break_where_a_reader_would(line: str, width: int, pieces: list[str]) -> None:
    assert fold(line, width) == pieces


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_terminal_is_framed_and_coloured(
    needs: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("python:rich")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stdout", Terminal())
    said = on_terminal(softmax_page(), Setting(width=90))
    assert "\x1b[" in said
    assert "╭" in said
    assert "⎡" in said
    monkeypatch.setenv("NO_COLOR", "1")
    assert on_terminal(softmax_page(), Setting()) == write(softmax_page(), "text")


def test_pipes_get_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert on_terminal(present(SOFTMAX), Setting()) == write(present(SOFTMAX), "text")


def test_the_frame_holds_its_width(
    needs: Callable[[str], None], catalogue_pages: Mapping[str, Page]
) -> None:
    needs("python:rich")
    from rich.console import Console

    for name, made in {**catalogue_pages, **dict(all_pages())}.items():
        screen = io.StringIO()
        Console(file=screen, width=80, color_system=None).print(drawn(made, Setting(width=80)))
        assert {columns(line) for line in screen.getvalue().splitlines()} == {80}, name


def test_a_lemma_that_two_lemmas_cite_is_listed_once() -> None:
    stages = "m = sum(x[n],n)/N; v = sum((x[n]-m)**2,n)/N; y[n] = (x[n]-m)/sqrt(v+c)"
    page = str(symderiv.derive(stages, wrt="x[j]"))
    assert page.count("The derivative of m with respect to x: ∂m/∂xⱼ = 1 / N") == 1


def test_a_number_before_an_indicator_has_a_dot_in_matrices_too() -> None:
    page = str(symderiv.derive("L = max(0, c + sum((x[k]-p[k])**2, k))", wrt="x[j]"))
    assert "∂L/∂x = 2 · 1[c + 1ᵀ (x − p)² > 0] (x − p)" in page
