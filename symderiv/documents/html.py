"""HTML: a page as one file that needs nothing else: no network, no script, MathML Core.

Gives `HtmlWriter`.  Every line opens to its rules with their laws and what their letters stand
for, to the lines that a short page leaves out, to the lemmas it cites, the judge's sentence and
its LaTeX.  Every formula has its words.

Floor 4: imports the blocks, the writer, the printers of MathML, LaTeX and words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.documents.blocks import (
    Applied,
    Cases,
    Chain,
    Line,
    Matrix,
    Numbers,
    Opened,
    Page,
    Picture,
    Remarks,
    Sentence,
    Where,
)
from symderiv.documents.elements import bracketed, document, in_row, number
from symderiv.documents.latex import LatexWriter
from symderiv.documents.lines import in_letters
from symderiv.documents.measure import measure
from symderiv.documents.pictures.svg import svg
from symderiv.documents.setting import Setting
from symderiv.documents.spelling import Spelling
from symderiv.documents.writer import Writer, columns_of, rows_of, said_of
from symderiv.printers.faces import Drawn
from symderiv.printers.latex import LatexPrinter
from symderiv.printers.laws import Equation, law
from symderiv.printers.mathml import MathmlPrinter, element
from symderiv.printers.speech import SpeechPrinter

ONE_PIECE = 190.0  # points beyond which a line is given in pieces, for the browser to break
NARROW = 100.0  # points that a formula may be wide to fit a telephone wherever it stands
UNTITLED = "A derivation"
EQUALS = "<mo>=</mo>"
INFIX = '<mo form="infix">'  # of a sign that begins a piece, between two terms all the same
CHAIN = '<ol class="chain" tabindex="0">'  # a wide one is moved with the keys


class HtmlWriter(Writer):
    """One file of HTML.

    `link` gives the address of a rule's page, `told` that of the page of a lemma, where there is
    one.
    """

    BETWEEN = "\n"
    DRAWS = True

    def __init__(
        self,
        setting: Setting,
        link: Callable[[str], str] = lambda rule: "",
        told: Callable[[Chain], str] = lambda lemma: "",
    ) -> None:
        super().__init__(setting)
        self.printer = MathmlPrinter()
        self.voice = SpeechPrinter()
        self.tex = LatexPrinter()
        self.link = link
        self.told = told
        self.shown = 0  # lines so far, each of which has a number

    def write(self, page: Page) -> str:
        self.shown = 0
        return super().write(page)

    def draw(self, drawn: Drawn) -> None:
        self.printer = self.printer.with_names(drawn)
        self.tex = self.tex.with_names(drawn)

    # -- the frame -----------------------------------------------------------------------------

    def framed(self, page: Page, body: str) -> str:
        title = page.title or self.own(UNTITLED)
        language = self.setting.language
        return document(title, self.article(page, body), page.command, language=language)

    def article(self, page: Page, body: str) -> str:
        """What stands within the body of the document."""
        seen = "" if page.title else ' class="unseen"'
        heading = f"<h1{seen}>{self.words(page.title or self.own(UNTITLED))}</h1>"
        return f"<main>\n{heading}\n{body}\n{self._whole(page)}</main>"

    def _whole(self, page: Page) -> str:
        setting = Setting(no_verdict=self.setting.no_verdict, language=self.setting.language)
        blocks = tuple(block for block in page.blocks if not isinstance(block, Picture))
        latex = LatexWriter(setting, self.tex)  # which has spelled the lines
        source = escape(latex.write(replace(page, command="", blocks=blocks)))
        return (
            f'<details class="whole"><summary>{self.own(WHOLE)}</summary>\n'
            f'<code class="tex">{source}</code></details>\n'
        )

    def words(self, text: str) -> str:
        return escape(text)

    def inline(self, term: Basic) -> str:
        return element(self.printer.spelled(term), self.voice.spelled(term))

    def display(self, body: str, words: str, wide: float = 0.0) -> str:
        """A formula on a line of its own; a wide one can be moved with the keys."""
        moved = (
            f' tabindex="0" role="group" aria-label="{self.own(FORMULA)}"' if wide > NARROW else ""
        )
        return f'<div class="display"{moved}>{element(body, words, display=True)}</div>'

    def heading(self, heading: Sentence) -> str:
        """A heading within the page."""
        return f"<h2>{self.sentence(heading)}</h2>\n" if heading else ""

    # -- the blocks ----------------------------------------------------------------------------

    def where(self, block: Where) -> str:
        shown = (self._equation(left, right) for left, right in block.definitions)
        return f"<p>{self.own(WHERE)}</p>\n" + "\n".join(shown)

    def _equation(self, left: Basic, right: Basic) -> str:
        body = self.printer.spelled(left) + EQUALS + self.printer.spelled(right)
        words = f"{self.voice.spelled(left)} equals {self.voice.spelled(right)}"
        wide = measure(f"{self.tex.spelled(left)} = {self.tex.spelled(right)}")
        return self.display(body, words, wide)

    def chain(self, block: Chain) -> str:
        return self.heading(block.heading) + self.lines(block)

    def lines(self, block: Chain) -> str:
        """The start and the lines, as a list."""
        start = f'<li class="start">{self._broken(block.start, "", "")}</li>'
        lines = []
        for line in block.lines:
            self.shown += 1
            lines.append(f'<li id="line-{self.shown}">{self._line(line)}</li>')
        return "\n".join([CHAIN, start, *lines, "</ol>", *self._laws(block)])

    def _line(self, line: Line) -> str:
        rule = self.sentence(line.label) if self.setting.rules != "none" else ""
        shown = self._broken(line.term, EQUALS, "equals ")
        row = f'{shown}<span class="r">{rule}</span>' if rule else shown
        if line.opened is None:
            return f'<div class="line">{row}</div>'
        behind = self._behind(line.term, line.opened())
        return f'<details class="line"><summary>{row}</summary>\n{behind}</details>'

    def _broken(self, term: Expr, sign: str, said: str) -> str:
        """A line; a long one in pieces between which a browser may go on in the next row."""
        words = said + self.voice.spelled(term)
        if measure(self.tex.spelled(term)) <= ONE_PIECE:
            shown = element(sign + self.printer.spelled(term), words, display=True)
            return f'<span class="f">{in_row(shown)}</span>'
        first, *rest = self.printer.pieces(term)
        rest = [re.sub("^<mo>", INFIX, piece) for piece in rest]
        pieces = [in_row(element(p, "", display=True)) for p in (sign + first, *rest)]
        drawn = "".join(pieces)
        return (
            f'<span class="f" role="math" aria-label="{escape(words)}">'
            f"{drawn.replace('<math', HIDDEN)}</span>"
        )

    def _behind(self, term: Expr, opened: Opened) -> str:
        parts = [self._applied(applied) for applied in opened.applied]
        if opened.between:
            steps = "".join(
                f'<li><div class="line">{self._broken(t, EQUALS, "equals ")}'
                f'<span class="r">{self.sentence(rule)}</span></div></li>'
                for rule, t in opened.between
            )
            parts.append(f'<p class="label">{self.own(STEP_BY_STEP)}</p>{CHAIN}{steps}</ol>')
        for lemma in opened.lemmas:
            name = self.sentence(lemma.heading)
            if address := self.told(lemma):
                name = f'<a href="{escape(address)}">{name}</a>'
            parts.append(f'<p class="label">{name}</p>{self.lines(lemma)}')
        parts.append(f"<p>{self.sentence(opened.verdict)}</p>")
        parts.append(f'<code class="tex">{escape(self.tex.spelled(term))}</code>')
        return '<div class="behind">' + "\n".join(parts) + "</div>"

    def _applied(self, applied: Applied) -> str:
        """A rule: its name, its law, and where it was used."""
        name = self.sentence(applied.name)
        if address := self.link(applied.identifier):
            name = f'<a href="{escape(address)}">{name}</a>'
        out = f"<p>{name}</p>"
        if applied.laws:
            out += self.law(applied.laws)
        items = [self._place(*place) for place in applied.places]
        return out + (f"<ul>{''.join(items)}</ul>" if items else "")

    def _place(self, before: Expr, after: Expr, letters: Sequence[tuple[Basic, Expr]]) -> str:
        where = [
            element(
                self.printer.spelled(name) + EQUALS + self.printer.spelled(term),
                f"{self.voice.spelled(name)} equals {self.voice.spelled(term)}",
            )
            for name, term in letters
        ]
        given = f"{self.own(HERE)} {', '.join(where)}" if where else ""
        return f"<li>{given}{self._equation(before, after)}</li>"

    def law(self, laws: Sequence[Equation]) -> str:
        """A law, or several, on a line of its own."""
        said = law(laws, "speech")
        return self.display(law(laws, "mathml"), said, measure(law(laws, "latex")))

    def _laws(self, block: Chain) -> list[str]:
        """The laws of the rules, one below the other."""
        rows = [
            f"<dt>{self.sentence(rule)}</dt><dd>{self.law(laws)}</dd>"
            for rule, laws in block.laws.items()
        ]
        return (
            [f"<p>{self.own(RULES)}</p>", f'<dl class="laws">{"".join(rows)}</dl>'] if rows else []
        )

    def cases(self, block: Cases) -> str:
        rows, said = [], []
        for value, condition in block.rows:
            shown = self.printer.spelled(value)
            rows.append(f"<mtr><mtd>{shown}</mtd><mtd>{self._condition(condition)}</mtd></mtr>")
            asked = condition if isinstance(condition, str) else self.voice.spelled(condition)
            said.append(f"{self.voice.spelled(value)} if {asked}")
        table = f'<mtable class="cases">{"".join(rows)}</mtable>'
        body = f"{self.printer.spelled(block.left)}{EQUALS}<mrow><mo>{{</mo>{table}</mrow>"
        words = f"{self.voice.spelled(block.left)} equals {'; '.join(said)}"
        wide = max(measure(self.tex.spelled(value)) for value, _ in block.rows) + 100
        return f"<p>{self.own(BY_CASES)},</p>\n{self.display(body, words, wide)}"

    def _condition(self, condition: Basic | str) -> str:
        parts = in_letters(condition) if isinstance(condition, str) else (condition,)
        spelled = (
            f"<mtext>{escape(p).replace(' ', NBSP)}</mtext>"
            if isinstance(p, str)
            else self.printer.spelled(p)
            for p in parts
        )
        return f"<mtext>{self.own(IF)}{NBSP}</mtext>{''.join(spelled)}"

    def name(self, left: Expr | str) -> str:
        """The name of a matrix or a value."""
        return self.printer.word(left) if isinstance(left, str) else self.printer.spelled(left)

    def _said(self, left: Expr | str) -> str:
        return left if isinstance(left, str) else self.voice.spelled(left)

    def matrix(self, block: Matrix) -> str:
        down, across = self.places(block, lambda *_: True)
        dots = ("<mo>⋯</mo>", "<mo>⋮</mo>", "<mo>⋱</mo>")
        rows = Spelling(replace(block, kind=None), self.printer.spelled).rows(down, across, dots)
        said = said_of(block, down, across, self.voice.spelled)
        words = (
            f"{self._said(block.left)} equals the {block.height} by {block.width} matrix: {said}"
        )
        body = f"{self.name(block.left)}{EQUALS}{bracketed(rows)}"
        return self.display(body, words, 2 * NARROW)

    def numbers(self, block: Numbers) -> str:
        shown = []
        for name, values in block.items:
            table = columns_of(rows_of(values))
            plain = "; ".join(", ".join(row) for row in table)
            cells = [[number(v) for v in row] for row in table]
            if not isinstance(values, tuple):
                value = cells[0][0]
            elif isinstance(values[0], tuple):
                value = bracketed(cells, "numbers")
            else:
                value = f"<mrow><mo>(</mo>{'<mo>,</mo>'.join(cells[0])}<mo>)</mo></mrow>"
            body = f"{self.name(name)}{EQUALS}{value}"
            wide = 45.0 * len(cells[0])
            shown.append(self.display(body, f"{self._said(name)} equals {plain}", wide))
        return self.heading(block.heading) + "\n".join(shown)

    def remarks(self, block: Remarks) -> str:
        items = "\n".join(f"<li>{self._moved(s)}</li>" for s in block.sentences)
        return f'<h2>{self.words(block.heading)}</h2>\n<ul class="remarks">\n{items}\n</ul>'

    def picture(self, block: Picture) -> str:
        return f"<figure>\n{svg(block.drawing, block.words)}</figure>"

    def _moved(self, sentence: Sentence) -> str:
        """A sentence, in a box that can be moved with the keys where it has a wide formula.

        The box stands within the item: one that scrolls cuts off its bullet.
        """
        formulas = (p for p in sentence if not isinstance(p, str))
        wide = any(measure(self.tex.spelled(f), 1) > NARROW for f in formulas)
        said = self.sentence(sentence)
        return f'<div class="scroll" tabindex="0">{said}</div>' if wide else said

    def verdict(self, sentence: Sentence) -> str:
        return f'<p class="verdict">{self.sentence(sentence)}</p>'


WHERE, BY_CASES, RULES = "where", "By cases", "The rules are"
STEP_BY_STEP, HERE, FORMULA = "step by step", "here", "formula"
HIDDEN = '<math aria-hidden="true"'
IF, WHOLE = "if", "LaTeX of the whole page"
NBSP = "\u00a0"
