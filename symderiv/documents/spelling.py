"""Spelling of a matrix: entries of one kind are alike but for their digits.

Gives `Spelling`: the entries of one matrix in the notation of one target, each kind spelled once
by the printer and the others made from it by their digits, so that a matrix of a million entries
is joined from strings.

Floor 4: imports the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from sympy import Expr

from symderiv.documents.blocks import Matrix

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Spelling:
    """The entries of a matrix, spelled by a printer."""

    def __init__(self, block: Matrix, spell: Callable[[Expr], str]) -> None:
        self.block = block
        self.spell = spell
        self._patterns: dict[Hashable, _Pattern | None] = {}

    def __call__(self, a: int, b: int) -> str:
        """The entry in row a and column b, from 1."""
        kind = None if self.block.kind is None else self.block.kind(a, b)
        if kind is None:
            return self.spell(self.block.entry(a, b))
        name = (kind, a == b, len(str(a)), len(str(b)))
        if name not in self._patterns:
            spelled = self.spell(self.block.entry(a, b))
            self._patterns[name] = _Pattern.of(spelled, a, b)
            return spelled
        pattern = self._patterns[name]
        return self.spell(self.block.entry(a, b)) if pattern is None else pattern.at(a, b)


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
        text = self.text
        for index, mark in ((a, "\ue000"), (b, "\ue001")):
            text = text.replace(mark + "d", str(index))
            text = text.replace(mark + "s", str(index).translate(SUBSCRIPTS))
        return text


def _alone(digits: str) -> str:
    """The digits where they are a whole subscript: after `_`, `_{` or a letter of one."""
    if digits.isascii():
        return rf"(?<=_){digits}(?!\d)|(?<=_\{{){digits}(?=\}})|(?<=_\(){digits}(?=\))"
    return rf"(?<![₀-₉]){digits}(?![₀-₉])"
