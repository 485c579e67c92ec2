"""Ranges: what stands below and above a big operator.

Gives `Over` and `ranges`: `k`, `k=1`, `i,j`, `k \\neq i`, `i<j`, `k=1, k \\neq i`, with or without
an end above; and with both ends below, `1 \\le i < j \\le n`, `i = 1, \\dots, n`, `i \\in [n]`.

Imports signs, cursor, scan and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from symderiv.reader import scan, tree
from symderiv.reader.latex import signs
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.tokens import Token
from symderiv.records import dataclass

_DOTS = ("\\ldots", "\\dots", "\\cdots", "\\dotsc")


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
    for piece in _pieces(_between_ends(below)):
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
    return [*_each_between([p for p in pieces if p])]


def _each_between(pieces: list[list[Token]]) -> Iterator[list[Token]]:
    """The pieces, with 1 <= i, j <= n as 1 <= i <= n and 1 <= j <= n."""
    begin: list[Token] = []
    held: list[list[Token]] = []
    for piece in pieces:
        cut = [n for n, t in enumerate(piece) if signs.is_relation(t)]
        if len(cut) == 1 and piece[0].kind == "digit" and len(piece) == cut[0] + 2:
            begin, held = piece[: cut[0] + 1], [piece[cut[0] + 1 :]]
        elif held and len(piece) == 1:
            held.append(piece)
        elif held and len(cut) == 1:
            yield from ([*begin, *letter, *piece[1:]] for letter in (*held, piece[:1]))
            held = []
        else:
            yield piece
    yield from ([*begin, *letter] for letter in held)


def _between_ends(below: Sequence[Token]) -> list[Token]:
    r"""The tokens with i = 1, \dots, n and i \in \{1, \dots, n\} and i \in [n] as 1 \le i \le n."""
    marks = [str(t) for t in below]
    sign = next((n for n, mark in enumerate(marks) if mark in ("=", "\\in")), 0)
    if sign != 1:
        return [*below]
    first, last, end = sign + 1, len(below), len(below)
    if marks[sign] == "\\in":
        if marks[2:3] not in (["["], ["\\{"]) or marks[-1] != signs.OPENING[marks[2]]:
            return [*below]
        first, last = first + 1, last - 1
    if "," not in marks[first:last] and marks[2:3] == ["["] and marks[sign] == "\\in":
        begin = [replace(below[0], kind="digit", text="1")]
    else:
        dots = next((n for n in range(first, last) if marks[n] in _DOTS), 0)
        if marks[dots - 1 : dots + 2 : 2] != [",", ","] or "," in marks[dots + 2 : last]:
            return [*below]
        begin, first = [*below[first : dots - 1]], dots + 2
        if [t.text for t in begin] == ["1", ",", "2"]:
            begin = begin[:1]
    to = replace(below[sign], kind="command", text="le")
    return [*begin, to, below[0], to, *below[first:last], *below[end:]]


def _add(over: Over, piece: list[Token], end: ast.expr | None, cursor: Cursor, at: int) -> None:
    if any(str(t) in ("\\in", "\\notin") for t in piece):
        raise cursor.refuse("sets are not read; write the range or a condition, k \\neq i", at)
    if len(cuts := [n for n, t in enumerate(piece) if signs.is_relation(t)]) > 1:
        if end is not None:
            raise cursor.refuse("the end of this range stands below and above", piece[0].at)
        _add_chain(over, piece, cuts, cursor)
        return
    if cuts:
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


def _add_chain(over: Over, piece: list[Token], cuts: list[int], cursor: Cursor) -> None:
    """Letters between two ends, 1 <= i < j <= n: each runs from the one to the other."""
    at = piece[0].at
    starts = [0, *(n + 1 for n in cuts)]
    terms = [cursor.whole(piece[a:b], at) for a, b in zip(starts, [*cuts, None], strict=True)]
    made = [signs.RELATIONS.get(str(piece[n]), ast.NotEq) for n in cuts]
    first, *letters, last = terms
    names = [x.id for x in letters if isinstance(x, ast.Name)]
    runs = isinstance(last, ast.Name) and "i" <= last.id <= "m"
    known = (*cursor.bound, *cursor.known.free)
    if (
        len(names) < len(letters)
        or not (isinstance(first, ast.Constant) and isinstance(first.value, int))
        or not {made[0], made[-1]} <= {ast.Lt, ast.LtE}
        or not {*made} <= {ast.Lt, ast.LtE, ast.NotEq}
        or (isinstance(last, ast.Name) and runs and last.id not in known)
        or {*names} & {*cursor.bound}
    ):
        raise cursor.refuse("between two ends letters run, 1 \\le i < j \\le n", at)
    low = tree.number(str(first.value + 1), at) if made[0] is ast.Lt else first
    high = tree.minus(last, tree.number("1", at)) if made[-1] is ast.Lt else last
    for name in names:
        if name in over.letters:
            raise cursor.refuse(f"{name!r} is bound twice in one operator", at)
        over.letters.append(name)
        over.parts.append(tree.tuple_of([tree.name(name, at), low, high], at))
    for left, sign, right in zip(letters, made[1:], letters[1:], strict=False):
        over.conditions.append(tree.compare(left, sign(), right))


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
