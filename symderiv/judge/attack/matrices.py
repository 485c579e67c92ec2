"""Matrices: inverses and determinants in the attack, with their tangents, by expansion.

Gives `component`, the value of inv(X) at indices, of det(X) and of log|det X|.

Imports duals and the names of floor 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from symderiv.judge.attack import duals
from symderiv.judge.attack.arithmetic import Arithmetic
from symderiv.judge.attack.duals import Number
from symderiv.terms.derived import Derived

LARGEST = 4  # the largest matrix that is expanded

Entries = list[list[Number]]


class Place(Protocol):
    """Where a matrix has its entries: a scope of the evaluator."""

    arithmetic: Arithmetic

    def entries(self, array: str) -> Entries: ...


def component(place: Place, found: Derived, indices: list[Any]) -> Number:
    """The value of a derived array at indices, or of a derived number."""
    entries, arithmetic = place.entries(found.array), place.arithmetic
    whole = determinant(entries)
    if found.function == "det":
        return whole
    if found.function == "logdet":  # log|d| = log(d²)/2
        squared = duals.call(arithmetic, "log", duals.mul(whole, whole))
        return duals.mul(arithmetic.number(Fraction(1, 2)), squared)
    rows, columns = indices
    value: Number = arithmetic.outside
    for a in range(len(entries)):
        for b in range(len(entries)):
            here = (rows == a + 1) & (columns == b + 1)
            if np.any(here):
                minor = [row[:a] + row[a + 1 :] for n, row in enumerate(entries) if n != b]
                cofactor = determinant(minor)
                cofactor = duals.neg(cofactor) if (a + b) % 2 else cofactor
                entry = duals.div(arithmetic, cofactor, whole)
                value = duals.where(arithmetic, here, entry, value)
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
