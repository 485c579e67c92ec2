"""Exact values: a term at numbers, to as many digits as the value needs.

Gives `Exact`, the one oracle of the programs, and how far rounding may move a value; and `Nudged`,
for differences.

Imports evaluator and rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

import mpmath
import numpy as np
from sympy.core.basic import Basic

from symderiv.numbers.evaluator import At, Beyond, Evaluator
from symderiv.numbers.matrices import Undefined
from symderiv.numbers.rounding import Moved, Rounded, Shaken
from symderiv.terms.problem import Problem

DIGITS = 40
MOST_DIGITS = 20_000  # beyond them 1 - tanh(x) takes too long,
TAIL_DIGITS = 2_000  # and beyond these 1 - erf(x)
CUT = mpmath.mpf(10) ** (6 - 2 * DIGITS)  # by more than this no operation is off at 2 * DIGITS
FEW = 3  # values that are a little off
STEP = mpmath.mpf(10) ** -16  # of a float's rounding: (x - y)² may be its square where x is y


class Exact(Evaluator):
    """The values of one problem's terms where its arrays are given."""

    def value(self, term: Basic, at: At) -> mpmath.mpf:
        """The value of a term at indices counted from 1.

        Raises
        ------
        Undefined
            where it has none.
        """
        key = term, *at.items()
        if key not in self._values:
            self._values[key] = self._worked_out(term, at)
        return self._values[key]

    def known(self, term: Basic, at: At) -> mpmath.mpf | None:
        """The same; None where it has none."""
        try:
            return self.value(term, at)
        except Undefined:
            return None

    def _worked_out(self, term: Basic, at: At) -> mpmath.mpf:
        found = self._to(2 * DIGITS, term, at)
        far = max(self.widest, self.apart) > 2 * DIGITS
        if far and not self._stands(found, term, at):
            found = self._to(25 * DIGITS, term, at)  # 1 + e^-u: as many as lie between
        lost = self._digits[term, *at.items()] > 2 * DIGITS and self.tail > 50 * DIGITS
        if (lost or not mpmath.isfinite(found)) and self.widest > 50 * DIGITS:
            # log(1 - tanh u) is not log 0, nor e^(u²)(1 - erf u) 0
            digits = int(self.widest / np.log(10)) + 5 * DIGITS
            if digits > MOST_DIGITS or self.tail > TAIL_DIGITS * np.log(10):
                raise Beyond(f"{term} takes too many digits")
            found = self._to(digits, term, at)
        if mpmath.isnan(found):
            raise Undefined(term)
        return found

    def _to(self, digits: int, term: Basic, at: At) -> mpmath.mpf:
        """The value with so many digits, as many as it is looked at beside itself with."""
        self._digits[term, *at.items()] = digits
        return self.at_digits(digits, term, at)

    @cached_property
    def _digits(self) -> dict[tuple[Any, ...], int]:
        return {}

    def _stands(self, found: mpmath.mpf, term: Basic, at: At) -> bool:
        """Does a value of 2 * DIGITS stay where each operation is off by more than it was cut?"""
        if not mpmath.isfinite(found):
            return False
        off = abs(self._shaken.at_digits(2 * DIGITS, term, at) - found)
        return bool(off <= abs(found) * mpmath.mpf(10) ** -DIGITS)

    @cached_property
    def slopes(self) -> dict[tuple[Any, ...], tuple[mpmath.mpf, mpmath.mpf] | None]:
        """What slopes finds by differences, at letters: programs of one file ask for the same."""
        return {}

    @cached_property
    def _shaken(self) -> Shaken:
        return Shaken(self, 0, CUT)

    def condition(self, term: Basic, at: At, right: mpmath.mpf) -> mpmath.mpf:
        """How far rounding may move a value as it is written, relative to a unit of rounding."""
        return self._spread(Rounded, term, at, right)

    def of_arguments(self, term: Basic, at: At, right: mpmath.mpf) -> mpmath.mpf:
        """How far its arguments' rounding moves a value, however it is written."""
        return self._spread(Moved, term, at, right)

    def _spread(self, kind: type[Rounded], term: Basic, at: At, right: mpmath.mpf) -> mpmath.mpf:
        """By a few that have a value: at the end of a domain rounding leads out of it as well."""
        total, digits = abs(right), self._digits.get((term, *at.items()), 2 * DIGITS)
        left = FEW
        for seed in range(4 * FEW):
            if (kind, seed) not in self._beside:
                self._beside[kind, seed] = kind(self, seed, STEP)
            with suppress(Undefined):
                found = self._beside[kind, seed].at_digits(digits, term, at)
                if not mpmath.isnan(found):
                    total += abs(found - right) / STEP
                    left -= 1
            if not left:
                break
        return total

    @cached_property
    def _beside(self) -> dict[tuple[type[Rounded], int], Rounded]:
        return {}

    @cached_property
    def _values(self) -> dict[tuple[Any, ...], mpmath.mpf]:
        return {}


class Nudged(Exact):
    """The problem's values with some components moved: (name, places from 1) to how far."""

    def __init__(
        self,
        problem: Problem,
        given: Mapping[str, Any],
        sizes: Mapping[str, int],
        moved: Mapping[tuple[str, tuple[int, ...]], Any],
    ) -> None:
        super().__init__(problem, given, sizes)
        self.moved = moved

    def _entry(self, name: str, places: tuple[int, ...]) -> mpmath.mpf:
        return super()._entry(name, places) + self.moved.get((name, places), 0)
