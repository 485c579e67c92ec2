"""Late: everything that brings SymPy or NumPy in, imported when it is called and not before.

Gives what commands and `import symderiv` call: `answer`, `answer_named`, `understood`, `backprop`,
`book`, `present`, `write`, `on_terminal`, `press`, `as_json`, `exceptions`, `export`,
`export_site`, `book_source`, `verify`, `check_user_function`, `catalogue_source`
and `answer_source`.  Help, completion and usage errors import none of it.
Here, and only here, imports stand in functions for the sake of the start.

Floor 5: imports anything, in functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symderiv.catalogue.names import Listed
    from symderiv.checking import Loaded
    from symderiv.checking import Report as CheckReport
    from symderiv.derivation import Derivation
    from symderiv.documents.blocks import Page
    from symderiv.documents.book import Chapter, Difference
    from symderiv.documents.setting import Point, Setting
    from symderiv.face.answer import Answer
    from symderiv.face.networks import Gradients
    from symderiv.face.request import NetworkRequest, Request
    from symderiv.reader import Understood
    from symderiv.verification.report import Report

Tell = Callable[[str, float], None]


def answer(kind: str, request: Request) -> Answer:
    """The answer to a request: see `symderiv.face.answering`."""
    if kind == "formula":
        from symderiv.face import heard

        heard.check(request)
    from symderiv.face import answering

    return answering.answer(kind, request)


def answer_named(name: str, request: Request | None = None) -> Answer:
    """The answer of a derivation of the catalogue by its name: "softmax-jacobian"."""
    from symderiv.face import answering

    return answering.answer_named(name, request)


def understood(request: Request) -> Understood:
    """What is understood of a request with a formula."""
    from symderiv.face import answering

    return answering.understood(request)


def backprop(request: NetworkRequest) -> Gradients:
    """All gradients of a network: see `symderiv.face.networks`."""
    from symderiv.face import heard

    heard.check_network(request)
    from symderiv.face import networks

    return networks.backprop(request)


def book(say: Tell) -> Iterator[Derivation | Chapter]:
    """The derivations of the book, then its networks."""
    from symderiv.face import answering, chapters

    yield from answering.book(say)
    yield from chapters.chapters()


def exceptions(listed: Listed) -> tuple[str, ...]:
    """Where a derivative of the catalogue does not exist."""
    from symderiv.catalogue import exceptions as found

    return found.exceptions(listed.formula, listed.wrt, listed.closed_form, listed.assumptions)


def export(
    derivations: Iterable[Derivation | Chapter], folder: str | Path, *, check: bool
) -> tuple[Difference, ...]:
    """The book into a folder."""
    from symderiv.documents import book as documents

    return documents.export(derivations, folder, check=check)


def export_site(
    derivations: Iterable[Derivation | Chapter], folder: str | Path, language: str, *, check: bool
) -> tuple[Difference, ...]:
    """The book as a site of HTML into a folder."""
    from symderiv import catalogue
    from symderiv.documents import book as documents
    from symderiv.documents.site import Subject, site_of

    functions = catalogue.functions()
    subjects = [
        Subject(
            title, tuple(functions[n].named(d) for n in names for d in functions[n].derivatives)
        )
        for title, names in catalogue.subjects().items()
    ]
    return documents.written(
        lambda: site_of(derivations, subjects, language), folder, documents.SITE, check=check
    )


def book_source(derivations: Iterable[Derivation | Chapter]) -> str:
    """The book as one LaTeX document."""
    from symderiv.documents import book as documents

    return documents.book_source(derivations)


def present(
    answer: Derivation | Gradients, setting: Setting, command: str, *, pictures: bool = False
) -> Page:
    """The page of a derivation, or the chapter of a network."""
    from symderiv.derivation import Derivation

    if not isinstance(answer, Derivation):
        return answer.chapter(setting, command)
    from symderiv.documents import presentation

    return presentation.present(answer, setting, command=command, pictures=pictures)


def write(page: Page, target: str, setting: Setting) -> str:
    """The page as text of a target."""
    from symderiv.documents import targets

    return targets.write(page, target, setting)


def on_terminal(page: Page, setting: Setting) -> str:
    """The page as the terminal shows it."""
    from symderiv.documents import terminal

    return terminal.on_terminal(page, setting)


def press(page: Page, kind: str, engine: str | None, setting: Setting) -> bytes:
    """The page as a picture."""
    from symderiv.documents import press as documents

    return documents.press(page, kind, engine=engine, setting=setting)


def as_json(answer: Derivation | Gradients, point: Point | None, *, full: bool) -> str:
    """A derivation, or the gradients of a network, as JSON."""
    from symderiv import serialisation
    from symderiv.derivation import Derivation

    if not isinstance(answer, Derivation):
        return serialisation.as_json(answer.data())
    return serialisation.as_json(serialisation.as_data(answer, point=point, full=full))


def verify(names: Sequence[str], say: Tell) -> Report:
    """The accuracy of the functions."""
    from symderiv.verification import report

    return report.verify(names, say)


def check_user_function(
    against: str, name: str, say: Tell, wrt: Sequence[str], assume: Sequence[str]
) -> Any:
    """The accuracy of a function of one's own."""
    from symderiv.verification import own

    return own.check_user_function(against, name, say, wrt=wrt, assume=assume)


def catalogue_source(names: Sequence[str], only: Sequence[str], target: str) -> str:
    """Source of functions of the catalogue."""
    from symderiv import source

    return source.catalogue_source(names, only, target)


def answer_source(answer: Answer, request: Request, target: str) -> str:
    """Source of an answer's function and its derivative; of a network, of all its stages."""
    from symderiv import source
    from symderiv.face import answering, staged

    read = answering.understood(request)
    deep = staged.staged_source(read.formula, read.wrt, read.assume, target)
    return source.derivation_source(answer, target) if deep is None else deep


def check(text: str, **asked: Any) -> CheckReport:
    """What is said of every line of somebody else's derivation."""
    from symderiv.checking import check as checked

    return checked(text, **asked)


def load(name: str) -> Loaded:
    """A file with what it brings in."""
    from symderiv.checking import load as loaded

    return loaded(name)


def checked(report: CheckReport, target: str, *, colour: bool = False, language: str = "en") -> str:
    """A report as text of a target."""
    from symderiv.documents import checks

    return checks.write(report, target, colour=colour, language=language)


def checked_page(reports: Sequence[CheckReport], language: str) -> str:
    """Reports as one page of HTML."""
    from symderiv.documents import checks

    return checks.write_page(reports, language)


def page_of_check(report: Any) -> Page:
    """A gradient check as a page: a picture of the error by kind of input, and the verdict."""
    from symderiv.documents.blocks import Page
    from symderiv.documents.pictures.bars import bars

    rows = [(far.point.kind, float(far.either), float(far.largest)) for far in report.far]
    name = report.function.replace("\\", "/").rpartition("/")[2]
    picture = bars(f"{name}: {report.verdict}", rows, report.rtol)
    return Page(f"{name} as {report.computes}", (picture,), (f"It is {report.verdict}.",))
