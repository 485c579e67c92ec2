"""Heads: what each head of a term means over generators.

Imports floor 0 and the other files of the judge.  To add a head: one row of `READ`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge import brackets, elementary, laws, masks
from symderiv.judge.atoms import Form, OutOfReach
from symderiv.judge.differential import equal
from symderiv.judge.forms import Ring
from symderiv.judge.indices import combined
from symderiv.judge.polynomials import added, constant, exact, negated, number_of
from symderiv.judge.reductions import delta
from symderiv.judge.sums import maximum_over, product_over, summed
from symderiv.judge.walk import Walk
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import name_of

Reader = Callable[[Walk, Any], Form]


def _plus(lines: Walk, term: Basic) -> Form:
    return added(*map(lines.form, term.args))


def _times(lines: Walk, term: Basic) -> Form:
    return masks.product(lines, cast("tuple[Expr, ...]", term.args))


def _quotient(lines: Walk, term: terms.Quotient) -> Form:
    return masks.product(lines, (term.numerator,), _inverse(lines, term.denominator))


def _inverse(lines: Walk, term: Expr) -> Form:
    """1/term, factor by factor as written, so that denominators stay small."""
    match term:
        case terms.Times():
            return lines.ring.multiplied(_inverse(lines, a) for a in term.args)
        case terms.Power(base, exponent) if exponent.is_Integer:
            return lines.ring.power(lines.form(base), -int(exponent))
        case _:
            return lines.ring.power(lines.form(term), -1)


def _power(lines: Walk, term: Any) -> Form:
    base, exponent = term.args
    value = number_of(lines.form(exponent))
    if isinstance(base, terms.Power) and isinstance(value, Fraction):
        inner = number_of(lines.form(base.exponent))  # (b^2)^(1/2) = |b|, for a sum b too
        if isinstance(inner, int) and inner % 2 == 0:
            size = elementary.absolute(lines.ring, lines.form(base.base))
            return lines.ring.power(size, exact(inner * value))
    return laws.power(lines.ring, lines.form(base), lines.form(exponent))


def _symbol(lines: Walk, term: Symbol) -> Form:
    if term.is_integer:
        return lines.ring.index_form(lines.index(term))
    return lines.ring.atom("scalar", term.name)


def _indexed(lines: Walk, term: Indexed) -> Form:
    return lines.ring.component(name_of(term), [lines.index(i) for i in term.indices])


def _quantity(lines: Walk, term: terms.Quantity) -> Form:
    return lines.stage(term.name, tuple(map(lines.index, term.indices)))


def _delta(lines: Walk, term: Basic) -> Form:
    a, b = term.args
    return delta(lines.ring, combined((lines.index(a), 1), (lines.index(b), -1)))


def _maximum(lines: Walk, term: terms.Maximum) -> Form:
    clipped = _without_clip(term)
    if clipped is not None:
        return lines.form(clipped)
    body, letters = lines.bound(term)
    if isinstance(term, terms.Minimum):
        return negated(maximum_over(lines.ring, negated(body), letters))
    return maximum_over(lines.ring, body, letters)


def _without_clip(term: terms.Maximum) -> Expr | None:
    """max_k max(u_k, c) = max(max_k u_k, c) and min(max_k u_k, c) alike, c without k."""
    inner = term.function
    if not isinstance(inner, sympy.Max | sympy.Min | terms.relu):
        return None
    letter = term.limits[0].args[0]
    fixed = [a for a in inner.args if letter not in free_letters(a)]
    moving = [a for a in inner.args if letter in free_letters(a)]
    if not moving or (not fixed and not isinstance(inner, terms.relu)):
        return None
    head = type(inner)
    u = moving[0] if len(moving) == 1 else terms.function_of(head, *moving)
    return terms.function_of(head, type(term)(u, *term.limits), *fixed)


def _partial(lines: Walk, term: sympy.Derivative) -> Form:
    body, *variables = term.args
    if len(variables) == 1 and isinstance(variables[0], Tuple) and variables[0].args[1] == 1:
        return lines.partial(cast(Expr, body), variables[0].args[0])
    for t in variables:
        for _ in range(int(t.args[1])):
            body = terms.D(body, t.args[0])
    return lines.form(body)


def _flat(term: Basic) -> Iterator[Basic]:
    """The terms of max(a, max(b, c)): a, b, c."""
    for a in term.args:
        yield from _flat(a) if type(a) is type(term) else (a,)


def _smallest(lines: Walk, term: Basic) -> Form:
    return negated(elementary.largest(lines.ring, [negated(lines.form(a)) for a in _flat(term)]))


def _call(lines: Walk, term: sympy.Function) -> Form:
    if len(term.args) != 1:
        raise OutOfReach(f"the function {type(term).__name__}")
    return elementary.applied(lines.ring, type(term).__name__, lines.form(term.args[0]))


def _iverson(lines: Walk, term: terms.Iverson) -> Form:
    condition = term.condition
    left, right = condition.args
    name = type(condition).__name__
    ring = lines.ring
    if name in ("Equality", "Unequality"):
        if all(masks.is_index(side, lines.problem.labels) for side in condition.args):
            same = delta(ring, combined((lines.index(left), 1), (lines.index(right), -1)))
        else:
            same = equal(ring, added(lines.form(left), negated(lines.form(right))))
        return same if name == "Equality" else added(constant(1), negated(same))
    match name:
        case "StrictGreaterThan":
            return _above(lines, brackets.bracket, left, right)
        case "GreaterThan":
            return _above(lines, brackets.at_least, left, right)
        case "StrictLessThan":
            return _above(lines, brackets.bracket, right, left)
        case "LessThan":
            return _above(lines, brackets.at_least, right, left)
        case _:
            raise OutOfReach(f"the condition {name}")


def _above(lines: Walk, test: Callable[[Ring, Form], Form], left: Basic, right: Basic) -> Form:
    """[left > right] or [left >= right]: above max(u, v) is above both, below it below one."""
    ring = lines.ring
    if isinstance(right, sympy.Max):
        return ring.multiplied(_above(lines, test, left, v) for v in right.args)
    if isinstance(left, sympy.Min):
        return ring.multiplied(_above(lines, test, u, right) for u in left.args)
    if isinstance(left, sympy.Max):
        pairs = [(u, right) for u in left.args]
    elif isinstance(right, sympy.Min):
        pairs = [(left, v) for v in right.args]
    else:
        return test(ring, added(lines.form(left), negated(lines.form(right))))
    none = (added(constant(1), negated(_above(lines, test, u, v))) for u, v in pairs)
    return added(constant(1), negated(ring.multiplied(none)))


READ: dict[type[Basic], Reader] = {
    sympy.Rational: lambda _, term: constant(exact(Fraction(int(term.p), int(term.q)))),
    type(sympy.pi): lambda lines, _: lines.ring.atom("pi"),
    type(sympy.E): lambda lines, _: laws.exp(lines.ring, constant(1)),
    Symbol: _symbol, Indexed: _indexed, terms.Quantity: _quantity,
    sympy.KroneckerDelta: _delta, terms.Iverson: _iverson,
    terms.Plus: _plus, sympy.Add: _plus, terms.Times: _times, sympy.Mul: _times,
    terms.Power: _power, sympy.Pow: _power, terms.Quotient: _quotient,
    terms.Neg: lambda lines, term: negated(lines.form(term.term)),
    sympy.Sum: lambda lines, term: summed(lines.ring, *lines.bound(term)),
    sympy.Product: lambda lines, term: product_over(lines.ring, *lines.bound(term)),
    terms.Maximum: _maximum, sympy.Derivative: _partial,
    sympy.Max: lambda lines, term: elementary.largest(lines.ring, map(lines.form, _flat(term))),
    sympy.Min: _smallest, sympy.Function: _call,
}  # fmt: skip
