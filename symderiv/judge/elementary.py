"""Functions expressed by others: sigmoid by exp, tan by sin and cos, relu by a bracket.

Imports differential, laws, brackets and what is below them.  To add a function: express it here
and name it in `ELEMENTARY`; one that cannot be expressed is a generator, a row in
`differential.CALLS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from symderiv.judge.atoms import Form, items
from symderiv.judge.brackets import at_least, bracket, sign
from symderiv.judge.differential import CALLS
from symderiv.judge.forms import Ring
from symderiv.judge.laws import call, exp, log
from symderiv.judge.polynomials import (
    added,
    constant,
    negated,
    number_of,
    scaled,
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


def sigmoid(ring: Ring, x: Form) -> Form:
    e = exp(ring, x)
    return ring.product(e, ring.power(added(constant(1), e), -1))


def softplus(ring: Ring, x: Form) -> Form:
    return log(ring, added(constant(1), exp(ring, x)))


def sinh(ring: Ring, x: Form) -> Form:
    return scaled(added(exp(ring, x), negated(exp(ring, negated(x)))), Fraction(1, 2))


def cosh(ring: Ring, x: Form) -> Form:
    return scaled(added(exp(ring, x), exp(ring, negated(x))), Fraction(1, 2))


def tanh(ring: Ring, x: Form) -> Form:
    return ring.product(sinh(ring, x), ring.power(cosh(ring, x), -1)) if x else {}


def tan(ring: Ring, x: Form) -> Form:
    return ring.product(call(ring, "sin", x), ring.power(call(ring, "cos", x), -1))


def erfc(ring: Ring, x: Form) -> Form:
    return added(constant(1), negated(call(ring, "erf", x)))


def acos(ring: Ring, x: Form) -> Form:
    return added(scaled(ring.atom("pi"), Fraction(1, 2)), negated(call(ring, "asin", x)))


def atanh(ring: Ring, x: Form) -> Form:
    """Both logarithms are real where it is, and nowhere else."""
    above, below = (log(ring, added(constant(1), side)) for side in (x, negated(x)))
    return scaled(added(above, negated(below)), Fraction(1, 2))


def _generator(name: str) -> Callable[[Ring, Form], Form]:
    return lambda ring, x: call(ring, name, x)


# what a function of one argument is, by its name


ELEMENTARY: dict[str, Callable[[Ring, Form], Form]] = {
    "exp": exp, "log": log, "sigmoid": sigmoid, "softplus": softplus, "relu": relu,
    "sinh": sinh, "cosh": cosh, "tanh": tanh, "tan": tan, "Abs": absolute, "sign": sign,
    "erfc": erfc, "acos": acos, "atanh": atanh,
    **{name: _generator(name) for name in CALLS},
}  # fmt: skip
