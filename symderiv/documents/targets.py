"""Targets: one table of everything that a page can be written as.

Gives `TARGETS` (by name, with the suffix of its files), `PICTURES` and `ENGINES`, `writer` and
`write`.

Floor 4: imports setting and mistakes; the writers, each when it is asked for, so that the command
line can name the targets at once.

To add a target: write its writer, and one row here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symderiv.documents.setting import Setting
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.records import dataclass

if TYPE_CHECKING:
    from symderiv.documents.blocks import Page
    from symderiv.documents.writer import Writer


def _text(setting: Setting) -> Writer:
    from symderiv.documents.text import TextWriter

    return TextWriter(setting)


def _latex(setting: Setting) -> Writer:
    from symderiv.documents.beamer import BeamerWriter
    from symderiv.documents.latex import LatexWriter

    return BeamerWriter(setting) if setting.beamer else LatexWriter(setting)


def _markdown(setting: Setting) -> Writer:
    from symderiv.documents.markdown import MarkdownWriter

    return MarkdownWriter(setting)


def _github(setting: Setting) -> Writer:
    from symderiv.documents.markdown import GithubWriter

    return GithubWriter(setting)


def _html(setting: Setting) -> Writer:
    from symderiv.documents.html import HtmlWriter

    return HtmlWriter(setting)


def _typst(setting: Setting) -> Writer:
    from symderiv.documents.typst import TypstWriter

    return TypstWriter(setting)


@dataclass(frozen=True)
class Target:
    """What a page can be written as.

    suffix : of its files; none where the format must be named
    writer : what writes it as text; None for data and pictures
    picture : is it bytes, made by the press?
    """

    suffix: str
    writer: Callable[[Setting], Writer] | None = None
    picture: bool = False


TARGETS = {
    "text": Target(".txt", _text),
    "latex": Target(".tex", _latex),
    "markdown": Target(".md", _markdown),
    "github": Target("", _github),
    "html": Target(".html", _html),
    "typst": Target(".typ", _typst),
    "json": Target(".json"),  # written by `serialisation`, from the derivation itself
    "pdf": Target(".pdf", picture=True),
    "svg": Target(".svg", picture=True),
    "png": Target(".png", picture=True),
}
SUFFIXES = {target.suffix: name for name, target in TARGETS.items() if target.suffix}
ENGINES = ("typst", "latex")  # what the press makes pictures with
PICTURES = tuple(name for name, target in TARGETS.items() if target.picture)


def writer(target: str, setting: Setting | None = None) -> Writer:
    """The writer of a target.

    Raises
    ------
    Mistake
        for a target that is not in the table, or is no text.
    """
    if target not in TARGETS:
        raise Mistake(f"no format '{target}'{did_you_mean(str(target), TARGETS)}")
    write = TARGETS[target].writer
    if write is None:
        raise Mistake(f"a page as {target} is no text; the commands write it, with -o FILE")
    return write(setting or Setting())


def write(page: Page, target: str = "text", setting: Setting | None = None) -> str:
    """The page as that target shows it."""
    return writer(target, setting).write(page)
