"""Matrices: inverses and determinants in the attack, with their tangents, by expansion.

Gives `component`, the value of inv(X) at indices, of det(X) and of log|det X|, from a `Matrix`.

Imports duals and the names of floor 0.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from symderiv.judge.attack import duals
from symderiv.judge.attack.arithmetic import Arithmetic
from symderiv.judge.attack.duals import Number
from symderiv.terms.derived import Derived

LARGEST = 4  # the largest matrix that is expanded

Entries = list[list[Number]]


class Matrix:
    """The entries of a matrix, row by row, and what is worked out of them, once."""

    def __init__(self, entries: Entries, arithmetic: Arithmetic) -> None:
        self.entries, self.arithmetic = entries, arithmetic
        self._inverse: dict[tuple[int, int], Number] = {}

    @cached_property
    def determinant(self) -> Number:
        return determinant(self.entries)

    def inverse(self, a: int, b: int) -> Number:
        """An entry of the inverse: a cofactor by the determinant."""
        if (a, b) not in self._inverse:
            minor = [row[:a] + row[a + 1 :] for n, row in enumerate(self.entries) if n != b]
            cofactor = determinant(minor)
            cofactor = duals.neg(cofactor) if (a + b) % 2 else cofactor
            self._inverse[a, b] = duals.div(self.arithmetic, cofactor, self.determinant)
        return self._inverse[a, b]


def component(matrix: Matrix, found: Derived, indices: list[Any]) -> Number:
    """The value of a derived array at indices, or of a derived number."""
    whole, arithmetic = matrix.determinant, matrix.arithmetic
    if found.function == "det":
        return whole
    if found.function == "logdet":  # log|d| = log(d²)/2
        squared = duals.call(arithmetic, "log", duals.mul(whole, whole))
        return duals.mul(arithmetic.number(Fraction(1, 2)), squared)
    rows, columns = indices
    value: Number = arithmetic.outside
    for a, b in product(range(len(matrix.entries)), repeat=2):
        here = (rows == a + 1) & (columns == b + 1)
        if np.any(here):
            value = duals.where(arithmetic, here, matrix.inverse(a, b), value)
    return value


def determinant(entries: Entries) -> Number:
    """The determinant, by its first row."""
    if not entries:
        return 1.0
    first, *rest = entries
    total: Number = 0.0
    for n, a in enumerate(first):
        minor = determinant([row[:n] + row[n + 1 :] for row in rest])
        term = duals.mul(a, minor)
        total = duals.add(total, duals.neg(term) if n % 2 else term)
    return total
