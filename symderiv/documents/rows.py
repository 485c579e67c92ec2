r"""Rows of an aligned display: their cells, their height, and where a long display is parted.

Gives `Row`, `Drawn` (the rows of a chain), `parted` and `whole_lines`.

Imports the blocks only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symderiv.documents.blocks import Sentence

# Points of height: a plain row, one with a fraction or sum, what nesting and brackets add.
LOW, TALL, NESTED, BRACKETS = 21.0, 39.0, 13.0, 10.0
_BRACES = re.compile(r"\\frac|[{}]")


@dataclass(frozen=True)
class Row:
    """The cells of one row of an aligned display."""

    start: str
    body: str
    rule: str = ""

    @property
    def height(self) -> float:
        """Points that the row takes, about."""
        fractions = _fractions(self.body)
        if not fractions and r"\sum" not in self.body:
            return LOW
        brackets = r"\left(" in self.body or r"\bigg" in self.body
        return TALL + NESTED * max(fractions - 1, 0) + (BRACKETS if brackets else 0.0)

    @property
    def goes_on(self) -> bool:
        """Is it a part of the line above?"""
        return self.body.startswith(r"\quad")

    def joined(self) -> str:
        """The row with its ampersands."""
        start = f"{self.start}\n  " if self.start else "  "
        return f"{start}&{self.body}" + (f" && {self.rule}" if self.rule else "")


def parted(rows: list[Row], height: float) -> list[list[Row]]:
    """The rows in groups of about that height; a broken line stays together."""
    parts: list[list[Row]] = [[]]
    filled = 0.0
    for line in whole_lines(rows):
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
    """The rows of a chain, the marks of its rules, the size of type."""

    rows: list[Row]
    marks: dict[Sentence, str]
    scale: float


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
