r"""Lefts: what stands before the sign of a definition, p_i = ..., f(x, y) = ..., h^{(l)} = ...

Gives `Left`, `left_of`, which reads one from a cursor, and `names_of`, those in brackets.

Imports atoms, cursor, names, scripts and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symderiv.reader.latex import atoms
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.names import spoken_for
from symderiv.reader.latex.scripts import indices, label_of, scripts
from symderiv.reader.latex.signs import without_squares
from symderiv.records import dataclass

_PARTING = (",", ";")
_BARS = ("|", "\\|", "\\mid", "\\Vert")  # KL(p \| q)


@dataclass(frozen=True)
class Left:
    """What is defined: a name with letters, a function with parameters, or a square, σ^2.

    One with both is a component of a value, softmax(z)_i.
    """

    name: str
    letters: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    squared: bool = False


def left_of(cursor: Cursor, *, in_a_line: bool = False) -> Left:
    """The left side that a cursor stands before.

    In a line of a derivation p(x | θ) is no function of two, and f(x_i) may be one of x.

    Raises
    ------
    ReadError
        for what defines nothing.
    """
    first = cursor.at
    parts = [atoms.identifier(cursor)]
    found = scripts(cursor)
    squared = [t.text for t in found.above or [] if not t.braces] == ["2"]
    label = "" if found.above is None or squared else label_of(found.above, cursor)
    if found.primes or (found.above is not None and not label and not squared):
        raise cursor.refuse("on the left of '=' stands a name or a component", first)
    parts += [label] if label else []
    parameters: tuple[str, ...] = ()
    below = found.below
    if cursor.sees("("):
        _, inner = cursor.bracketed()
        plain = without_squares(inner) if in_a_line else inner
        parameters = tuple(names_of(cursor.inside(plain), in_a_line=in_a_line))
        if len(plain) < len(inner):
            parameters = ()  # l(mu, sigma^2) is a quantity, and no function of sigma
        below = scripts(cursor).below if below is None else below
    word = "" if below is None else atoms.name_part(parts[0], below, cursor)
    parts += [word] if word else []
    places = indices(below, cursor) if below is not None and not word else []
    if cursor.next is not None:
        raise cursor.refuse("on the left of '=' stands a name or a component, such as p_i")
    for place in places:
        if not isinstance(place, ast.Name):
            raise cursor.refuse("a definition is for letters, p_i = ...", place.col_offset)
    letters = tuple(place.id for place in places if isinstance(place, ast.Name))
    return Left("_".join(parts), letters, parameters, squared)


def names_of(cursor: Cursor, *, in_a_line: bool) -> Iterator[str]:
    """The names between the brackets of f(x, y).

    Raises
    ------
    ReadError
        for what is no name.
    """
    while cursor.next is not None:
        if cursor.taken(*_PARTING, *(() if in_a_line else _BARS)):
            continue
        name = atoms.identifier(cursor)
        behind = scripts(cursor)
        below = behind.below or []
        digits = "".join(t.text for t in below if t.kind == "digit")
        indexed = not in_a_line and not all(t.kind == "digit" or t.braces for t in below)
        if behind.above is not None or indexed:
            raise cursor.refuse("the arguments of a function that is defined are names, f(x)")
        yield spoken_for(f"{name}_{digits}" if digits else name)
