"""Exact values: a term at numbers, to as many digits as the value needs.

Gives `Exact`, the one oracle of the programs, and how far rounding may move a value.

Imports evaluator and rounding.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

import mpmath
import numpy as np
from sympy.core.basic import Basic

from symderiv.verification.evaluator import At, Beyond, Evaluator
from symderiv.verification.matrices import Undefined
from symderiv.verification.rounding import Rounded, Shaken

DIGITS = 40
MOST_DIGITS = 20_000  # beyond them 1 - tanh(x) takes too long,
TAIL_DIGITS = 2_000  # and beyond these 1 - erf(x)
CUT = mpmath.mpf(10) ** (6 - 2 * DIGITS)  # by more than this no operation is off at 2 * DIGITS
STEP = mpmath.mpf(10) ** -20  # of a float's rounding, smaller than that of any


class Exact(Evaluator):
    """The values of one problem's terms where its arrays are given."""

    def value(self, term: Basic, at: At) -> mpmath.mpf:
        """The value of a term at indices counted from 1.

        Raises
        ------
        Undefined
            where it has none.
        """
        found = self.at_digits(2 * DIGITS, term, at)
        if self.widest > 2 * DIGITS and not self._stands(found, term, at):
            found = self.at_digits(25 * DIGITS, term, at)  # 1 + e^-u: as many as lie between
        if not mpmath.isfinite(found) and self.widest > 50 * DIGITS:
            # log(1 - tanh u) is not log 0
            digits = int(self.widest / np.log(10)) + 5 * DIGITS
            if digits > MOST_DIGITS or self.tail > TAIL_DIGITS * np.log(10):
                raise Beyond(f"{term} takes too many digits")
            found = self.at_digits(digits, term, at)
        if mpmath.isnan(found):
            raise Undefined(str(term))
        return found

    def _stands(self, found: mpmath.mpf, term: Basic, at: At) -> bool:
        """Does a value of 2 * DIGITS stay where each operation is off by more than it was cut?"""
        if not mpmath.isfinite(found):
            return False
        off = abs(self._shaken.at_digits(2 * DIGITS, term, at) - found)
        return bool(off <= abs(found) * mpmath.mpf(10) ** -DIGITS)

    @cached_property
    def _shaken(self) -> Shaken:
        return Shaken(self, 0, CUT)

    @cached_property
    def _rounded(self) -> tuple[Rounded, ...]:
        return tuple(Rounded(self, seed, STEP) for seed in range(3))

    def condition(self, term: Basic, at: At, right: mpmath.mpf) -> mpmath.mpf:
        """How far rounding may move a value, relative to a unit of rounding."""
        total = abs(right)
        for rounded in self._rounded:
            with suppress(Undefined):
                found = rounded.at_digits(2 * DIGITS, term, at)
                total += 0 if mpmath.isnan(found) else abs(found - right) / STEP
        return total
