"""Factors: a held product seen as a coefficient and powers of bases, and a sum as such products.

Gives `Factored` with `factored` (term -> view) and `Factored.term` (view -> term), `terms_of`
(the summands of a term), and `key`, under which terms that differ only in the order of terms and
factors or in the names of bound letters are equal.  The view is how the rules of algebra look at
a line; it multiplies nothing out.

Floor 0: imports heads and letters only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import field
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Integer, Product, Rational, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.records import dataclass
from symderiv.terms import (
    ONE,
    ZERO,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    exp,
    letter,
    plus,
    rebuild,
    times,
)
from symderiv.terms.letters import BINDERS, substitute
from symderiv.terms.remembering import remembered

MINUS_ONE = sympy.S.NegativeOne


@dataclass
class Factored:
    """coefficient · Π base^exponent, the bases in order of first appearance."""

    coefficient: Rational = ONE
    powers: dict[Expr, Expr] = field(default_factory=dict)

    def multiply(self, base: Expr, exponent: Expr) -> None:
        """Times base^exponent; a base already there in another writing is found by its key."""
        if base not in self.powers and not isinstance(base, Symbol | Indexed):
            head = _written_as(base)
            others = [b for b in self.powers if _written_as(b) == head]
            if others:
                name = key(base)
                base = next((b for b in others if key(b) == name), base)
        old = self.powers.get(base)
        new = exponent if old is None else add_exponents(old, exponent)
        if base.is_Rational and new.is_Integer and (base != 0 or new >= 0):  # √2 · √2, no 1/0
            self.powers.pop(base, None)
            self.coefficient *= cast(Rational, base**new)
        elif new is ZERO:
            self.powers.pop(base, None)
        elif old is not None and (whole := _whole(base, new)) is not None:
            del self.powers[base]  # √(u v) √(u v) is u v
            _gather(base.args[0], whole, self)
        else:
            self.powers[base] = new

    def __mul__(self, other: Factored) -> Factored:
        result = Factored(self.coefficient * other.coefficient, dict(self.powers))
        for base, exponent in other.powers.items():
            result.multiply(base, exponent)
        return result

    def without(self, *bases: Expr) -> Factored:
        """The product of the other factors."""
        return Factored(self.coefficient, {b: e for b, e in self.powers.items() if b not in bases})

    def exponent_of(self, base: Expr) -> Expr | None:
        """The exponent of a base, in whatever writing it is there; None where it is not."""
        wanted = key(base)
        return next((e for b, e in self.powers.items() if key(b) == wanted), None)

    def to_the(self, exponent: Expr) -> Factored:
        """This product to a power (an integer, or any power of a product of one base)."""
        powers = {b: multiply_exponents(e, exponent) for b, e in self.powers.items()}
        value = self.coefficient
        if exponent.is_Integer and (value != 0 or exponent >= 0):
            return Factored(cast(Rational, value**exponent), powers)
        result = Factored(ONE, powers)
        for number, e in ((value.p, exponent), (value.q, negative(exponent))):
            if number != 1:  # (2/3)^K is 2^K/3^K
                result.multiply(Integer(number), e)
        return result

    def term(self) -> Expr:
        """The product as a term: one fraction bar, the sign in front, the number first."""
        if self.coefficient == 0:
            return ZERO
        above, below = self._bar()
        body = times(*above)
        if below:
            body = Quotient(body, times(*below))
        return Neg(body) if self.coefficient.p < 0 else body

    def above(self) -> Expr:
        """What stands above the bar, the sign with it."""
        body = times(*self._bar()[0])
        return Neg(body) if self.coefficient.p < 0 else body

    def below(self) -> Expr:
        """What stands below the bar; 1 where there is none."""
        return times(*self._bar()[1])

    def _bar(self) -> tuple[list[Expr], list[Expr]]:
        above: list[Expr] = []
        below: list[Expr] = []
        top, bottom = abs(self.coefficient.p), self.coefficient.q
        if top != 1:
            above.append(Integer(top))
        if bottom != 1:
            below.append(Integer(bottom))
        for base, exponent in self.powers.items():
            if type(base) is sympy.exp and exponent == -1:
                above.append(exp(negative(cast(Expr, base.args[0]))))
            elif is_negative(exponent):
                below.append(power(base, negative(exponent)))
            else:
                above.append(power(base, exponent))
        return above, below


def _whole(base: Expr, times_over: Expr) -> Expr | None:
    """The exponent of u v in a power of √(u v) that is a whole one."""
    value = number(base.exponent) if isinstance(base, Power) else None
    exponent = None if value is None else value * times_over
    return exponent if exponent is not None and exponent.is_Integer else None


def add_exponents(a: Expr, b: Expr) -> Expr:
    """a + b, numbers worked out."""
    if a.is_Rational and b.is_Rational:
        return cast(Expr, a + b)
    number: Expr = ZERO
    rest: dict[Hashable, Factored] = {}  # n and 2 n are as often there as both say
    for part in (*terms_of(a), *terms_of(b)):
        if part.is_Rational:
            number += part
        elif isinstance(part, Neg) and part.term.is_Rational:
            number -= part.term
        else:
            view = factored(part)
            alike = key(Factored(ONE, view.powers).term())
            if alike in rest:
                view = Factored(view.coefficient + rest[alike].coefficient, view.powers)
            rest[alike] = view
    parts = [view.term() for view in rest.values() if view.coefficient]
    if number != 0:
        parts.append(Neg(-number) if number < 0 else number)
    return plus(*parts)


def multiply_exponents(a: Expr, b: Expr) -> Expr:
    """a · b, numbers worked out."""
    if a is ONE or b is ONE:
        return b if a is ONE else a
    if a.is_Rational and b.is_Rational:
        return cast(Expr, a * b)
    return (factored(a) * factored(b)).term()


def power(base: Expr, exponent: Expr) -> Expr:
    """base^exponent as it is written: no power 1, fractions of numbers held."""
    if exponent is ONE:
        return base
    if exponent.is_Rational and not exponent.is_Integer:
        exponent = Quotient(Integer(exponent.p), Integer(exponent.q))
    return Power(base, exponent)


def negative(term: Expr) -> Expr:
    """−term, with no double sign."""
    if isinstance(term, Neg):
        return term.term
    if term.is_Rational:
        return cast(Expr, -term)
    if isinstance(term, Plus):
        return plus(*(negative(t) for t in cast("tuple[Expr, ...]", term.args)))
    return Neg(term)


def is_negative(term: Expr) -> bool:
    """Is the term written with a minus in front?"""
    if term.is_Rational:
        return bool(cast(Rational, term).p < 0)
    return isinstance(term, Neg)


def number(term: Expr) -> Rational | None:
    """The rational number that a term of numbers alone stands for."""
    if term.is_Rational:
        return cast(Rational, term)
    if isinstance(term, Neg) and (n := number(term.term)) is not None:
        return cast(Rational, -n)
    if isinstance(term, Quotient):
        top, bottom = number(term.numerator), number(term.denominator)
        if top is not None and bottom is not None and bottom != 0:
            return cast(Rational, top / bottom)
    return None


def terms_of(term: Expr) -> tuple[Expr, ...]:
    """The summands of a term, a minus before a bracket given to each."""
    if isinstance(term, Plus):
        return tuple(s for t in cast("tuple[Expr, ...]", term.args) for s in terms_of(t))
    if isinstance(term, Neg) and isinstance(term.term, Plus):
        return tuple(negative(t) for t in terms_of(term.term))
    return (term,)


def factored(term: Expr) -> Factored:
    """The term as a coefficient and powers of bases."""
    known = _factored(term)
    return Factored(known.coefficient, dict(known.powers))


@remembered
def _factored(term: Expr) -> Factored:
    result = Factored()
    _gather(term, ONE, result)
    return result


def _gather(term: Expr, exponent: Expr, into: Factored) -> None:
    match term:
        case Times():
            for factor in cast("tuple[Expr, ...]", term.args):
                _gather(factor, exponent, into)
        case Quotient(numerator, denominator):
            _gather(numerator, exponent, into)
            _gather(denominator, multiply_exponents(exponent, MINUS_ONE), into)
        case Neg(inner) if exponent.is_Integer:
            if cast(Integer, exponent).p % 2:
                into.coefficient = -into.coefficient
            _gather(inner, exponent, into)
        case Rational() if exponent.is_Integer and not (term == 0 and exponent < 0):
            into.coefficient *= cast(Rational, term**exponent)
        case Power(base, inner) if _may_join(base, inner, exponent):
            value = number(inner)
            inner = inner if value is None else value
            _gather(base, multiply_exponents(inner, exponent), into)
        case _ if _is_inverse(term) and exponent.is_Integer:
            into.multiply(exp(term.args[0].term), cast(Expr, -exponent))
        case _:
            into.multiply(term, exponent)


def _may_join(base: Expr, inner: Expr, outer: Expr) -> bool:
    """May (base^inner)^outer be written base^(inner·outer), and its factors taken apart?"""
    value = number(inner)
    if value is not None and value.is_Integer and outer.is_Integer:
        return True
    if base.is_Rational:
        return bool(base > 0 and value is not None and outer.is_Integer)
    simple = not isinstance(base, Times | Quotient | Neg | Power)
    return simple and bool(outer.is_Integer)


@remembered
def key(term: Basic) -> Hashable:
    """A value equal for terms that differ in order of terms or factors, or in bound letters."""
    return _key(term, 0)


def _key(term: Basic, depth: int) -> Hashable:
    """A tuple always: SymPy, asked whether a number equals a tuple, would read the words in it."""
    match term:
        case Plus():
            return ("+", _bag(_key(t, depth) for t in terms_of(cast(Expr, term))))
        case Power(base, inner) if not _may_join(base, inner, ONE):
            return ("^", _key(base, depth), _key(inner, depth))
        case _ if _is_inverse(term):
            return ("*", ONE, _bag([(_key(exp(term.args[0].term), depth), _key(-ONE, depth))]))
        case Times() | Quotient() | Neg() | Power():
            view = factored(cast(Expr, term))
            parts = ((_base_key(b, e, depth), _key(e, depth)) for b, e in view.powers.items())
            return ("*", view.coefficient, _bag(parts))
        case Indexed() | Quantity() if all(isinstance(a, Symbol | Integer) for a in term.args[1:]):
            return ("", term)
        case _ if isinstance(term, BINDERS):
            body, *limits = term.args
            names = {t.args[0]: letter(f"_{depth + n}") for n, t in enumerate(limits)}
            ends = tuple(tuple(_key(e, depth) for e in t.args[1:]) for t in limits)
            inner = substitute(body, dict(names))
            return (type(term).__name__, ends, _key(inner, depth + len(limits)))
        case _ if not term.args:
            return ("", term)
        case _:
            return (type(term).__name__, *(_key(a, depth) for a in term.args))


def _written_as(term: Basic) -> type[Basic]:
    """The head, one for all that may be written as a product: other heads have other keys."""
    return Times if isinstance(term, Quotient | Neg | Power) or _is_inverse(term) else type(term)


def _is_inverse(term: Basic) -> bool:
    """Is it e^(−u), which is 1/e^u?  (SymPy, asked for an instance, looks for powers of e too.)"""
    return type(term) is sympy.exp and isinstance(term.args[0], Neg)


def _base_key(base: Expr, exponent: Expr, depth: int) -> Hashable:
    """(a − b)² is (b − a)²: under an even power the sign is forgotten."""
    if isinstance(base, Plus) and exponent.is_Integer and exponent.is_even:
        return frozenset((_key(base, depth), _key(negative(base), depth)))
    return _key(base, depth)


def _bag(parts: Iterable[Hashable]) -> Hashable:
    """The parts in no order, each as often as it occurs."""
    counts: dict[Hashable, int] = {}
    for part in parts:
        counts[part] = counts.get(part, 0) + 1
    return frozenset(counts.items())


@remembered
def tidy(term: Basic) -> Expr:
    """No factor 1, no double sign, no product with 0; numbers multiplied; nothing else moved."""
    made = _tidied(term)
    return cast(Expr, term) if made == term else made  # itself, so that what holds it is itself


def _tidied(term: Basic) -> Expr:
    if not term.args or isinstance(term, Indexed | Quantity | sympy.KroneckerDelta | sympy.Tuple):
        return cast(Expr, term)
    args = tuple(tidy(a) for a in term.args)
    match term:
        case Plus():
            return plus(*args)
        case Neg():
            inner = cast(Expr, args[0])
            if inner is ZERO:
                return ZERO
            return inner.term if isinstance(inner, Neg) else Neg(inner)
        case Times():
            return _tidy_product(args)
        case Quotient():
            return _tidy_quotient(*cast("tuple[Expr, Expr]", args))
        case Power():
            base, exponent = cast("tuple[Expr, Expr]", args)
            if exponent is ZERO:
                return ONE
            return base if exponent is ONE or base is ONE else Power(base, exponent)
        case Relational():
            return cast(Expr, Basic.__new__(term.func, *args))
        case _ if isinstance(term, BINDERS):
            nothing = args[0] is ZERO and (not isinstance(term, Product) or _surely_some(args[1:]))
            return ZERO if nothing else cast(Expr, rebuild(term, args))
        case _:
            return cast(Expr, rebuild(term, args))


def _surely_some(limits: Sequence[Any]) -> bool:
    """Has a product a factor at every size?  From 2 to K there is none at K = 1, and it is 1."""
    return all((t.args[2] - t.args[1]).is_nonnegative for t in limits)


def _tidy_product(args: Iterable[Expr]) -> Expr:
    sign, value = 1, ONE
    rest: list[Expr] = []
    for factor in times(*args).args if len(tuple(args)) > 1 else tuple(args):
        while isinstance(factor, Neg):
            sign, factor = -sign, factor.term
        if factor.is_Rational:
            value = value * factor
        else:
            rest.append(cast(Expr, factor))
    if value == 0:
        return ZERO
    if value.p < 0:
        sign, value = -sign, -value
    front = (
        [] if value == 1 else [Integer(value.p) if value.is_Integer else Quotient(value.p, value.q)]
    )
    body = times(*front, *rest)
    return Neg(body) if sign < 0 else body


def _tidy_quotient(top: Expr, bottom: Expr) -> Expr:
    sign = 1
    while isinstance(top, Neg):
        sign, top = -sign, top.term
    while isinstance(bottom, Neg):
        sign, bottom = -sign, bottom.term
    if top is ZERO:
        return ZERO
    body = top if bottom is ONE else Quotient(top, bottom)
    return Neg(body) if sign < 0 else body
