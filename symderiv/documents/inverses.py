"""Inverses: the values of inverses and determinants, of matrices whose components are known.

Gives `inverses_of`.

Floor 4: imports floor 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import mpmath
from sympy import Expr, Float, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.mistakes import Mistake
from symderiv.terms import Quantity, component
from symderiv.terms.derived import Derived, derived
from symderiv.terms.problem import Problem

_GUARD = 10  # more digits within than without


def inverses_of(
    problem: Problem, known: Mapping[Basic, Basic], sizes: Mapping[Basic, Expr], digits: int
) -> dict[Basic, Basic]:
    """The components of every inverse, and every determinant, of a matrix that is all known.

    Raises
    ------
    Mistake
        for a matrix that has no inverse.
    """
    found: dict[Basic, Basic] = {}
    arrays = {d.array for name in problem.shapes if (d := derived(name)) is not None}
    for array in sorted(arrays):
        rows, columns = (sizes.get(end, end) for end in problem.shapes[array])
        if not (isinstance(rows, Integer) and rows == columns):
            continue
        matrix = _matrix(array, int(rows), known)
        if matrix is not None:
            found |= _derived(array, matrix, digits)
    return found


def _matrix(array: str, size: int, known: Mapping[Basic, Basic]) -> list[list[Basic]] | None:
    """The components of a given matrix or a stage, None where one is not known."""
    places = [Integer(n) for n in range(1, size + 1)]
    given = [[known.get(component(array, i, j)) for j in places] for i in places]
    stage = [[known.get(Quantity(Symbol(array), i, j)) for j in places] for i in places]
    for rows in (given, stage):
        full = [[value for value in row if value is not None] for row in rows]
        if all(len(row) == size for row in full):
            return full
    return None


def _derived(array: str, matrix: list[list[Basic]], digits: int) -> dict[Basic, Basic]:
    out: dict[Basic, Basic] = {}
    with mpmath.workdps(digits + _GUARD):
        numbers = mpmath.matrix([[mpmath.mpf(str(value)) for value in row] for row in matrix])
        determinant = mpmath.det(numbers)
        if not determinant:
            raise Mistake(f"--at {array}: this matrix is singular; it has no inverse")
        inverse = numbers**-1

        def number(value: object) -> Float:
            return Float(mpmath.nstr(value, digits), digits)

        for i in range(len(matrix)):
            for j in range(len(matrix)):
                at = component(Derived("inv", array).name, Integer(i + 1), Integer(j + 1))
                out[at] = number(inverse[i, j])
        out[Symbol(Derived("det", array).name)] = number(determinant)
        out[Symbol(Derived("logdet", array).name)] = number(mpmath.log(abs(determinant)))
    return out
