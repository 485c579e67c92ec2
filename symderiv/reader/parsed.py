"""Parsed: the texts of a problem as trees, and what is refused before a name has a meaning.

Gives `parsed`, `Parsed`, which `reading` makes terms of, and `check_functions`.  Nothing here
imports SymPy, so that a mistake in a formula is said at once.

Imports functions, library, pieces, refusal, scan and zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from symderiv.reader import scan
from symderiv.reader.functions import unknown_function, vocabulary
from symderiv.reader.library import Library
from symderiv.reader.pieces import Piece, only_piece, pieces
from symderiv.reader.refusal import ReadError, Source
from symderiv.reader.zero import begins_at_zero, counted_from_one
from symderiv.records import dataclass

MOST_VARIABLES = 8


@dataclass(frozen=True)
class Parsed:
    """The texts of one problem.

    Attributes
    ----------
    parts : the stages and, last, the function
    variables, assumed : one piece each
    sides : terms that somebody says are equal
    first : the number of the first component as it was written: 0 where sums begin there
    """

    source: Source
    parts: tuple[Piece, ...]
    variables: tuple[Piece, ...]
    assumed: tuple[Piece, ...]
    sides: tuple[Piece, ...]
    first: int = 1

    @property
    def every(self) -> tuple[Piece, ...]:
        """All of them, in the order in which they are read."""
        return (*self.parts, *self.variables, *self.assumed, *self.sides)


def parsed(
    text: str,
    wrt: Sequence[str] = (),
    assume: Sequence[str] = (),
    library: Mapping[str, str] | None = None,
    sides: Sequence[str] = (),
) -> Parsed:
    """The texts as trees; the parameters are those of `reading.read` and `read_sides`.

    Raises
    ------
    ReadError
        for an empty formula, marks that cannot stand where they stand, and functions that there
        are not.
    """
    source = Source(text)
    parts = pieces(source)
    others = tuple(only_piece(Source(s, "line")) for s in sides)
    if not parts and not sides:
        raise source.refuse(0, "the formula is empty")
    if len(wrt) > MOST_VARIABLES:
        raise ReadError(f"at most {MOST_VARIABLES} variables are read", role="variable")
    variables = tuple(only_piece(Source(w, "variable")) for w in wrt)
    assumed = tuple(only_piece(Source(a, "assumption")) for a in assume)
    found = Parsed(source, parts, variables, assumed, others)
    check_functions(found.every, library, line=bool(sides))
    return _from_one(found) if begins_at_zero(found.every) else found


def _from_one(found: Parsed) -> Parsed:
    """The texts of a problem counted from 1."""
    every = iter(counted_from_one(found.every))
    parts, variables, assumed, sides = (
        tuple(islice(every, len(group)))
        for group in (found.parts, found.variables, found.assumed, found.sides)
    )
    return Parsed(found.source, parts, variables, assumed, sides, first=0)


def check_functions(
    every: Sequence[Piece], library: Mapping[str, str] | None = None, *, line: bool = False
) -> None:
    """Refuse a call of a function that there is not.

    Parameters
    ----------
    line : may derivatives stand there, partial(L, z[j])?

    Raises
    ------
    ReadError
        at the first of them, naming the nearest function that there is.
    """
    own = {name for piece in every if piece.left is not None for name in scan.words([piece.left])}
    functions = Library(library or {})
    known = own.union(vocabulary(()), ("partial",) if line else ())
    for piece in every:
        for tree in piece.trees:
            for call in scan.calls(tree):
                name = scan.called(call)
                if name and name not in known and name not in functions:
                    names = {n for p in every for n in scan.names(p.right)}
                    said = unknown_function(name, functions.functions, beside=name in names)
                    raise piece.source.refuse(call.col_offset, said)
