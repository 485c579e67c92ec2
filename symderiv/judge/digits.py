"""Values: written-out lines at rational points, to as many digits as are asked for.

`value(expression, point)` evaluates ordinary SymPy over the reals by mpmath; `points` makes small
rational points, then larger and extreme ones, on which the declared facts hold.

Imports SymPy and mpmath only.  To add a function: one row in `FUNCTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any, cast

import mpmath
import sympy
from mpmath import mp, mpf
from sympy import Expr, Symbol

Point = dict[Symbol, Fraction]


class Outside(Exception):
    """A point outside the domain, or at a kink."""


class NotReal(Outside):
    """A point at which a root or a logarithm is not real."""


def value(expression: Expr, point: Mapping[Symbol, Any], memo: dict[Expr, Any]) -> Any:
    """The real value of an expression at a point, at mpmath's working precision.

    Raises
    ------
    Outside
        where it is not real, not finite, or a bracket or sign stands at its kink.
    """
    found = memo.get(expression)
    if found is None:
        found = memo[expression] = _value(expression, point, memo)
    return found


def _value(e: Expr, point: Mapping[Symbol, Any], memo: dict[Expr, Any]) -> Any:
    if isinstance(e, Symbol):
        try:
            number = point[e]
        except KeyError:
            raise Outside(f"no value for {e}") from None
        return mpf(number.numerator) / number.denominator
    if isinstance(e, sympy.Rational):
        return mpf(int(e.p)) / int(e.q)
    if e in (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        raise Outside("a division by 0")
    args = [value(cast(Expr, a), point, memo) for a in e.args]
    if isinstance(e, sympy.Add):
        return mpmath.fsum(args)
    if isinstance(e, sympy.Mul):
        return mpmath.fprod(args)
    function = FUNCTIONS.get(type(e).__name__)
    if function is None:
        raise Outside(f"{type(e).__name__} has no value")
    try:
        result = function(*args)
    except (ZeroDivisionError, ValueError, OverflowError) as error:
        raise Outside(str(error)) from None
    if isinstance(result, mpmath.mpc) or not mpmath.isfinite(result):
        raise Outside("not real")
    return result


def _power(base: Any, exponent: Any) -> Any:
    if base < 0 and exponent != int(exponent):
        raise NotReal("a root of a negative number")
    if base == 0 and exponent <= 0:
        raise Outside("a division by 0")
    return mpmath.power(base, exponent)


def _log(x: Any) -> Any:
    if x <= 0:
        raise NotReal("a logarithm of what is not positive")
    return mpmath.log(x)


def _away_from_zero(function: Callable[[Any], Any]) -> Callable[..., Any]:
    def checked(x: Any, *_: Any) -> Any:
        if abs(x) < mpf(10) ** (-mp.dps // 2):
            raise Outside("at a kink")
        return function(x)

    return checked


def _real_from(low: int, high: int | None, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that is real from `low` to `high`, its ends included."""

    def checked(x: Any) -> Any:
        if x < low or (high is not None and x > high):
            raise NotReal("an inverse function outside its domain")
        return function(x)

    return checked


def _cbrt(x: Any) -> Any:
    return mpmath.sign(x) * mpmath.cbrt(abs(x))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Pow": _power, "exp": mpmath.exp, "log": _log, "Abs": abs,
    "Pi": lambda: +mp.pi, "Exp1": lambda: +mp.e,
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "erf": mpmath.erf,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh,
    "erfc": mpmath.erfc, "atan": mpmath.atan, "asinh": mpmath.asinh, "cbrt": _cbrt,
    "asin": _real_from(-1, 1, mpmath.asin), "acos": _real_from(-1, 1, mpmath.acos),
    "acosh": _real_from(1, None, mpmath.acosh), "atanh": _real_from(-1, 1, mpmath.atanh),
    "Max": max, "Min": min, "Largest": max,
    "Positive": _away_from_zero(lambda x: mpf(1 if x > 0 else 0)),
    "sign": _away_from_zero(mpmath.sign),
    "Heaviside": _away_from_zero(lambda x: mpf(1 if x > 0 else 0)),
    "DiracDelta": _away_from_zero(lambda x: mpf(0)),
}  # fmt: skip

# the ways of drawing one number, in the order in which they are tried
DRAWS: tuple[Callable[[Random], Fraction], ...] = (
    lambda r: Fraction(r.randint(-9, 9) or 1, r.choice((2, 3, 4, 5))),
    lambda r: Fraction(r.randint(1, 12), r.choice((2, 3, 4, 5))),
    lambda r: Fraction(r.randint(1, 19), 20),
    lambda r: Fraction(r.randint(-400, 400) or 1, 7),
    lambda r: Fraction(r.randint(1, 4000), 9),
    lambda r: Fraction(r.randint(-99, 99) or 1, 10**6),
    lambda r: Fraction(r.randint(-2000, 2000) or 1, 3),
)


def points(
    symbols: list[Symbol], solved: Mapping[Symbol, Expr], draws: tuple[int, ...], seed: int
) -> Iterator[Point]:
    """One point for every draw named, the solved symbols taken from the others.

    Numbers of one point differ, so that no two logits tie by chance.
    """
    random = Random(seed)
    for draw in draws:
        point: Point = {}
        taken: set[Fraction] = set()
        for symbol in symbols:
            if symbol in solved:
                continue
            number = DRAWS[draw](random)
            if symbol.is_positive and number < 0:
                number = -number
            for _ in range(40):
                if number not in taken:
                    break
                number = abs(number) if symbol.is_positive else number
                number += Fraction(1, random.choice((2, 3, 5, 7)))
            taken.add(number)
            point[symbol] = number
        try:
            for symbol, solution in solved.items():
                exact = solution.xreplace(
                    {s: sympy.Rational(n.numerator, n.denominator) for s, n in point.items()}
                )
                if not isinstance(exact, sympy.Rational):
                    raise Outside("a fact without a rational solution")
                if symbol.is_positive and exact <= 0:
                    raise Outside("a fact that contradicts a sign")
                point[symbol] = Fraction(int(exact.p), int(exact.q))
        except Outside:
            continue
        yield point
