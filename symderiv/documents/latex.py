r"""LaTeX: a page as a fragment for `\input`, as a whole document, or as slides.

Gives `LatexWriter`.  The fragment needs amsmath alone, and color where it has a picture;
`standalone` and `beamer` put it in a document.  Formulas too wide for the column are shortened,
then broken (see `fitting`).

Floor 4: imports the blocks, the writer, the LaTeX printer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.documents.blocks import (
    Cases,
    Chain,
    Matrix,
    Numbers,
    Page,
    Picture,
    Sentence,
    Where,
)
from symderiv.documents.escape import SIGNS, latex_words
from symderiv.documents.fitting import SIZES, Way, fitted
from symderiv.documents.lines import in_letters
from symderiv.documents.macros import provided
from symderiv.documents.measure import measure
from symderiv.documents.pictures.tex import tex
from symderiv.documents.remarks import RemarkWriter
from symderiv.documents.rows import Row
from symderiv.documents.setting import Setting
from symderiv.documents.spelling import Spelling
from symderiv.documents.writer import (
    columns_of,
    rows_of,
    shown_indices,
)
from symderiv.printers.faces import PACKAGES, Drawn
from symderiv.printers.latex import LatexPrinter, RestyledPrinter

CASES_GAP = 34.0  # points of the sign, the brace and the gap before conditions
PAGE = 450.0  # points of height after which definitions may go on on the next page
BMATRIX = 10  # columns that amsmath's bmatrix takes


class LatexWriter(RemarkWriter):
    """LaTeX in the common subset."""

    BETWEEN = BELOW = "\n"  # blocks; words and the formula below them
    DRAWS = True
    MOST = BMATRIX
    PREAMBLE: tuple[str, ...] = (r"\documentclass{article}", r"\usepackage{amsmath}")

    def __init__(self, setting: Setting, printer: LatexPrinter | None = None) -> None:
        super().__init__(setting)
        self.printer = printer or (RestyledPrinter() if setting.restyle else LatexPrinter())
        self.labels: dict[Expr, str] = {}  # of the last lines, by what the derivations are of

    def write(self, page: Page) -> str:
        self.labels = self._named(page) if self.setting.label else {}
        return super().write(page)

    def draw(self, drawn: Drawn) -> None:
        self.printer = self.printer.with_names(drawn)

    def _named(self, page: Page) -> dict[Expr, str]:
        """The labels of the answer and of the lemmas that are cited, in their order."""
        chains = [block for block in page.blocks if isinstance(block, Chain)]
        cited = dict.fromkeys(s for chain in chains for x in chain.lines for s in x.cites)
        labels = {stated: f"{self.setting.label}:lemma-{n}" for n, stated in enumerate(cited, 1)}
        return labels | ({chains[-1].start: self.setting.label} if chains else {})

    def inline(self, term: Basic) -> str:
        return f"${self.printer.spelled(term)}$"

    def words(self, text: str) -> str:
        return latex_words(text)

    def display(self, body: str) -> str:
        """A formula on lines of its own."""
        return f"\\[\n{body}\n\\]"

    def framed(self, page: Page, body: str) -> str:
        head = [f"% {page.command}"] if page.command else []
        body = re.sub(r"\n{3,}", "\n\n", body)
        if not self.setting.standalone:
            head += [f"% {page.title}"] if page.title else []
            needs = [*MACROS * self.setting.restyle, *self.colours(page).splitlines()]
            head += [f"% needs {package}" for package in needs]
            return "\n".join([*head, body, ""])
        needed = sorted({PACKAGES[face] for face in page.drawn.values() if face in PACKAGES})
        packages = [rf"\usepackage{{{package}}}" for package in needed]
        packages += MACROS * self.setting.restyle
        packages += provided({k: v for k, v in page.drawn.items() if v.startswith("\\")})
        packages += self.colours(page).splitlines()
        preamble = [*self.PREAMBLE, *packages, BEGIN, *self.titled(page)]
        return "\n".join([*head, *preamble, body, END, ""])

    def titled(self, page: Page) -> list[str]:
        """The title as a document has it."""
        return [f"\\section*{{{self.words(page.title)}}}"] if page.title else []

    def colours(self, page: Page) -> str:
        """The line of a preamble that a page with a picture needs."""
        drawn = self.DRAWS and any(isinstance(block, Picture) for block in page.blocks)
        return "\\usepackage{color}\n" if drawn else ""

    def small(self, display: str, scale: float) -> str:
        """A display in type of that size."""
        return f"{{{SIZES[scale]}\n{display}\n}}" if SIZES[scale] else display

    def where(self, block: Where) -> str:
        rows = [row for pair in block.definitions for row in self.definition(*pair)]
        high = sum(row.height for row in rows) > PAGE
        return self.own("Let") + self.BELOW + (self.chained if high else self.defined)(rows)

    def defined(self, rows: Sequence[Row]) -> str:
        """Rows of definitions as a display, each on one line of the source."""
        return self.display(self._aligned([f"{row.start} &{row.body}".lstrip() for row in rows]))

    def definition(self, left: Expr, right: Expr) -> list[Row]:
        """A definition in rows, more than one where it is wide."""
        start, whole = self.printer.spelled(left), self.printer.spelled(right)
        if measure(f"{start} = {whole}") <= self.setting.room:
            return [Row(start, f"= {whole}")]
        way = Way(self.printer, self.printer)
        first, *rest = fitted(left, (right,), self.setting.room - measure(start), way).lines[0]
        return [Row(start, f"= {first}"), *(Row("", rf"\quad {x}", goes_on=True) for x in rest)]

    def cases(self, block: Cases) -> str:
        rows = [
            f"  {self.printer.spelled(value)} & {self._condition(condition)}"
            for value, condition in block.rows
        ]
        left = self.printer.spelled(block.left)
        body = " \\\\[1ex]\n".join(rows)
        cases = f"\\begin{{cases}}\n{body}\n\\end{{cases}}"
        shown = self._equated(left, cases, max(map(measure, rows)) + CASES_GAP)
        return f"{self.own('By cases')},{self.BELOW}{shown}"

    def _equated(self, left: str, drawn: str, wide: float) -> str:
        """What something is, beside it or, where that is too wide, below it, as a display."""
        if measure(left) + wide <= self.setting.room:
            return self.display(f"{left} =\n{drawn}")
        return self.display(self._aligned([f"&{left}", f"&=\n{drawn}"]))

    def _condition(self, condition: Basic | str) -> str:
        if isinstance(condition, str):
            return rf"\text{{{self.own('if')} {self.in_text(in_letters(condition))}}}"
        return rf"\text{{{self.own('if')} }} {self.printer.spelled(condition)}"

    def name(self, left: Expr | str) -> str:
        """The name of a matrix or a value."""
        if not isinstance(left, str):
            return self.printer.spelled(left)
        if len(left) == 1:
            return SIGNS.get(left, left)
        return rf"\mathrm{{{self.words(left)}}}"

    def matrix(self, block: Matrix) -> str:
        entries = partial(Spelling(block, self._small).rows, dots=(r"\cdots", r"\vdots", r"\ddots"))
        room = self.setting.room - BRACKETS
        rows = entries(*self.places(block, lambda *at: self._width(entries(*at)) <= room))
        drawn = self._bracketed(rows)
        return self._equated(self.name(block.left), drawn, self._width(rows) + BRACKETS)

    def _width(self, rows: list[list[str]]) -> float:
        gaps = 10.0 * len(rows[0])
        if gaps > self.setting.room:  # too wide already, whatever stands in the columns
            return gaps
        columns = zip(*rows, strict=True)
        return gaps + sum(max(measure(entry, 1) for entry in column) for column in columns)

    def _small(self, entry: Expr) -> str:
        return self.printer.spelled(entry).replace(r"\bigl", "").replace(r"\bigr", "")

    def _bracketed(self, rows: list[list[str]], column: str = "") -> str:
        lines = ["  " + " & ".join(row) for row in rows]
        tall = any(r"\frac" in line for line in lines)
        body = (" \\\\[1ex]\n" if tall else " \\\\\n").join(lines)
        if not column and len(rows[0]) <= BMATRIX:
            return f"\\begin{{bmatrix}}\n{body}\n\\end{{bmatrix}}"
        kinds = (column or "c") * len(rows[0])
        return f"\\left[\\begin{{array}}{{{kinds}}}\n{body}\n\\end{{array}}\\right]"

    def numbers(self, block: Numbers) -> str:
        rows = []
        for name, values in block.items:
            left = self.name(name)
            room = self.setting.room - measure(left) - BRACKETS
            table = [[_scientific(v) for v in row] for row in columns_of(rows_of(values))]
            if not isinstance(values, tuple):
                value = table[0][0]
            elif isinstance(values[0], tuple):
                value = self._bracketed(self._narrowed(table, room), "r")
            else:
                value = rf"\bigl( {', '.join(self._narrowed(table, room)[0])} \bigr)"
            rows.append(f"{left} &= {value}")
        return f"{self.sentence(block.heading)},{self.BELOW}{self.display(self._aligned(rows))}"

    def _narrowed(self, table: list[list[str]], room: float) -> list[list[str]]:
        """The numbers, with dots for the rows and columns that there is no room for."""
        height, width = len(table), len(table[0])
        most, shown = max(height, width), table
        while self._width(shown) > room and most > 2 and not self.setting.full:
            most = min(most, len(shown[0])) - 1
            across = shown_indices(width, most, full=False)
            down = shown_indices(height, most, full=False)
            columns = [[r"\cdots" if b is None else row[b - 1] for b in across] for row in table]
            dots = [r"\ddots" if b is None else r"\vdots" for b in across]
            shown = [dots if a is None else columns[a - 1] for a in down]
        return shown

    def picture(self, block: Picture) -> str:
        return "\n" + tex(block.drawing, self.setting.room, self.printer)

    def verdict(self, sentence: Sentence) -> str:
        return f"\n{self.sentence(sentence)}"


def _scientific(printed: str) -> str:
    """1.2e-07 -> 1.2 \\times 10^{-7}."""
    mantissa, e, exponent = printed.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if e else mantissa


BRACKETS = 40.0  # points that the sign of equality and the brackets of numbers take

MACROS = (r"\usepackage{symderiv}",)
BEGIN, END = r"\begin{document}", r"\end{document}"
