"""The book: a folder with every derivation as LaTeX and as GitHub Markdown, and an index.

Gives `export` (write the folder, or check it and write nothing), `written` (the same of any files
that belong together), `book_source` (one LaTeX document of them all, with contents) and `Chapter`
(a page of a network).

Floor 4: imports the page, the writers and files.

To add a file to each derivation: one row in `files_of`.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from symderiv.derivation import Derivation
from symderiv.documents.blocks import Page, Picture
from symderiv.documents.escape import markdown_words
from symderiv.documents.pictures.curve import curve
from symderiv.documents.pictures.heat import heat
from symderiv.documents.pictures.svg import alone
from symderiv.documents.presentation import present
from symderiv.documents.setting import Setting
from symderiv.documents.targets import write, writer
from symderiv.documents.values import numbers_at
from symderiv.documents.verdicts import in_short
from symderiv.files import replace
from symderiv.mistakes import Mistake
from symderiv.printers.latex import latex
from symderiv.records import dataclass

INDEX = "README.md"
MARK = "<!-- written by `symderiv export`: do not edit by hand -->"


@dataclass(frozen=True)
class Kind:
    """What an exported folder is told by.

    index : the file that it has
    suffixes : of the files in it
    marks : with one of which its files begin
    command : the command that writes it
    """

    index: str
    suffixes: tuple[str, ...]
    marks: tuple[str, ...]
    command: str


DRAWN = "<!-- symderiv export -->"
BOOK = Kind(INDEX, (".tex", ".md", ".svg"), (MARK, "% symderiv export", DRAWN), "symderiv export")
_SITE = "symderiv export --html"
SITE = Kind("index.html", (".html",), (f"<!DOCTYPE html><!-- {_SITE} -->",), _SITE)


@dataclass(frozen=True)
class Difference:
    """A file that is not as it would be written: the diff, and what is wrong in a word."""

    name: str
    state: str  # "missing", "stale" or "not ours"
    diff: str

    def __str__(self) -> str:
        return f"{self.name}: {self.state}\n{self.diff}".rstrip("\n")


@dataclass(frozen=True)
class Chapter:
    """A page of the book that is of more than one derivation; `about` is said in the index."""

    name: str
    title: str
    page: Page
    about: str


def export(
    derivations: Iterable[Derivation | Chapter], folder: str | Path, *, check: bool = False
) -> tuple[Difference, ...]:
    """Write the book into a folder, or say what in it is not up to date.

    Every file is replaced whole.  Files that an earlier export wrote, and that no derivation has
    any more, are removed.

    Parameters
    ----------
    check : write nothing

    Returns
    -------
    what differed before, file by file; for a check, nothing means up to date.

    Raises
    ------
    Mistake
        for a folder that holds files but no index of ours, or that cannot be written.
    """
    return written(lambda: files_of(tuple(derivations)), folder, BOOK, check=check)


def written(
    make: Callable[[], Mapping[str, str]], folder: str | Path, kind: Kind, *, check: bool = False
) -> tuple[Difference, ...]:
    """The files that are made, by name, into a folder of that kind; see `export`."""
    place = Path(folder)
    _check_is_ours(place, kind, check=check)
    if not check:
        _open(place)
    files = make()
    differences = tuple(_differences(place, files, kind))
    if check:
        return differences
    for difference in differences:
        if difference.name in files:
            continue
        (place / difference.name).unlink()
    # The index goes last: a folder without one is not taken for ours.
    for name in sorted(files, key=lambda n: n == kind.index):
        if any(d.name == name for d in differences):
            replace(place / name, files[name])
    return differences


def files_of(derivations: tuple[Derivation | Chapter, ...]) -> dict[str, str]:
    """Everything that the folder holds, by file name."""
    files: dict[str, str] = {}
    for derivation in derivations:
        shown = _page(derivation, "symderiv export")
        files[f"{derivation.name}.tex"] = write(shown, "latex")
        text = write(shown, "github")
        if (picture := _picture(derivation)) is not None:
            files[f"{derivation.name}.svg"] = f"{DRAWN}\n{alone(picture.drawing, picture.words)}"
            text += f"\n![{markdown_words(picture.words)}]({derivation.name}.svg)\n"
        files[f"{derivation.name}.md"] = f"{MARK}\n\n{text}"
    files[INDEX] = _index(derivations)
    return files


def _page(derivation: Derivation | Chapter, command: str = "") -> Page:
    if isinstance(derivation, Chapter):
        return derivation.page
    return present(derivation, command=command)


def _picture(derivation: Derivation | Chapter) -> Picture | None:
    """A function of one number with its derivative; at a chosen size K the answer at 1, 2, …, K."""
    if isinstance(derivation, Chapter) or derivation.rows:
        return None
    if not derivation.sizes:
        return curve(derivation)
    (most,) = set(derivation.sizes.values())
    return heat(numbers_at(derivation, tuple(map(str, range(1, most + 1)))))


def _index(derivations: tuple[Derivation | Chapter, ...]) -> str:
    words = writer("github").words
    rows = {
        chapter: "\n".join(
            f"| [{words(d.title)}]({d.name}.md) | {_cell(d)} | [TeX]({d.name}.tex) |"
            if isinstance(d, Chapter)
            else f"| [{words(d.title)}]({d.name}.md) | {_cell(d)} | {_verdict(d)} |"
            f" [TeX]({d.name}.tex) |"
            for d in derivations
            if isinstance(d, Chapter) is chapter
        )
        for chapter in (False, True)
    }
    head = "# Derivations\n\n| derivation | closed form | verdict | |\n|---|---|---|---|"
    networks = "\n# Networks\n\n| network | | |\n|---|---|---|"
    index = f"{MARK}\n\n{head}\n{rows[False]}\n"
    return f"{index}{networks}\n{rows[True]}\n" if rows[True] else index


def _cell(derivation: Derivation | Chapter) -> str:
    """The answer as a formula that the bars of a table do not end."""
    if isinstance(derivation, Chapter):
        return derivation.about
    rows = derivation.rows or ((derivation.answer,),)
    answers = [latex(answer) for row in rows for answer in row]
    formula = answers[0] if len(answers) == 1 else _matrix(answers, len(rows[0]))
    return f"$`{_without_bars(formula)}`$"


def _matrix(entries: list[str], columns: int) -> str:
    """The answers of several functions or by several scalars, row by row."""
    starts = range(0, len(entries), columns)
    rows = r" \\ ".join(" & ".join(entries[n : n + columns]) for n in starts)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _verdict(derivation: Derivation) -> str:
    """How strongly its weakest line holds, and for which sizes."""
    words = writer("github").words
    strength, scope = in_short(derivation)
    return (
        f"{strength}{''.join(words(s) if isinstance(s, str) else f'$`{latex(s)}`$' for s in scope)}"
    )


def _without_bars(formula: str) -> str:
    return formula.replace(r"\lvert", r"\vert").replace(r"\rvert", r"\vert").replace("|", r"\vert ")


def _open(place: Path) -> None:
    """Make the folder, before the long work whose results go there."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise Mistake(f"cannot write {place}: {(error.strerror or str(error)).lower()}") from error


def _check_is_ours(place: Path, kind: Kind, *, check: bool) -> None:
    if place.exists() and not place.is_dir():
        raise Mistake(f"{place} is no directory; export writes a directory of derivations")
    if check and not place.is_dir():
        raise Mistake(f"there is no directory {place}; `{kind.command} {place}` writes it")
    if not place.is_dir() or not any(p for p in place.iterdir() if not p.name.startswith(".")):
        return
    try:
        ours = (place / kind.index).is_file() and _is_exported(place / kind.index, kind)
    except OSError:
        ours = False
    if not ours:
        raise Mistake(
            f"{place} holds files that export did not write; name an empty or a new directory"
        )


def _differences(place: Path, files: Mapping[str, str], kind: Kind) -> Iterable[Difference]:
    for name, wanted in files.items():
        path = place / name
        if not path.is_file():
            yield Difference(name, "missing", "")
            continue
        found = path.read_bytes().decode("utf-8", "replace")
        if found != wanted:
            yield Difference(name, "stale or edited by hand", _diff(name, found, wanted))
    if place.is_dir():
        for path in sorted(place.iterdir()):
            if path.name not in files and path.suffix in kind.suffixes and _is_exported(path, kind):
                yield Difference(path.name, "of no derivation any more", "")


def _is_exported(path: Path, kind: Kind) -> bool:
    return path.read_bytes()[:100].decode("utf-8", "replace").startswith(kind.marks)


def _diff(name: str, found: str, wanted: str) -> str:
    lines = difflib.unified_diff(
        found.splitlines(), wanted.splitlines(), f"{name} (there)", f"{name} (derived)", lineterm=""
    )
    return "\n".join(lines)


def book_source(derivations: Iterable[Derivation | Chapter]) -> str:
    """One LaTeX document of all derivations, with contents; amsmath is all it needs."""
    latex_writer = writer("latex", Setting())
    sections = []
    for derivation in derivations:
        title = latex_writer.words(derivation.title)
        sections.append(f"\\section{{{title}}}\n{write(_page(derivation), 'latex')}")
    return _BOOK % "\n".join(sections)


_BOOK = r"""\documentclass{article}
\usepackage{amsmath}
\pdfinfoomitdate=1 \pdftrailerid{} \pdfsuppressptexinfo=-1
\allowdisplaybreaks
\title{Derivations}
\author{}
\date{}
\begin{document}
\maketitle
\tableofcontents
\bigskip
%s
\end{document}
"""
