"""Numbers with tangents: forward differentiation, nested once for every derivative in a line.

A number is an array of an arithmetic (`arithmetic`) or a `Dual`, a number with its tangent along
one direction, of which the level says which derivative it belongs to.  A dual of level 2 over
duals of level 1 gives second derivatives.

A tangent is nan where a function has a kink and the argument moves through it; there no derivative
exists and nothing is claimed.

Imports arithmetic and known, and NumPy.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from symderiv.judge.attack.arithmetic import Arithmetic
from symderiv.judge.known import KNOWN, formula_of
from symderiv.records import dataclass

Number = Any  # an array of the arithmetic, or a Dual


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """`value` + `tangent` ε, ε² = 0, with an ε of its own for each level."""

    level: int
    value: Number
    tangent: Number


def level_of(a: Number) -> int:
    """The level of a number; that of a plain array is 0."""
    return a.level if type(a) is Dual else 0


def plain(a: Number) -> Any:
    """The value without any tangent."""
    while type(a) is Dual:
        a = a.value
    return a


def parts(a: Number) -> Iterator[Any]:
    """All arrays of a number, its plain value first."""
    if isinstance(a, Dual):
        yield from parts(a.value)
        yield from parts(a.tangent)
    else:
        yield a


def mapped(a: Number, change: Callable[[Any], Any]) -> Number:
    """The number with every array of it changed: what is linear and the same for each."""
    if type(a) is Dual:
        return Dual(a.level, mapped(a.value, change), mapped(a.tangent, change))
    return change(a)


def tangent(a: Number, level: int) -> Number:
    """The tangent of a level, 0 where the number does not move along it."""
    return a.tangent if level_of(a) == level else 0.0


def add(a: Number, b: Number) -> Number:
    if type(a) is not Dual and type(b) is not Dual:
        return a + b
    m, n = level_of(a), level_of(b)
    if m == n:
        return Dual(m, add(a.value, b.value), add(a.tangent, b.tangent))
    if m > n:
        return Dual(m, add(a.value, b), a.tangent)
    return Dual(n, add(a, b.value), b.tangent)


def neg(a: Number) -> Number:
    return mapped(a, lambda x: -x)


def sub(a: Number, b: Number) -> Number:
    return add(a, neg(b))


def mul(a: Number, b: Number) -> Number:
    if type(a) is not Dual and type(b) is not Dual:
        return a * b
    m, n = level_of(a), level_of(b)
    if m == n:
        both = add(mul(a.value, b.tangent), mul(a.tangent, b.value))
        return Dual(m, mul(a.value, b.value), both)
    if m > n:
        return Dual(m, mul(a.value, b), mul(a.tangent, b))
    return Dual(n, mul(a, b.value), mul(a, b.tangent))


def div(arithmetic: Arithmetic, a: Number, b: Number) -> Number:
    """a/b, nan where b is 0."""
    if type(b) is not Dual:
        inverse = arithmetic.inverse(b)
        if type(a) is not Dual:
            return a * inverse
        return mapped(a, lambda x: x * inverse)
    ratio = div(arithmetic, a.value if level_of(a) == b.level else a, b.value)
    if level_of(a) > b.level:
        return Dual(a.level, div(arithmetic, a.value, b), div(arithmetic, a.tangent, b))
    moved = neg(mul(ratio, b.tangent))
    if level_of(a) == b.level:
        moved = add(a.tangent, moved)
    return Dual(b.level, ratio, div(arithmetic, moved, b.value))


def power(arithmetic: Arithmetic, base: Number, exponent: Number) -> Number:
    """base**exponent over the reals."""
    m, n = level_of(base), level_of(exponent)
    if m == n == 0:
        return arithmetic.power(base, exponent)
    level = max(m, n)
    low_base = base.value if m == level else base
    low_exponent = exponent.value if n == level else exponent
    value = power(arithmetic, low_base, low_exponent)
    moved: Number = None
    if m == level:
        slope = mul(low_exponent, power(arithmetic, low_base, add(low_exponent, -1.0)))
        moved = mul(slope, base.tangent)
    if n == level:
        by_exponent = mul(mul(value, call(arithmetic, "log", low_base)), exponent.tangent)
        moved = by_exponent if moved is None else add(moved, by_exponent)
    return Dual(level, value, moved)


def whole_power(arithmetic: Arithmetic, base: Number, exponent: int) -> Number:
    """base**n for a number n that stands there; x**0 is 1 everywhere."""
    if not isinstance(base, Dual):
        return arithmetic.whole_power(base, exponent)
    if exponent == 0:
        return 1.0
    value = whole_power(arithmetic, base.value, exponent)
    slope = mul(float(exponent), whole_power(arithmetic, base.value, exponent - 1))
    return Dual(base.level, value, mul(slope, base.tangent))


def where(arithmetic: Arithmetic, condition: Any, a: Number, b: Number) -> Number:
    """a where the condition holds, else b."""
    m, n = level_of(a), level_of(b)
    if m == n == 0:
        return arithmetic.where(condition, a, b)
    level = max(m, n)
    first = (a.value, a.tangent) if m == level else (a, 0.0)
    second = (b.value, b.tangent) if n == level else (b, 0.0)
    return Dual(
        level,
        where(arithmetic, condition, first[0], second[0]),
        where(arithmetic, condition, first[1], second[1]),
    )


def maximum(arithmetic: Arithmetic, a: Number, b: Number) -> Number:
    """The larger; where both are equal and move alike it moves so, else no derivative exists."""
    low, high = plain(a), plain(b)
    larger = where(arithmetic, arithmetic.less(low, high), b, a)
    larger = mapped(larger, lambda x: arithmetic.unsure(low, high, x))
    tie = arithmetic.tied(low, high)
    return at_kink(arithmetic, tie, sub(a, b), larger)


def at_kink(arithmetic: Arithmetic, tie: Any, difference: Number, result: Number) -> Number:
    """The result, with nan for its tangents where what decides is 0 and moves.

    `difference` decides: brackets and maxima change where it changes its sign.
    """
    if not isinstance(difference, Dual):
        return result
    still: Any = True
    for moved in list(parts(difference))[1:]:
        still = np.logical_and(still, arithmetic.tied(moved, 0.0))
    kink = np.logical_and(tie, np.logical_not(still))
    return _broken(arithmetic, kink, result, difference.level)


def _broken(arithmetic: Arithmetic, kink: Any, result: Number, level: int) -> Number:
    if level_of(result) == level:
        moved = mapped(result.tangent, lambda x: arithmetic.where(kink, arithmetic.nan, x))
        return Dual(level, result.value, moved)
    if level_of(result) > level:
        return Dual(
            result.level,
            _broken(arithmetic, kink, result.value, level),
            mapped(result.tangent, lambda x: arithmetic.where(kink, arithmetic.nan, x)),
        )
    return Dual(level, result, arithmetic.where(kink, arithmetic.nan, 0.0))


# -- functions of one number -------------------------------------------------------------------


def call(arithmetic: Arithmetic, name: str, x: Number) -> Number:
    """A function of one number, by its name."""
    if type(x) is not Dual:
        return arithmetic.function(name, x)
    slope = written(arithmetic, formula_of(KNOWN[name].tangent), x.value)
    return Dual(x.level, call(arithmetic, name, x.value), mul(slope, x.tangent))


def written(arithmetic: Arithmetic, node: ast.expr, a: Number) -> Number:
    """A formula in `a` at a number."""
    match node:
        case ast.Name("a"):
            return a
        case ast.Name(name):
            return arithmetic.constant(name)
        case ast.Constant(int() | float() as value):
            return float(value)
        case ast.UnaryOp(ast.USub(), inner):
            return neg(written(arithmetic, inner, a))
        case ast.BinOp(base, ast.Pow(), exponent):
            return _to(arithmetic, written(arithmetic, base, a), ast.literal_eval(exponent))
        case ast.BinOp(left, operation, right):
            both = written(arithmetic, left, a), written(arithmetic, right, a)
            match operation:
                case ast.Add():
                    return add(*both)
                case ast.Sub():
                    return sub(*both)
                case ast.Mult():
                    return mul(*both)
                case ast.Div():
                    return div(arithmetic, *both)
        case ast.Call(ast.Name(name), [argument]):
            return call(arithmetic, name, written(arithmetic, argument, a))
    raise TypeError(f"no value of {ast.unparse(node)}")


def _to(arithmetic: Arithmetic, base: Number, exponent: int | float) -> Number:
    if isinstance(exponent, int):
        return whole_power(arithmetic, base, exponent)
    return power(arithmetic, base, exponent)
