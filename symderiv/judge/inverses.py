"""Inverses and determinants: what the judge knows of them, apart from any rule.

Gives `derivative_of`, over generators, and `written`, at a size: adjugate over determinant, of the
matrix of its entries.

Imports SymPy, floor 0, and reductions and forms of the judge.
"""

from __future__ import annotations

from typing import Any, cast

import sympy
from sympy import Expr

from symderiv.judge.atoms import Form, Generator, OutOfReach
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index
from symderiv.judge.polynomials import negated
from symderiv.terms.derived import Derived


def derivative_of(
    ring: Ring, gen: Generator, found: Derived, kind: str, name: str, indices: tuple[Index, ...]
) -> Form:
    """The derivative by a component of the array itself; by what a stage holds it is out of reach.

    From d(X X^-1) = 0: dX^-1 = -X^-1 dX X^-1; from Jacobi's formula: d det X = det X tr(X^-1 dX).
    """
    if kind != "given" or name != found.array or len(indices) != 2:
        raise OutOfReach(f"{found.name} by {name}")
    k, l = indices
    inverse = Derived("inv", found.array).name

    def entry(a: Index, b: Index) -> Form:
        return ring.component(inverse, [a, b])

    if found.function == "inv":
        i, j = gen.data[1:]
        return negated(ring.product(entry(i, k), entry(l, j)))
    by = entry(l, k)
    return ring.product({((gen.number, 1),): 1}, by) if found.function == "det" else by


def written(found: Derived, entries: list[list[Expr]], indices: tuple[int, ...]) -> Expr:
    """The value at a size, from the entries of the matrix: of an inverse at indices from 1."""
    matrix = sympy.Matrix(entries)
    determinant: Any = matrix.det(method="berkowitz")
    match found.function:
        case "inv":
            i, j = (n - 1 for n in indices)
            return cast(Expr, matrix.cofactor(j, i, method="berkowitz") / determinant)
        case "det":
            return cast(Expr, determinant)
        case _:
            return cast(Expr, sympy.log(determinant**2) / 2)  # log|det X|
