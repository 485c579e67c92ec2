"""Rounding: what the rounding of terms and arguments may move a value by.

Gives `Rounded`, an `Exact` that also knows the magnitude of a term, and `Beside`, which knows too
what a value owes to its inputs.  Imports exact.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

import mpmath
import numpy as np
import sympy
from sympy import Indexed, KroneckerDelta, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.elementwise import of_head
from symderiv.terms import Iverson, Neg, Plus, Power, Quantity, Quotient, Times
from symderiv.terms.derived import Derived, derived
from symderiv.terms.problem import name_of
from symderiv.verification.exact import DIGITS, At, Exact, spelt
from symderiv.verification.matrices import Undefined

STEP = 1e-9


class Rounded(Exact):
    """Exact values with their magnitudes."""

    def magnitude(self, term: Basic, at: At) -> mpmath.mpf:
        """The same with every term of a sum taken as positive: what rounding is measured by."""
        with mpmath.workdps(2 * DIGITS):
            return self._magnitude(term, dict(at))

    def _magnitude(self, term: Basic, at: dict[Symbol, int]) -> mpmath.mpf:
        match term:
            case Plus():
                return mpmath.fsum(self._magnitude(t, at) for t in term.args)
            case Neg(inner):
                return self._magnitude(inner, at)
            case Times() if all(
                self._value(b, at) != 0
                for b in term.args
                if isinstance(b, Iverson | KroneckerDelta)
            ):
                return mpmath.fprod(self._magnitude(a, at) for a in term.args)
            case Quotient(top, bottom):
                below = abs(self._value(bottom, at))
                if below == 0:
                    raise Undefined(str(term))
                return self._magnitude(top, at) * self._magnitude(bottom, at) / below**2
            case Power(base, exponent) if exponent.is_Integer and exponent > 0:
                return self._magnitude(base, at) ** int(exponent)
            case Sum():
                body, *limits = term.args
                places: list[dict[Symbol, int]] = [at]
                for k, low, high in limits:
                    places = [
                        {**p, k: n}
                        for p in places
                        for n in range(int(self._value(low, p)), int(self._value(high, p)) + 1)
                    ]
                return mpmath.fsum(self._magnitude(body, p) for p in places)
            case Symbol() | Indexed() if (found := derived(name_of(term))) is not None:
                return self._of_matrix(term, found, at)
            case Quantity():
                stage = self.problem.definition(term.name)
                assert stage is not None
                places_of = [int(self._value(i, at)) for i in term.args[1:]]
                own = dict(zip(stage.quantity.indices, places_of, strict=True))
                return self._magnitude(stage.body, {**at, **cast(Any, own)})
            case sympy.Function() if not isinstance(term.args[0], Indexed | Symbol):
                return self._of_function(term, at)
            case _:
                return abs(self._value(term, at))

    def _of_matrix(self, term: Basic, found: Derived, at: dict[Symbol, int]) -> mpmath.mpf:
        """What is taken of a matrix owes to all its entries, the small ones to the large."""
        matrix, value = self.matrix(found.array), abs(self._value(term, at))
        if not matrix.determinant:
            return value
        match found.function:
            case "inv":
                return matrix.largest * matrix.condition
            case "det":
                return value * matrix.condition
            case _:
                return value + matrix.condition

    def _of_function(self, term: Basic, at: dict[Symbol, int]) -> mpmath.mpf:
        """|f(u)| and what f makes of the rounding of u."""
        (inner,) = term.args
        u, value = self._value(inner, at), self._value(term, at)
        if not mpmath.isfinite(u) or u == 0:
            return abs(value)
        entry = of_head(type(term))
        assert entry is not None
        step = mpmath.mpf(10) ** -30  # sin(10^20) moves within its period
        try:
            moved = spelt(entry.spellings["mpmath"], u * (1 + step))
        except (ValueError, ZeroDivisionError):
            return abs(value)
        return abs(value) + abs(moved - value) / step * self._magnitude(inner, at) / abs(u)


class Beside(Rounded):
    """Exact values at a point, and at three points beside it where these are asked for."""

    @cached_property
    def moved(self) -> tuple[Exact, ...]:
        rng = np.random.default_rng(5)
        return tuple(
            Exact(
                self.problem,
                {
                    name: value
                    if name in self.problem.labels
                    else value * (1 + STEP * rng.choice([-1, 1], value.shape))
                    for name, value in self.given.items()
                },
                self.sizes,
            )
            for _ in range(3)
        )

    def condition(self, term: Basic, at: At, right: mpmath.mpf) -> mpmath.mpf:
        """How far rounding may move a value: its terms' sizes, and what it owes to each input."""
        try:
            total = self.magnitude(term, at)
        except Undefined:
            total = abs(right)
        for beside in self.moved:
            try:
                total += abs(beside.value(term, at) - right) / STEP
            except Undefined:
                continue
        return total
