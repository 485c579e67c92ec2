"""Matrices at numbers: inverses and determinants to many digits.

Gives `Matrix`, and `Undefined`, for what has no value.

Imports mpmath.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import mpmath

GUARD = 20  # digits: what is no larger than their rest is 0


class Undefined(ArithmeticError):
    """A term has no value here: a logarithm of what is negative, a division by 0."""


class Matrix:
    """A square matrix of numbers, its inverse and its determinant.

    Each raises Undefined where the matrix is singular, except the determinant.
    """

    def __init__(self, entries: Sequence[Sequence[mpmath.mpf]]) -> None:
        self.size = len(entries)
        self.entries = mpmath.matrix([list(row) for row in entries])

    @cached_property
    def determinant(self) -> mpmath.mpf:
        found = mpmath.det(self.entries)
        most = mpmath.fprod(mpmath.norm(self.entries[n, :]) for n in range(self.size))
        rest = most * mpmath.mpf(10) ** (GUARD - mpmath.mp.dps)
        return found if abs(found) > rest else mpmath.mpf(0)  # Hadamard: none is above `most`

    @cached_property
    def inverse(self) -> mpmath.matrix:
        if not self.determinant:
            raise Undefined("the inverse of a singular matrix")
        return self.entries**-1

    def number(self, function: str) -> mpmath.mpf:
        """Its determinant, or the logarithm of that."""
        if function == "det":
            return self.determinant
        if not self.determinant:
            raise Undefined("the logarithm of the determinant of a singular matrix")
        return mpmath.log(abs(self.determinant))
