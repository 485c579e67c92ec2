"""Arithmetics: what numbers are made of when lines are evaluated.

    Floats      NumPy's doubles, many points at once: quick, and only good for suspicion
    Balls       mpmath's numbers, each with a bound on its error: what a refutation rests on

Both work on arrays, and give nan where a value is not real, not finite or not known.  Two numbers
tie where they are equal and exact; what compares numbers that are only equal within their errors
is not known: a sigmoid that rounds to 1 is not 1.

Imports NumPy and mpmath only.  To add a function of one number: a row in `FLOATS`, one in
`EXACT`, and its derivative in `duals.SLOPES`, each by the name of its head.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

import mpmath
import numpy as np
from mpmath import mp, mpf


class Arithmetic(Protocol):
    """What `duals` and the evaluator ask of numbers."""

    nan: Any
    outside: Any
    exact: bool

    def number(self, value: Fraction) -> Any: ...
    def constant(self, name: str) -> Any: ...
    def integers(self, values: Any) -> Any: ...
    def inverse(self, x: Any) -> Any: ...
    def power(self, base: Any, exponent: Any) -> Any: ...
    def whole_power(self, base: Any, exponent: int) -> Any: ...
    def function(self, name: str, x: Any) -> Any: ...
    def where(self, condition: Any, a: Any, b: Any) -> Any: ...
    def less(self, a: Any, b: Any) -> Any: ...
    def tied(self, a: Any, b: Any) -> Any: ...
    def unsure(self, a: Any, b: Any, x: Any) -> Any: ...
    def both(self, a: Any, b: Any) -> Any: ...
    def negation(self, a: Any) -> Any: ...
    def finite(self, x: Any) -> Any: ...


# -- doubles ---------------------------------------------------------------------------------

_ERF = np.vectorize(math.erf, otypes=[float])
_ERFC = np.vectorize(math.erfc, otypes=[float])


def _sigmoid(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.0) / (1.0 + e)


FLOATS: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "erf": lambda x: _ERF(x),
    "sigmoid": _sigmoid, "softplus": lambda x: np.logaddexp(0.0, x),
    "erfc": lambda x: _ERFC(x), "cbrt": np.cbrt, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
}  # fmt: skip

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
        return np.where(x == 0, math.nan, 1.0 / np.where(x == 0, 1.0, x))

    def power(self, base: Any, exponent: Any) -> Any:
        value = np.power(np.asarray(base, dtype=float), exponent)
        return np.where((base == 0) & (exponent <= 0), math.nan, value)

    def whole_power(self, base: Any, exponent: int) -> Any:
        if exponent >= 0:
            return np.asarray(base, dtype=float) ** exponent
        return self.inverse(np.asarray(base, dtype=float) ** -exponent)

    def function(self, name: str, x: Any) -> Any:
        value = FLOATS[name](x)
        return np.where(np.isfinite(value), value, math.nan) if name == "log" else value

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

    def both(self, a: Any, b: Any) -> Any:
        return np.logical_and(a, b)

    def negation(self, a: Any) -> Any:
        return np.logical_not(a)

    def finite(self, x: Any) -> Any:
        return np.isfinite(x)


# -- numbers with a bound on their error -----------------------------------------------------

LARGEST = 10**7  # the largest argument of an exponential; beyond, only size of memory is learnt


class Ball:
    """A real number to the working precision, and how far it may be off.

    `why` says of a nan what happened: "unreal" (a root or a logarithm of what is negative),
    "outside" (an index outside its axis) or "undefined" (a division by 0, a kink, too large).
    """

    __slots__ = ("error", "middle", "why")

    def __init__(self, middle: Any, error: Any = 0, why: str = "") -> None:
        self.middle, self.error, self.why = middle, error, why

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented  # NumPy then goes through the array
        other = _ball(other)
        if self.why or other.why:
            return self if self.why else other
        middle = self.middle + other.middle
        error = self.error + other.error
        if not _adds_exactly(self.middle, other.middle):
            error += abs(middle) * mp.eps
        return Ball(middle, error)

    __radd__ = __add__

    def __neg__(self) -> Ball:
        return Ball(-self.middle, self.error, self.why)

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self + (-_ball(other))

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = _ball(other)
        if self.why or other.why:
            return self if self.why else other
        middle = self.middle * other.middle
        exactly = self.middle._mpf_[3] + other.middle._mpf_[3] <= mp.prec
        error = mpf(0) if exactly else abs(middle) * mp.eps
        if self.error or other.error:
            error += (
                abs(self.middle) * other.error
                + abs(other.middle) * self.error
                + self.error * other.error
            )
        return Ball(middle, error)

    __rmul__ = __mul__

    @property
    def zero(self) -> bool:
        """May it be 0?"""
        return not self.why and abs(self.middle) <= self.error


def _adds_exactly(a: Any, b: Any) -> bool:
    """Has the sum of two numbers of mpmath no more bits than there are?"""
    _, first, m, bits = a._mpf_
    _, second, n, more = b._mpf_
    if not first or not second:
        return True
    return bool(max(m + bits, n + more) + 1 - min(m, n) <= mp.prec)


UNDEFINED = Ball(mp.nan, 0, "undefined")
UNREAL = Ball(mp.nan, 0, "unreal")
OUTSIDE = Ball(mp.nan, 0, "outside")


def _ball(x: Any) -> Ball:
    """A number as a ball; a nan is undefined."""
    if isinstance(x, Ball):
        return x
    if isinstance(x, float) and x != x:
        return UNDEFINED
    return Ball(mpf(x))


def _inverse(x: Any) -> Ball:
    x = _ball(x)
    if x.why or x.zero:
        return x if x.why else UNDEFINED
    middle = 1 / x.middle
    slack = abs(x.middle) - x.error
    return Ball(middle, abs(middle) * mp.eps + x.error / (abs(x.middle) * slack))


def _around(function: Callable[[Any], Any], x: Ball, steepness: Any) -> Ball:
    """The function at a ball, whose slope there is not above `steepness`."""
    try:
        middle = function(x.middle)
    except (ValueError, OverflowError, ZeroDivisionError, MemoryError):
        return UNDEFINED
    if isinstance(middle, mpmath.mpc) or not mpmath.isfinite(middle):
        return UNDEFINED
    error = abs(middle) * mp.eps * 8
    if x.error:
        error += x.error * steepness
    return Ball(middle, error)


def _exp(x: Ball) -> Ball:
    if abs(x.middle) > LARGEST or x.error > 1:
        return UNDEFINED
    return _around(mpmath.exp, x, 3 * mpmath.exp(x.middle))


def _log(x: Ball) -> Ball:
    if x.zero:
        return UNDEFINED
    if x.middle < 0:
        return UNREAL
    return _around(mpmath.log, x, 1 / (x.middle - x.error))


def _bounded(function: Callable[[Any], Any], steepness: int) -> Callable[[Ball], Ball]:
    return lambda x: _around(function, x, steepness)


def _hyperbolic(function: Callable[[Any], Any]) -> Callable[[Ball], Ball]:
    def ball(x: Ball) -> Ball:
        if abs(x.middle) > LARGEST or x.error > 1:
            return UNDEFINED
        return _around(function, x, 3 * mpmath.cosh(x.middle))

    return ball


def _tan(x: Ball) -> Ball:
    value = _around(mpmath.tan, x, 0)
    if value.why or x.error * abs(value.middle) > mpf(1) / 4:
        return UNDEFINED
    return _around(mpmath.tan, x, 4 * (1 + value.middle**2))


def _logistic(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x)) if x >= 0 else mpmath.exp(x) / (1 + mpmath.exp(x))


def _log1pexp(x: Any) -> Any:
    return max(x, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(x)))


def _within(function: Callable[[Any], Any], steepness: int) -> Callable[[Ball], Ball]:
    def ball(x: Ball) -> Ball:
        if abs(x.middle) > LARGEST:
            return UNDEFINED
        return _around(function, x, steepness)

    return ball


def _inverse_of(
    function: Callable[[Any], Any], low: int, high: Any, slope: Callable[[Any], Any]
) -> Callable[[Ball], Ball]:
    """An inverse function, real from `low` to `high`; steepest at the end that is nearer."""

    def ball(x: Ball) -> Ball:
        least, most = x.middle - x.error, x.middle + x.error
        if most < low or least > high:
            return UNREAL
        if least < low or most > high or (x.error and (least == low or most == high)):
            return UNDEFINED
        return _around(function, x, max(slope(least), slope(most)) if x.error else 0)

    return ball


def _cbrt(x: Ball) -> Ball:
    if x.zero:
        return Ball(mpf(0), mpmath.cbrt(abs(x.middle) + x.error))
    sign = mpmath.sign(x.middle)
    least = abs(x.middle) - x.error
    return _around(lambda t: sign * mpmath.cbrt(abs(t)), x, mpmath.cbrt(least) / least)


_ARC = _inverse_of(mpmath.asin, -1, 1, lambda x: 1 / mpmath.sqrt(1 - x * x))
_ARC_COSINE = _inverse_of(mpmath.acos, -1, 1, lambda x: 1 / mpmath.sqrt(1 - x * x))
_AREA_COSINE = _inverse_of(mpmath.acosh, 1, mp.inf, lambda x: 1 / mpmath.sqrt(x * x - 1))
_AREA_TANGENT = _inverse_of(mpmath.atanh, -1, 1, lambda x: 1 / (1 - x * x))

EXACT: dict[str, Callable[[Ball], Ball]] = {
    "exp": _exp, "log": _log, "sin": _bounded(mpmath.sin, 1), "cos": _bounded(mpmath.cos, 1),
    "tan": _tan, "sinh": _hyperbolic(mpmath.sinh), "cosh": _hyperbolic(mpmath.cosh),
    "tanh": _within(mpmath.tanh, 1), "erf": _within(mpmath.erf, 2),
    "sigmoid": _within(_logistic, 1), "softplus": _within(_log1pexp, 1),
    "erfc": _within(mpmath.erfc, 2), "cbrt": _cbrt, "asin": _ARC, "acos": _ARC_COSINE,
    "atan": _bounded(mpmath.atan, 1), "asinh": _bounded(mpmath.asinh, 1),
    "acosh": _AREA_COSINE, "atanh": _AREA_TANGENT,
}  # fmt: skip


def _powered(base: Any, exponent: Any) -> Ball:
    base, exponent = _ball(base), _ball(exponent)
    if base.why or exponent.why:
        return _ball(base if base.why else exponent)
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
    power: Ball = _log(base) * exponent
    return power if power.why else _exp(power)


def _whole_powered(base: Any, n: int) -> Ball:
    base = _ball(base)
    if base.why:
        return _ball(base)
    if n < 0:
        return _inverse(_whole_powered(base, -n))
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
    function = EXACT[name]

    def ball(x: Any) -> Ball:
        x = _ball(x)
        return x if x.why else function(x)

    return np.frompyfunc(ball, 1, 1)


def _chosen(condition: Any, a: Any, b: Any) -> Any:
    return a if condition else b


def _tied(a: Any, b: Any) -> bool:
    a, b = _ball(a), _ball(b)
    return not (a.why or b.why or a.error or b.error) and bool(a.middle == b.middle)


def _less(a: Any, b: Any) -> bool:
    a, b = _ball(a), _ball(b)
    return not (a.why or b.why) and bool(b.middle - a.middle > a.error + b.error)


def _unsure(a: Any, b: Any, x: Any) -> Any:
    a, b = _ball(a), _ball(b)
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

    inverse = staticmethod(np.frompyfunc(_inverse, 1, 1))
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

    def both(self, a: Any, b: Any) -> Any:
        return np.logical_and(a, b)

    def negation(self, a: Any) -> Any:
        return np.logical_not(a)

    def finite(self, x: Any) -> Any:
        return np.asarray(_FINITE(x), dtype=bool)


_LESS = np.frompyfunc(_less, 2, 1)
_TIED = np.frompyfunc(_tied, 2, 1)
_FINITE = np.frompyfunc(lambda x: not _ball(x).why, 1, 1)


def _one(ball: Ball) -> Any:
    array = np.empty((1,), dtype=object)
    array[0] = ball
    return array
