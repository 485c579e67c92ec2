"""Arithmetics: what numbers are made of when lines are evaluated.

    Floats      NumPy's doubles, many points at once: quick, and only good for suspicion
    Balls       mpmath's numbers, each with a bound on its error: what a refutation rests on

Both work on arrays, and give nan where a value is not real, not finite or not known.  Two numbers
tie where they are equal and exact; what compares numbers that are only equal within their errors
is not known: a sigmoid that rounds to 1 is not 1.

Imports balls and known, NumPy and mpmath.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
from mpmath import mp, mpf

from symderiv.judge.balls import OUTSIDE, UNDEFINED, UNREAL, Ball, as_ball, exp, inverse, log
from symderiv.judge.known import KNOWN

# -- doubles ---------------------------------------------------------------------------------

DOUBTFUL = 1e-12  # a relative difference of doubles that may be rounding


class Floats:
    """Doubles; call within `np.errstate(all="ignore")`."""

    nan = outside = math.nan
    exact = False

    def number(self, value: Fraction) -> Any:
        try:
            return float(value)
        except OverflowError:
            return math.nan

    def constant(self, name: str) -> Any:
        return {"pi": math.pi, "e": math.e, "bell": 2.0 / math.sqrt(math.pi)}[name]

    def integers(self, values: Any) -> Any:
        return np.asarray(values, dtype=float)

    def inverse(self, x: Any) -> Any:
        return np.where(x == 0, math.nan, np.divide(1.0, x))

    def power(self, base: Any, exponent: Any) -> Any:
        value = np.power(np.asarray(base, dtype=float), exponent)
        return np.where((base == 0) & (exponent <= 0), math.nan, value)

    def whole_power(self, base: Any, exponent: int) -> Any:
        if exponent >= 0:
            return np.asarray(base, dtype=float) ** exponent
        return self.inverse(np.asarray(base, dtype=float) ** -exponent)

    def function(self, name: str, x: Any) -> Any:
        return KNOWN[name].values(x)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        return np.where(condition, a, b)

    def less(self, a: Any, b: Any) -> Any:
        return np.less(a, b)

    def tied(self, a: Any, b: Any) -> Any:
        return np.equal(a, b)

    def unsure(self, a: Any, b: Any, x: Any) -> Any:
        gap = np.abs(np.subtract(a, b))
        doubtful = (gap != 0) & ~(gap > DOUBTFUL * np.maximum(np.abs(a), np.abs(b)))
        return np.where(doubtful, math.nan, x)

    def finite(self, x: Any) -> Any:
        return np.isfinite(x)


def _powered(base: Any, exponent: Any) -> Ball:
    base, exponent = as_ball(base), as_ball(exponent)
    if base.why or exponent.why:
        return as_ball(base if base.why else exponent)
    whole = exponent.middle == mpmath.nint(exponent.middle) and not exponent.error
    if whole and abs(exponent.middle) <= 1000:
        n = int(exponent.middle)
        return UNDEFINED if n <= 0 and base.zero else _whole_powered(base, n)
    if base.zero:
        if exponent.middle - exponent.error <= 0:
            return UNDEFINED
        if base.middle == 0 == base.error:
            return Ball(mpf(0))
        bound = (abs(base.middle) + base.error) ** exponent.middle
        return Ball(mpf(0), bound)
    if base.middle < 0:
        return UNREAL
    power: Ball = log(base) * exponent
    return power if power.why else exp(power)


def _whole_powered(base: Any, n: int) -> Ball:
    base = as_ball(base)
    if base.why:
        return as_ball(base)
    if n < 0:
        return inverse(_whole_powered(base, -n))
    result: Ball = Ball(mpf(1))
    square: Ball = base
    while n:
        if n % 2:
            result = result * square
        n //= 2
        if n:
            square = square * square
    return result


def _called(name: str) -> Any:
    function = KNOWN[name].ball

    def called(x: Any) -> Ball:
        x = as_ball(x)
        return x if x.why else function(x)

    return np.frompyfunc(called, 1, 1)


def _chosen(condition: Any, a: Any, b: Any) -> Any:
    return a if condition else b


def _tied(a: Any, b: Any) -> bool:
    a, b = as_ball(a), as_ball(b)
    return not (a.why or b.why or a.error or b.error) and bool(a.middle == b.middle)


def _less(a: Any, b: Any) -> bool:
    a, b = as_ball(a), as_ball(b)
    return not (a.why or b.why) and bool(b.middle - a.middle > a.error + b.error)


def _unsure(a: Any, b: Any, x: Any) -> Any:
    a, b = as_ball(a), as_ball(b)
    if a.why or b.why:
        return a if a.why else b
    error = a.error + b.error
    return UNDEFINED if error and abs(a.middle - b.middle) <= error else x


class Balls:
    """mpmath at its working precision, with bounds on every error; arrays of objects."""

    nan, outside = UNDEFINED, OUTSIDE
    exact = True

    def number(self, value: Fraction) -> Any:
        middle = mpf(value.numerator) / value.denominator
        exact = value.denominator & (value.denominator - 1) == 0 and abs(value) < 2**60
        return _one(Ball(middle, 0 if exact else abs(middle) * mp.eps))

    def constant(self, name: str) -> Any:
        value = {"pi": +mp.pi, "e": +mp.e, "bell": 2 / mp.sqrt(mp.pi)}[name]
        return _one(Ball(value, value * mp.eps * 4))

    def integers(self, values: Any) -> Any:
        return np.frompyfunc(lambda n: Ball(mpf(int(n))), 1, 1)(np.asarray(values))

    inverse = staticmethod(np.frompyfunc(inverse, 1, 1))
    power = staticmethod(np.frompyfunc(_powered, 2, 1))
    where = staticmethod(np.frompyfunc(_chosen, 3, 1))
    unsure = staticmethod(np.frompyfunc(_unsure, 3, 1))

    def less(self, a: Any, b: Any) -> Any:
        return np.asarray(_LESS(a, b), dtype=bool)

    def tied(self, a: Any, b: Any) -> Any:
        return np.asarray(_TIED(a, b), dtype=bool)

    def whole_power(self, base: Any, exponent: int) -> Any:
        return np.frompyfunc(lambda x: _whole_powered(x, exponent), 1, 1)(base)

    def function(self, name: str, x: Any) -> Any:
        return _called(name)(x)

    def finite(self, x: Any) -> Any:
        return np.asarray(_FINITE(x), dtype=bool)


Arithmetic = Floats | Balls

_LESS = np.frompyfunc(_less, 2, 1)
_TIED = np.frompyfunc(_tied, 2, 1)
_FINITE = np.frompyfunc(lambda x: not as_ball(x).why, 1, 1)


def _one(ball: Ball) -> Any:
    array = np.empty((1,), dtype=object)
    array[0] = ball
    return array
