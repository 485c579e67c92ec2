r"""Remarks in LaTeX: sentences under a heading, with formulas in them.

Gives `RemarkWriter`, that part of the LaTeX writer and of those that share its formulas.  A few
sentences are a paragraph, many a list; a wide formula stands on a line of its own, and lemmas that
have labels are numbered equations.

Floor 4: imports the blocks, the chains, the fitting and the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import cast

from sympy import Eq, Expr
from sympy.core.basic import Basic

from symderiv.documents.blocks import Remarks, Sentence
from symderiv.documents.chains import ChainWriter
from symderiv.documents.fitting import INDENT, SIZES, Way, fitted
from symderiv.documents.measure import measure
from symderiv.documents.notated import Notated
from symderiv.documents.rows import Row

SHORT = 0.7  # of the room that a formula may take within a paragraph
INDENTED = 25.0  # points that an item of a list stands further right
DISPLAYED = ("\\]", "\n}")  # how a formula on lines of its own ends
MANY = 3  # sentences that stand in one paragraph


class RemarkWriter(ChainWriter):
    """Sentences with formulas in them."""

    def remarks(self, block: Remarks) -> str:
        if self.labels and block.stated:
            return self._lemmas(block)
        return self.told(block.heading, block.sentences)

    def told(self, heading: str, sentences: Sequence[Sentence]) -> str:
        """Sentences in a paragraph; many of them, one below the other."""
        head = self.words(heading + self.colon)
        if len(sentences) > MANY:
            room = self.setting.room - INDENTED
            items = "".join(f"\\item[$\\bullet$] {self.said(s, room)}\n" for s in sentences)
            return f"\n{head}\n\\begin{{itemize}}\n{items}\\end{{itemize}}\n"
        said = [self.said(s, self.setting.room) for s in sentences]
        between = [*("\n" if one.endswith(DISPLAYED) else "; " for one in said[:-1]), ""]
        joined = "".join(one.rstrip(".") + next_ for one, next_ in zip(said, between, strict=True))
        shown = f"{head} {joined}{'' if joined.endswith(DISPLAYED) else '.'}\n"
        # formulas break badly: rather wide spaces than a line too long
        return f"\n{{\\sloppy {shown}\\par}}\n" if len(said) > 1 else f"\n{shown}"

    def said(self, sentence: Sentence, room: float) -> str:
        """A sentence; a formula in it that is wide for the room stands on a line of its own."""
        out = ""
        for part in sentence:
            if isinstance(part, str):
                out += self.words(part.lstrip(",; ") if out.endswith("\n") else part)
            elif measure(self.printer.spelled(part), 1) < room * SHORT:
                out += self.inline(part)
            else:
                shown = self._shown(part, room)
                out = f"{out.rstrip()}\n{shown}{'%' * shown.endswith('}')}\n"
        return out.rstrip("%\n")

    def _lemmas(self, block: Remarks) -> str:
        """Lemmas as numbered equations."""
        parts = []
        for sentence, stated in zip(block.sentences, block.stated, strict=True):
            *words, equation = sentence
            said = self.sentence(tuple(words)).rstrip(" ~:")
            rows = self._equation(cast(Eq, equation))
            shown = self.chained(rows, self.labels.get(stated, ""))
            head = (
                f"{self.own('Lemma')}. {said}{self.words(self.colon)}"
                if said
                else f"{self.own('Lemma')}."
            )
            parts.append(f"\n{head}\n{shown}\n")
        return "".join(parts)

    def _equation(self, equation: Eq) -> list[Row]:
        """An equation in rows that fit."""
        way = Way(self.printer, self.printer)
        left, right = (cast(Expr, side) for side in equation.args)
        fit = fitted(left, (right,), self.setting.room, way)
        (pieces,) = fit.lines
        if not fit.start_alone:
            return [Row(fit.start[0], f"= {pieces[0]}")]
        rows = [Row("", piece) for piece in fit.start]
        return [*rows, Row("", f"= {pieces[0]}"), *(Row("", rf"\quad {p}") for p in pieces[1:])]

    def _shown(self, formula: Basic, room: float) -> str:
        """A formula of a sentence on lines of its own."""
        if isinstance(formula, Notated):
            return self._in_rows(formula.ways(restyled=self.setting.restyle), room)
        sides = formula.args if isinstance(formula, Eq) else (formula,)
        way = Way(self.printer, self.printer)
        left, *right = (cast(Expr, side) for side in sides)
        fit = fitted(left, right, room, way)
        rows = [Row("", piece) for piece in fit.start]
        for first, *rest in fit.lines:
            rows += [Row("", f"= {first}"), *(Row("", rf"\quad {piece}") for piece in rest)]
        body = self.display(self._aligned([row.joined() for row in rows]))
        return self.small(body, fit.scale)

    def _in_rows(self, ways: Sequence[Sequence[str]], room: float) -> str:
        """An equation of whole arrays in rows that fit: in small type, or else parted further."""
        for pieces, scale in product(ways, SIZES):
            rows: list[str] = []
            for piece in pieces:
                joined = f"{rows[-1]} {piece}" if rows else piece
                if rows and measure(joined) + INDENT <= room / scale:
                    rows[-1] = joined
                else:
                    rows.append(piece)
            if max(map(measure, rows)) + INDENT <= room / scale:
                break
        first, *rest = rows
        body = self._aligned([f"  &{first}", *(rf"  &\quad {row}" for row in rest)])
        return self.small(self.display(body), scale)
