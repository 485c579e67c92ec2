"""How much of a formula's value its own operations may round away: Wilkinson's running error.

Gives `Rounded`, a value with the sum of what a rounding of each operation changes in it, in units
of the relative rounding error, to first order; and `RoundedFormula`, which carries it along.
It is the scale on which a function is judged that promises no more than its formula does:
x - y of two rounded numbers may lose what they lost, and x·y of the same may not.  An infinity is
exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath

from symderiv.verification.exact import exp
from symderiv.verification.formula import FUNCTIONS, Formula

_ONE = mpmath.mpf(1)
_SLOPES: dict[str, Any] = {
    "exp": exp, "log": lambda x: 1 / x if x else mpmath.mpf(0),
    "sin": mpmath.cos, "cos": mpmath.sin, "tan": lambda x: mpmath.sec(x) ** 2,
    "sinh": mpmath.cosh, "cosh": mpmath.sinh, "tanh": lambda x: mpmath.sech(x) ** 2,
    "Abs": lambda x: _ONE, "sign": lambda x: 0 * _ONE, "relu": lambda x: _ONE * (x > 0),
    "erf": lambda x: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-x * x),
    "sigmoid": lambda x: 1 / (2 + exp(-x) + exp(x)),
    "softplus": lambda x: 1 / (1 + exp(-x)), "sqrt": lambda x: 1 / (2 * mpmath.sqrt(x)),
    "erfc": lambda x: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-x * x),
    "atan": lambda x: 1 / (1 + x * x), "asinh": lambda x: 1 / mpmath.sqrt(1 + x * x),
    "asin": lambda x: 1 / mpmath.sqrt(1 - x * x), "acos": lambda x: 1 / mpmath.sqrt(1 - x * x),
    "acosh": lambda x: 1 / mpmath.sqrt(x * x - 1), "atanh": lambda x: 1 / (1 - x * x),
    "cbrt": lambda x: 1 / (3 * mpmath.cbrt(x * x)),
}  # fmt: skip


@dataclass(frozen=True)
class Rounded:
    """A value, and what its operations may have lost."""

    value: Any
    lost: Any

    def __neg__(self) -> Rounded:
        return Rounded(-self.value, self.lost)


class RoundedFormula(Formula):
    """The terms of one problem at one point, each with what it may have lost."""

    def number(self, x: Any, exact: bool = True) -> Rounded:
        return Rounded(x, mpmath.mpf(0) if exact else abs(x))

    def plain(self, value: Rounded) -> Any:
        return value.value

    def total(self, values: Sequence[Rounded]) -> Rounded:
        lost = [v.lost for v in values]
        if len(values) > 1:
            lost += [_rounding(v.value) for v in values]
        return Rounded(mpmath.fsum(v.value for v in values), mpmath.fsum(lost))

    def product(self, values: Sequence[Rounded]) -> Rounded:
        if any(v.value == 0 and v.lost == 0 for v in values):
            return Rounded(mpmath.mpf(0), mpmath.mpf(0))
        whole, *rest = values
        for v in rest:
            product = whole.value * v.value
            lost = _scaled(whole.value, v.lost) + _scaled(v.value, whole.lost)
            whole = Rounded(product, lost + _rounding(product))
        return whole

    def quotient(self, top: Rounded, bottom: Rounded) -> Rounded:
        value = top.value / bottom.value
        lost = (top.lost + _scaled(value, bottom.lost)) / abs(bottom.value)
        return Rounded(value, lost + _rounding(value))

    def power(self, base: Rounded, exponent: Rounded) -> Rounded:
        value = base.value**exponent.value
        slope = abs(exponent.value * base.value ** (exponent.value - 1)) if base.lost else 0
        lost = slope * base.lost + abs(value)
        if exponent.lost:
            lost += abs(value * mpmath.log(base.value)) * exponent.lost
        return Rounded(value, lost)

    def largest(self, values: Sequence[Rounded]) -> Rounded:
        return Rounded(max(v.value for v in values), max(v.lost for v in values))

    def function(self, name: str, x: Rounded) -> Rounded:
        value = FUNCTIONS[name](x.value)
        slope = abs(_SLOPES[name](x.value)) if x.lost else 0
        if mpmath.isinf(value) and x.lost:  # log of a 0 that may be what digits were too few for
            return Rounded(value, mpmath.inf)
        return Rounded(value, _scaled(slope, x.lost) + _rounding(value))


def _rounding(value: Any) -> Any:
    """What the rounding of an operation loses."""
    return mpmath.mpf(0) if mpmath.isinf(value) else abs(value)


def _scaled(factor: Any, lost: Any) -> Any:
    """What was lost, times a factor; infinitely often a little is no other infinity."""
    if not lost or (mpmath.isinf(factor) and not mpmath.isinf(lost)):
        return mpmath.mpf(0)
    return abs(factor) * lost
