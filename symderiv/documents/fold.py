"""Folding: a line of text too long for its column, broken where a reader would break it.

Gives `fold`, `columns` (how wide a line is on the screen) and `padded`.

Imports the standard library only.
"""

from __future__ import annotations

import unicodedata

_OPEN, _CLOSE = "([{", ")]}"
_SIGNS = ("+", "−", "-")
_SLASHES = ("/", "·", "*")
_NEVER_LAST = (*_SIGNS, *_SLASHES, "=", "log")
_OPERATORS = ("Σ", "Π", "∂/∂", "d/d", "sum_", "prod_")  # what follows belongs to them


def columns(line: str) -> int:
    """Columns on the screen: combining marks take none.

    >>> columns("x̂ᵢ")
    2
    """
    return sum(not unicodedata.combining(c) for c in line)


def padded(line: str, width: int) -> str:
    """The line with spaces up to the width."""
    return line + " " * (width - columns(line))


def fold(line: str, width: int) -> list[str]:
    """The line in pieces of at most `width` columns, if its words allow.

    A break stands before a sign of the outermost sum that reaches into the column, else before a
    slash or a factor, and inside brackets only when there is no other place.

    >>> fold("(a + b) / c − d e", 12)
    ['(a + b) / c', '− d e']
    """
    pieces = []
    rest = line
    while columns(rest) > width:
        at = _best_break(rest, width)
        if at is None:
            break
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*pieces, rest]


def _best_break(line: str, width: int) -> int | None:
    """Where to break: least deep in brackets, at the best sign, as far right as it goes."""
    best: tuple[int, int, int] | None = None
    place: int | None = None
    depth = 0
    column = 0
    for at, char in enumerate(line):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
        elif char == " " and 0 < column <= width:
            following = line[at + 1 :].split(" ", 1)[0]
            before = line[:at].rsplit(" ", 1)[-1]
            if before not in _NEVER_LAST and not before.lstrip("(").startswith(_OPERATORS):
                merit = (-depth, _rank(following), column)
                if (best is None or merit > best) and column > width // 4:
                    best, place = merit, at
        if not unicodedata.combining(char):
            column += 1
        if column > width + 1:
            break
    return place


def _rank(word: str) -> int:
    if word in _SIGNS or word == "=":
        return 2
    return 1 if word in _SLASHES else 0
