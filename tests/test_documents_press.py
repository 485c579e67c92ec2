"""PDF, SVG and PNG: both engines, the same bytes every time, words for every formula."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import symderiv
from symderiv.documents import press
from symderiv.documents.blocks import Page
from symderiv.documents.presentation import present
from symderiv.documents.press import PressError
from symderiv.documents.setting import Setting
from symderiv.documents.targets import write
from symderiv.mistakes import Mistake
from symderiv.rules.order import RULES
from tests.sample_derivations import all_pages, softmax_page

pytestmark = pytest.mark.usefixtures("derived_once")

STARTS = {"pdf": b"%PDF-", "svg": b"<", "png": b"\x89PNG"}
PROGRAMS = {"typst": ("python:typst",), "latex": ("pdflatex", "pdftocairo")}


@pytest.mark.parametrize("engine", ["typst", "latex"])
@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_the_same_page_gives_the_same_bytes(
    needs: Callable[[str], None], engine: str, kind: str
) -> None:
    for program in PROGRAMS[engine]:
        needs(program)
    made = press.press(softmax_page(), kind, engine=engine)
    assert made.startswith(STARTS[kind])
    assert made == press.press(softmax_page(), kind, engine=engine)


def test_every_typst_page_is_an_accessible_pdf(
    needs: Callable[[str], None], catalogue_pages: Mapping[str, Page]
) -> None:
    """Typst refuses to call a file PDF/UA-1 where a formula has no words or a page no title."""
    needs("python:typst")
    for name, made in {**catalogue_pages, **dict(all_pages())}.items():
        source = write(made, "typst")
        formulas = len(re.findall(r"#formula\(|#math\.equation\(", source))
        assert formulas >= sum(len(getattr(b, "lines", ())) for b in made.blocks), name
        pdf = press.press(made, "pdf", engine="typst")
        assert b"pdfuaid" in pdf, name


@pytest.mark.parametrize("engine", ["typst", "latex"])
def test_a_pdf_has_title_language_and_rules(
    needs: Callable[[str], None], tmp_path: Path, engine: str
) -> None:
    for program in (*PROGRAMS[engine], "pdftotext", "pdfinfo"):
        needs(program)
    pdf = tmp_path / "softmax.pdf"
    pdf.write_bytes(press.press(dict(all_pages())["softmax"], "pdf", engine=engine))
    said = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True).stdout
    for rule in ("quotient-rule", "derivative-of-exp", "sifting", "common-factor"):
        assert RULES[rule].name in said
    assert "definition of" in said
    about = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True).stdout
    assert "The Jacobian of softmax" in about
    assert b"/Lang" in pdf.read_bytes() or engine == "latex"


def test_overset_and_full_pages_compile(needs: Callable[[str], None]) -> None:
    needs("python:typst")
    for setting in (Setting(rules="overset"), Setting(rules="none"), Setting(full=True)):
        for _, made in all_pages():
            if not setting.full or "100" not in made.title:
                press.press(made, "pdf", setting=setting, engine="typst")


def test_without_an_engine_both_installs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "find_spec", lambda name: None)
    monkeypatch.setattr(press.shutil, "which", lambda name: None)
    with pytest.raises(PressError, match=r"symderiv\[pdf\].*texlive-latex-base"):
        press.press(softmax_page(), "pdf")
    with pytest.raises(PressError, match=r"symderiv\[pdf\]"):
        press.press(softmax_page(), "pdf", engine="typst")
    with pytest.raises(PressError, match="texlive-latex-base"):
        press.press(softmax_page(), "pdf", engine="latex")


def test_tex_steps_in_for_typst(
    needs: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("pdflatex")
    monkeypatch.setattr(press, "find_spec", lambda name: None)
    assert b"pdfTeX" in press.press(softmax_page(), "pdf")


@pytest.mark.parametrize(("kind", "engine"), [("gif", None), ("pdf", "word")])
def test_unknown_kinds_and_engines_are_mistakes(kind: str, engine: str | None) -> None:
    with pytest.raises(Mistake, match=f"no .* '{engine or kind}'"):
        press.press(softmax_page(), kind, engine=engine)


UNTITLED = [
    ("p[i] = softmax(z)[i]\n-sum(y[i]*log(p[i]), i)", "z[j]", {}),
    ("sum(x[i]**2, i)/N", "x[j]", {}),
    ("x**2", "x", {"claim": "3*x"}),
    ("abs(x)", "x", {}),
    ("sum(y[i]*x[i], i)", "x[j]", {"assume": "sum(y[i], i) = 1", "claim": "y[j]"}),
    ("exp(z[i])/sum(exp(z[k]), k)", "z[j]", {"k": 2}),
]


@pytest.mark.parametrize(("formula", "wrt", "more"), UNTITLED)
@pytest.mark.parametrize("detail", ["brief", "full"])
def test_a_formula_of_ones_own_has_its_document(
    needs: Callable[[str], None], formula: str, wrt: str, more: dict[str, object], detail: str
) -> None:
    """A page without a title is a PDF/UA file too, whichever of its parts comes first."""
    needs("python:typst")
    setting = Setting(detail=detail)
    page = present(symderiv.derive(formula, wrt=wrt, **more), setting)
    assert press.press(page, "pdf", engine="typst", setting=setting).startswith(b"%PDF")
