"""Sphinx: the directive `symderiv` puts a derivation into a page.

Add "symderiv.sphinx" to `extensions`, then

    .. symderiv:: softmax-jacobian
       :k: 3
       :route: quotient
       :rules: right

Options: those of a request to the catalogue (`k`, `route`, `entry`, `target`) and of the layout
(`rules`, `detail`, `style`), as the command line has them.  Formulas become Sphinx's own math
nodes, so that HTML, LaTeX and every other builder show them as they show any mathematics.

Floor 5: imports the face, documents, Sphinx and docutils.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from docutils import nodes  # type: ignore[import-untyped]
from docutils.parsers.rst import directives  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from symderiv.documents.blocks import Page
from symderiv.documents.latex import LatexWriter
from symderiv.documents.presentation import present
from symderiv.documents.rows import Row
from symderiv.documents.setting import CHOICES, Setting
from symderiv.face.answering import answer_named
from symderiv.face.request import Request
from symderiv.mistakes import Mistake


def _one_of(*known: str) -> Callable[[str], str]:
    return lambda given: directives.choice(given, known)


def _entry(given: str) -> tuple[int, ...]:
    return tuple(map(directives.positive_int, given.split(",")))


REQUEST = {
    "k": directives.positive_int,
    "entry": _entry,
    "route": directives.unchanged,
    "target": directives.positive_int,
}
LAYOUT = {name: _one_of(*words) for name, words in CHOICES.items()}


class DerivationDirective(SphinxDirective):
    """One derivation."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {**REQUEST, **LAYOUT}

    def run(self) -> list[nodes.Node]:
        given = self.options
        try:
            request = Request(**{name: given[name] for name in REQUEST if name in given})
            setting = Setting.of({name: given[name] for name in LAYOUT if name in given})
            found = self.config.symderiv_lookup or answer_named
            page = present(found(self.arguments[0], request), setting)
        except Mistake as error:
            raise self.error(str(error)) from error
        return NodeWriter(setting).drawn_nodes(page)


class NodeWriter(LatexWriter):
    """The page as docutils nodes: the LaTeX writer's text, its displays and formulas kept apart."""

    DISPLAY = "\x00"
    TALLEST = 460.0  # Sphinx's LaTeX breaks no display
    LAPS = False

    def chained(self, rows: Sequence[Row]) -> str:
        return self.in_one(rows)

    def display(self, body: str) -> str:
        return f"{self.DISPLAY}{body}{self.DISPLAY}"

    def small(self, display: str, scale: float) -> str:
        return display

    def drawn_nodes(self, page: Page) -> list[nodes.Node]:
        """One node for each paragraph and each display."""
        out: list[nodes.Node] = []
        for part in self.parts(page):
            for n, piece in enumerate(part.split(self.DISPLAY)):
                if n % 2:
                    out.append(self._math(piece))
                else:
                    out += [self._paragraph(p) for p in piece.split("\n\n") if p.strip()]
        return out

    def words(self, text: str) -> str:
        return text

    def _math(self, body: str) -> nodes.Node:
        return nodes.math_block(body, body, nowrap=False, number=None, label=None)

    def _paragraph(self, text: str) -> nodes.Node:
        """Words with formulas between dollars."""
        paragraph = nodes.paragraph()
        for n, piece in enumerate(text.strip().replace("~", " ").split("$")):
            if n % 2:
                paragraph += nodes.math(piece, piece)
            elif piece:
                paragraph += nodes.Text(piece.replace("\n", " "))
        return paragraph


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_config_value("symderiv_lookup", None, "env")
    app.add_directive("symderiv", DerivationDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
