"""Functions of one number that SymPy lacks or evaluates too eagerly.

Gives `sigmoid`, `softplus`, `relu` and `cbrt`.  What else is known of them say their files in
`elementwise`.

Floor 0: imports SymPy and the heads.  To add one: a class with its `doit`.
"""

from __future__ import annotations

from typing import Any, cast

import sympy
from sympy import (
    Add,
    Expr,
    Function,
    Mul,
    Pow,
    Rational,
)

from symderiv.terms.heads import Operators, release


class _Elementwise(Operators, Function):
    """An elementwise function that stays as written."""

    nargs = 1


class sigmoid(_Elementwise):
    """The logistic function 1/(1 + e^{-x})."""

    def doit(self, **hints: Any) -> Expr:
        return cast(Expr, 1 / (1 + sympy.exp(-release(self.args[0]).doit(**hints))))

    def fdiff(self, argindex: int = 1) -> Expr:
        return cast(Expr, Mul(self, Add(1, Mul(-1, self))))


class softplus(_Elementwise):
    """log(1 + e^x)."""

    def doit(self, **hints: Any) -> Expr:
        return cast(Expr, sympy.log(1 + sympy.exp(release(self.args[0]).doit(**hints))))

    def fdiff(self, argindex: int = 1) -> Expr:
        return cast(Expr, sigmoid(self.args[0]))


class relu(_Elementwise):
    """max(0, x)."""

    def doit(self, **hints: Any) -> Expr:
        return cast(Expr, sympy.Max(0, release(self.args[0]).doit(**hints)))


class cbrt(_Elementwise):
    """The real cube root, of negative numbers too; SymPy's own is complex there."""

    def doit(self, **hints: Any) -> Expr:
        x = release(self.args[0]).doit(**hints)
        return cast(Expr, Mul(sympy.sign(x), Pow(sympy.Abs(x), Rational(1, 3))))

    def _eval_evalf(self, prec: int) -> Expr | None:
        """By its own definition: SymPy would ask mpmath's cbrt, whose root is the principal one."""
        x = self.args[0]
        return cast(Expr, self.doit()._eval_evalf(prec)) if x.is_number else None

    def fdiff(self, argindex: int = 1) -> Expr:
        return cast(Expr, Rational(1, 3) * Pow(self, -2, evaluate=False))
