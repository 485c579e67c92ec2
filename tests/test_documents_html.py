"""HTML: whole in one file, right in every cell, and nothing that axe-core finds."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import symderiv
from symderiv import catalogue
from symderiv.cli import run
from symderiv.documents.blocks import Chain, Page
from symderiv.documents.book import SITE, written
from symderiv.documents.places import places
from symderiv.documents.site import Subject, site_of
from symderiv.documents.targets import write
from symderiv.face.answering import answer_named
from symderiv.judge import Judge
from symderiv.mistakes import Mistake
from symderiv.printers.mathml import MathmlPrinter
from symderiv.printers.speech import speech
from symderiv.rules.order import RULES
from symderiv.terms.verdict import Strength
from tests.answered import answered
from tests.test_printers_mathml import check

pytestmark = pytest.mark.usefixtures("derived_once")

HERE = Path(__file__).parent
FORMULA = re.compile(r"<math.*?</math>", re.S)
VOID = {"meta", "input", "br"}
WRONG = r"""
$$ p_i = \frac{e^{z_i}}{\sum_k e^{z_k}} $$
$$ \frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} + p_j) $$
"""


class Whole(HTMLParser):
    """Every element is closed in its order; what is named and what is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.names += [found["id"]] if found.get("id") else []
        self.addresses += [str(found[a]) for a in ("href", "src") if found.get(a)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> Whole:
    whole = Whole()
    whole.feed(page)
    assert whole.open == []
    assert len(set(whole.names)) == len(whole.names)
    return whole


@pytest.fixture(scope="module")
def drawn_pages(catalogue_pages: Mapping[str, Page]) -> Mapping[str, str]:
    """The catalogue's pages as HTML."""
    return {name: write(page, "html") for name, page in catalogue_pages.items()}


def test_every_page_is_whole_and_mathml_core(drawn_pages: Mapping[str, str]) -> None:
    for name, drawn in drawn_pages.items():
        found = read(drawn)
        assert found.addresses == [], name
        assert "<script" not in drawn
        assert "url(" not in drawn
        assert "http" not in drawn
        for formula in FORMULA.findall(drawn):
            check(formula)
            root = ElementTree.fromstring(formula)
            assert root.get("alttext") or root.get("aria-hidden"), name


def test_no_item_of_a_list_scrolls_itself(drawn_pages: Mapping[str, str]) -> None:
    """A browser cuts off the bullet of one that does; what is wide moves within it."""
    shown = "".join(drawn_pages.values())
    assert re.search(r'<li>\s*<div class="scroll" tabindex="0">', shown)
    assert not re.search(r'<li [^>]*class="[^"]*scroll', shown)


def test_every_line_is_there_with_its_words(
    catalogue_pages: Mapping[str, Page], drawn_pages: Mapping[str, str]
) -> None:
    for name, page in catalogue_pages.items():
        drawn = drawn_pages[name]
        for block in page.blocks:
            for line in block.lines if isinstance(block, Chain) else ():
                said = f'"equals {speech(line.term)}"'
                assert said.replace("<", "&lt;").replace(">", "&gt;") in drawn, name


def every() -> Iterator[str]:
    for function in catalogue.functions().values():
        yield from (function.named(d) for d in function.derivatives if d.holds)


def test_what_a_rule_did_on_a_line_is_true() -> None:
    """Each place on its own, `before = after`, is passed by the judge, who knows no rule."""
    shown = steps = 0
    for name in every():
        answer = answered(name)
        for derivation in (answer, *answer.lemmas):
            judges: dict[Hashable, Judge] = {}  # one for places with the same letters
            for step in derivation.steps:
                found = places(step, derivation)
                steps += 1
                shown += bool(found)
                for place in found:
                    problem = derivation.problem.ranging(place.before, place.after)
                    judge = judges.setdefault((*problem.ranges.items(),), Judge(problem))
                    verdict = judge.compare(place.before, place.after)
                    assert verdict.strength is Strength.PROVED, (name, step.rule, place)
    assert shown > 0.9 * steps


def test_the_letters_of_a_law_are_those_of_the_textbook() -> None:
    answer = answer_named("softmax-jacobian")
    (quotient,) = places(answer.steps[1], answer)
    assert [f"{n} = {speech(t)}" for n, t in quotient.letters] == [
        "u = e to the z sub i",
        "v = the sum over k from 1 to K of e to the z sub k",
    ]


def test_every_entry_of_a_matrix_is_its_own() -> None:
    answer = symderiv.softmax.jacobian(k=3)
    drawn = answer.page("html", at=(1, 2, 3))
    symbols, numbers = (
        re.findall(r"<mtd>(.*?)</mtd>", t)
        for t in re.findall(r"<mtable(?: class=\"numbers\")?><mtr><mtd>.*?</mtable>", drawn)[-2:]
    )
    places = [(a, b) for a in (1, 2, 3) for b in (1, 2, 3)]
    printer = MathmlPrinter()
    assert symbols == [printer.spelled(answer.entry(a, b)) for a, b in places]
    assert len(set(symbols)) == 9
    values = answer.function()([1.0, 2.0, 3.0])
    for (a, b), cell in zip(places, numbers, strict=True):
        number = float(
            "".join(ElementTree.fromstring(f"<r>{cell}</r>").itertext()).replace("−", "-")
        )
        assert number == pytest.approx(values[a - 1][b - 1], abs=1e-6)


def test_a_line_opens_to_law_lemma_verdict_and_latex() -> None:
    drawn = answer_named("cross-entropy-soft-gradient").page("html")
    words = "".join(read(drawn).words)
    assert "Proved for every" in words
    assert "points drawn to part them did not" in words
    assert "It rests on (A1)" in words
    assert "Lemma. The derivative of " in words
    assert r"p_i \frac" not in words
    assert r"-\sum_{i=1}^{K} y_i \bigl( \delta_{ij} - p_j \bigr)" in words


def test_a_title_cannot_be_markup() -> None:
    page = Page("<script>alert(1)</script>", (), ("a < b & c",), "x --> <b>")
    drawn = write(page, "html")
    assert "<script" not in drawn
    assert "a &lt; b &amp; c" in drawn
    assert "x - ->" in drawn


def test_a_checked_derivation_has_its_wrong_line_open(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(WRONG, encoding="utf-8")
    out = tmp_path / "a.html"
    assert run(["check", str(tmp_path / "a.md"), "-o", str(out)]) == 1
    drawn = out.read_text(encoding="utf-8")
    read(drawn)
    assert drawn.count('<details class="line" open>') == 1
    wrong = drawn[drawn.index('<details class="line" open>') :]
    assert "does not follow" in wrong
    assert "at K = " in wrong
    assert "right with − for +" in wrong
    assert r"p_i (\delta_{ij} + p_j)" in wrong


NAMES = ("softmax-jacobian", "cross-entropy-gradient", "sigmoid-derivative")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    subjects = [Subject("Softmax", ("softmax-jacobian",)), Subject("Others", NAMES[1:])]
    written(lambda: site_of(map(answered, NAMES), subjects), folder, SITE)
    return folder


def test_every_address_of_the_site_is_a_page_of_it(site: Path) -> None:
    files = {path.name for path in site.iterdir()}
    assert files >= {"index.html", *(f"{name}.html" for name in NAMES)}
    assert files >= {f"rule-{identifier}.html" for identifier in RULES}
    linked = set()
    for path in site.iterdir():
        found = read(path.read_text(encoding="utf-8"))
        assert set(found.addresses) <= files, path.name
        linked |= set(found.addresses)
    assert files == linked


def test_lemmas_and_rules_are_linked(site: Path) -> None:
    page = read((site / "cross-entropy-gradient.html").read_text(encoding="utf-8"))
    assert "softmax-jacobian.html" in page.addresses
    rule = read((site / "rule-quotient-rule.html").read_text(encoding="utf-8"))
    assert set(rule.addresses) == {"index.html", "softmax-jacobian.html", "sigmoid-derivative.html"}


def test_a_site_is_not_written_over_other_files(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    with pytest.raises(Mistake, match="did not write"):
        written(dict, tmp_path, SITE)


def test_a_site_is_checked(site: Path) -> None:
    page = site / "sigmoid-derivative.html"
    before = page.read_text(encoding="utf-8")
    made = {path.name: path.read_text(encoding="utf-8") for path in site.iterdir()}
    page.write_text(before.replace("proved", "believed"), encoding="utf-8")
    (found,) = written(lambda: made, site, SITE, check=True)
    assert found.name == page.name
    page.write_text(before, encoding="utf-8")


def test_axe_finds_nothing(needs: Callable[[str], None], site: Path, tmp_path: Path) -> None:
    for program in ("chromium", "npm:axe-core", "npm:puppeteer-core"):
        needs(program)
    pages = {
        "at": symderiv.softmax.jacobian(k=3).page("html", at=(1, 2, 3)),
        "wide": answer_named("softmax-with-temperature-jacobian").page("html"),
        "network": symderiv.backprop("z = W @ x; norm(tanh(z) - y)**2", data=("x", "y")).page(
            "html"
        ),
    }
    for name, drawn in pages.items():
        (tmp_path / f"{name}.html").write_text(drawn, encoding="utf-8")
    (tmp_path / "a.md").write_text(WRONG, encoding="utf-8")
    run(["check", str(tmp_path / "a.md"), "-o", str(tmp_path / "check.html")])
    files = [*tmp_path.glob("*.html"), site / "index.html", site / "rule-quotient-rule.html"]
    assert found_by_axe(files) == []


@pytest.mark.skipif("SYMDERIV_WHOLE_SITE" not in os.environ, reason="takes minutes")
def test_axe_finds_nothing_on_the_whole_site(needs: Callable[[str], None], tmp_path: Path) -> None:
    for program in ("chromium", "npm:axe-core", "npm:puppeteer-core"):
        needs(program)
    run(["export", "--html", str(tmp_path / "site")])
    files = sorted((tmp_path / "site").glob("*.html"))
    assert len(files) > len(catalogue.functions())
    batches = [files[n : n + BATCH] for n in range(0, len(files), BATCH)]
    assert [found for batch in batches for found in found_by_axe(batch)] == []


BATCH = 40  # pages that one Chromium is shown: it keeps the memory of each


def found_by_axe(files: Sequence[Path]) -> list[object]:
    program = str(shutil.which("chromium"))
    command = ["node", str(HERE / "axe_check.cjs"), program, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    found: list[object] = json.loads(done.stdout)
    return found


def test_what_is_checked_cannot_be_markup(tmp_path: Path) -> None:
    text = r"$$ f = x^2 <script>alert(1)</script> $$" "\n" r"$$ g = 2x \text{</details><b>} $$"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    out = tmp_path / "a.html"
    run(["check", str(tmp_path / "a.md"), "-o", str(out)])
    drawn = out.read_text(encoding="utf-8")
    read(drawn)
    assert "<script" not in drawn
    assert "<b>" not in drawn
