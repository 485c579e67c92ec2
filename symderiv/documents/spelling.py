"""Spelling of a matrix: entries of one kind are alike but for their digits.

Gives `Spelling`: the entries of one matrix in the notation of one target, each kind spelled once
by the printer and the others made from it by their digits, so that a matrix of a million entries
is joined from strings.

Floor 4: imports the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence

from sympy import Expr

from symderiv.documents.blocks import Matrix

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Spelling:
    """The entries of a matrix, spelled by a printer."""

    def __init__(self, block: Matrix, spell: Callable[[Expr], str]) -> None:
        self.block = block
        self.spell = spell
        self._patterns: dict[Hashable, _Pattern | None] = {}

    def rows(
        self, down: Sequence[int | None], across: Sequence[int | None], dots: tuple[str, str, str]
    ) -> list[list[str]]:
        """The entries of these rows and columns, from 1.

        Parameters
        ----------
        down, across : rows and columns; None for those that are left out
        dots : what stands for columns left out, for rows, and for both
        """
        right, below, both = dots
        return [
            [both if b is None else below for b in across]
            if a is None
            else self._row(a, across, right)
            for a in down
        ]

    def _row(self, a: int, across: Sequence[int | None], right: str) -> list[str]:
        """A row: apart from special columns, one pattern for each number of digits."""
        special = self.block.special | {a}
        gaps: dict[int, _Gaps | None] = {}
        out = []
        for b in across:
            if b is None:
                out.append(right)
                continue
            digits = str(b)
            made = None
            if b not in special and a not in self.block.special:
                if len(digits) not in gaps:
                    pattern = self._pattern(a, b)
                    gaps[len(digits)] = None if pattern is None else pattern.gaps(a)
                made = gaps[len(digits)]
            if made is None:
                out.append(self._entry(a, b))
            else:
                pieces, subscript = made
                out.append((digits.translate(SUBSCRIPTS) if subscript else digits).join(pieces))
        return out

    def _entry(self, a: int, b: int) -> str:
        pattern = self._pattern(a, b)
        return self.spell(self.block.entry(a, b)) if pattern is None else pattern.at(a, b)

    def _pattern(self, a: int, b: int) -> _Pattern | None:
        kind = None if self.block.kind is None else self.block.kind(a, b)
        if kind is None:
            return None
        name = (kind, a == b, len(str(a)), len(str(b)))
        if name not in self._patterns:
            self._patterns[name] = _Pattern.of(self.spell(self.block.entry(a, b)), a, b)
        return self._patterns[name]


_Gaps = tuple[list[str], bool]  # what stands around a column's number, and is it a subscript


class _Pattern:
    """A spelled entry with gaps for its two indices, as plain digits and as subscripts."""

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def of(cls, spelled: str, a: int, b: int) -> _Pattern | None:
        """The gaps of an entry; None where a digit of it could be anything but an index."""
        if "\ue000" in spelled or (str(a) == str(b) and a != b):
            return None
        marked = spelled
        for index, mark in ((a, "\ue000"), (b, "\ue001")):
            for digits, sign in ((str(index), "d"), (str(index).translate(SUBSCRIPTS), "s")):
                marked = re.sub(_alone(digits), mark + sign, marked)
        return cls(marked)

    def at(self, a: int, b: int) -> str:
        """The entry at other indices."""
        return self._filled(self._filled(self.text, "\ue000", a), "\ue001", b)

    def gaps(self, a: int) -> _Gaps | None:
        """The entries of row a: what stands around the number of the column."""
        text = self._filled(self.text, "\ue000", a)
        if "\ue001d" not in text:
            return text.split("\ue001s"), True
        return None if "\ue001s" in text else (text.split("\ue001d"), False)

    @staticmethod
    def _filled(text: str, mark: str, index: int) -> str:
        digits = str(index)
        text = text.replace(mark + "d", digits)
        return text.replace(mark + "s", digits.translate(SUBSCRIPTS))


def _alone(digits: str) -> str:
    """The digits where they are a whole subscript: after `_`, `_{` or a letter of one."""
    if digits.isascii():
        return rf"(?<=_){digits}(?!\d)|(?<=_\{{){digits}(?=\}})|(?<=_\(){digits}(?=\))"
    return rf"(?<![₀-₉]){digits}(?![₀-₉])"
