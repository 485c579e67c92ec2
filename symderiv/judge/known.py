"""The functions of one number, as the judge knows them: a row each, for both of its roads.

Gives `KNOWN`, by the name of the head, and `Known`, what a row says.  The normal form takes what a
function is by others, or the derivative of one that stays a generator, and what must be positive
for it to have a value; the attack takes numbers and the derivative to follow a tangent by.  No
road reads the other's columns, and the tests hold every column against mpmath.

Imports balls, NumPy and mpmath only.  To add a function of one number: its row.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
from mpmath import mp

from symderiv.judge import balls
from symderiv.judge.balls import Ball, bounded, hyperbolic, inverse_of, swinging, within
from symderiv.records import dataclass


@dataclass(frozen=True)
class Known:
    """What the judge knows of a function of one number `a`; formulas in the formula language.

    Attributes
    ----------
    name : its head's
    formula : for the normal form, what it is by other functions; empty where it is a generator
    slope : for the normal form, the derivative of a generator
    symmetry : of a generator, "odd", "even" or neither
    positive : for the normal form, what is positive wherever it and its derivative have a value
    tangent : for the attack, its derivative
    values : for the attack, its values as NumPy's doubles
    ball : for the attack, its value with a bound on the error
    """

    name: str
    tangent: str
    values: Callable[[Any], Any]
    ball: Callable[[Ball], Ball]
    formula: str = ""
    slope: str = ""
    symmetry: str = ""
    positive: tuple[str, ...] = ()

    def laws(self) -> Iterator[tuple[str, str]]:
        """What the normal form believes of it: before and after."""
        if self.formula:
            yield f"{self.name}(a)", self.formula
        if self.symmetry:
            sign = "-" if self.symmetry == "odd" else ""
            yield f"{self.name}(-a)", f"{sign}{self.name}(a)"


@lru_cache(maxsize=256)
def formula_of(text: str) -> ast.expr:
    """A formula of a row as a tree; the formulas of rows are Python too."""
    return ast.parse(text, mode="eval").body


def _each(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function of Python's floats over arrays."""
    return np.vectorize(function, otypes=[float])


def _log(x: Any) -> Any:
    value = np.log(x)
    return np.where(np.isfinite(value), value, math.nan)


def _sigmoid(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.0) / (1.0 + e)


def _softplus(x: Any) -> Any:
    return np.logaddexp(0.0, x)


_ARC = ("1 + a", "1 - a", "1 - a**2")  # positive between -1 and 1, and products of them too


def _arc_slope(x: Any) -> Any:
    return 1 / mpmath.sqrt(1 - x * x)


_ROWS = (
    Known("exp", "exp(a)", np.exp, balls.exp),
    Known("log", "1/a", _log, balls.log, positive=("a",)),
    Known("sin", "cos(a)", np.sin, swinging(mpmath.sin), slope="cos(a)", symmetry="odd"),
    Known("cos", "-sin(a)", np.cos, swinging(mpmath.cos), slope="-sin(a)", symmetry="even"),
    Known("tan", "1 + tan(a)**2", np.tan, balls.tan, formula="sin(a)/cos(a)"),
    Known(
        "sinh", "cosh(a)", np.sinh, hyperbolic(mpmath.sinh),
        formula="(exp(a) - exp(-a))/2",
    ),
    Known(
        "cosh", "sinh(a)", np.cosh, hyperbolic(mpmath.cosh),
        formula="(exp(a) + exp(-a))/2",
    ),
    Known(
        "tanh", "1 - tanh(a)**2", np.tanh, within(mpmath.tanh, 1),
        formula="(exp(a) - exp(-a))/(exp(a) + exp(-a))",
    ),
    Known(
        "sigmoid", "sigmoid(a)*sigmoid(-a)", _sigmoid, within(balls.logistic, 1),
        formula="exp(a)/(1 + exp(a))",
    ),
    Known(
        "softplus", "sigmoid(a)", _softplus, within(balls.log1pexp, 1),
        formula="log(1 + exp(a))",
    ),
    Known(
        "erf", "bell*exp(-a**2)", _each(math.erf), within(mpmath.erf, 2),
        slope="2*exp(-a**2)/sqrt(pi)", symmetry="odd",
    ),
    Known(
        "erfc", "-bell*exp(-a**2)", _each(math.erfc), within(mpmath.erfc, 2),
        formula="1 - erf(a)",
    ),
    Known(
        "cbrt", "1/(3*cbrt(a)**2)", np.cbrt, balls.cbrt,
        slope="1/(3*cbrt(a)**2)", symmetry="odd",
    ),
    Known(
        "asin", "(1 - a**2)**-0.5", np.arcsin, inverse_of(mpmath.asin, -1, 1, _arc_slope),
        slope="1/sqrt(1 - a**2)", symmetry="odd", positive=_ARC,
    ),
    Known(
        "acos", "-(1 - a**2)**-0.5", np.arccos, inverse_of(mpmath.acos, -1, 1, _arc_slope),
        formula="pi/2 - asin(a)", positive=_ARC,
    ),
    Known(
        "atan", "1/(1 + a**2)", np.arctan, bounded(mpmath.atan, 1),
        slope="1/(1 + a**2)", symmetry="odd",
    ),
    Known(
        "asinh", "(1 + a**2)**-0.5", np.arcsinh, bounded(mpmath.asinh, 1),
        slope="1/sqrt(1 + a**2)", symmetry="odd", positive=("1 + a**2",),
    ),
    Known(
        "acosh", "(a**2 - 1)**-0.5", np.arccosh,
        inverse_of(mpmath.acosh, 1, mp.inf, lambda x: 1 / mpmath.sqrt(x * x - 1)),
        slope="1/sqrt(a**2 - 1)", positive=("1 + a", "a - 1", "a**2 - 1"),
    ),
    Known(
        "atanh", "1/(1 - a**2)", np.arctanh,
        inverse_of(mpmath.atanh, -1, 1, lambda x: 1 / (1 - x * x)),
        formula="(log(1 + a) - log(1 - a))/2", positive=_ARC,
    ),
)  # fmt: skip
KNOWN = {row.name: row for row in _ROWS}
