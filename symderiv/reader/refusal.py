"""Refusals: what the reader says of a text that it cannot read.

Gives `ReadError`, `Source` (a text with its role, which turns a place into line and column) and
`meant` (did you mean ...?).  Imports mistakes only.
"""

from __future__ import annotations

from collections.abc import Iterable

from symderiv.mistakes import DASH, Mistake, nearest
from symderiv.records import dataclass

NO_VARIABLE = "no variable"  # a derivative by what is none, (df)/d(x + y)


class ReadError(Mistake):
    """A text that is not in the formula language, with the place and what would be right.

    Attributes
    ----------
    message : one sentence, without the place
    line, column : the place in the text, both counted from 1
    role : which text: "formula", "variable", "assumption" or "claim"
    text : that text
    kind : what is wrong, for programs, where one asks: `NO_VARIABLE`
    """

    def __init__(
        self,
        message: str,
        line: int = 1,
        column: int = 1,
        role: str = "formula",
        text: str = "",
        kind: str = "",
    ) -> None:
        self.message, self.line, self.column = message.replace(DASH, ""), line, column
        self.role, self.text, self.kind = role, text, kind
        super().__init__(f"{role}, line {line}, column {column}: {message}")


@dataclass(frozen=True)
class Source:
    """A text to be read and its role; places in it are offsets from its start."""

    text: str
    role: str = "formula"

    def refuse(self, at: int, message: str, kind: str = "") -> ReadError:
        """The error at an offset of this text."""
        before = self.text[:at]
        line = before.count("\n") + 1
        column = at - (before.rfind("\n") + 1) + 1
        return ReadError(message, line, column, self.role, self.text, kind)


def meant(name: str, known: Iterable[str]) -> str:
    """The clause `; did you mean 'softmax'?`, or nothing where no known name is near."""
    near = nearest(name, {*known} - {name}, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
