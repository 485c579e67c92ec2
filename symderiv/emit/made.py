"""What stable forms are made of: functions that keep digits, arrays made by numerical functions.

Gives the heads `log1p`, `expm1`, `log_sigmoid`, `log_cosh`, `zero_times`,
`sigmoid_times`, `log_ratio`, and `Made`, `Softmax`, and `upright`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import sympy
from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Quantity, bottom_up


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


class sigmoid_times(sympy.Function):
    """σ(x) v of x and v: 0 where σ is though v is infinite, exact where σ(x) is subnormal."""


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


def upright(term: Expr, made: Mapping[str, Made], axes: Sequence[Symbol]) -> Expr:
    """A term with each softmax Jacobian, which is symmetric, as J_ij if i is before j in `axes`."""

    def turned(t: Basic) -> Basic:
        if not isinstance(t, Quantity) or t.name not in made or made[t.name].call != "jacobian":
            return t
        *batch, i, j = t.indices
        if i not in axes or j not in axes or axes.index(i) < axes.index(j):
            return t
        return Quantity(t.symbol, *batch, j, i)

    return cast(Expr, bottom_up(term, turned))


@dataclass(frozen=True)
class Softmax:
    """A quantity that is softmax of `argument` over the letter `over`."""

    letters: tuple[Symbol, ...]  # of the quantity, in its order
    over: Symbol
    argument: Expr

    @property
    def batch(self) -> tuple[Symbol, ...]:
        return tuple(s for s in self.letters if s != self.over)
