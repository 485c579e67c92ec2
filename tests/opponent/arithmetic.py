"""Arithmetic as the evaluator does it: real numbers, each branch noted, no doubtful sign believed.

Gives `Arithmetic` (powers, comparisons, elementwise functions), `NoValue` (no real number there:
log of −1, 1/0), `Disputed` (people may differ, or the digits do not decide) and `DIGITS`.

Imports mpmath only.  To add an elementwise function: a case in `elementwise`.
"""

from __future__ import annotations

from typing import Any

import mpmath
from mpmath import mp, mpf

DIGITS = 130  # working precision; differences lose two thirds of it
FAR = mpf(10) ** 9  # exponents beyond it are left alone


class NoValue(Exception):
    """There is no real number there."""


class Disputed(Exception):
    """A convention or a rounding error would decide; or nobody can compute it."""


class Arithmetic:
    """Values, and in `branches` every branch that was taken: a sign, who is largest.

    Where a neighbour takes the same branches the function is smooth in between.
    """

    def __init__(self) -> None:
        self.branches: list[Any] = []
        self.lossy = False  # has something been computed that a sum may have swallowed?

    def power(self, base: Any, exponent: Any, integral: bool) -> Any:
        """A power; `integral` where the exponent is made of whole numbers by its letters alone."""
        whole = exponent == int(exponent) if abs(exponent) < FAR else False
        if whole and abs(exponent) > 5000:
            raise Disputed("a power too high to compute")
        smooth = whole and integral
        self.branches.append(("power", bool(whole), None if smooth else self.sign(base)))
        if base == 0:
            if exponent > 0:
                return mpf(0)
            if exponent == 0:
                return mpf(1)
            raise NoValue("0 to a negative power")
        if whole:
            return base ** int(exponent)
        if base < 0:
            raise NoValue("a power of a negative number")
        return self.exp(exponent * mpmath.log(base))

    def exp(self, u: Any) -> Any:
        if abs(u) > FAR:
            raise Disputed("an exponential too far out to compute")
        self.lossy |= abs(u) > mp.dps
        return mpmath.exp(u)

    def gathered(self, name: str, values: list[Any]) -> Any:
        if name == "sum":
            return mpmath.fsum(values)
        if name == "prod":
            return mpmath.fprod(values)
        if not values:
            raise NoValue(f"{name} of nothing")
        if name == "mean":
            return mpmath.fsum(values) / len(values)
        return self.extreme(name, values)

    def extreme(self, name: str, values: list[Any]) -> Any:
        best = (max if name == "max" else min)(values)
        self.branches.append(tuple(self.compared(v, best) == 0 for v in values))
        return best

    def compared(self, a: Any, b: Any) -> int:
        """−1, 0 or 1; a difference in the last digits decides nothing."""
        apart = a - b
        if apart == 0:
            return self.sign(apart)
        if abs(apart) < mpf(10) ** (-mp.dps * 3 // 4) * (abs(a) + abs(b)):
            raise Disputed("a comparison within rounding errors")
        return sign_of(apart)

    def sign(self, u: Any) -> int:
        """The sign; a 0 may be what is left where 1 swallowed an exponential."""
        if (u == 0 and self.lossy) or 0 < abs(u) < mpf(10) ** -mp.dps * 1000:
            raise Disputed("a sign within rounding errors")
        return sign_of(u)

    def elementwise(self, name: str, u: Any) -> Any:
        match name:
            case "exp":
                return self.exp(u)
            case "log":
                if u <= 0:
                    raise NoValue("log of what is not positive")
                return mpmath.log(u)
            case "sqrt":
                self.branches.append(self.sign(u))
                if u < 0:
                    raise NoValue("a root of a negative number")
                return mpmath.sqrt(u)
            case "cbrt":
                self.branches.append(self.sign(u))
                return sign_of(u) * mpmath.cbrt(abs(u))
            case "abs":
                self.branches.append(self.sign(u))
                return abs(u)
            case "sign":
                self.branches.append(self.sign(u))
                return mpf(self.sign(u))
            case "relu":
                self.branches.append(self.sign(u))
                return max(u, mpf(0))
            case "sigmoid":
                return 1 / (1 + self.exp(-u))
            case "softplus":
                return mpmath.log1p(self.exp(u))
            case "tan":
                below = self.elementwise("cos", u)
                if below == 0:
                    raise NoValue("a pole of tan")
                return self.elementwise("sin", u) / below
            case "sin" | "cos":
                if abs(u) > FAR:
                    raise Disputed(f"{name} too far out to compute")
                found = getattr(mpmath, name)(u)
                return found if abs(found) > mpf(10) ** (-mp.dps * 3 // 4) else mpf(0)  # sin(pi)
            case "sinh" | "cosh" | "tanh" | "erf":
                if abs(u) > FAR:
                    raise Disputed(f"{name} too far out to compute")
                self.lossy |= abs(u) > 10
                return getattr(mpmath, name)(u)
        raise NotImplementedError(name)


def sign_of(u: Any) -> int:
    return int(u > 0) - int(u < 0)
