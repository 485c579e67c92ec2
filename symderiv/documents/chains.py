r"""Chains in LaTeX: lines one below the other, each with its rule beside it or below.

Gives `ChainWriter`, that part of the LaTeX writer and of those that share its formulas.  Lines are
made to fit (`fitting`), a long rule goes on below itself, and one that has no room beside its line
stands below it.  Chains of one line each, as the adjoints of a network, are one display.

Floor 4: imports the blocks, the writer, the fitting and the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.documents.blocks import Block, Chain, Line, Page, Sentence
from symderiv.documents.escape import latex_words
from symderiv.documents.fitting import EQUALS, INDENT, Way, fitted
from symderiv.documents.measure import measure
from symderiv.documents.rows import Drawn, Row, parted, stacked
from symderiv.documents.writer import Writer, letters
from symderiv.printers.latex import LatexPrinter
from symderiv.printers.laws import law
from symderiv.records import dataclass

RULE_GAP = 20.0  # points between a line and its rule
SHARE = 0.32  # of the column that a rule may take before it goes on below itself


@dataclass(frozen=True)
class Run(Chain):
    """Chains of one line each, one below the other."""

    chains: tuple[Chain, ...] = ()

    @classmethod
    def of(cls, chains: Sequence[Chain]) -> Chain:
        """The chains as one; a single one as it is."""
        if len(chains) == 1:
            return chains[0]
        lines = tuple(line for chain in chains for line in chain.lines)
        return cls(chains[0].heading, chains[-1].start, lines, chains=tuple(chains))


class ChainWriter(Writer):
    """Chains as displays; what a display is, and how small type is had, says the target."""

    TALLEST = float("inf")  # points of height after which a display ends and another goes on
    LAPS = True  # can a line reach over the rules of others?
    printer: LatexPrinter
    labels: dict[Expr, str]  # of the last lines, by what the derivations are of

    def display(self, body: str) -> str:
        """A formula on lines of its own."""
        raise NotImplementedError

    def small(self, display: str, scale: float) -> str:
        """A display in type of that size."""
        raise NotImplementedError

    def parts(self, page: Page) -> Iterable[str]:
        return super().parts(replace(page, blocks=tuple(self._in_runs(page.blocks))))

    def _in_runs(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """The blocks, chains of one line without a heading of their own in one."""
        run: list[Chain] = []
        for block in blocks:
            if run and not self._goes_on(run, block):
                yield Run.of(run)
                run = []
            if isinstance(block, Chain):
                run.append(block)
            else:
                yield block
        if run:
            yield Run.of(run)

    def _goes_on(self, run: Sequence[Chain], block: Block) -> bool:
        """Does a chain belong to those before it, and have room with them?"""
        if not isinstance(block, Chain) or block.heading:
            return False
        chains = (*run, block)
        if any(len(chain.lines) != 1 or chain.laws for chain in chains):
            return False
        named = [self._said(c.lines[0], self.setting.room * SHARE) for c in chains]
        widths = (
            [measure(self.printer.spelled(chain.start)) for chain in chains],
            [measure(self.printer.spelled(chain.lines[0].term)) for chain in chains],
            [measure(row) + RULE_GAP for rows in named for row in rows if self._beside],
        )
        return sum(max(w, default=0.0) for w in widths) + EQUALS <= self.setting.room

    @property
    def _beside(self) -> bool:
        """Do rules stand beside their lines?"""
        return self.setting.rules == "right"

    def _aligned(self, rows: Sequence[str]) -> str:
        if len(rows) == 1:
            return rows[0].replace("&& ", r"\quad ").replace("&", "")
        return "\\begin{aligned}\n" + " \\\\[1ex]\n".join(rows) + "\n\\end{aligned}"

    def chain(self, block: Chain) -> str:
        head = f"{self.sentence((*block.heading, self.colon))}\n" if block.heading else ""
        body, marks = self.lines(block)
        listed = ",\n".join(f"({mark})~{self.sentence(rule)}" for rule, mark in marks.items())
        laws = self.laws(block)
        by = f"\n{self.own('by')} {listed}.\n" if marks else ""
        foot = by + (f"\n{self.own('The rules are')}\n{laws}" if laws else "")
        return head + body + foot

    def lines(self, block: Chain) -> tuple[str, dict[Sentence, str]]:
        """The lines as displays, and the marks of rules that stand over its signs."""
        drawn = self.drawn(block)
        parts = parted(drawn.rows, self.TALLEST / drawn.scale, alone=drawn.alone)
        label = self.labels.get(block.start, "")
        body = "\n".join(self.chained(part, label) for part in parts)
        return self.small(body, drawn.scale), drawn.marks

    def chained(self, rows: Sequence[Row], label: str = "") -> str:
        """Rows as one display, which may go on on the next page; the label is of its last line."""
        if len(rows) == 1 and not label:
            return self.display(rows[0].alone())
        star = "" if label else "*"
        body = stacked(rows, r"&\quad&", label)
        begin, end = rf"\begin{{alignat{star}}}{{2}}", rf"\end{{alignat{star}}}"
        return f"{{\\allowdisplaybreaks\n{begin}\n{body}\n{end}}}"

    def in_one(self, rows: Sequence[Row]) -> str:
        """Rows as one display in the common subset, which no page breaks."""
        if len(rows) == 1:
            return self.display(rows[0].alone())
        return self.display("\\begin{aligned}\n" + stacked(rows) + "\n\\end{aligned}")

    def drawn(self, block: Chain) -> Drawn:
        """The rows of the display; a rule that has no room beside its line stands below it."""
        terms = [line.term for line in block.lines]
        room = self.setting.room
        way = Way(self.printer, self.printer)
        marks = self._marks(block) if self.setting.rules == "overset" else {}
        named = [self._said(line, room * SHARE) if self._beside else () for line in block.lines]
        if isinstance(block, Run):
            signs = (self._sign(marks.get(line.label, "")) for line in block.lines)
            every = zip(block.chains, signs, map(stack, named), strict=True)
            spelled = self.printer.spelled
            rows = [
                Row(spelled(c.start), f"{s} {spelled(c.lines[0].term)}", r) for c, s, r in every
            ]
            return Drawn(rows, marks, 1.0)
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

    def _said(self, line: Line, room: float) -> tuple[str, ...]:
        """The rule of a line in rows, with the numbers of the lemmas that it cites."""
        rows = self._wrapped(line.label, room)
        numbers = [rf"\ \eqref{{{self.labels[s]}}}" for s in line.cites if s in self.labels]
        return (*rows[:-1], rows[-1] + "".join(numbers)) if rows else rows

    def _wrapped(self, label: Sentence, room: float) -> tuple[str, ...]:
        """A rule in rows of about that width."""
        if not label:
            return ()
        names = _split(label, ", ", ",")
        if any(measure(self.label(name)) > room for name in names):
            names = _split(label, " ", "")
        rows: list[Sentence] = []
        for name in names:
            longer = (*rows[-1], " ", *name) if rows else name
            if rows and measure(self.label(longer)) <= room:
                rows[-1] = longer
            else:
                rows.append(name)
        return tuple(map(self.label, rows))

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
        rows = self.law_rows(block)
        return (
            self.display(self._aligned([f"{row.start} &{row.body}" for row in rows]))
            if rows
            else ""
        )

    def law_rows(self, block: Chain) -> list[Row]:
        """The laws of the rules, each rule beside its own."""
        rows = [
            (self.label((*rule, self.colon)), law(said, "latex"))
            for rule, said in block.laws.items()
        ]
        if rows and self._across(rows) > self.setting.room:  # a law a row, its rule in words
            each_law = {r: [law((x,), "latex") for x in said] for r, said in block.laws.items()}
            widest = max(measure(x) for said in each_law.values() for x in said)
            share = min(self.setting.room * SHARE, self.setting.room - widest - RULE_GAP)
            rows = [
                (stack(self._wrapped((*rule, self.colon), share)), stack(said))
                for rule, said in each_law.items()
            ]
        return [Row(name, rf"\quad {said}") for name, said in rows]

    def _across(self, rows: Sequence[tuple[str, str]]) -> float:
        """Points that names and laws take beside each other."""
        names, said = zip(*rows, strict=True)
        return max(map(measure, names)) + max(map(measure, said)) + RULE_GAP


def _split(label: Sentence, between: str, kept: str) -> list[Sentence]:
    """A sentence in pieces; each but the last ends with what is kept of what was between."""
    pieces: list[list[str | Basic]] = [[]]
    for part in label:
        if not isinstance(part, str):
            pieces[-1].append(part)
            continue
        first, *more = part.split(between)
        pieces[-1] += [first] if first else []
        for word in more:
            pieces[-1] += [kept] if kept else []
            pieces.append([word] if word else [])
    return [tuple(piece) for piece in pieces if piece]


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
