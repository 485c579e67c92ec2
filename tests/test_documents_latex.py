"""LaTeX pages: every fragment of the catalogue compiles, alone, in a narrow column, on slides."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

import symderiv
from symderiv.cli import run
from symderiv.documents.blocks import Page, Remarks
from symderiv.documents.measure import measure
from symderiv.documents.notated import Notated
from symderiv.documents.presentation import present
from symderiv.documents.setting import Setting
from symderiv.documents.targets import write
from symderiv.face.answering import answer_named
from symderiv.face.chapters import chapters as networks
from symderiv.mistakes import Mistake
from symderiv.printers.latex import latex
from symderiv.rules.order import RULES
from tests.answered import deriving_once
from tests.sample_derivations import all_pages, softmax_page
from tests.test_printers import TABLE

pytestmark = pytest.mark.usefixtures("derived_once")

ARTICLE = r"\documentclass{article}\usepackage{amsmath}"
TWO_COLUMNS = r"\documentclass[twocolumn]{article}\usepackage{amsmath}"
BEAMER = r"\documentclass[handout]{beamer}\usepackage{amsmath}"
WIDE = (
    "norm(tanh(A @ relu(B @ x + c) + d) - y)**2 + norm(softmax(A @ sigmoid(B @ x + c) + d) - y)**2"
)
# What the common subset of amsmath, MathJax and KaTeX lacks.
FORBIDDEN = (r"\tag", r"\label", r"\intertext", r"\operatorname", r"\newcommand", r"\DeclareMath")


@pytest.fixture(scope="module")
def pages(catalogue_pages: Mapping[str, Page]) -> Mapping[str, Page]:
    with deriving_once():
        chosen = {f"softmax at {k}": present(symderiv.jacobian(k=k)) for k in (1, 2, 3, 6, 12)}
        chosen["product rule at 3"] = present(symderiv.jacobian(k=3, route="product"))
        chosen["gradient at 3"] = present(symderiv.gradient("cross-entropy", k=3))
        chosen["Hessian at 4"] = present(symderiv.hessian("cross-entropy", k=4))
        for name in ("label-smoothing", "entropy"):
            chosen[f"{name} at 3"] = present(symderiv.gradient(name, k=3))
        chapters = {chapter.name: chapter.page for chapter in networks()}
        return {**catalogue_pages, **dict(all_pages()), **chosen, **chapters}


def compiled(source: str, folder: Path) -> tuple[Path, str]:
    """The PDF of a document, and what TeX said; an error of TeX fails the test."""
    (folder / "page.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
    )
    errors = re.findall(r"^!.*(?:\n.*){0,6}", done.stdout, re.MULTILINE)
    assert done.returncode == 0, "\n".join(errors) or done.stdout[-2000:]
    return folder / "page.pdf", done.stdout


def document(preamble: str, pages: Iterable[tuple[str, Page]], setting: Setting) -> str:
    """Every fragment in one document, each announced in the log."""
    parts = [
        f"\\typeout{{== {name}}}\n{write(made, 'latex', setting)}\n\\clearpage"
        for name, made in pages
    ]
    return "\n".join([preamble, r"\begin{document}", *parts, r"\end{document}"])


def complaints(log: str) -> dict[str, list[str]]:
    """Overfull boxes, by the fragment in which they are."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in log.splitlines():
        if line.startswith("== "):
            name = line[3:]
        elif line.startswith("Overfull"):
            found.setdefault(name, []).append(line)
    return found


def test_fragments_of_the_catalogue_compile(
    needs: Callable[[str], None], pages: Mapping[str, Page], tmp_path: Path
) -> None:
    needs("pdflatex")
    _, log = compiled(document(ARTICLE, pages.items(), Setting()), tmp_path)
    assert complaints(log) == {}


def test_fragments_fit_a_narrow_column(
    needs: Callable[[str], None], pages: Mapping[str, Page], tmp_path: Path
) -> None:
    needs("pdflatex")
    setting = Setting(rules="overset")
    _, log = compiled(document(TWO_COLUMNS, pages.items(), setting), tmp_path)
    assert complaints(log) == {}


def test_products_under_a_sum_and_within_brackets_fit(
    needs: Callable[[str], None], tmp_path: Path
) -> None:
    needs("pdflatex")
    made = present(symderiv.derive(WIDE, wrt="x"))
    _, log = compiled(document(ARTICLE, [("two networks", made)], Setting()), tmp_path)
    assert complaints(log) == {}


def test_every_law_fits(
    needs: Callable[[str], None], catalogue_pages: Mapping[str, Page], tmp_path: Path
) -> None:
    needs("pdflatex")
    setting = Setting(detail="full")
    full = ((name, present(answer_named(name), setting)) for name in catalogue_pages)
    _, log = compiled(document(ARTICLE, full, setting), tmp_path)
    assert complaints(log) == {}


def test_fragments_fit_slides(
    needs: Callable[[str], None], pages: Mapping[str, Page], tmp_path: Path
) -> None:
    needs("pdflatex")
    source = document(BEAMER, pages.items(), Setting(beamer=True)).replace(r"\clearpage", "")
    _, log = compiled(source, tmp_path)
    assert complaints(log) == {}


@pytest.mark.parametrize(
    "setting", [Setting(standalone=True), Setting(standalone=True, beamer=True)]
)
def test_a_whole_document_compiles(
    needs: Callable[[str], None], tmp_path: Path, setting: Setting
) -> None:
    needs("pdflatex")
    compiled(write(softmax_page(), "latex", setting), tmp_path)


def test_a_journal_restyles_by_its_own_macros(needs: Callable[[str], None], tmp_path: Path) -> None:
    needs("pdflatex")
    needs("pdftotext")
    assert run(["export", "--sty", str(tmp_path / "symderiv.sty")]) == 0
    own = r"\newcommand{\symderivrule}[1]{\text{by the #1}}"
    fragment = write(softmax_page(), "latex", Setting(restyle=True))
    assert r"% needs \usepackage{symderiv}" in fragment
    assert r"\symderivdelta{ij}" in fragment
    quotient_rule = RULES["quotient-rule"].name
    assert rf"\symderivrule{{{quotient_rule}}}" in fragment or f"{quotient_rule}, " in fragment
    body = rf"\begin{{document}}{fragment}\end{{document}}"
    pdf, _ = compiled(ARTICLE + own + r"\usepackage{symderiv}" + body, tmp_path)
    said = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True).stdout
    assert f"by the {quotient_rule}" in said


def test_matrix_notation_is_restyled_too() -> None:
    answer = symderiv.derive("norm(relu(X @ w) - sigmoid(y))**2", wrt="w")
    *_, line = answer.page("latex", restyle=True).split("In matrix notation: ")
    for macro in ("partial", "sigmoid", "relu", "indicator"):
        assert rf"\symderiv{macro}" in line
    assert not re.search(r"\\(partial|sigma|mathrm|mathbf)\b", line)


def test_an_equation_of_whole_arrays_in_parts_says_what_it_says_whole() -> None:
    for formula, by in ((WIDE, "x"), ("norm((A @ x + b) * (x + b) - c)**2", "x")):
        answer = symderiv.derive(formula, wrt=by)
        (notated,) = (
            block.sentences[0][0]
            for block in present(answer).blocks
            if isinstance(block, Remarks) and block.heading == "In matrix notation"
        )
        assert isinstance(notated, Notated)
        for restyled in (False, True):
            ways = notated.ways(restyled=restyled)
            plain = [re.sub(r"\\(left|right|biggl|biggr)", "", " ".join(way)) for way in ways]
            assert len(plain) > 1
            assert len({"".join(p.split()) for p in plain}) == 1


def test_two_scripts_are_as_wide_in_either_order() -> None:
    for low, high in (("{i=1}", "{K}"), ("i", "2"), (r"{z_{k}}", r"{\frac{a}{b}}")):
        for sign in ("x", r"\sum", "{ab}"):
            for style in range(4):
                one, other = f"{sign}_{low}^{high} c", f"{sign}^{high}_{low} c"
                wider = measure(f"{sign}_{low} c", style)
                assert measure(one, style) == measure(other, style) >= wider, (one, style)


def test_the_measure_is_that_of_tex(needs: Callable[[str], None], tmp_path: Path) -> None:
    """Widths are never far too small: a line taken to fit does fit."""
    needs("pdflatex")
    named = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "det")
    formulas = [latex(row[0]) for row in TABLE] + [rf"\{n} x" for n in named]
    boxes = "\n".join(
        rf"\setbox0\hbox{{$\displaystyle {f}$}}\typeout{{W:\the\wd0}}" for f in formulas
    )
    _, log = compiled(rf"{ARTICLE}\begin{{document}}{boxes}x\end{{document}}", tmp_path)
    widths = [float(w) for w in re.findall(r"^W:([\d.]+)pt", log, re.MULTILINE)]
    for formula, width in zip(formulas, widths, strict=True):
        assert width - 4 < measure(formula) < 1.25 * width + 4, formula


def test_nothing_outside_the_common_subset(pages: Mapping[str, Page]) -> None:
    for name, made in pages.items():
        for target in ("latex", "markdown", "github"):
            source = write(made, target)
            assert not [f for f in FORBIDDEN if f in source], (name, target)


def test_labels_are_there_to_be_cited(needs: Callable[[str], None], tmp_path: Path) -> None:
    """The answer and each lemma have a number; every other line has none."""
    needs("pdflatex")
    needs("pdftotext")
    answer = symderiv.gradient("cross-entropy", soft=True)
    for detail in ("brief", "textbook", "full"):
        fragment = answer.page("latex", label="eq:ce", detail=detail)
        asked = r"Answer \eqref{eq:ce}, lemma \eqref{eq:ce:lemma-1}."
        source = f"{ARTICLE}\n\\begin{{document}}\n{fragment}\n{asked}\n\\end{{document}}"
        compiled(source, tmp_path)
        pdf, log = compiled(source, tmp_path)
        assert "undefined" not in log
        text = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "Answer (2), lemma (1)." in text
        assert "(3)" not in text
        assert fragment.count(r"\eqref{eq:ce:lemma-1}") == 1


def test_a_long_rule_goes_on_below_itself() -> None:
    drawn = symderiv.gradient("cross-entropy", soft=True).page("latex", detail="all")
    assert r"\begin{aligned} &\text{constant factor,} \\ &\text{derivative of a sum}" in drawn
    assert r"\overset" not in drawn


def test_no_slide_has_a_left_side_alone(pages: Mapping[str, Page]) -> None:
    for name, made in pages.items():
        slides = write(made, "latex", Setting(beamer=True)).split(r"\begin{frame}")
        for slide in slides:
            if r"\begin{aligned}" in slide and r"\uncover" in slide:
                assert "= " in slide, name


@pytest.mark.parametrize("label", ["a b", "x}y", "-a", "é", "a" * 200])
def test_a_label_is_a_plain_word(label: str) -> None:
    with pytest.raises(Mistake, match="label"):
        Setting(label=label)


@pytest.mark.parametrize("target", ["text", "markdown", "latex", "typst", "html"])
def test_the_verdict_can_be_left_out(target: str) -> None:
    answer = symderiv.softmax.jacobian()
    assert "Each of the 10" in answer.page(target)
    assert "Each of the 10" not in answer.page(target, no_verdict=True)


@pytest.mark.parametrize("beamer", [False, True])
def test_numbers_that_are_too_wide_are_shown_with_dots(beamer: bool) -> None:
    derivation = symderiv.softmax.jacobian(k=10)
    page = derivation.page("latex", at=tuple(range(1, 11)), beamer=beamer)
    (vector,) = (line for line in page.splitlines() if line.startswith("p &= "))
    assert vector.startswith(r"p &= \bigl( 7.80134 \times 10^{-5}, ")
    assert vector.endswith(r"\cdots, 0.632149 \bigr) \\[1ex]")
    assert measure(vector.removesuffix(r"\\[1ex]")) < (252 if beamer else 345)
    rows = page.split(r"J &= ")[1].split(r"\end{array}")[0].splitlines()[1:]
    assert len({row.count("&") for row in rows}) == 1
    assert all(measure(row) < (252 if beamer else 345) for row in rows)
    assert rows[-1].endswith("0.232537")
