"""Late: everything that brings SymPy or NumPy in, imported when it is called and not before.

Gives the rooms that commands and `import symderiv` call, each imported when something in it is
asked for, and what takes more than one of them: `answer`, `backprop`, `book`, `export_site`,
`present`, `as_json` and `page_of_check`.  Help, completion and usage errors import none of it.

Floor 5: imports anything, late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from symderiv import late

if TYPE_CHECKING:
    from pathlib import Path

    from symderiv import catalogue, checking, derivation, serialisation
    from symderiv.catalogue import exceptions
    from symderiv.derivation import Derivation
    from symderiv.documents import blocks, checks, presentation, press, site, targets, terminal
    from symderiv.documents import book as documents
    from symderiv.documents.blocks import Page
    from symderiv.documents.book import Chapter, Difference
    from symderiv.documents.pictures import bars
    from symderiv.documents.setting import Point, Setting
    from symderiv.face import answering, chapters, heard, networks, source
    from symderiv.face.answer import Answer
    from symderiv.face.networks import Gradients
    from symderiv.face.request import NetworkRequest, Request
    from symderiv.verification import own, report
else:
    answering = late.module("symderiv.face.answering")
    bars = late.module("symderiv.documents.pictures.bars")
    blocks = late.module("symderiv.documents.blocks")
    catalogue = late.module("symderiv.catalogue")
    chapters = late.module("symderiv.face.chapters")
    checking = late.module("symderiv.checking")
    checks = late.module("symderiv.documents.checks")
    derivation = late.module("symderiv.derivation")
    documents = late.module("symderiv.documents.book")
    exceptions = late.module("symderiv.catalogue.exceptions")
    heard = late.module("symderiv.face.heard")
    networks = late.module("symderiv.face.networks")
    own = late.module("symderiv.verification.own")
    presentation = late.module("symderiv.documents.presentation")
    press = late.module("symderiv.documents.press")
    report = late.module("symderiv.verification.report")
    serialisation = late.module("symderiv.serialisation")
    site = late.module("symderiv.documents.site")
    source = late.module("symderiv.face.source")
    targets = late.module("symderiv.documents.targets")
    terminal = late.module("symderiv.documents.terminal")

__all__ = [
    "answer",
    "answering",
    "as_json",
    "backprop",
    "book",
    "checking",
    "checks",
    "documents",
    "exceptions",
    "export_site",
    "own",
    "page_of_check",
    "present",
    "press",
    "report",
    "source",
    "targets",
    "terminal",
]

Tell = Callable[[str, float], None]


def answer(kind: str, request: Request) -> Answer:
    """The answer to a request: see `symderiv.face.answering`."""
    if kind == "formula":
        heard.check(request)
    return answering.answer(kind, request)


def backprop(request: NetworkRequest) -> Gradients:
    """All gradients of a network: see `symderiv.face.networks`."""
    heard.check_network(request)
    return networks.backprop(request)


def book(say: Tell) -> Iterator[Derivation | Chapter]:
    """The derivations of the book, then its networks."""
    yield from answering.book(say)
    yield from chapters.chapters()


def export_site(
    derivations: Iterable[Derivation | Chapter], folder: str | Path, language: str, *, check: bool
) -> tuple[Difference, ...]:
    """The book as a site of HTML into a folder."""
    functions = catalogue.functions()
    subjects = [
        site.Subject(
            title, tuple(functions[n].named(d) for n in names for d in functions[n].derivatives)
        )
        for title, names in catalogue.subjects().items()
    ]
    return documents.written(
        lambda: site.site_of(derivations, subjects, language), folder, documents.SITE, check=check
    )


def present(
    answer: Derivation | Gradients, setting: Setting, command: str, *, pictures: bool = False
) -> Page:
    """The page of a derivation, or the chapter of a network."""
    if not isinstance(answer, derivation.Derivation):
        return answer.chapter(setting, command)
    return presentation.present(answer, setting, command=command, pictures=pictures)


def as_json(answer: Derivation | Gradients, point: Point | None, *, full: bool) -> str:
    """A derivation, or the gradients of a network, as JSON."""
    if not isinstance(answer, derivation.Derivation):
        return serialisation.as_json(answer.data())
    return serialisation.as_json(serialisation.as_data(answer, point=point, full=full))


def page_of_check(report: Any) -> Page:
    """A gradient check as a page: a picture of the error by kind of input, and the verdict."""
    rows = [(far.point.kind, float(far.either), float(far.largest)) for far in report.far]
    name = report.function.replace("\\", "/").rpartition("/")[2]
    picture = bars.bars(f"{name}: {report.verdict}", rows, report.rtol)
    return blocks.Page(f"{name} as {report.computes}", (picture,), (f"It is {report.verdict}.",))
