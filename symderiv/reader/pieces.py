"""Pieces: a text cut into stages and function, each parsed by Python's own `ast`.

Gives `pieces(source)`, `only_piece` and `Formula`, a text of which the notation is known.  `marks`
has checked the text before `ast.parse` sees it, so what is left for `ast` is precedence, and its
own error messages (which speak of Python) are never shown.

Imports refusal and marks.
"""

from __future__ import annotations

import ast

from symderiv.reader import scan
from symderiv.reader.marks import Token, Turns, tokens
from symderiv.reader.refusal import Source
from symderiv.records import dataclass

LONGEST_TEXT = 100_000


class Formula(str):
    """A text that is in the formula language whatever it looks like: in x_1*y nothing is LaTeX."""

    __slots__ = ()


@dataclass(frozen=True)
class Piece:
    """`left = right`, or `right` alone; every node's col_offset is an offset in the source."""

    source: Source
    right: ast.expr
    left: ast.expr | None
    at: int

    @property
    def trees(self) -> tuple[ast.expr, ...]:
        """Its sides, the left one first."""
        return (self.right,) if self.left is None else (self.left, self.right)


def pieces(source: Source) -> tuple[Piece, ...]:
    """The stages and the function of a text, in order; an empty text has none.

    Raises
    ------
    ReadError
        with the place of the first mark that cannot stand where it stands.
    """
    if len(source.text) > LONGEST_TEXT:
        count = len(source.text)
        raise source.refuse(0, f"the text has {count} characters; at most {LONGEST_TEXT} are read")
    made: list[Piece] = []
    turns = Turns(source)
    broken = False  # did a line end, and no ';', end the piece before?
    for token in (*tokens(source), Token("newline", "", len(source.text))):
        if broken and not turns.tokens:
            _check_no_continuation(source, token, made[-1])
        ends = token.text == ";" or (token.kind == "newline" and not turns.unfinished)
        if not (ends and not turns.brackets):
            turns.take(token)
            continue
        if turns.tokens:
            turns.finish(token)
            made.append(_parsed(turns))
            broken = True
        broken = broken and token.text != ";"
        turns = Turns(source)
    if turns.tokens:  # an operator or a bracket is left open at the end of the text
        turns.finish(Token("newline", "", len(source.text)))
    return tuple(made)


def only_piece(source: Source) -> Piece:
    """The one piece of a claim, a variable or an assumption."""
    made = pieces(source)
    if not made:
        raise source.refuse(0, f"the {source.role} is empty")
    if len(made) > 1:
        raise source.refuse(made[1].at, f"{_a(source)} is one formula")
    if made[0].left is not None and source.role != "assumption":
        raise source.refuse(made[0].at, f"{_a(source)} is a formula without '='")
    return made[0]


def _a(source: Source) -> str:
    return f"an {source.role}" if source.role.startswith("a") else f"a {source.role}"


def _check_no_continuation(source: Source, token: Token, before: Piece) -> None:
    """A new line is a new part; refuse one that looks like the rest of the line before."""
    indent = token.at - source.text.rfind("\n", 0, token.at)
    start = before.at - source.text.rfind("\n", 0, before.at)
    if token.text == "+" or (token.text == "-" and indent > start):
        raise source.refuse(
            token.at, f"a new line is a new part; to go on, put {token.text!r} at the line's end"
        )


def _parsed(turns: Turns) -> Piece:
    source, found = turns.source, turns.tokens
    if turns.equals is None:
        return Piece(source, _tree(source, found), None, found[0].at)
    cut = found.index(turns.equals)
    left, right = _tree(source, found[:cut]), _tree(source, found[cut + 1 :])
    return Piece(source, right, left, found[0].at)


def _tree(source: Source, found: list[Token]) -> ast.expr:
    start, end = found[0].at, found[-1].at + len(found[-1].text)
    # comments and line ends become spaces, so that columns stay offsets
    blank = list(" " * (end - start))
    for token in found:
        first = token.at - start
        blank[first : first + len(token.text)] = token.text
    try:
        tree = ast.parse("".join(blank), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = getattr(error, "offset", None) or 1
        raise source.refuse(start + place - 1, "this is no formula") from None
    for node in scan.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset += start
            node.end_col_offset += start  # type: ignore[attr-defined]
    return tree
