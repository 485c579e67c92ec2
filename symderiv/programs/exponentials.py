"""Exponentials carry their shift: quotients and logarithms of them that overflow nowhere.

Gives `Exponentials`.  A term is written as m e^s: an exponential has m = 1 and its exponent as s;
products add shifts, quotients subtract them, a sum is e^M times the sum of m e^(s - M), with M the
largest shift of a term whose m is not 0; a logarithm takes the shift out, log m + s.  So softmax,
log softmax, log-sum-exp and sigmoids written out are finite at every finite input.

Imports terms and the values of this room.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sympy
from sympy import Integer, Sum
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.programs.values import (
    Value,
    call,
    called,
    joined,
    number,
    product,
    product_summed,
    union,
    whole,
)

if TYPE_CHECKING:
    from symderiv.programs.lowering import Lowering


@dataclass(frozen=True)
class Scaled:
    """m e^s; the factor is 1 and the shift 0 where they are None."""

    factor: Value | None
    shift: Value | None

    @property
    def mantissa(self) -> Value:
        return Value(number(1)) if self.factor is None else self.factor


@dataclass(frozen=True)
class Reading:
    """What counts as an exponential: sigmoids too, and what these stages are made of."""

    stages: frozenset[str] = frozenset()
    sigmoids: bool = False


PLAIN = Reading()


@dataclass
class Exponentials:
    """What a lowering does with exponentials."""

    lowering: Lowering

    @property
    def under_a_logarithm(self) -> Reading:
        """A logarithm reads through every stage."""
        return Reading(frozenset(s.name for s in self.lowering.problem.stages), sigmoids=True)

    @property
    def in_a_quotient(self) -> Reading:
        """A quotient reads through the stages that are taken together with their consumers."""
        return Reading(self.lowering.through)

    def value(self, term: Basic) -> Value | None:
        """The code of a term where exponentials need a shift, None where they do not."""
        match term:
            case sympy.log():
                inside, how = term.args[0], self.under_a_logarithm
                return self._logarithm(inside, how) if self.holds_one(inside, how) else None
            case terms.Quotient() if self.holds_one(term.denominator, self.in_a_quotient):
                return self._finished(self.scaled(term, self.in_a_quotient))
            case terms.Times() if sum(self.holds_one(a, PLAIN) for a in term.args) > 1:
                return self._finished(self.scaled(term, PLAIN))
        return None

    def holds_one(self, term: Basic, how: Reading) -> bool:
        """Is only arithmetic between a term and an exponential in it?"""
        match term:
            case sympy.exp():
                return True
            case terms.sigmoid():
                return how.sigmoids
            case terms.Quantity() if term.name in how.stages:
                return self.holds_one(self._body(term), how)
            case terms.Power(base, exponent):
                return bool(exponent.is_number) and self.holds_one(base, how)
            case Sum():
                return self.holds_one(term.args[0], how)
            case terms.Plus() | terms.Times() | terms.Quotient() | terms.Neg():
                return any(self.holds_one(a, how) for a in term.args)
        return False

    def _body(self, quantity: terms.Quantity) -> Basic:
        """The definition of a stage at these indices."""
        stage = self.lowering.problem.definition(quantity.name)
        assert stage is not None
        return stage.at(quantity)

    # -- m e^s ---------------------------------------------------------------------------------

    def scaled(self, term: Basic, how: Reading) -> Scaled:
        """A term as m e^s."""
        if not self.holds_one(term, how):
            one = isinstance(term, Integer) and term == 1
            return Scaled(None if one else self.lowering.value(term), None)
        match term:
            case sympy.exp():
                return Scaled(None, self.lowering.value(term.args[0]))
            case terms.sigmoid():
                return Scaled(None, called("log_sigmoid", self.lowering.value(term.args[0])))
            case terms.Quantity():
                return self.scaled(self._body(term), how)
            case terms.Neg():
                inner = self.scaled(term.term, how)
                return Scaled(_negated(inner.mantissa), inner.shift)
            case terms.Times():
                return self._product([self.scaled(a, how) for a in term.args])
            case terms.Quotient(above, below):
                return self._quotient(self.scaled(above, how), self.scaled(below, how))
            case terms.Power(base, exponent):
                return self._power(self.scaled(base, how), self.lowering.value(exponent))
            case terms.Plus():
                complement = self._complement(term) if how.sigmoids else None
                if complement is not None:
                    return self.scaled(complement, how)
                return self._sum([self.scaled(a, how) for a in term.args])
            case Sum():
                return self._summation(term, how)
        raise AssertionError(type(term).__name__)

    def _product(self, parts: Sequence[Scaled]) -> Scaled:
        factors = [p.factor for p in parts if p.factor is not None]
        return Scaled(
            product(factors) if factors else None,
            _added([p.shift for p in parts if p.shift is not None]),
        )

    def _quotient(self, above: Scaled, below: Scaled) -> Scaled:
        factor = above.factor
        if below.factor is not None:
            factor = joined(ast.Div(), above.mantissa, below.factor)
        if below.shift is None:
            return Scaled(factor, above.shift)
        if above.shift is None:
            return Scaled(factor, _negated(below.shift))
        return Scaled(factor, joined(ast.Sub(), above.shift, below.shift))

    def _power(self, base: Scaled, exponent: Value) -> Scaled:
        factor = base.factor and joined(ast.Pow(), base.factor, exponent)
        return Scaled(factor, base.shift and joined(ast.Mult(), exponent, base.shift))

    def _sum(self, parts: Sequence[Scaled]) -> Scaled:
        """m e^s + n e^t + …: e^M (m e^(s - M) + …)."""
        zero = Value(number(0))
        shifts = [p.shift or zero for p in parts]
        largest = shifts[0]
        for s in shifts[1:]:
            largest = called("np.maximum", largest, s)
        result: Value | None = None
        for part, s in zip(parts, shifts, strict=True):
            scale = called("np.exp", joined(ast.Sub(), s, largest))
            one = scale if part.factor is None else product([part.factor, scale])
            result = one if result is None else joined(ast.Add(), result, one)
        return Scaled(result, largest)

    def _summation(self, term: Any, how: Reading) -> Scaled:
        spans = {t[0]: (t[1], t[2]) for t in term.args[1:]}
        with self.lowering.letters(spans):
            inner = self.scaled(term.args[0], how)
            order = self.lowering.order
        over = [s for s in spans if inner.shift is not None and s in inner.shift.axes]
        if not over:
            factor = product_summed([inner.mantissa], list(spans), order) if inner.factor else None
            if factor is None or set(spans) - set(inner.mantissa.axes):
                lengths = [
                    self.lowering.length(spans[s]) for s in spans if s not in inner.mantissa.axes
                ]
                factor = product([*lengths, *([factor] if factor is not None else [])])
            return Scaled(factor, inner.shift)
        assert inner.shift is not None
        axes = union((inner.shift, *([inner.factor] if inner.factor else [])))
        shifts = Value(whole(inner.shift, axes), axes)
        weights = whole(inner.mantissa, axes) if inner.factor else number(1)
        places = [number(axes.index(s)) for s in axes if s in spans]
        where = places[0] if len(places) == 1 else ast.Tuple(list(places))
        left = tuple(a for a in axes if a not in spans)
        largest = Value(call("shift", shifts.code, weights, where), left)
        scale = called("np.exp", joined(ast.Sub(), inner.shift, largest))
        parts = [scale] if inner.factor is None else [inner.factor, scale]
        present = [s for s in spans if any(s in p.axes for p in parts)]
        total = product_summed(parts, present, order)
        lengths = [self.lowering.length(spans[s]) for s in spans if s not in present]
        return Scaled(product([*lengths, total]), largest)

    def _complement(self, term: terms.Plus) -> Basic | None:
        """1 - sigmoid(x) is sigmoid(-x); a stage is read through."""
        match term.args:
            case (sympy.core.numbers.One(), terms.Neg(inner)):
                while isinstance(inner, terms.Quantity):
                    inner = self._body(inner)
                if isinstance(inner, terms.sigmoid):
                    return terms.function_of(terms.sigmoid, terms.Neg(inner.args[0]))
        return None

    # -- the ways out --------------------------------------------------------------------------

    def _logarithm(self, inside: Basic, how: Reading) -> Value:
        """log(m e^s) = log m + s."""
        plain = _log1p_exp(inside)
        if plain is not None:
            return called("softplus", self.lowering.value(plain))
        found = self.scaled(inside, how)
        if found.shift is None:
            return called("np.log", found.mantissa)
        if found.factor is None:
            return found.shift
        return joined(ast.Add(), called("np.log", found.factor), found.shift)

    def _finished(self, found: Scaled) -> Value:
        if found.shift is None:
            return found.mantissa
        scale = called("np.exp", found.shift)
        return scale if found.factor is None else product([found.factor, scale])


def _negated(value: Value) -> Value:
    return Value(ast.UnaryOp(ast.USub(), value.code), value.axes)


def _added(values: Sequence[Value]) -> Value | None:
    result: Value | None = None
    for value in values:
        result = value if result is None else joined(ast.Add(), result, value)
    return result


def _log1p_exp(term: Basic) -> Basic | None:
    """The x of 1 + e^x."""
    match term:
        case terms.Plus(args=(sympy.core.numbers.One(), sympy.exp() as e)):
            return cast(Basic, e.args[0])
        case terms.Plus(args=(sympy.exp() as e, sympy.core.numbers.One())):
            return cast(Basic, e.args[0])
    return None

