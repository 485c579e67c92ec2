"""Text: a page for the terminal, one Unicode line a step, the rules in a column at the right.

Gives `TextWriter`.

Floor 4: imports the blocks, the writer, the text printer.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from sympy.core.basic import Basic

from symderiv import late
from symderiv.documents.blocks import Cases, Chain, Matrix, Numbers, Page, Remarks, Sentence, Where
from symderiv.documents.escape import ascii_words
from symderiv.documents.fold import columns, fold, padded
from symderiv.documents.setting import Setting
from symderiv.documents.spelling import Spelling
from symderiv.documents.writer import Places, Writer, columns_of, rows_of
from symderiv.printers.text import text

if TYPE_CHECKING:
    from symderiv.printers import laws as printed
else:
    printed = late.module("symderiv.printers.laws")

GAP = 3  # columns between a formula and its rule
INDENT = "  "
SMALLEST_COLUMN = 24


class TextWriter(Writer):
    """Plain text of a given width."""

    MOST = 12

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.rule_sign = "-" if setting.ascii else "─"
        self.spelled: dict[Basic, str] = {}

    def spell(self, term: Basic) -> str:
        """A term on one line."""
        if term not in self.spelled:
            ascii = self.setting.ascii
            self.spelled[term] = text(term, ascii=ascii)
        return self.spelled[term]

    inline = spell

    def words(self, text: str) -> str:
        return ascii_words(text) if self.setting.ascii else text

    def framed(self, page: Page, body: str) -> str:
        title = textwrap.wrap(self.words(page.title), self.setting.width)
        rule = self.rule_sign * max(map(columns, title), default=0)
        head = "\n".join([*title, rule, "", ""]) if title else ""
        return f"{head}{body}\n"

    def where(self, block: Where) -> str:
        lines = []
        where = f"{self.words(self.own('where'))} "
        for n, (left, right) in enumerate(block.definitions):
            body = text(right, ascii=self.setting.ascii, ranges=True)
            label = where if n == 0 else " " * columns(where)
            lines += self._hanging(label, f"{self.spell(left)} = {body}")
        return "\n".join(lines)

    def _hanging(self, label: str, line: str) -> list[str]:
        """A line folded to the width, its continuation under its beginning."""
        pieces = fold(line, self.setting.width - len(label))
        return [(label if n == 0 else " " * len(label)) + piece for n, piece in enumerate(pieces)]

    def chain(self, block: Chain) -> str:
        rules = [self.sentence(line.label) for line in block.lines]
        shows_rules = self.setting.rules != "none" and any(rules)
        longest = max(map(columns, rules), default=0) if shows_rules else 0
        room = self.setting.width - len(INDENT) - 2
        if shows_rules:
            room = max(SMALLEST_COLUMN, room - GAP - min(longest, self.setting.width // 3))
        folded = [fold(self.spell(line.term), room) for line in block.lines]
        column = max((columns(p) for pieces in folded for p in pieces), default=0)
        column = min(column, room) + GAP
        out = [
            *self._heading(self.sentence(block.heading)),
            *fold(self.spell(block.start), self.setting.width),
        ]
        for pieces, rule in zip(folded, rules, strict=True):
            start = len(INDENT) + 2 + column
            beside = self._narrow(rule, start) if shows_rules and rule else []
            for n, (piece, words) in enumerate(zip_longest(pieces, beside, fillvalue="")):
                line = INDENT + ("= " if n == 0 else "    ") + piece if piece else ""
                if words and columns(line) >= start:
                    out += [line, " " * start + words]
                else:
                    out.append(padded(line, start) + words if words else line)
        return "\n".join([*out, *self.laws(block)])

    def laws(self, block: Chain) -> list[str]:
        """The laws of the rules, one below the other."""
        laws = block.laws
        if not laws:
            return []
        rules = [self.sentence(rule) for rule in laws]
        widest = min(max(map(columns, rules)), self.setting.width // 2)
        lines = []
        target = "ascii" if self.setting.ascii else "text"
        for rule, said in zip(rules, laws.values(), strict=True):
            spelled = printed.law(said, target)
            lines += self._hanging(f"{INDENT}{padded(rule, widest)}{' ' * GAP}", spelled)
        return ["", self.words(self.own("The rules are")), *lines]

    def _narrow(self, rule: str, start: int) -> list[str]:
        """A rule too long for its column, in pieces."""
        room = max(self.setting.width - start, 12)
        return textwrap.wrap(rule, room, break_long_words=False)

    def _heading(self, heading: str) -> list[str]:
        return [heading, ""] if heading else []

    def cases(self, block: Cases) -> str:
        values = [self.spell(value) for value, _ in block.rows]
        widest = max(map(columns, values))
        out = [self.words(self.own("By cases")), "", self.spell(block.left)]
        for value, (_, condition) in zip(values, block.rows, strict=True):
            out.append(f"{INDENT}= {padded(value, widest + GAP)}{self._condition(condition)}")
        return "\n".join(out)

    def _condition(self, condition: Basic | str) -> str:
        words = isinstance(condition, str)
        return f"{self.own('if')} {self.words(condition) if words else self.spell(condition)}"

    def matrix(self, block: Matrix) -> str:
        left = self.words(block.left) if isinstance(block.left, str) else self.spell(block.left)
        label = f"{left} = "
        dots = ("...", "...", "...") if self.setting.ascii else ("⋯", "⋮", "⋱")
        entries = partial(Spelling(block, self.spell).rows, dots=dots)

        def drawn_at(down: Places, across: Places) -> list[str]:
            return bracketed(entries(down, across), ascii=self.setting.ascii)

        room = self.setting.width - columns(label)
        drawn = drawn_at(*self.places(block, lambda *at: columns(drawn_at(*at)[0]) <= room))
        middle = len(drawn) // 2 if len(drawn) % 2 else len(drawn) // 2 - 1
        blank = " " * columns(label)
        return "\n".join((label if n == middle else blank) + row for n, row in enumerate(drawn))

    def numbers(self, block: Numbers) -> str:
        out = self._heading(self.sentence(block.heading))
        for name, values in block.items:
            label = (self.words(name) if isinstance(name, str) else self.spell(name)) + " = "
            table = [[self._signed(v) for v in row] for row in columns_of(rows_of(values))]
            if not isinstance(values, tuple):
                out.append(label + table[0][0])
            elif isinstance(values[0], tuple):
                drawn = bracketed(table, ascii=self.setting.ascii, right=True)
                middle = (len(drawn) - 1) // 2
                blank = " " * columns(label)
                out += [(label if n == middle else blank) + row for n, row in enumerate(drawn)]
            else:
                vector = f"{label}({', '.join(table[0])})"
                hanging = " " * (columns(label) + 1)
                out += textwrap.wrap(vector, self.setting.width, subsequent_indent=hanging)
        return "\n".join(out)

    def _signed(self, printed: str) -> str:
        return printed if self.setting.ascii else printed.replace("-", "−")

    def remarks(self, block: Remarks) -> str:
        lines = [self._wrapped(INDENT, self.sentence(s)) for s in block.sentences]
        return "\n".join([self.words(block.heading), *lines])

    def _wrapped(self, indent: str, line: str) -> str:
        return textwrap.fill(
            line, self.setting.width, initial_indent=indent, subsequent_indent=indent + INDENT
        )

    def verdict(self, sentence: Sentence) -> str:
        return self._wrapped("", self.sentence(sentence))


def bracketed(
    rows: Sequence[Sequence[str]], *, ascii: bool = False, right: bool = False
) -> list[str]:
    """The rows of a matrix between drawn brackets, its columns aligned.

    >>> print("\\n".join(bracketed([["a", "bc"], ["d", "e"]])))
    ⎡ a  bc ⎤
    ⎣ d  e  ⎦
    """
    widths = [max(columns(row[n]) for row in rows) for n in range(len(rows[0]))]

    def cell(entry: str, width: int) -> str:
        return " " * (width - columns(entry)) + entry if right else padded(entry, width)

    out = []
    for n, row in enumerate(rows):
        if ascii or len(rows) == 1:
            left, end = "[", "]"
        elif n == 0:
            left, end = "⎡", "⎤"
        elif n == len(rows) - 1:
            left, end = "⎣", "⎦"
        else:
            left, end = "⎢", "⎥"
        body = "  ".join(cell(e, w) for e, w in zip(row, widths, strict=True))
        out.append(f"{left} {body} {end}")
    return out
