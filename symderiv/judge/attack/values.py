"""Values: what each head of a term is at the points of a scope, and what a binder folds.

Sums are written out, derivatives are tangents; no law of algebra is used at all.  Gives `VALUES`, a
method a head, and `Evaluator(problem, world, arithmetic)`, of which `value(term)` is an array with
one number for each point of the world.

Imports floor 0, scope and duals.  To add a head: one method under `VALUES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import numpy as np
import sympy
from sympy import Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.attack import duals
from symderiv.judge.attack.arithmetic import Arithmetic
from symderiv.judge.attack.duals import Number
from symderiv.judge.attack.ground import Beyond, Ground, Method
from symderiv.judge.attack.scope import Scope
from symderiv.judge.attack.worlds import World
from symderiv.judge.known import KNOWN
from symderiv.terms.problem import Problem, name_of
from symderiv.terms.remembering import remembered


def _layers(scope: Scope, value: Number, count: int) -> Iterator[Number]:
    """The values at each value of the letter."""

    def layer(a: Any, n: int) -> Any:
        a = np.asarray(a)
        if a.ndim < scope.depth + 1:
            return a
        return a[n if a.shape[0] > 1 else 0]

    for n in range(count):
        yield duals.mapped(value, lambda a, n=n: layer(a, n))  # type: ignore[misc]


def _summed(scope: Scope, value: Number, count: int, mask: Any) -> Number:
    ar = scope.arithmetic
    if not count:
        return ar.integers(0)
    if mask is not None:
        value = duals.where(ar, mask, value, ar.integers(0))

    def total(a: Any) -> Any:
        a = np.asarray(a)
        if a.ndim < scope.depth + 1:
            return a * float(count)
        return np.add.reduce(a, axis=0) if a.shape[0] == count else a[0] * float(count)

    return duals.mapped(value, total)


def _multiplied(scope: Scope, value: Number, count: int, mask: Any) -> Number:
    ar = scope.arithmetic
    if mask is not None:
        value = duals.where(ar, mask, value, ar.integers(1))
    result: Number = ar.integers(1)
    for layer in _layers(scope, value, count):
        result = duals.mul(result, layer)
    return result


def _largest(scope: Scope, value: Number, count: int, mask: Any) -> Number:
    if mask is not None:
        raise Beyond("a maximum over a range that depends on a letter")
    if not count:
        return scope.arithmetic.integers(0) * scope.arithmetic.nan
    return _maximum(scope, _layers(scope, value, count))


def _maximum(scope: Scope, values: Iterable[Number]) -> Number:
    return reduce(partial(duals.maximum, scope.arithmetic), values)


# -- heads ---------------------------------------------------------------------------------


def _rational(scope: Scope, term: Any) -> Number:
    return scope.arithmetic.number(Fraction(int(term.p), int(term.q)))


def _symbol(scope: Scope, term: Symbol) -> Number:
    if term in scope.letters or term.name in scope.ground.world.sizes:
        return scope.arithmetic.integers(scope.index(term))
    return scope.given(term.name, [])


def _indexed(scope: Scope, term: Indexed) -> Number:
    name = name_of(term)
    if name in scope.ground.world.labels:
        return scope.arithmetic.integers(scope.index(term))
    return scope.given(name, [scope.index(i) for i in term.indices])


def _quantity(scope: Scope, term: terms.Quantity) -> Number:
    return scope.stage(term.name, [scope.index(i) for i in term.indices])


def _plus(scope: Scope, term: Basic) -> Number:
    first, *rest = (scope.value(a) for a in term.args)
    for value in rest:
        first = duals.add(first, value)
    return first


@remembered
def _factors(term: Basic) -> tuple[tuple[Basic, int], ...]:
    """The factors of a term, 1 beside each, and what it is divided by, beside -1."""
    match term:
        case terms.Times() | sympy.Mul():
            return tuple(factor for a in term.args for factor in _factors(a))
        case terms.Quotient(numerator, denominator):
            below = ((a, -sign) for a, sign in _factors(denominator))
            return (*_factors(numerator), *below)
        case _:
            return ((term, 1),)


def _product(scope: Scope, term: Basic) -> Number:
    return scope.product(_factors(term))


def _neg(scope: Scope, term: terms.Neg) -> Number:
    return duals.neg(scope.value(term.term))


def _power(scope: Scope, term: Any) -> Number:
    base, exponent = term.args
    if exponent.is_Integer and abs(int(exponent)) <= 10_000:
        return duals.whole_power(scope.arithmetic, scope.value(base), int(exponent))
    return duals.power(scope.arithmetic, scope.value(base), scope.value(exponent))


def _delta(scope: Scope, term: Basic) -> Number:
    a, b = (scope.index(t) for t in term.args)
    return scope.arithmetic.integers(np.asarray(a == b, dtype=int))


def _bracket(scope: Scope, term: terms.Iverson) -> Number:
    ar = scope.arithmetic
    compared = COMPARED[type(term.condition).__name__]
    try:
        low, high = (scope.index(t) for t in term.condition.args)
        return ar.integers(np.asarray(compared(low, high), dtype=int))
    except Beyond:
        pass
    left, right = (scope.value(t) for t in term.condition.args)
    a, b = duals.plain(left), duals.plain(right)
    known, tie = np.logical_and(ar.finite(a), ar.finite(b)), ar.tied(a, b)
    holds = compared(_order(ar, a, b), 0)
    value = ar.unsure(a, b, ar.integers(np.asarray(holds, dtype=int)))
    value = ar.where(known, value, (a - a) + (b - b))  # nan, and why: a logarithm is not real
    return duals.at_kink(ar, tie, duals.sub(left, right), value)


def _order(ar: Arithmetic, a: Any, b: Any) -> Any:
    """1 where a is surely above b, -1 where it is below, else 0: they tie, or it is not known."""
    return np.asarray(ar.less(b, a), dtype=int) - np.asarray(ar.less(a, b), dtype=int)


COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "StrictGreaterThan": np.greater, "GreaterThan": np.greater_equal,
    "StrictLessThan": np.less, "LessThan": np.less_equal,
    "Equality": np.equal, "Unequality": np.not_equal,
}  # fmt: skip


def _derivative(scope: Scope, term: Any) -> Number:
    body, *first, last = term.args
    for t in first:
        body = terms.Partial(body, t)
    variable, times = last.args
    inner = scope
    levels = []
    for _ in range(int(times)):
        inner = inner.moving(variable)
        levels.append(len(inner.seeds))
    value = inner.value(body)
    there = duals.plain(value) * 0.0  # where the body has no value it has no derivative either
    for level in reversed(levels):
        value = duals.tangent(value, level)
    return duals.add(value, there)


def _sign(scope: Scope, term: Basic) -> Number:
    ar = scope.arithmetic
    x = scope.value(term.args[0])
    a = duals.plain(x)
    value = ar.where(ar.finite(a), ar.integers(_order(ar, a, 0.0)), ar.nan)
    value = ar.unsure(a, 0.0, value)
    return duals.at_kink(ar, ar.tied(a, 0.0), x, value)


def _largest_of(scope: Scope, term: Basic) -> Number:
    return _maximum(scope, map(scope.value, term.args))


def _smallest_of(scope: Scope, term: Basic) -> Number:
    return duals.neg(_maximum(scope, (duals.neg(scope.value(a)) for a in term.args)))


def _smallest(scope: Scope, term: Any) -> Number:
    def fold(inner: Scope, value: Number, count: int, mask: Any) -> Number:
        return duals.neg(_largest(inner, duals.neg(value), count, mask))

    return scope.folded(term, fold)


def _absolute(scope: Scope, term: Basic) -> Number:
    x = scope.value(term.args[0])
    return duals.maximum(scope.arithmetic, x, duals.neg(x))


def _relu(scope: Scope, term: Basic) -> Number:
    return duals.maximum(scope.arithmetic, scope.value(term.args[0]), 0.0)


def _function(scope: Scope, term: Basic) -> Number:
    name = type(term).__name__
    if name not in KNOWN:
        raise Beyond(f"{name} has no value")
    return duals.call(scope.arithmetic, name, scope.value(term.args[0]))


VALUES: dict[Any, Method] = {
    sympy.Rational: _rational,
    type(sympy.pi): lambda scope, term: scope.arithmetic.constant("pi"),
    type(sympy.E): lambda scope, term: scope.arithmetic.constant("e"),
    Symbol: _symbol, Indexed: _indexed, terms.Quantity: _quantity,
    terms.Plus: _plus, sympy.Add: _plus, terms.Neg: _neg,
    terms.Times: _product, sympy.Mul: _product, terms.Quotient: _product,
    terms.Power: _power, sympy.Pow: _power,
    KroneckerDelta: _delta, terms.Iverson: _bracket,
    sympy.Sum: lambda scope, term: scope.folded(term, _summed),
    sympy.Product: lambda scope, term: scope.folded(term, _multiplied),
    terms.Minimum: _smallest,
    terms.Maximum: lambda scope, term: scope.folded(term, _largest),
    sympy.Derivative: _derivative,
    sympy.Max: _largest_of, sympy.Min: _smallest_of,
    sympy.Abs: _absolute, sympy.sign: _sign, terms.relu: _relu,
    sympy.Function: _function,
}  # fmt: skip


class Evaluator(Ground):
    """Terms of one problem at the points of one world."""

    def __init__(self, problem: Problem, world: World, arithmetic: Arithmetic) -> None:
        super().__init__(problem, world, arithmetic, VALUES)
        self.top = Scope(self, None, world.letters, 0, ())

    def value(self, term: Basic) -> Any:
        """The value of a term at every point, nan where it has none."""
        value = np.asarray(duals.plain(self.top.value(term)))
        whole = (self.world.count,)
        return value if value.shape == whole else np.broadcast_to(value, whole)
