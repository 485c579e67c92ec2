"""Typst: a page as a Typst document, every formula with its words for those who hear it.

Gives `TypstWriter`; `press` makes PDF, SVG and PNG of what it writes.

Floor 4: imports the blocks, the writer, the fitting, the Typst and speech printers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr
from sympy.core.basic import Basic

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
from symderiv.documents.fitting import Way, fitted
from symderiv.documents.lines import in_letters
from symderiv.documents.measure import measure
from symderiv.documents.pictures.svg import svg
from symderiv.documents.setting import Setting
from symderiv.documents.spelling import Spelling
from symderiv.documents.writer import Places, Writer, columns_of, letters, rows_of, said_of
from symderiv.printers.faces import Drawn
from symderiv.printers.latex import LatexPrinter
from symderiv.printers.laws import law
from symderiv.printers.speech import SpeechPrinter
from symderiv.printers.typst import TypstPrinter

COLUMN = 435.0  # points of an A4 page's text, in the measure of 10 pt type
RULE_GAP = 26.0
UNTITLED = "A derivation"  # what those are told who hear a document that has no title

_SHEET = '#set page(paper: "a4", margin: (x: 2cm, y: 2.2cm), numbering: "1")'
_CROPPED = "#set page(width: auto, height: auto, margin: 10pt)"
_STYLE = """\
#set text(font: "New Computer Modern", size: 11pt, lang: "LANGUAGE")
#show heading: it => block(above: 1.4em, below: 0.9em, text(size: 1.1em, it.body))
#let formula(words, it) = math.equation(alt: words, math.display(it.body))
#let chain(..rows) = {
  set par(leading: 0pt)
  block(inset: (left: 1em), grid(
    columns: 3, align: (right + horizon, left + horizon, left + horizon),
    column-gutter: (0.3em, 2em), row-gutter: 0.9em, ..rows))
}
#let centred(..rows) = {
  set par(leading: 0pt)
  align(center, grid(columns: 1, align: center, row-gutter: 1em, ..rows))
}
#set list(spacing: 1.3em)  // room for fractions, one below the other
"""


class TypstWriter(Writer):
    """A Typst document."""

    DRAWS = True

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.printer = TypstPrinter()
        self.voice = SpeechPrinter()
        self.measured = LatexPrinter()
        self.level = "=="

    def draw(self, drawn: Drawn) -> None:
        self.printer = self.printer.with_names(drawn)
        self.measured = self.measured.with_names(drawn)

    def write(self, page: Page) -> str:
        # The first heading of a document is of level 1, whether or not it has a title.
        self.level = "==" if page.title else "="
        return super().write(page)

    def words(self, text: str) -> str:
        return "".join("\\" + c if c in _SPECIAL else c for c in text)

    def formula(self, body: str, words: str) -> str:
        """A formula with its words."""
        return f'#formula("{_quoted(words)}", ${body}$)'

    def inline(self, term: Basic) -> str:
        words = _quoted(self.voice.spelled(term))
        # its own semicolon: Typst takes the next one for the end of the code, and swallows it
        return f'#math.equation(alt: "{words}", ${self.printer.spelled(term)}$.body);'

    def cell(self, content: str) -> str:
        """A cell of a grid."""
        return f"[{content}]"

    def framed(self, page: Page, body: str) -> str:
        command = f"// {page.command}\n" if page.command else ""
        title = _quoted(page.title or self.own(UNTITLED))
        document = f'#set document(title: "{title}", date: none)'
        sheet = _CROPPED if self.setting.cropped else _SHEET
        heading = f"= {self.words(page.title)}" if page.title else ""
        style = _STYLE.replace("LANGUAGE", self.setting.language)
        head = f"{command}{document}\n{sheet}\n{style}"
        return f"{head}\n{heading}\n\n{body}\n"

    def heading(self, heading: Sentence) -> str:
        """A heading within the page."""
        return f"{self.level} {self.sentence(heading)}\n\n" if heading else ""

    def where(self, block: Where) -> str:
        rows = []
        for left, right in block.definitions:
            words = f"{self.voice.spelled(left)} equals {self.voice.spelled(right)}"
            body = f"{self.printer.spelled(left)} = {self.printer.spelled(right)}"
            rows.append(self.formula(body, words))
        centred = ", ".join(f"[{row}]" for row in rows)
        return f"#block(sticky: true)[{self.own('Let')}]\n#centred({centred})"

    def chain(self, block: Chain) -> str:
        terms = [line.term for line in block.lines]
        room = COLUMN
        rules = self.setting.rules
        way = Way(self.measured, self.printer)
        if rules == "right":
            labels = (self._plain(line.label) for line in block.lines)
            widest = max((measure(rf"\\text{{{label}}}") for label in labels), default=0.0)
            fit = fitted(block.start, terms, room, way, widest + RULE_GAP)
            rules = rules if fit.fits else "overset"
        if rules != "right":
            fit = fitted(block.start, terms, room, way)
        labels_seen = list(dict.fromkeys(line.label for line in block.lines if line.label))
        marks = dict(zip(labels_seen, letters(len(labels_seen)), strict=True))
        marks = marks if rules == "overset" else {}
        head, *rest = fit.start
        start = self.formula(head, self.voice.spelled(block.start))
        rows = [("", start, ""), *(("", self.formula(piece, "continued"), "") for piece in rest)]
        rows = rows if fit.start_alone or not block.lines else []
        for n, (pieces, line) in enumerate(zip(fit.lines, block.lines, strict=True)):
            first, *more = pieces
            left = start if n == 0 and not fit.start_alone else ""
            mark = marks.get(line.label)
            sign = f'limits(=)^"({mark})"' if mark else "="
            words = f"equals {self.voice.spelled(line.term)}"
            rule = self.sentence(line.label) if rules == "right" else ""
            rows.append((left, self.formula(f"{sign} {first}", words), rule))
            rows += [("", self.formula(f"quad {piece}", "continued"), "") for piece in more]
        cells = ",\n".join("  " + ", ".join(self.cell(c) for c in row) for row in rows)
        drawn = f"#chain(\n{cells},\n)"
        if fit.scale < 1:
            drawn = f"#text(size: {fit.scale}em)[{drawn}]"
        listed = ", ".join(f"({mark}) {self.sentence(label)}" for label, mark in marks.items())
        foot = f"\n\n{self.own('by')} {listed}." if marks else ""
        return self.heading(block.heading) + drawn + foot + self._laws(block)

    def _laws(self, block: Chain) -> str:
        """The laws of the rules, one below the other."""
        rows = []
        for rule, said in block.laws.items():
            formula = self.formula(law(said, "typst"), law(said, "speech"))
            rows.append(f"  [{self.sentence(rule)}], [{formula}], []")
        if not rows:
            return ""
        cells = ",\n".join(rows)
        return f"\n\n#block(sticky: true)[{self.own('The rules are')}]\n#chain(\n{cells},\n)"

    def _plain(self, label: Sentence) -> str:
        return "".join(p if isinstance(p, str) else str(p) for p in label)

    def cases(self, block: Cases) -> str:
        rows = []
        words = [f"{self.voice.spelled(block.left)} equals"]
        for value, condition in block.rows:
            if isinstance(condition, str):
                parts = in_letters(condition)
                spelled = f'"{self.own("if")} " ' + " ".join(
                    f'"{_quoted(p)}"' if isinstance(p, str) else self.printer.spelled(p)
                    for p in parts
                )
                said = condition
            else:
                spelled = f'"{self.own("if")} " {self.printer.spelled(condition)}'
                said = self.voice.spelled(condition)
            rows.append(f"{self.printer.spelled(value)} & quad {spelled}")
            words.append(f"{self.voice.spelled(value)} if {said};")
        body = f"{self.printer.spelled(block.left)} = cases(gap: #0.8em, {', '.join(rows)})"
        drawn = self.formula(body, " ".join(words))
        return f"#block(sticky: true)[{self.own('By cases')},]\n#align(center)[{drawn}]"

    def name(self, left: Expr | str) -> str:
        """The name of a matrix or a value."""
        if not isinstance(left, str):
            return self.printer.spelled(left)
        return left if len(left) == 1 else f'"{_quoted(left)}"'

    def matrix(self, block: Matrix) -> str:
        down, across = self.places(block, lambda *at: self._width(block, *at) <= COLUMN - 40)
        entries = Spelling(replace(block, kind=None), self.printer.spelled)
        rows = map(_row, entries.rows(down, across, ("dots.c", "dots.v", "dots.down")))
        said = said_of(block, down, across, self.voice.spelled)
        left = block.left if isinstance(block.left, str) else self.voice.spelled(block.left)
        shape = f"{block.height} by {block.width} matrix"
        gaps = "row-gap: #0.6em, column-gap: #1em"
        body = f'{self.name(block.left)} = mat(delim: "[", {gaps}, {"; ".join(rows)})'
        return f"#align(center)[{self.formula(body, f'{left} equals the {shape}: {said}')}]"

    def _width(self, block: Matrix, down: Places, across: Places) -> float:
        def widest(b: int | None) -> float:
            if b is None:
                return 12.0
            return max(measure(self.measured.spelled(block.entry(a, b)), 1) for a in down if a)

        return sum(widest(b) + 10 for b in across)

    def numbers(self, block: Numbers) -> str:
        rows = []
        for name, values in block.items:
            table = [[_scientific(v) for v in row] for row in columns_of(rows_of(values))]
            if not isinstance(values, tuple):
                value = table[0][0]
            elif isinstance(values[0], tuple):
                inner = "; ".join(_row(row) for row in table)
                value = f'mat(delim: "[", align: #right, column-gap: #1em, {inner})'
            else:
                value = f"({', '.join(table[0])})"
            said = name if isinstance(name, str) else self.voice.spelled(name)
            plain = "; ".join(", ".join(row) for row in columns_of(rows_of(values)))
            left = self.formula(self.name(name), said)
            rows.append(f"  [{left}], [{self.formula(f'= {value}', f'equals {plain}')}], []")
        return (
            f"#block(sticky: true)[{self.sentence(block.heading)},]\n#chain(\n"
            + ",\n".join(rows)
            + ",\n)"
        )

    def remarks(self, block: Remarks) -> str:
        items = "\n".join(f"- {self.sentence(s)}" for s in block.sentences)
        return f"{self.level} {self.words(block.heading)}\n\n{items}"

    def picture(self, block: Picture) -> str:
        drawn, words = _quoted(svg(block.drawing, block.words)), _quoted(block.words)
        return f'#align(center, image(bytes("{drawn}"), format: "svg", alt: "{words}"))'

    def verdict(self, sentence: Sentence) -> str:
        return f"_{self.sentence(sentence)}_"


_SPECIAL = frozenset("\\#$*_`<>@[]=/~'\"")


def _row(entries: Sequence[str]) -> str:
    """The entries of a row, with a little air at the brackets."""
    return "thin " + ", ".join(entries) + " thin"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _scientific(printed: str) -> str:
    mantissa, e, exponent = printed.partition("e")
    return f"{mantissa} times 10^({int(exponent)})" if e else mantissa
