"""What stable forms are made of: functions that keep digits, arrays made by numerical functions.

Gives the heads `log1p`, `expm1`, `log_sigmoid`, `log_cosh`, `zero_times`,
`log_ratio`, and `Made`, `Softmax`.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol


class log1p(sympy.Function):
    """log(1 + x)."""


class expm1(sympy.Function):
    """e^x - 1."""


class log_sigmoid(sympy.Function):
    """log σ(x)."""


class log_cosh(sympy.Function):
    """log cosh x."""


class zero_times(sympy.Function):
    """A product that is 0 where its first factor is, also if the second is infinite."""


class log_ratio(sympy.Function):
    """log(u)/(1 - u) of log(u) and 1 - u; -1 at u = 1."""


@dataclass(frozen=True)
class Made:
    """An array made by a numerical function: `name[letters] = call(operands)`.

    `letters` are its axes in order; of each operand the axes are `letters` without those that the
    function adds, the last of them the classes.
    """

    name: str
    letters: tuple[Symbol, ...]
    call: str
    operands: tuple[Expr, ...]
    axes: tuple[tuple[Symbol, ...], ...]  # of each operand


@dataclass(frozen=True)
class Softmax:
    """A quantity that is softmax of `argument` over the letter `over`."""

    letters: tuple[Symbol, ...]  # of the quantity, in its order
    over: Symbol
    argument: Expr

    @property
    def batch(self) -> tuple[Symbol, ...]:
        return tuple(s for s in self.letters if s != self.over)
