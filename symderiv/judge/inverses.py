"""Inverses and determinants: what the judge knows of them, apart from any rule.

Gives `derivative_of`, over generators, `unit`, the law that a matrix times its inverse is one, and
`written`, at a size: adjugate over determinant, of the matrix of its entries.

Imports SymPy, floor 0, and reductions and forms of the judge.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr

from symderiv.judge.atoms import Form, Generator, Monomial, Range
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, combined, constant, letter_index, letters_in
from symderiv.judge.polynomials import negated
from symderiv.terms.derived import Derived, derived


def derivative_of(ring: Ring, gen: Generator, found: Derived, indices: tuple[Index, ...]) -> Form:
    """The derivative by the component of the matrix at these indices.

    From d(X X^-1) = 0: dX^-1 = -X^-1 dX X^-1; from Jacobi's formula: d det X = det X tr(X^-1 dX).
    """
    k, l = indices
    inverse = Derived("inv", found.array).name

    def entry(a: Index, b: Index) -> Form:
        return ring.component(inverse, [a, b])

    if found.function == "inv":
        i, j = gen.data[1:]
        return negated(ring.product(entry(i, k), entry(l, j)))
    by = entry(l, k)
    return ring.product({((gen.number, 1),): 1}, by) if found.function == "det" else by


def unit(ring: Ring, monomial: Monomial, name: str, limits: Range) -> tuple[Index, Monomial] | None:
    """sum_k X_ik X^-1_kj = delta_ij over the whole axis: i - j, and the other factors.

    None where the letter stands elsewhere, more than once, or not side by side.
    """
    own = [(g, e) for g, e in monomial if name in ring.table[g].letters]
    if len(own) != 2 or any(e != 1 or ring.table[g].kind != "given" for g, e in own):
        return None
    at = letter_index(name)
    for (g, _), (h, _) in (own, own[::-1]):
        array, *matrix = ring.table[g].data
        inverse, *other = ring.table[h].data
        found = derived(inverse)
        if found is None or found.function != "inv" or found.array != array:
            continue
        if limits != (constant(1), ring.shapes[array][0]):
            return None
        symmetric = array in ring.symmetries  # its indices are in one order, whatever that is
        for n, m in ((1, 0), (0, 1), *(((0, 0), (1, 1)) if symmetric else ())):
            outer = matrix[1 - n], other[1 - m]
            inside = any(name in letters_in(i) for i in outer)
            if matrix[n] == at == other[m] and not inside:
                rest = tuple(part for part in monomial if part not in own)
                return combined((outer[0], 1), (outer[1], -1)), rest
    return None


def written(found: Derived, entries: list[list[Expr]], indices: tuple[int, ...]) -> Expr:
    """The value at a size, from the entries of the matrix: of an inverse at indices from 1."""
    determinant = _determinant(entries)
    match found.function:
        case "inv":
            i, j = (n - 1 for n in indices)
            minor = [row[:i] + row[i + 1 :] for n, row in enumerate(entries) if n != j]
            return cast(Expr, (-1) ** (i + j) * _determinant(minor) / determinant)
        case "det":
            return determinant
        case _:
            return cast(Expr, sympy.log(determinant**2) / 2)  # log|det X|


def _determinant(entries: list[list[Expr]]) -> Expr:
    """The determinant by its first row."""
    if not entries:
        return cast(Expr, sympy.S.One)
    first, *rest = entries
    return cast(
        Expr,
        sympy.Add(
            *(
                (-1) ** n * a * _determinant([row[:n] + row[n + 1 :] for row in rest])
                for n, a in enumerate(first)
            )
        ),
    )
