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

from symderiv import late
from symderiv.documents.setting import Setting
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.records import dataclass

if TYPE_CHECKING:
    from symderiv.documents import beamer, html, latex, markdown, text, typst
    from symderiv.documents.blocks import Page
    from symderiv.documents.writer import Writer
else:
    beamer = late.module("symderiv.documents.beamer")
    html = late.module("symderiv.documents.html")
    latex = late.module("symderiv.documents.latex")
    markdown = late.module("symderiv.documents.markdown")
    text = late.module("symderiv.documents.text")
    typst = late.module("symderiv.documents.typst")


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
    "text": Target(".txt", lambda s: text.TextWriter(s)),
    "latex": Target(".tex", lambda s: beamer.BeamerWriter(s) if s.beamer else latex.LatexWriter(s)),
    "markdown": Target(".md", lambda s: markdown.MarkdownWriter(s)),
    "github": Target("", lambda s: markdown.GithubWriter(s)),
    "html": Target(".html", lambda s: html.HtmlWriter(s)),
    "typst": Target(".typ", lambda s: typst.TypstWriter(s)),
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
