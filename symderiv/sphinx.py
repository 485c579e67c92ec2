"""Sphinx: the directive `symderiv` puts a derivation into a page.

Add "symderiv.sphinx" to `extensions`, then name a derivation of the catalogue, ask for one as the
commands do, or write a formula below:

    .. symderiv:: softmax-jacobian
       :k: 3
       :rules: right

    .. symderiv:: gradient cross-entropy
       :soft:

    .. symderiv::
       :wrt: z[j]
       :assume: sum(y[i], i) = 1

       p[i] = softmax(z)[i]
       -sum(y[i]*log(p[i]), i)

Options: those of a request and of the layout, as the command line has them; of what may be said
several times, one in a line.  Formulas become Sphinx's own math nodes, so that HTML, LaTeX and
every other builder show them as they show any mathematics.

Floor 5: imports the face, the options of the command line, documents, Sphinx and docutils.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar

import click
from docutils import nodes  # type: ignore[import-untyped]
from docutils.parsers.rst import directives  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from symderiv.cli import destination, options
from symderiv.documents.blocks import Page, Sentence
from symderiv.documents.latex import LatexWriter
from symderiv.documents.presentation import present
from symderiv.documents.rows import Row
from symderiv.documents.setting import Setting
from symderiv.face.answer import Answer
from symderiv.face.answering import answer, answer_named
from symderiv.face.request import Request
from symderiv.mistakes import Mistake, SymderivError

KINDS = ("jacobian", "gradient", "hessian")
# What says nothing of a node: the terminal, whole documents, pictures, labels of LaTeX, a file.
WITHOUT = ("width", "ascii", "standalone", "beamer", "restyle", "plot", "label", "macros")


def _reader(row: Mapping[str, Any]) -> Callable[[Any], Any]:
    """What reads the text of an option as the command line does."""
    if row.get("is_flag"):
        return lambda given: directives.flag(given) is None
    kind: Any = row.get("type") or click.STRING
    if row.get("multiple"):
        return lambda given: tuple(filter(None, map(str.strip, (given or "").splitlines())))
    if "flag_value" in row:
        return lambda given: kind.convert(given or row["flag_value"], None, None)
    return lambda given: kind.convert(directives.unchanged_required(given), None, None)


ASKED = {field.name for field in fields(Request)} - {*WITHOUT}
REQUEST = {name: _reader(row) for name, row in options.ROWS.items() if name in ASKED}
LAYOUT = {name: _reader(row) for name, row in destination.ROWS.items() if name not in WITHOUT}


class DerivationDirective(SphinxDirective):
    """One derivation."""

    optional_arguments = 2
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        name.replace("_", "-"): read for name, read in {**REQUEST, **LAYOUT}.items()
    }

    def run(self) -> list[nodes.Node]:
        given = {name.replace("-", "_"): value for name, value in self.options.items()}
        try:
            request = {name: given[name] for name in REQUEST if name in given}
            setting = Setting.of({name: given[name] for name in LAYOUT if name in given})
            page = present(self._answer(request), setting)
        except SymderivError as error:
            raise self.error(str(error)) from error
        return NodeWriter(setting).drawn_nodes(page)

    def _answer(self, request: dict[str, Any]) -> Answer:
        """What is asked for: a formula, a function of the catalogue, a derivation by its name."""
        words, formula = self.arguments, "\n".join(self.content)
        if formula and words:
            raise Mistake("a formula stands alone; the words after `symderiv::` name no function")
        if formula:
            if not request.get("wrt"):
                raise Mistake("a formula needs :wrt:, what to differentiate by, such as z[j]")
            return answer("formula", Request(formula, **request))
        if len(words) == 2 and words[0] in KINDS:
            return answer(words[0], Request(words[1], **request))
        if len(words) != 1:
            raise Mistake(
                "it takes the name of a derivation (softmax-jacobian), a kind and a function "
                "(gradient cross-entropy), or a formula below"
            )
        found = self.config.symderiv_lookup or answer_named
        return found(words[0], Request(**request))


class NodeWriter(LatexWriter):
    """The page as docutils nodes: the LaTeX writer's text, its displays and formulas kept apart."""

    DISPLAY, ITEM = "\x00", "\x01"
    TALLEST = 460.0  # Sphinx's LaTeX breaks no display
    LAPS = False

    def chained(self, rows: Sequence[Row], label: str = "") -> str:
        return self.in_one(rows)

    def display(self, body: str) -> str:
        return f"{self.DISPLAY}{body}{self.DISPLAY}"

    def small(self, display: str, scale: float) -> str:
        return display

    def told(self, heading: str, sentences: Sequence[Sentence]) -> str:
        """One sentence behind its heading; several as a list below it."""
        said = [self.said(sentence, self.setting.room) for sentence in sentences]
        between = self.ITEM if len(said) > 1 else " "
        return between.join((self.words(heading + self.colon), *said))

    def drawn_nodes(self, page: Page) -> list[nodes.Node]:
        """One node for each paragraph, each display and each list."""
        self.draw(page.drawn)
        out: list[nodes.Node] = []
        for part in self.parts(page):
            head, *items = part.split(self.ITEM)
            out += self._nodes(head)
            if items:
                told = (nodes.list_item("", *self._nodes(item)) for item in items)
                out.append(nodes.bullet_list("", *told))
        return out

    def _nodes(self, text: str) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        for n, piece in enumerate(text.split(self.DISPLAY)):
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
