"""Markdown: a page with `$$` displays, and in GitHub's flavour with math fences.

Gives `MarkdownWriter`, `GithubWriter` and `NotebookWriter`.  The formulas are those of the LaTeX
writer.

Floor 4: imports the blocks and the LaTeX writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy.core.basic import Basic

from symderiv.documents.blocks import Chain, Page, Remarks, Sentence
from symderiv.documents.escape import html_comment, markdown_words
from symderiv.documents.latex import LatexWriter
from symderiv.documents.rows import Row
from symderiv.documents.setting import Setting

SCREEN = 460.0  # points that a line may be wide on a screen


class MarkdownWriter(LatexWriter):
    """Markdown as Jupyter, Quarto, VS Code and pandoc read it."""

    BETWEEN = BELOW = "\n\n"
    LAPS = DRAWS = False

    def __init__(self, setting: Setting) -> None:
        super().__init__(replace(setting, column=SCREEN))

    def words(self, text: str) -> str:
        return markdown_words(text)

    def display(self, body: str) -> str:
        return f"$$\n{body}\n$$"

    def small(self, display: str, scale: float) -> str:
        return display

    def framed(self, page: Page, body: str) -> str:
        head = f"{html_comment(page.command)}\n\n" if page.command else ""
        title = f"# {self.words(page.title)}\n\n" if page.title else ""
        return f"{head}{title}{body}\n"

    def chained(self, rows: Sequence[Row], label: str = "") -> str:
        return self.in_one(rows)

    def heading(self, heading: Sentence) -> str:
        return f"## {self.sentence(heading)}\n\n" if heading else ""

    def chain(self, block: Chain) -> str:
        body, marks = self.lines(block)
        parts = [self.heading(block.heading) + body]
        if marks:
            rules = (f"({mark}) {self.sentence(label)}" for label, mark in marks.items())
            parts.append(f"{self.own('by')} " + ", ".join(rules) + ".")
        if laws := self.laws(block):
            parts += [self.own("The rules are"), laws]
        return "\n\n".join(parts)

    def remarks(self, block: Remarks) -> str:
        items = "\n".join(f"- {self.sentence(s)}" for s in block.sentences)
        return f"**{self.words(block.heading)}**\n\n{items}"

    def verdict(self, sentence: Sentence) -> str:
        return f"*{self.sentence(sentence)}*"


class GithubWriter(MarkdownWriter):
    """Markdown as GitHub shows it: it would eat the backslashes between dollars."""

    def inline(self, term: Basic) -> str:
        return f"$`{self.printer.spelled(term)}`$"

    def display(self, body: str) -> str:
        return f"```math\n{body}\n```"


class NotebookWriter(MarkdownWriter):
    """Markdown as the output of a notebook's cell, where headings are the reader's own."""

    def framed(self, page: Page, body: str) -> str:
        title = f"**{self.words(page.title)}**\n\n" if page.title else ""
        return f"{title}{body}\n"

    def heading(self, heading: Sentence) -> str:
        return f"{self.sentence((*heading, self.colon))}\n\n" if heading else ""
