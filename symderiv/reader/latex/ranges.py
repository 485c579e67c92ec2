"""Ranges: what stands below and above a big operator.

Gives `Over` and `ranges`: `k`, `k=1`, `i,j`, `k \\neq i`, `i<j`, `k=1, k \\neq i`, with or without
an end above.

Imports signs, cursor, scan and tree.
"""

from __future__ import annotations

import ast
from dataclasses import field

from symderiv.reader import scan, tree
from symderiv.reader.latex import signs
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.tokens import Token
from symderiv.records import dataclass


@dataclass
class Over:
    """The letters, their ranges as the formula language has them, and conditions on them."""

    letters: list[str] = field(default_factory=list)
    parts: list[ast.expr] = field(default_factory=list)
    conditions: list[ast.expr] = field(default_factory=list)
    perhaps: list[str] = field(default_factory=list)  # j of i < j, bound if the body names it
    doubtful: list[str] = field(default_factory=list)  # j of i \neq j, which may run as well

    def settle(self, body: ast.expr) -> None:
        """Leave the letters free that only a condition names: i of \\sum_{k<i} x_k."""
        for letter in set(self.perhaps) - set(scan.free_subscripts(body)):
            place = self.letters.index(letter)
            del self.letters[place], self.parts[place]

    def in_doubt(self, body: ast.expr) -> str:
        """A letter of the body that the text does not say to run or to be free; else empty."""
        named = scan.free_subscripts(body)
        return next((d for d in self.doubtful if d in named and d not in self.letters), "")


def ranges(below: list[Token], above: list[Token] | None, cursor: Cursor, at: int) -> Over:
    """What an operator runs over."""
    over = Over()
    end = None
    shown = [t for t in above or [] if not t.braces]
    if shown:
        end = cursor.whole(shown, at)
    pieces = _pieces(below)
    for piece in pieces:
        _add(over, piece, end, cursor, at)
    if not over.letters:
        raise cursor.refuse("the letter of this operator is missing, \\sum_k", at)
    if end is not None and not any(isinstance(p, ast.Tuple) for p in over.parts):
        over.parts = [_whole(letter, end) for letter in over.parts]
    return over


def _whole(letter: ast.expr, end: ast.expr) -> ast.expr:
    at = letter.col_offset
    return tree.tuple_of([letter, tree.number("1", at), end], at)


def _pieces(below: list[Token]) -> list[list[Token]]:
    """What commas, semicolons, colons and \\substack lines separate."""
    pieces: list[list[Token]] = [[]]
    for token in below:
        if str(token) in (",", ";", ":", "\\\\", "\\mid", "\\colon"):
            pieces.append([])
        elif str(token) != "\\substack" and not (token.kind == "mark" and token.text in "{}"):
            pieces[-1].append(token)
    return [p for p in pieces if p]


def _add(over: Over, piece: list[Token], end: ast.expr | None, cursor: Cursor, at: int) -> None:
    if any(str(t) in ("\\in", "\\notin") for t in piece):
        raise cursor.refuse("sets are not read; write the range or a condition, k \\neq i", at)
    if any(signs.is_relation(t) for t in piece):
        reading = cursor.inside(piece)
        found = reading.relation()
        if reading.next is not None:
            raise reading.left_over(reading.next)
        if not isinstance(found, ast.Compare):
            raise cursor.refuse("one comparison is read here, such as k \\neq i", piece[0].at)
        _add_relation(over, found, end, cursor, at)
        return
    for token in piece:  # ij are two letters
        if token.kind != "letter" and token.text != "ell":
            raise cursor.refuse(f"'{token}' is no letter of a sum", token.at)
        _letter(over, "l" if token.text == "ell" else token.text, token.at, cursor)


def _letter(over: Over, letter: str, at: int, cursor: Cursor) -> None:
    if letter in over.letters:
        raise cursor.refuse(f"{letter!r} is bound twice in one operator", at)
    over.letters.append(letter)
    size = cursor.known.sizes.get(letter)
    name = tree.name(letter, at)
    over.parts.append(_whole(name, tree.name(size, at)) if size else name)


def _add_relation(
    over: Over, found: ast.Compare, end: ast.expr | None, cursor: Cursor, at: int
) -> None:
    left, right = found.left, found.comparators[0]
    if not isinstance(left, ast.Name):
        raise cursor.refuse("a letter stands on the left below an operator, k = 1", at)
    if isinstance(found.ops[0], ast.Eq):
        if left.id in over.letters:
            raise cursor.refuse(f"{left.id!r} is bound twice in one operator", at)
        over.letters.append(left.id)
        if end is None:
            if not (isinstance(right, ast.Constant) and right.value == 1):
                raise cursor.refuse(f"the end of {left.id}'s range is missing above", at)
            over.parts.append(left)
        else:
            over.parts.append(tree.tuple_of([left, right, end], left.col_offset))
        return
    if left.id not in over.letters:
        # i < j: the first letter, and any letter that nothing else binds, is the operator's
        _letter(over, left.id, left.col_offset, cursor)
        known = (*over.letters, *cursor.bound, *cursor.known.free)
        if isinstance(right, ast.Name) and right.id not in known:
            if not isinstance(found.ops[0], ast.NotEq):
                _letter(over, right.id, right.col_offset, cursor)
                over.perhaps.append(right.id)
            elif "i" <= left.id < right.id <= "n":
                # j \neq i leaves i free as people write it; i \neq j is written of both
                over.doubtful.append(right.id)
    over.conditions.append(found)
