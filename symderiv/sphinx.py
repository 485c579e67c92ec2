"""Sphinx: the directive `symderiv` puts a derivation into a page.

Add "symderiv.sphinx" to `extensions`, then

    .. symderiv:: softmax-jacobian
       :k: 3
       :route: quotient
       :rules: right

Options: `k` (a chosen size), `route`, `rules` (right, overset, none), `detail` (brief, textbook,
full), `style` (delta, cases).  Formulas become Sphinx's own math nodes, so that HTML, LaTeX and
every other builder show them as they show any mathematics.

Floor 5: imports documents, Sphinx and docutils.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes  # type: ignore[import-untyped]
from docutils.parsers.rst import directives  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from symderiv.derivation import Derivation
from symderiv.documents import Page, Setting
from symderiv.documents.latex import LatexWriter
from symderiv.documents.presentation import present
from symderiv.mistakes import Mistake

Lookup = Callable[..., Derivation]
RULES, DETAILS, STYLES = (
    ("right", "overset", "none"),
    ("brief", "textbook", "full"),
    ("delta", "cases"),
)


def _one_of(*known: str) -> Callable[[str], str]:
    return lambda given: directives.choice(given, known)


def derivation(name: str, **options: Any) -> Derivation:
    """The derivation of that name in the catalogue, found when it is asked for."""
    from symderiv.session import derivation as named

    return named(name, **options)


class DerivationDirective(SphinxDirective):
    """One derivation."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "k": directives.positive_int,
        "route": directives.unchanged,
        "rules": _one_of(*RULES),
        "detail": _one_of(*DETAILS),
        "style": _one_of(*STYLES),
    }

    def run(self) -> list[nodes.Node]:
        chosen = {name: self.options[name] for name in ("k", "route") if name in self.options}
        try:
            found = self.config.symderiv_lookup or derivation
            made = present(
                found(self.arguments[0], **chosen),
                detail=self.options.get("detail", "textbook"),
                style=self.options.get("style", "delta"),
            )
        except Mistake as error:
            raise self.error(str(error)) from error
        return NodeWriter(Setting(rules=self.options.get("rules", "right"))).drawn_nodes(made)


class NodeWriter(LatexWriter):
    """The page as docutils nodes: the LaTeX writer's text, its displays and formulas kept apart."""

    DISPLAY = "\x00"

    def display(self, body: str) -> str:
        return f"{self.DISPLAY}{body}{self.DISPLAY}"

    def small(self, display: str, scale: float) -> str:
        return display

    def drawn_nodes(self, made: Page) -> list[nodes.Node]:
        """One node for each paragraph and each display."""
        out: list[nodes.Node] = []
        for part in self.parts(made):
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
