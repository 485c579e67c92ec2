"""Exponentials carry their shift: quotients and logarithms of them that overflow nowhere.

Gives `Exponentials`.  A term is written as m e^s: an exponential has m = 1 and its exponent as s;
products add shifts, quotients subtract them, a sum is e^M times the sum of m e^(s - M), with M the
largest shift of a term whose m is not 0; a logarithm takes the shift out, log m + s.  So softmax,
log softmax, log-sum-exp and sigmoids written out are finite at every finite input.

Imports terms and the values of this room.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sympy
from sympy import Sum, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.programs.values import (
    Algebra,
    Value,
    call,
    number,
    whole,
)

if TYPE_CHECKING:
    from symderiv.programs.lowering import Lowering


@dataclass(frozen=True)
class Scaled:
    """m e^s; the factor is 1 and the shift 0 where they are None.

    `positive`: the factor is positive whatever the inputs are.
    """

    factor: Value | None
    shift: Value | None
    positive: bool = True

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
    def algebra(self) -> Algebra:
        return self.lowering.algebra

    @property
    def under_a_logarithm(self) -> Reading:
        """A logarithm reads through the stages between it and an exponential."""
        return Reading(self.lowering.exponential, sigmoids=True)

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
            if term == 1:
                return Scaled(None, None)
            return Scaled(self.lowering.value(term), None, bool(term.is_positive))
        match term:
            case sympy.exp():
                return Scaled(None, self.lowering.value(term.args[0]))
            case terms.sigmoid():
                return Scaled(
                    None, self.algebra.called("log_sigmoid", self.lowering.value(term.args[0]))
                )
            case terms.Quantity():
                return self.scaled(self._body(term), how)
            case terms.Neg():
                inner = self.scaled(term.term, how)
                return Scaled(_negated(inner.mantissa), inner.shift, False)
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
            self.algebra.product(factors) if factors else None,
            self._added([p.shift for p in parts if p.shift is not None]),
            all(p.positive for p in parts),
        )

    def _added(self, values: Sequence[Value]) -> Value | None:
        result: Value | None = None
        for value in values:
            result = value if result is None else self.algebra.joined(ast.Add(), result, value)
        return result

    def _quotient(self, above: Scaled, below: Scaled) -> Scaled:
        factor, shift = above.factor, above.shift
        if below.factor is not None:
            factor = self.algebra.joined(ast.Div(), above.mantissa, below.factor)
        if below.shift is not None and shift is None:
            shift = _negated(below.shift)
        elif below.shift is not None and shift is not None:
            shift = self.algebra.joined(ast.Sub(), shift, below.shift)
        return Scaled(factor, shift, above.positive)

    def _power(self, base: Scaled, exponent: Value) -> Scaled:
        factor = base.factor and self.algebra.joined(ast.Pow(), base.factor, exponent)
        shift = base.shift and self.algebra.joined(ast.Mult(), exponent, base.shift)
        return Scaled(factor, shift, base.positive)

    def _sum(self, parts: Sequence[Scaled]) -> Scaled:
        """m e^s + n e^t + …: e^M (m e^(s - M) + …)."""
        zero = Value(number(0))
        shifts = [p.shift or zero for p in parts]
        largest = shifts[0]
        for s in shifts[1:]:
            largest = self.algebra.called("np.maximum", largest, s)
        result: Value | None = None
        for part, s in zip(parts, shifts, strict=True):
            scale = self.algebra.called("np.exp", self.algebra.joined(ast.Sub(), s, largest))
            one = scale if part.factor is None else self.algebra.product([part.factor, scale])
            result = one if result is None else self.algebra.joined(ast.Add(), result, one)
        return Scaled(result, largest, all(p.positive for p in parts))

    def _summation(self, term: Any, how: Reading) -> Scaled:
        spans = {t[0]: (t[1], t[2]) for t in term.args[1:]}
        with self.lowering.letters(spans):
            inner = self.scaled(term.args[0], how)
            over = inner.shift is not None and not set(spans).isdisjoint(inner.shift.axes)
            largest, parts = self._apart(inner, spans) if over else (inner.shift, [inner.mantissa])
            present = [s for s in spans if any(s in p.axes for p in parts)]
            lengths = [self.lowering.length(spans[s]) for s in spans if s not in present]
            if present:
                parts = [self.algebra.product_summed(parts, present)]
            total = self.algebra.product([*lengths, *parts])
        return Scaled(total, largest, inner.positive)

    def _apart(self, inner: Scaled, spans: Mapping[Symbol, Any]) -> tuple[Value, list[Value]]:
        """The largest shift of a sum, and the factors of what is left to be summed.

        Where the factor is 0 the shift may be larger than the largest: what stands there is 0.
        """
        assert inner.shift is not None
        factors = [] if inner.factor is None else [inner.factor]
        axes = self.algebra.union((inner.shift, *factors))
        shown = whole(inner.shift, axes)
        weights = number(1) if inner.positive else whole(inner.mantissa, axes)
        seen = inner.shift.axes if inner.positive else axes
        places = [number(seen.index(s)) for s in seen if s in spans]
        where = places[0] if len(places) == 1 else ast.Tuple(list(places))
        code = inner.shift.code if inner.positive else shown
        largest = Value(
            call("shift", code, weights, where), tuple(a for a in seen if a not in spans)
        )
        below = self.algebra.joined(ast.Sub(), inner.shift, largest)
        if not inner.positive:
            below = self.algebra.called("np.minimum", below, Value(number(0)))
        return largest, [*factors, self.algebra.called("np.exp", below)]

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
            return self.algebra.called("softplus", self.lowering.value(plain))
        found = self.scaled(inside, how)
        if found.shift is None:
            return self.algebra.called("np.log", found.mantissa)
        if found.factor is None:
            return found.shift
        return self.algebra.joined(
            ast.Add(), self.algebra.called("np.log", found.factor), found.shift
        )

    def _finished(self, found: Scaled) -> Value:
        if found.shift is None:
            return found.mantissa
        if not found.positive:
            return self.algebra.called("times_exp", found.mantissa, found.shift)
        scale = self.algebra.called("np.exp", found.shift)
        return scale if found.factor is None else self.algebra.product([found.factor, scale])


def _negated(value: Value) -> Value:
    return Value(ast.UnaryOp(ast.USub(), value.code), value.axes)


def _log1p_exp(term: Basic) -> Basic | None:
    """The x of 1 + e^x."""
    match term:
        case terms.Plus(args=(sympy.core.numbers.One(), sympy.exp() as e)):
            return cast(Basic, e.args[0])
        case terms.Plus(args=(sympy.exp() as e, sympy.core.numbers.One())):
            return cast(Basic, e.args[0])
    return None
