r"""LaTeX: a page as a fragment for `\input`, as a whole document, or as slides.

Gives `LatexWriter`.  The fragment needs amsmath alone; `standalone` and `beamer` put it in a
document.  Formulas too wide for the column are shortened, then broken (see `fitting`).

Floor 4: imports the blocks, the writer, the LaTeX printer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from sympy import Eq, Expr
from sympy.core.basic import Basic

from symderiv.documents.blocks import Cases, Chain, Matrix, Numbers, Page, Remarks, Sentence, Where
from symderiv.documents.escape import SIGNS, latex_words
from symderiv.documents.fitting import EQUALS, INDENT, SIZES, Way, fitted
from symderiv.documents.lines import in_letters
from symderiv.documents.measure import measure
from symderiv.documents.rows import Drawn, Row, parted, stacked
from symderiv.documents.setting import Setting
from symderiv.documents.spelling import Spelling
from symderiv.documents.writer import (
    Writer,
    columns_of,
    letters,
    rows_of,
    shown_indices,
)
from symderiv.printers.latex import LatexPrinter, RestyledPrinter
from symderiv.printers.laws import law
from symderiv.printers.runs import LONGEST

RULE_GAP = 20.0  # points between a line and its rule
SHARE = 0.32  # of the column that a rule may take before it goes on below itself
CASES_GAP = 34.0  # points of the sign, the brace and the gap before conditions
BMATRIX = 10  # columns that amsmath's bmatrix takes


class LatexWriter(Writer):
    """LaTeX in the common subset."""

    BETWEEN = "\n"
    TALLEST = float("inf")  # points of height after which a display ends and another goes on
    LAPS = True  # can a line reach over the rules of others?

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        kind = RestyledPrinter if setting.restyle else LatexPrinter
        self.printer = kind(longest=LONGEST)

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
            return "\n".join([*head, body, ""])
        title = [f"\\section*{{{self.words(page.title)}}}"] if page.title else []
        preamble = [*PREAMBLE[:2], *MACROS * self.setting.restyle, *PREAMBLE[2:]]
        return "\n".join([*head, *preamble, *title, body, *END, ""])

    def small(self, display: str, scale: float) -> str:
        """A display in type of that size."""
        return f"{{{SIZES[scale]}\n{display}\n}}" if SIZES[scale] else display

    def where(self, block: Where) -> str:
        return "Let\n" + self.definitions(block)

    def definitions(self, block: Where) -> str:
        """The definitions as a display."""
        rows = [
            f"{self.printer.spelled(left)} &= {self.printer.spelled(right)}"
            for left, right in block.definitions
        ]
        return self.display(self._aligned(rows))

    def _aligned(self, rows: Sequence[str]) -> str:
        if len(rows) == 1:
            return rows[0].replace("&& ", r"\quad ").replace("&", "")
        return "\\begin{aligned}\n" + " \\\\[1ex]\n".join(rows) + "\n\\end{aligned}"

    def chain(self, block: Chain) -> str:
        head = f"{self.sentence(block.heading)}:\n" if block.heading else ""
        body, marks = self.lines(block)
        listed = ",\n".join(f"({mark})~{self.sentence(rule)}" for rule, mark in marks.items())
        laws = self.laws(block)
        foot = (f"\nby {listed}.\n" if marks else "") + (f"\nThe rules are\n{laws}" if laws else "")
        return head + body + foot

    def lines(self, block: Chain) -> tuple[str, dict[Sentence, str]]:
        """The lines as displays, and the marks of rules that stand over its signs."""
        drawn = self.drawn(block)
        parts = parted(drawn.rows, self.TALLEST / drawn.scale, alone=drawn.alone)
        body = "\n".join(map(self.chained, parts))
        return self.small(body, drawn.scale), drawn.marks

    def chained(self, rows: Sequence[Row]) -> str:
        """Rows as one display, which may go on on the next page."""
        if len(rows) == 1:
            return self.display(self._aligned([rows[0].joined()]))
        body = stacked(rows, "&\\quad&")
        return "{\\allowdisplaybreaks\n\\begin{alignat*}{2}\n" + body + "\n\\end{alignat*}}"

    def in_one(self, rows: Sequence[Row]) -> str:
        """Rows as one display in the common subset, which no page breaks."""
        if len(rows) == 1:
            return self.display(self._aligned([rows[0].joined()]))
        return self.display("\\begin{aligned}\n" + stacked(rows) + "\n\\end{aligned}")

    def drawn(self, block: Chain) -> Drawn:
        """The rows of the display; a rule that has no room beside its line stands below it."""
        terms = [line.term for line in block.lines]
        room = self.setting.room
        way = Way(self.printer, self.printer)
        right = self.setting.rules == "right"
        marks = self._marks(block) if self.setting.rules == "overset" else {}
        named = [self._wrapped(line.label, room * SHARE) if right else () for line in block.lines]
        widest = max((measure(row) for rows in named for row in rows), default=0.0)
        fit = fitted(block.start, terms, room, way, widest + RULE_GAP if widest else 0.0)
        beside = room  # where a line ends that has its rule beside it
        if not fit.fits:
            fit = fitted(block.start, terms, room, way)
            beside = room / fit.scale - widest - RULE_GAP if self.LAPS and widest else 0.0
        head, *rest = fit.start
        alone = fit.start_alone or not block.lines
        beside -= 0.0 if alone or not beside else measure(head)
        rows = [Row("", _lapped(head, beside, 0.0))]
        rows += [Row("", rf"\quad {_lapped(x, beside, INDENT)}", "", True) for x in rest]
        rows = rows if alone else []
        for n, (pieces, line) in enumerate(zip(fit.lines, block.lines, strict=True)):
            start = head if n == 0 and not alone else ""
            sign = self._sign(marks.get(line.label, ""))
            rows += self._rows(start, sign, pieces, stack(named[n]), beside)
        return Drawn(rows, marks, fit.scale, alone)

    def _rows(
        self, start: str, sign: str, pieces: Sequence[str], rule: str, beside: float
    ) -> Iterator[Row]:
        """The rows of a line: its pieces, and its rule beside the first, or below."""
        fits = measure(pieces[0]) + EQUALS <= beside
        for n, piece in enumerate(pieces):
            shown = _lapped(piece, beside, EQUALS + INDENT * bool(n))
            if n == 0:
                yield Row(start, f"{sign} {shown}", rule if fits else "")
            else:
                yield Row("", rf"\quad {shown}", "", True)
        if rule and not fits:
            yield Row("", "" if beside else rf"\quad{rule}", rule if beside else "", True)

    def _wrapped(self, label: Sentence, room: float) -> tuple[str, ...]:
        """A rule in rows of about that width."""
        words: list[list[str | Basic]] = [[]]
        for part in label:
            for n, word in enumerate(part.split(" ") if isinstance(part, str) else [part]):
                words += [[word]] if n else []
                words[-1] += [] if n else [word]
        rows: list[str] = []
        kept: list[str | Basic] = []
        for word in words:
            longer = [*kept, *([" "] if kept else []), *word]
            if kept and measure(self.label(tuple(longer))) > room:
                rows.append(self.label(tuple(kept)))
                longer = word
            kept = longer
        return (*rows, self.label(tuple(kept))) if label else ()

    def _sign(self, mark: str) -> str:
        if not mark:
            return "="
        return (
            rf"\symderivmark{{{mark}}}" if self.setting.restyle else rf"\overset{{({mark})}}{{=}}"
        )

    def label(self, label: Sentence) -> str:
        macro = "symderivrule" if self.setting.restyle else "text"
        return rf"\{macro}{{{self.in_text(label)}}}"

    def in_text(self, sentence: Sentence) -> str:
        r"""What stands within \text in a formula, in whatever target."""
        return "".join(
            latex_words(p) if isinstance(p, str) else f"${self.printer.spelled(p)}$"
            for p in sentence
        )

    def _marks(self, block: Chain) -> dict[Sentence, str]:
        """(a), (b), … for the rules that stand over the signs."""
        labels = list(dict.fromkeys(line.label for line in block.lines if line.label))
        return dict(zip(labels, letters(len(labels)), strict=True))

    def laws(self, block: Chain) -> str:
        """The laws of the rules as a display, or nothing."""
        laws = block.laws
        if not laws:
            return ""
        rows = [
            rf"{self.label((*rule, ':'))} &\quad {law(said, 'latex')}"
            for rule, said in laws.items()
        ]
        return self.display(self._aligned(rows))

    def cases(self, block: Cases) -> str:
        return "By cases,\n" + self.by_cases(block)

    def by_cases(self, block: Cases) -> str:
        """The cases as a display."""
        rows = [
            f"  {self.printer.spelled(value)} & {self._condition(condition)}"
            for value, condition in block.rows
        ]
        left = self.printer.spelled(block.left)
        body = " \\\\[1ex]\n".join(rows)
        cases = f"\\begin{{cases}}\n{body}\n\\end{{cases}}"
        if measure(left) + max(map(measure, rows)) + CASES_GAP <= self.setting.room:
            return self.display(f"{left} =\n{cases}")
        return self.display(self._aligned([f"&{left}", f"&=\n{cases}"]))

    def _condition(self, condition: Basic | str) -> str:
        if isinstance(condition, str):
            return rf"\text{{if {self.in_text(in_letters(condition))}}}"
        return rf"\text{{if }} {self.printer.spelled(condition)}"

    def name(self, left: Expr | str) -> str:
        """The name of a matrix or a value."""
        if not isinstance(left, str):
            return self.printer.spelled(left)
        if len(left) == 1:
            return SIGNS.get(left, left)
        return rf"\mathrm{{{self.words(left)}}}"

    def matrix(self, block: Matrix) -> str:
        return self.whole(block)

    def whole(self, block: Matrix) -> str:
        """The matrix as a display."""
        most = max(block.height, block.width) if self.setting.full else BMATRIX
        while True:
            rows = self._entries(block, most)
            if self.setting.full or most <= 3 or self._width(rows) <= self.setting.room - 40:
                break
            most = min(most, len(rows[0])) - 1
        return self.display(f"{self.name(block.left)} =\n{self._bracketed(rows)}")

    def _width(self, rows: list[list[str]]) -> float:
        columns = zip(*rows, strict=True)
        return sum(max(measure(entry, 1) for entry in column) + 10 for column in columns)

    def _entries(self, block: Matrix, most: int) -> list[list[str]]:
        down = shown_indices(block.height, most, full=self.setting.full)
        across = shown_indices(block.width, most, full=self.setting.full)
        dots = (r"\cdots", r"\vdots", r"\ddots")
        return Spelling(block, self._small).rows(down, across, dots)

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
        return f"{self.words(block.heading)},\n" + self.values(block)

    def values(self, block: Numbers) -> str:
        """The values as a display."""
        rows = []
        for name, values in block.items:
            table = [[_scientific(v) for v in row] for row in columns_of(rows_of(values))]
            if not isinstance(values, tuple):
                value = table[0][0]
            elif isinstance(values[0], tuple):
                value = self._bracketed(table, "r")
            else:
                value = rf"\bigl( {', '.join(table[0])} \bigr)"
            rows.append(f"{self.name(name)} &= {value}")
        return self.display(self._aligned(rows))

    def remarks(self, block: Remarks) -> str:
        room = self.setting.room * 0.7
        said = [
            self.sentence(s) if self._is_short(s, room) else self._shown(s) for s in block.sentences
        ]
        sentences = "; ".join(s.rstrip(".") for s in said)
        shown = f"{self.words(block.heading)}: {sentences}.\n".replace("\\].\n", "\\]\n")
        # formulas break badly: rather wide spaces than a line too long
        return f"\n{{\\sloppy {shown}\\par}}\n" if len(said) > 1 else f"\n{shown}"

    def _is_short(self, sentence: Sentence, room: float) -> bool:
        """Are its formulas short enough to stand within a paragraph?"""
        formulas = (p for p in sentence if not isinstance(p, str))
        return all(measure(self.printer.spelled(f), 1) < room for f in formulas)

    def _shown(self, sentence: Sentence) -> str:
        """The sentence with its formulas on lines of their own."""
        parts = []
        for part in sentence:
            if isinstance(part, str):
                parts.append(self.words(part))
                continue
            sides = part.args if isinstance(part, Eq) else (part,)
            way = Way(self.printer, self.printer)
            left, *right = (cast(Expr, side) for side in sides)
            fit = fitted(left, right, self.setting.room, way)
            rows = [Row("", piece) for piece in fit.start]
            rows += [Row("", f"= {piece}") for line in fit.lines for piece in line]
            body = self.display(self._aligned([row.joined() for row in rows]))
            parts.append("\n" + self.small(body, fit.scale))
        return "".join(parts)

    def verdict(self, sentence: Sentence) -> str:
        return f"\n{self.sentence(sentence)}"


def _lapped(piece: str, beside: float, more: float) -> str:
    """A piece of a line; one that reaches beyond `beside` takes no room."""
    over = beside and measure(piece) + more > beside
    return rf"\rlap{{$\displaystyle {piece}$}}" if over else piece


def stack(rows: Sequence[str]) -> str:
    """The rows of a rule one below the other."""
    if len(rows) < 2:
        return "".join(rows)
    body = r" \\ ".join(f"&{row}" for row in rows)
    return rf"\begin{{aligned}} {body} \end{{aligned}}"


def _scientific(printed: str) -> str:
    """1.2e-07 -> 1.2 \\times 10^{-7}."""
    mantissa, e, exponent = printed.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if e else mantissa


PREAMBLE = (
    r"\documentclass{article}",
    r"\usepackage{amsmath}",
    r"\begin{document}",
)
MACROS = (r"\usepackage{symderiv}",)
END = (r"\end{document}",)
