"""Symmetric: a matrix whose equal components are one variable, asked for as sym(X).

Gives `constrained`.  A symmetric X is S_ij + S_ji - delta_ij S_ii for a matrix S of free
components: X_ij and X_ji are both S_ij + S_ji, and X_ii is S_ii.  What is differentiated by S has
the constraint in it: G + G^T - diag(G), if G is the gradient by free components of X.

Imports typed, lowering and refusal.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence

from symderiv.mistakes import DASH
from symderiv.reader.linear.lowering import rank_of
from symderiv.reader.linear.typed import Part
from symderiv.reader.refusal import Source
from symderiv.records import dataclass

Shapes = Mapping[str, tuple[str, ...]]
_FREE = ("S", "M", "H", "Q")


@dataclass(frozen=True)
class Constrained:
    """The parts with a definition of every symmetric matrix, and what is said of it."""

    parts: list[Part]
    wrt: tuple[str, ...]
    shapes: Shapes
    notes: tuple[str, ...]


def constrained(
    parts: Sequence[Part],
    names: Sequence[str],
    asked: Collection[str],
    shapes: Shapes,
    known: Collection[str],
    source: Source,
) -> Constrained:
    """The request with the free components of the matrices in the place of these.

    Parameters
    ----------
    names : the variables, in order
    asked : those of them that are asked for as symmetric
    known : the names that are taken

    Raises
    ------
    ReadError
        for a symmetric matrix that is defined by the text.
    """
    made, wrt, taken = list(parts), list(names), {*known, *names}
    sizes = dict(shapes)
    for name in dict.fromkeys(n for n in names if n in asked):
        if any(p.left == name for p in parts):
            raise source.refuse(0, f"sym({name}): {name} is defined here, and no variable")
        rank = len(shapes[name]) if name in shapes else rank_of(name)
        if rank != 2:
            what = "a number" if rank == 0 else "a vector"
            raise source.refuse(0, f'sym({name}): {name} is {what}; {DASH}shape "{name}: N,N"')
        free = next(x for x in (*_FREE, *(f"S{n}" for n in range(1, 99))) if x not in taken)
        taken.add(free)
        body = ast.parse(f"{free} + {free}.T - diag(diag({free}))", mode="eval").body
        made.insert(0, Part(name, body, 0))
        wrt = [free if n == name else n for n in wrt]
        if name in sizes:
            sizes[free] = sizes.pop(name)
    said = (
        "the matrix that was asked for is symmetric: its components i, j and j, i are one variable",
    )
    return Constrained(made, tuple(wrt), sizes, said if asked else ())
