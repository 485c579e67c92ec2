r"""Beamer: a page as slides, every line uncovered on its own.

Gives `BeamerWriter`.

Floor 4: imports the blocks and the LaTeX writer.
"""

from __future__ import annotations

import re
from dataclasses import replace

from symderiv.documents.blocks import (
    Cases,
    Chain,
    Matrix,
    Numbers,
    Page,
    Picture,
    Remarks,
    Sentence,
    Where,
)
from symderiv.documents.latex import LatexWriter
from symderiv.documents.measure import measure
from symderiv.documents.rows import Row, parted, whole_lines
from symderiv.documents.setting import Setting

SLIDE = 252.0  # points of a slide's width, in the measure of 10 pt serif type
LONG_TITLE, TITLE_LINE = 48, 16.0  # characters of a title on two lines, and what the second takes
HEIGHT = 212.0  # points of a slide's height for the lines
WORD = 18.0  # points of height of a row of words
DISPLAY = re.compile(r"\\\[(.*?)\\\]", re.S)
LEGEND = 40.0  # of which the rules take these, where letters stand for them


class BeamerWriter(LatexWriter):
    """Frames, as a fragment or as a document."""

    PREAMBLE = (
        r"\documentclass{beamer}",
        r"\usepackage{amsmath}",
        r"\setbeamertemplate{navigation symbols}{}",
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(replace(setting, column=SLIDE))
        self.title = ""

    def write(self, page: Page) -> str:
        self.title = self.words(page.title)
        return super().write(page)

    def titled(self, page: Page) -> list[str]:
        return []  # it stands over every slide

    def colours(self, page: Page) -> str:
        return ""  # slides have them

    def frame(self, body: str, title: str = "") -> str:
        """One slide."""
        heading = title or self.title
        begin = f"\\begin{{frame}}\n\\frametitle{{{heading}}}"
        return f"{begin}\n{body.strip()}\n\\end{{frame}}"

    def chain(self, block: Chain) -> str:
        title = self.sentence(block.heading)
        drawn = self.drawn(block)
        slides = []
        height = HEIGHT / drawn.scale
        if len(title or self.title) > LONG_TITLE:
            height -= TITLE_LINE
        height -= LEGEND if drawn.marks else 0.0
        for rows in parted(drawn.rows, height, alone=drawn.alone):
            lines = enumerate(whole_lines(rows), 1)
            uncovered = [self._uncovered(row, n) for n, line in lines for row in line]
            slides.append(self.small(self.in_one(uncovered), drawn.scale))
            here = "".join(row.body for row in rows)
            if used := {m: rule for rule, m in drawn.marks.items() if f"{{({m})}}" in here}:
                listed = ",\n".join(f"({m})~{self.sentence(rule)}" for m, rule in used.items())
                slides[-1] += f"\n{{\\footnotesize {self.own('by')} {listed}.}}"
        frames = [self.frame(slide, title) for slide in slides]
        if laws := self.law_rows(block):
            said = self.own("The rules are")
            slides = [f"{said}\n{self.defined(rows)}" for rows in parted(laws, HEIGHT - WORD)]
            frames += [self.frame(slide, title) for slide in slides]
        return "\n".join(frames)

    def _uncovered(self, row: Row, overlay: int) -> Row:
        """Every cell uncovered with its row; the empty group keeps the space round its sign."""

        def cell(body: str) -> str:
            return rf"\uncover<{overlay}->{{{body}}}" if body else ""

        body = cell("{}" + row.body) if row.body else ""
        return Row(cell(row.start), body, cell(row.rule), row.goes_on)

    def where(self, block: Where) -> str:
        lines = [self.definition(*pair) for pair in block.definitions]
        slides = parted([row for line in lines for row in line], HEIGHT - WORD)
        return "\n".join(self.frame(f"{self.own('Let')}\n{self.defined(s)}") for s in slides)

    def cases(self, block: Cases) -> str:
        return self.frame(super().cases(block))

    def matrix(self, block: Matrix) -> str:
        return self.frame(super().matrix(block))

    def numbers(self, block: Numbers) -> str:
        return self.frame(super().numbers(block))

    def remarks(self, block: Remarks) -> str:
        if self.labels and block.stated:
            return self.frame(super().remarks(block))
        slides: list[list[Sentence]] = [[]]
        filled = 0.0
        for sentence in block.sentences:
            tall = self._tall(sentence)
            if slides[-1] and filled + tall > HEIGHT - 2 * WORD:
                slides.append([])
                filled = 0.0
            slides[-1].append(sentence)
            filled += tall
        return "\n".join(self.frame(self.told(block.heading, slide)) for slide in slides)

    def _tall(self, sentence: Sentence) -> float:
        """Points of height that a sentence takes, about."""
        said = self.said(sentence, SLIDE)
        displays = DISPLAY.findall(said)
        rows = [Row("", row) for display in displays for row in display.split(r"\\[1ex]")]
        words = measure(re.sub(r"\$", "", DISPLAY.sub("", said)).replace(" ", r"\ "), 1)
        return sum(row.height for row in rows) + WORD * (1 + len(displays) + words // SLIDE)

    def picture(self, block: Picture) -> str:
        return self.frame(super().picture(block))

    def verdict(self, sentence: Sentence) -> str:
        return self.frame(super().verdict(sentence))
