"""Rounding: the values of a term of which every part is a little off.

Gives `Shaken`, `Rounded` and `Moved`.  What rounding does to a value is found by chance, as in
J. Vignes' stochastic arithmetic (CESTAC, 1974): the formula is evaluated again where each result of
an operation is a little off, by a number drawn for it.  Imports evaluator.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import mpmath
import sympy
from sympy import Product, Rational, Symbol

from symderiv.numbers.evaluator import BRACKETS, Evaluator, Node
from symderiv.terms import Power, Quotient, Times

OPERATIONS = (Times, Quotient, Power, Product, sympy.Function)
NUMBERS = (Rational, sympy.NumberSymbol)
WHOLE = 2**53  # whole numbers below it are floats, and sums and products of them are exact


class Shaken(Evaluator):
    """Values of which each sum and each result of an operation is off by up to `step` of it."""

    def __init__(self, exact: Evaluator, seed: int, step: mpmath.mpf) -> None:
        super().__init__(exact.problem, exact.given, exact.sizes)
        self.exact, self.step, self._random = exact, step, Random(seed)

    def _off(self, value: mpmath.mpf) -> mpmath.mpf:
        return value * (1 + self.step * self._random.uniform(-1, 1))

    def _rounded(self, value: mpmath.mpf) -> mpmath.mpf:
        return self._off(value)

    def _whole(self, node: Node, at: dict[Symbol, int]) -> int:
        return self.exact._whole(node, at)

    def _total(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        return self._rounded(super()._total(values))

    def _worked(self, node: Node, at: dict[Symbol, int]) -> mpmath.mpf:
        if isinstance(node.term, BRACKETS):
            return self.exact._worked(node, at)
        value = super()._worked(node, at)
        return self._rounded(value) if isinstance(node.term, OPERATIONS) else value


class Rounded(Shaken):
    """Values as floats have them: terms and arguments are off as well, whole numbers are not."""

    def _rounded(self, value: mpmath.mpf) -> mpmath.mpf:
        whole = abs(value) < WHOLE and value == mpmath.nint(value)
        return value if whole else self._off(value)

    def _entry(self, name: str, places: tuple[int, ...]) -> mpmath.mpf:
        value = super()._entry(name, places)
        return value if name in self.problem.labels else self._off(value)

    def _total(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        return mpmath.fsum(map(self._rounded, values))

    def _rows(self, name: str) -> list[list[mpmath.mpf]]:
        """Each entry off by what the largest is: they are mixed where a matrix is inverted."""
        rows = super()._rows(name)
        most = len(rows) * max(abs(a) for row in rows for a in row)
        return [[a + self._off(most) - most for a in row] for row in rows]


class Moved(Rounded):
    """Values where the arguments alone are off, and the numbers that no float is."""

    def _total(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        return mpmath.fsum(values)

    def _worked(self, node: Node, at: dict[Symbol, int]) -> mpmath.mpf:
        value = Evaluator._worked(self, node, at)
        return self._rounded(value) if isinstance(node.term, NUMBERS) else value
