"""Numbers with a bound on their error, and the functions of one number on them.

A `Ball` is nan, and says why, where a value is not real, not finite or not known.  What is made
here is what a refutation rests on: `known` makes the functions of its rows by `bounded`,
`swinging`, `within`, `hyperbolic` and `inverse_of`, each with a bound on the slope.

Imports mpmath and NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
from mpmath import libmp, mp, mpf

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
        other = as_ball(other)
        if self.why or other.why:
            return self if self.why else other
        a, b, bits = self.middle._mpf_, other.middle._mpf_, mp.prec
        middle = libmp.mpf_add(a, b, bits, "n")
        error = _sum(self.error, other.error)
        if not _adds_exactly(a, b, bits):
            error = _sum(error, _rounding(middle, bits))
        return Ball(_make(middle), error)

    __radd__ = __add__

    def __neg__(self) -> Ball:
        return Ball(-self.middle, self.error, self.why)

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self + (-as_ball(other))

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = as_ball(other)
        if self.why or other.why:
            return self if self.why else other
        a, b, bits = self.middle._mpf_, other.middle._mpf_, mp.prec
        middle = libmp.mpf_mul(a, b, bits, "n")
        error = 0 if a[3] + b[3] <= bits else _rounding(middle, bits)
        if other.error:
            error = _sum(error, _times(a, other.error))
        if self.error:
            error = _sum(error, _times(b, self.error))
            if other.error:
                error = _sum(error, _times(self.error._mpf_, other.error))
        return Ball(_make(middle), error)

    __rmul__ = __mul__

    @property
    def zero(self) -> bool:
        """May it be 0?"""
        return not self.why and abs(self.middle) <= self.error


def _adds_exactly(a: Any, b: Any, bits: int) -> bool:
    """Has the sum of two of mpmath's inner numbers no more bits than there are?"""
    _, first, m, some = a
    _, second, n, more = b
    if not first or not second:
        return True
    return bool(max(m + some, n + more) + 1 - min(m, n) <= bits)


# -- bounds: of few bits, and always rounded up ------------------------------------------------

BITS = 30
_make = mp.make_mpf


def _rounding(middle: Any, bits: int) -> Any:
    """A bound on the rounding of an inner number to its nearest, at least half its last bit."""
    _, digits, exponent, count = middle
    return _make((0, libmp.MPZ_ONE, exponent + count - bits, 1)) if digits else 0


def _sum(a: Any, b: Any) -> Any:
    if not a or not b:
        return a or b
    return _make(libmp.mpf_add(a._mpf_, b._mpf_, BITS, "u"))


def _times(a: Any, b: Any) -> Any:
    """|a| b, of an inner number and a bound."""
    return _make(libmp.mpf_mul((0, *a[1:]), b._mpf_, BITS, "u"))


UNDEFINED = Ball(mp.nan, 0, "undefined")
UNREAL = Ball(mp.nan, 0, "unreal")
OUTSIDE = Ball(mp.nan, 0, "outside")


def as_ball(x: Any) -> Ball:
    """A number as a ball; a nan is undefined."""
    if isinstance(x, Ball):
        return x
    if isinstance(x, float) and x != x:
        return UNDEFINED
    return Ball(mpf(x))


def inverse(x: Any) -> Ball:
    x = as_ball(x)
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


def exp(x: Ball) -> Ball:
    if abs(x.middle) > LARGEST or x.error > 1:
        return UNDEFINED
    return _around(mpmath.exp, x, 3 * mpmath.exp(x.middle))


def log(x: Ball) -> Ball:
    if x.zero:
        return UNDEFINED
    if x.middle < 0:
        return UNREAL
    return _around(mpmath.log, x, 1 / (x.middle - x.error))


def bounded(function: Callable[[Any], Any], steepness: int) -> Callable[[Ball], Ball]:
    return lambda x: _around(function, x, steepness)


def swinging(function: Callable[[Any], Any]) -> Callable[[Ball], Ball]:
    """Sine or cosine: between -1 and 1, and no more is known where its argument is not."""
    return lambda x: Ball(mpf(0), mpf(1)) if x.error >= 1 else _around(function, x, 1)


def hyperbolic(function: Callable[[Any], Any]) -> Callable[[Ball], Ball]:
    def within_bound(x: Ball) -> Ball:
        if abs(x.middle) > LARGEST or x.error > 1:
            return UNDEFINED
        return _around(function, x, 3 * mpmath.cosh(x.middle))

    return within_bound


def tan(x: Ball) -> Ball:
    value = _around(mpmath.tan, x, 0)
    if value.why or x.error * abs(value.middle) > mpf(1) / 4:
        return UNDEFINED
    return _around(mpmath.tan, x, 4 * (1 + value.middle**2))


def logistic(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x)) if x >= 0 else mpmath.exp(x) / (1 + mpmath.exp(x))


def log1pexp(x: Any) -> Any:
    return max(x, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(x)))


def within(function: Callable[[Any], Any], steepness: int) -> Callable[[Ball], Ball]:
    def within_bound(x: Ball) -> Ball:
        if abs(x.middle) > LARGEST:
            return UNDEFINED
        return _around(function, x, steepness)

    return within_bound


def inverse_of(
    function: Callable[[Any], Any], low: int, high: Any, slope: Callable[[Any], Any]
) -> Callable[[Ball], Ball]:
    """An inverse function, real from `low` to `high`; steepest at the end that is nearer."""

    def within_bound(x: Ball) -> Ball:
        least, most = x.middle - x.error, x.middle + x.error
        if most < low or least > high:
            return UNREAL
        if least < low or most > high or (x.error and (least == low or most == high)):
            return UNDEFINED
        return _around(function, x, max(slope(least), slope(most)) if x.error else 0)

    return within_bound


def cbrt(x: Ball) -> Ball:
    if x.zero:
        return Ball(mpf(0), mpmath.cbrt(abs(x.middle) + x.error))
    sign = mpmath.sign(x.middle)
    least = abs(x.middle) - x.error
    return _around(lambda t: sign * mpmath.cbrt(abs(t)), x, mpmath.cbrt(least) / least)
