"""Functions of one number as forms: by others, by a bracket, or as a generator.

Imports laws, brackets, known and what is below them.  To add a function: its row in `known`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from fractions import Fraction

from symderiv.judge.atoms import Form, OutOfReach, items
from symderiv.judge.brackets import at_least, bracket, sign
from symderiv.judge.forms import Ring
from symderiv.judge.known import KNOWN, formula_of
from symderiv.judge.laws import call, exp, log
from symderiv.judge.polynomials import (
    added,
    constant,
    negated,
    number_of,
)


def absolute(ring: Ring, x: Form) -> Form:
    if ring.sure(x):
        return x
    return ring.product(x, sign(ring, x))


def relu(ring: Ring, x: Form) -> Form:
    return ring.product(x, bracket(ring, x)) if x else {}


def maximum(ring: Ring, a: Form, b: Form) -> Form:
    """b + (a - b)[a - b > 0], the two in one order."""
    difference = added(a, negated(b))
    if not difference:
        return a
    if not a:
        return relu(ring, b)
    if number_of(difference) is None and ring.leading(difference)[1] < 0:
        a, b, difference = b, a, negated(difference)
    return added(b, relu(ring, difference))


def largest(ring: Ring, forms: Iterable[Form]) -> Form:
    """The maximum of several: each times [it is above those before and not below those after]."""
    distinct = [dict(form) for form in sorted({items(form) for form in forms})]
    if len(distinct) == 1:
        return distinct[0]
    if len(distinct) == 2:
        return maximum(ring, *distinct)
    total: Form = {}
    for n, form in enumerate(distinct):
        wins = constant(1)
        for m, other in enumerate(distinct):
            if m < n:
                above = bracket(ring, added(form, negated(other)))
            elif m > n:
                above = at_least(ring, added(form, negated(other)))
            wins = wins if m == n else ring.product(wins, above)
        total = added(total, ring.product(form, wins))
    return total


def written(ring: Ring, node: ast.expr, a: Form) -> Form:
    """A formula of `known` in `a`, at a form."""
    match node:
        case ast.Name("a"):
            return a
        case ast.Name("pi"):
            return ring.atom("pi")
        case ast.Constant(int() as value):
            return constant(value)
        case ast.UnaryOp(ast.USub(), inner):
            return negated(written(ring, inner, a))
        case ast.BinOp(base, ast.Pow(), exponent):
            return ring.power(written(ring, base, a), ast.literal_eval(exponent))
        case ast.BinOp(left, operation, right):
            first, second = written(ring, left, a), written(ring, right, a)
            match operation:
                case ast.Add():
                    return added(first, second)
                case ast.Sub():
                    return added(first, negated(second))
                case ast.Mult():
                    return ring.product(first, second)
                case ast.Div():
                    return ring.product(first, ring.power(second, -1))
        case ast.Call(ast.Name("sqrt"), [argument]):
            return ring.power(written(ring, argument, a), Fraction(1, 2))
        case ast.Call(ast.Name(name), [argument]):
            return applied(ring, name, written(ring, argument, a))
    raise TypeError(f"no form of {ast.unparse(node)}")


def slope(ring: Ring, name: str, a: Form) -> Form:
    """The derivative of a function that is a generator, at its argument."""
    return written(ring, formula_of(KNOWN[name].slope), a)


# what is said by a bracket or by the ring itself
_OWN: dict[str, Callable[[Ring, Form], Form]] = {
    "exp": exp, "log": log, "relu": relu, "Abs": absolute, "sign": sign,
}  # fmt: skip


def applied(ring: Ring, name: str, a: Form) -> Form:
    """A function of one number, by its name, at a form.

    Raises OutOfReach where the judge does not know it.
    """
    if name in _OWN:
        return _OWN[name](ring, a)
    if name not in KNOWN:
        raise OutOfReach(f"the function {name}")
    row = KNOWN[name]
    return written(ring, formula_of(row.formula), a) if row.formula else call(ring, name, a)
