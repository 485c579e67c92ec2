r"""Rows of an aligned display: their cells, their height, and where a long display is parted.

Gives `Row`, `Drawn` (the rows of a chain), `stacked`, `parted` and `whole_lines`.

Imports the blocks only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from symderiv.documents.blocks import Sentence
from symderiv.records import dataclass

# Points of height: a plain row, one with a fraction or sum, what nesting and brackets add.
LOW, TALL, NESTED, BRACKETS = 21.0, 39.0, 13.0, 10.0
WORDS, GAP = 14.0, 8.0  # a row of a rule that has several, and the space between lines
BELOW = r"\quad\text"  # how a row begins that is a rule below its line
_BRACES = re.compile(r"\\frac|[{}]")


@dataclass(frozen=True)
class Row:
    """The cells of one row of an aligned display."""

    start: str
    body: str
    rule: str = ""
    goes_on: bool = False  # is it a part of the line above?

    @property
    def height(self) -> float:
        """Points that the row takes, about."""
        cells = self.start + self.body
        fractions = _fractions(cells)
        if not fractions and r"\sum" not in cells:
            return max(LOW, self._words)
        brackets = r"\left(" in cells or r"\bigg" in cells
        tall = TALL + NESTED * max(fractions - 1, 0) + (BRACKETS if brackets else 0.0)
        return max(tall, self._words)

    @property
    def _words(self) -> float:
        """Points that a rule of several rows takes."""
        rows = self.rule.count(r"\\") + 1
        return WORDS * rows + GAP if rows > 1 else 0.0

    @property
    def is_rule(self) -> bool:
        """Is it nothing but a rule, below its line?"""
        return self.goes_on and (not self.body or self.body.startswith(BELOW))

    def alone(self) -> str:
        """The row as a formula of its own."""
        start = f"{self.start}\n  " if self.start else "  "
        return f"{start}{self.body}" + (rf" \quad {self.rule}" if self.rule else "")

    def joined(self, gap: str = "&&") -> str:
        """The row with its ampersands; `gap` parts the rule from the line."""
        start = f"{self.start}\n  " if self.start else "  "
        return f"{start}&{self.body}" + (f" {gap} {self.rule}" if self.rule else "")


def stacked(rows: Sequence[Row], gap: str = "&&", label: str = "") -> str:
    """The rows one below the other, each rule close to its line; the last may have a label."""
    out, number = "", r" \notag" if label else ""
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        end = "" if following is None else " \\\\\n" if following.is_rule else " \\\\[1ex]\n"
        out += row.joined(gap) + (number if end else "") + end
    return rf"{out} \label{{{label}}}" if label else out


def parted(rows: list[Row], height: float, *, alone: bool = False) -> list[list[Row]]:
    """The rows in groups of about that height; a broken line stays together.

    Parameters
    ----------
    alone : has the start rows of its own?  They stay with the first line.
    """
    parts: list[list[Row]] = [[]]
    filled = 0.0
    lines = whole_lines(rows)
    if alone and len(lines) > 1:
        lines[:2] = [lines[0] + lines[1]]
    for line in lines:
        tall = sum(row.height for row in line)
        if filled + tall > height and parts[-1]:
            parts.append([])
            filled = 0.0
        parts[-1] += line
        filled += tall
    return parts


def whole_lines(rows: list[Row]) -> list[list[Row]]:
    """Rows with those that go on from them."""
    lines: list[list[Row]] = []
    for row in rows:
        if lines and row.goes_on:
            lines[-1].append(row)
        else:
            lines.append([row])
    return lines


@dataclass(frozen=True)
class Drawn:
    """The rows of a chain, the marks of its rules, the size of type; is its start on its own?"""

    rows: list[Row]
    marks: dict[Sentence, str]
    scale: float
    alone: bool = False


def _fractions(formula: str) -> int:
    """How deep fractions stand within fractions."""
    levels = [[0, 0]]  # depth, and how many parts of a fraction are still to come
    deepest = 0
    for token in _BRACES.findall(formula):
        if token == "{":
            top = levels[-1]
            inside = 1 if top[1] else 0
            top[1] -= inside
            levels.append([top[0] + inside, 0])
            deepest = max(deepest, levels[-1][0])
        elif token == "}":
            levels.pop()
        else:
            levels[-1][1] = 2
    return deepest
