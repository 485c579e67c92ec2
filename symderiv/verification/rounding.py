"""Rounding: what the rounding of terms and arguments may move a value by.

Gives `Beside`, an `Exact` that knows this too.  It is found by chance, as in J. Vignes' stochastic
arithmetic (CESTAC, 1974): the formula is evaluated again where each argument, each term of a sum
and each result of an operation is a little off, by a number drawn for it.  Imports exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from random import Random
from typing import Any

import mpmath
import sympy
from sympy import Product, Rational, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Power, Quotient, Times, relu
from symderiv.verification.exact import BRACKETS, DIGITS, At, Exact
from symderiv.verification.matrices import Undefined

STEP = mpmath.mpf(10) ** -20
SHAKE, STEADY = mpmath.mpf(10) ** (2 - 2 * DIGITS), mpmath.mpf(10) ** (-DIGITS - 10)
PIECES = (sympy.Abs, sympy.sign, relu)  # which give whole numbers of whole ones
OPERATIONS = (Times, Quotient, Power, Product, sympy.Function)
NUMBERS = (Rational, sympy.NumberSymbol)
WHOLE = 2**53  # whole numbers below it are floats, and sums and products of them are exact


class Rounded(Exact):
    """Values of which every part is off by up to `STEP`, whole numbers apart."""

    def __init__(self, exact: Beside, seed: int) -> None:
        super().__init__(exact.problem, exact.given, exact.sizes)
        self.exact, self._random = exact, Random(seed)

    def _steady(self, term: Basic, at: At, found: mpmath.mpf) -> bool:
        return self.exact._steady(term, at, found)

    def _off(self, value: mpmath.mpf) -> mpmath.mpf:
        return value * (1 + STEP * self._random.uniform(-1, 1))

    def _rounded(self, value: mpmath.mpf) -> mpmath.mpf:
        whole = abs(value) < WHOLE and value == mpmath.nint(value)
        return value if whole else self._off(value)

    def _entry(self, name: str, places: tuple[int, ...]) -> mpmath.mpf:
        value = super()._entry(name, places)
        return value if name in self.problem.labels else self._off(value)

    def _whole(self, term: Basic, at: dict[Symbol, int]) -> int:
        return self.exact._whole(term, at)

    def _total(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        return super()._total(map(self._rounded, values))

    def _rows(self, name: str) -> list[list[mpmath.mpf]]:
        """Each entry off by what the largest is: they are mixed where a matrix is inverted."""
        rows = super()._rows(name)
        most = len(rows) * max(abs(a) for row in rows for a in row)
        return [[a + self._off(most) - most for a in row] for row in rows]

    def _worked(self, term: Basic, at: dict[Symbol, int]) -> mpmath.mpf:
        if isinstance(term, BRACKETS):
            return self.exact._worked(term, at)
        value = super()._worked(term, at)
        return self._rounded(value) if isinstance(term, OPERATIONS) else value


class Moved(Rounded):
    """Values where the arguments alone are off, and the numbers that no float is."""

    def _total(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        return Exact._total(self, values)

    def _worked(self, term: Basic, at: dict[Symbol, int]) -> mpmath.mpf:
        value = Exact._worked(self, term, at)
        return self._rounded(value) if isinstance(term, NUMBERS) else value


class Shaken(Exact):
    """Values of which whatever was rounded at 2 `DIGITS` is off by a little more than that.

    What was lost in a sum shows: 1 + e^-u is 1 there, and is off; 1 + 1 is 2, and is not.
    """

    def __init__(self, exact: Exact) -> None:
        super().__init__(exact.problem, exact.given, exact.sizes)
        self.exact, self._random = exact, Random(0)

    def _off(self, value: mpmath.mpf) -> mpmath.mpf:
        return value * (1 + SHAKE * self._random.uniform(1, 2))

    def _entry(self, name: str, places: tuple[int, ...]) -> mpmath.mpf:
        return self.exact._entry(name, places)

    def _total(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        terms = [v for v in values if v]
        total = mpmath.fsum(terms)
        return total if _fits(terms) else self._off(total)

    def _worked(self, term: Basic, at: dict[Symbol, int]) -> mpmath.mpf:
        if isinstance(term, BRACKETS):
            return self.exact._worked(term, at)
        value = super()._worked(term, at)
        if not isinstance(term, OPERATIONS) or not mpmath.isfinite(value):
            return value
        exact = abs(value) < WHOLE and value == mpmath.nint(value)
        if exact and isinstance(term, sympy.Function) and not isinstance(term, PIECES):
            exact = self._value(term.args[0], at) == 0  # tanh u is 1 from some u on, and is less
        return value if exact else self._off(value)


def _fits(terms: list[mpmath.mpf]) -> bool:
    """Is a sum of numbers one that the digits hold, whatever cancels in it?"""
    if not all(map(mpmath.isfinite, terms)):
        return True
    parts = [t.man_exp for t in terms]
    least = min((e for _, e in parts), default=0)
    most = max((e + m.bit_length() for m, e in parts), default=0)
    return bool(most - least + len(parts).bit_length() <= mpmath.mp.prec)


class Beside(Exact):
    """Exact values at a point, and how far rounding may move each."""

    @cached_property
    def shaken(self) -> Shaken:
        return Shaken(self)

    @cached_property
    def _known(self) -> dict[tuple[Any, ...], bool]:
        return {}

    @cached_property
    def _values(self) -> dict[tuple[Any, ...], mpmath.mpf]:
        return {}

    def value(self, term: Basic, at: At) -> mpmath.mpf:
        key = term, *at.items()
        if key not in self._values:
            self._values[key] = super().value(term, at)
        return self._values[key]

    def _steady(self, term: Basic, at: At, found: mpmath.mpf) -> bool:
        key = term, *at.items()
        if key not in self._known:
            again = self.shaken._at_digits(2 * DIGITS, term, at)
            both = mpmath.isfinite(found) and mpmath.isfinite(again)
            self._known[key] = both and bool(abs(found - again) <= STEADY * abs(found))
        return self._known[key]

    @cached_property
    def rounded(self) -> tuple[Rounded, ...]:
        return tuple(Rounded(self, seed) for seed in range(3))

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        return tuple(Moved(self, seed) for seed in range(3))

    def condition(self, term: Basic, at: At, right: mpmath.mpf) -> mpmath.mpf:
        """How far rounding may move a value as it is written, relative to a unit of rounding."""
        return self._spread(self.rounded, term, at, right)

    def of_arguments(self, term: Basic, at: At, right: mpmath.mpf) -> mpmath.mpf:
        """How far its arguments' rounding moves a value, however it is written."""
        return self._spread(self.moved, term, at, right)

    def _spread(
        self, several: Iterable[Rounded], term: Basic, at: At, right: mpmath.mpf
    ) -> mpmath.mpf:
        total = abs(right)
        for rounded in several:
            try:
                total += abs(rounded.value(term, at) - right) / STEP
            except Undefined:
                continue
        return total
