"""The book: written whole, checked without writing, never over somebody else's files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from symderiv.derivation import Derivation
from symderiv.documents.book import INDEX, book_source, export
from symderiv.mistakes import Mistake
from tests.sample_derivations import CROSS_ENTROPY, SOFTMAX

BOTH = (SOFTMAX, CROSS_ENTROPY)


def contents(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in folder.iterdir()}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "derivations"
    export(BOTH, folder)
    return folder


def test_two_files_for_each_derivation_and_an_index(book: Path) -> None:
    names = {f"{d.name}{suffix}" for d in BOTH for suffix in (".tex", ".md")}
    assert set(contents(book)) == {*names, INDEX}
    index = (book / INDEX).read_text(encoding="utf-8")
    for derivation in BOTH:
        assert f"[{derivation.title}]({derivation.name}.md)" in index
    assert r"$`p_j - y_j`$" in index


def test_a_fresh_book_is_up_to_date(book: Path) -> None:
    before = contents(book)
    assert export(BOTH, book, check=True) == ()
    assert export(BOTH, book) == ()
    assert contents(book) == before


def test_a_check_shows_what_differs_and_writes_nothing(book: Path) -> None:
    page = book / "softmax-jacobian.tex"
    said = page.read_text(encoding="utf-8")
    page.write_text(said.replace(r"\delta", "magic"), encoding="utf-8")
    (book / "cross-entropy-gradient.md").unlink()
    before = contents(book)
    found = {d.name: d for d in export(BOTH, book, check=True)}
    assert contents(book) == before
    assert set(found) == {"softmax-jacobian.tex", "cross-entropy-gradient.md"}
    assert "-  " in found["softmax-jacobian.tex"].diff
    assert "magic" in found["softmax-jacobian.tex"].diff
    assert found["cross-entropy-gradient.md"].state == "missing"
    export(BOTH, book)
    assert export(BOTH, book, check=True) == ()


def test_derivations_that_are_gone_leave_the_book(book: Path) -> None:
    (book / "notes.md").write_text("my own", encoding="utf-8")
    assert {d.name for d in export(BOTH[:1], book, check=True)} == {
        INDEX,
        "cross-entropy-gradient.tex",
        "cross-entropy-gradient.md",
    }
    export(BOTH[:1], book)
    assert set(contents(book)) == {
        INDEX, "softmax-jacobian.tex", "softmax-jacobian.md", "notes.md"
    }  # fmt: skip


def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# My thesis", encoding="utf-8")
    before = contents(tmp_path)
    for check in (False, True):
        with pytest.raises(Mistake, match="export did not write"):
            export(BOTH, tmp_path, check=check)
    assert contents(tmp_path) == before


def test_bad_folders_are_mistakes(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Mistake, match="no directory"):
        export(BOTH, tmp_path / "file")
    with pytest.raises(Mistake, match="there is no directory"):
        export(BOTH, tmp_path / "none", check=True)

    def long_work() -> Iterator[Derivation]:
        raise AssertionError("a folder that cannot be made is refused before the work")
        yield

    with pytest.raises(Mistake, match="cannot write"):
        export(long_work(), tmp_path / "file" / "below")


def test_line_ends_are_compared_too(book: Path) -> None:
    page = book / "softmax-jacobian.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert [d.name for d in export(BOTH, book, check=True)] == ["softmax-jacobian.md"]


def test_the_whole_book_compiles(needs: Callable[[str], None], tmp_path: Path) -> None:
    needs("pdflatex")
    doubled = (*BOTH, replace(SOFTMAX, title="Softmax & co., 100% of δ"))
    (tmp_path / "book.tex").write_text(book_source(doubled), encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            errors="replace",
        )
        assert done.returncode == 0, done.stdout[-1500:]
    contents_table = (tmp_path / "book.toc").read_text(encoding="utf-8")
    assert contents_table.count("\\contentsline") == 3
