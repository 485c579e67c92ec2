"""Matrices: inverses and determinants of tables of entries.

Gives `MATRICES`, by the name of each function, from a table to a table; a number is a table with
the one entry ().  A singular matrix is a ZeroDivisionError, as every division by 0 is.

Floor 2: imports mpmath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import mpmath

Table = Mapping[tuple[int, ...], float]


def _matrix(table: Table) -> mpmath.matrix:
    size = max((i for i, _ in table), default=0)
    return mpmath.matrix([[table[i, j] for j in range(1, size + 1)] for i in range(1, size + 1)])


def inverse(table: Table) -> Table:
    """The inverse of the matrix."""
    made = _matrix(table) ** -1
    return {(i, j): float(made[i - 1, j - 1]) for i, j in table}


def determinant(table: Table) -> Table:
    """The determinant."""
    return {(): float(mpmath.det(_matrix(table)))}


def log_determinant(table: Table) -> Table:
    """The logarithm of its absolute value."""
    found = abs(mpmath.det(_matrix(table)))
    if not found:
        raise ZeroDivisionError("the logarithm of the determinant of a singular matrix")
    return {(): float(mpmath.log(found))}


MATRICES: Mapping[str, Callable[[Table], Table]] = {
    "inv": inverse,
    "det": determinant,
    "logdet": log_determinant,
}
