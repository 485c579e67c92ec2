"""The analytic laws, declared: everything the judge believes of functions beyond algebra.

Each law is one row of `LAWS` (before, after, side condition), and one place in this file uses it.
Positivity is inferred by `Ring.positive`.  Lines are compared where both are real.

Imports forms, mapping, reductions, atoms and indices.  To add a function: express it by those
already here in `ELEMENTARY`, or leave it a generator by `call` with a derivative in `differential`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from symderiv.judge.atoms import Form, Generator, Number, OutOfReach, items
from symderiv.judge.forms import (
    UNIT,
    Ring,
    accumulate,
    added,
    constant,
    exact,
    factors_of,
    magnitude,
    negated,
    number_of,
    scaled,
)
from symderiv.judge.indices import letter_index
from symderiv.judge.mapping import Change, mapped, rebuilds, relabel


class Law(NamedTuple):
    """A law believed: `before = after` under a side condition."""

    before: str
    after: str
    condition: str = ""


LAWS = (
    Law("exp(a + b)", "exp(a) exp(b)"),
    Law("exp(c a)", "exp(a)**c", "c rational"),
    Law("exp(c log(a))", "a**c", "c rational"),
    Law("log(exp(a))", "a"),
    Law("log(a b)", "log(a) + log(b)", "a > 0"),
    Law("log(a**c)", "c log(a)", "a > 0, or the only factor and -1 < c < 1; c rational"),
    Law("log(a**c)", "c log(|a|)", "c even"),
    Law("(a**b)**c", "|a|**(b c)", "b even, b c an integer"),
    Law("(a b)**c", "a**c b**c", "a > 0, or c an integer"),
    Law("a**(b + c)", "a**b a**c", "a > 0, or not 0"),
    Law("a**b", "exp(b log(a))", "a > 0"),
    Law("sigmoid(a)", "exp(a)/(1 + exp(a))"),
    Law("softplus(a)", "log(1 + exp(a))"),
    Law("sinh(a)", "(exp(a) - exp(-a))/2"),
    Law("cosh(a)", "(exp(a) + exp(-a))/2"),
    Law("tanh(a)", "(exp(a) - exp(-a))/(exp(a) + exp(-a))"),
    Law("tan(a)", "sin(a)/cos(a)"),
    Law("sin(a)**2", "1 - cos(a)**2"),
    Law("sin(-a)", "-sin(a)"),
    Law("cos(-a)", "cos(a)"),
    Law("erf(-a)", "-erf(a)"),
    Law("abs(a)", "a [a > 0] - a [-a > 0]"),
    Law("sign(a)", "[a > 0] - [-a > 0]"),
    Law("relu(a)", "a [a > 0]"),
    Law("max(a, b)", "b + (a - b) [a - b > 0]"),
    Law("[a >= 0]", "1 - [-a > 0]"),
    Law("[a b > 0]", "[a > 0]", "b > 0"),
    Law("[a_j > max_k a_k]", "0", "j in the range of k"),
    Law("prod_k exp(a_k)", "exp(sum_k a_k)"),
)


def exp(ring: Ring, form: Form) -> Form:
    """e to a form."""
    exponents: list[tuple[int, Number]] = []
    powers: Form = {UNIT: 1}
    for m, c in form.items():
        if len(m) == 1 and m[0][1] == 1 and ring.table[m[0][0]].kind == "log":
            powers = ring.product(powers, ring.power(dict(ring.table[m[0][0]].data[0]), c))
        else:
            exponents.append((ring.table.number("exp", m), c))
    return ring.product(powers, {tuple(sorted(exponents)): 1})


def log(ring: Ring, form: Form) -> Form:
    """The logarithm of a form, split over its positive factors."""
    c, exponents, rest = ring.factored(form)
    total: Form = {}
    for prime, n in factors_of(magnitude(c)).items():
        accumulate(total, _log_of(ring, constant(prime)), n)
    opaque: list[tuple[int, Number]] = []
    for g, e in sorted(exponents.items()):
        if ring.positive_power(g, e):
            accumulate(total, _log_generator(ring, g), e)
        elif isinstance(e, int) and e % 2 == 0:
            absolute_value = ring.product({((g, 1),): 1}, ring.sign_of(g))
            accumulate(total, _log_of(ring, absolute_value), e)
        else:
            opaque.append((g, e))
    sign = -1 if c < 0 else 1
    if len(rest) > 1 and ((not opaque and sign == 1) or ring.positive(rest)):
        accumulate(total, _log_of(ring, rest))
        rest = {UNIT: 1}
    remaining = ring.product({tuple(opaque): sign}, rest)
    if remaining != {UNIT: 1}:
        accumulate(total, _log_of(ring, remaining))
    return {m: exact(x) for m, x in total.items()}


def _log_generator(ring: Ring, g: int) -> Form:
    gen = ring.table[g]
    match gen.kind:
        case "exp":
            return {gen.data[0]: 1}
        case "den":
            return _log_of(ring, dict(gen.data[0]))
        case "power":
            return ring.product(log(ring, dict(gen.data[0])), {gen.data[1]: 1})
        case _:
            return _log_of(ring, {((g, 1),): 1})


def _log_of(ring: Ring, form: Form) -> Form:
    if not form:
        raise OutOfReach("log of 0")
    return ring.atom("log", items(form))


def power(ring: Ring, base: Form, exponent: Form) -> Form:
    """A form to a form: the rational part of the exponent apart, the rest as a generator."""
    value = number_of(exponent)
    if value is not None:
        return ring.power(base, value)
    whole = exponent.get(UNIT, 0)
    symbolic = {m: c for m, c in exponent.items() if m != UNIT}
    if number_of(base) == 0:
        raise OutOfReach("a power of 0")
    c, exponents, rest = ring.factored(base)
    positive: Form = {}
    if c != 1:
        accumulate(positive, log(ring, constant(magnitude(c))))
    opaque: list[tuple[int, Number]] = []
    for g, e in sorted(exponents.items()):
        if ring.positive_power(g, e):
            accumulate(positive, _log_generator(ring, g), e)
        else:
            opaque.append((g, e))
    if len(rest) > 1 and c > 0 and ring.positive(rest):
        accumulate(positive, _log_of(ring, rest))
        rest = {UNIT: 1}
    remaining = ring.product({tuple(opaque): -1 if c < 0 else 1}, rest)
    result = exp(ring, ring.product(positive, symbolic))
    if remaining != {UNIT: 1}:
        key = items(remaining)
        powers = sorted((ring.table.number("power", key, m), c) for m, c in symbolic.items())
        result = ring.product(result, {tuple(powers): 1})
    return ring.product(result, ring.power(base, whole)) if whole else result


def call(ring: Ring, name: str, form: Form) -> Form:
    """sin, cos or erf of a form, as a generator with the sign of its argument chosen."""
    if not form:
        return constant(1 if name == "cos" else 0)
    if ring.leading(form)[1] < 0:
        even = ring.atom("call", name, items(negated(form)))
        return even if name == "cos" else negated(even)
    return ring.atom("call", name, items(form))


def bracket(ring: Ring, form: Form) -> Form:
    """[form > 0]: 1, 0 or a generator over the form without its positive factors."""
    value = number_of(form)
    if value is not None:
        return constant(1 if value > 0 else 0)
    if ring.positive(form):
        return {UNIT: 1}
    if ring.sure(negated(form)) or _over_maximum(ring, form):
        return {}
    c, exponents, rest = ring.factored(form)
    kept = [
        (g, e if e > 0 else e % 2)
        for g, e in sorted(exponents.items())
        if not ring.positive_power(g, e) and (e > 0 or e % 2)
    ]
    inner = ring.product({tuple(kept): 1 if c > 0 else -1}, rest)
    if ring.integral(inner):
        return _integer_bracket(ring, inner)
    return ring.atom("iverson", items(inner))


def _over_maximum(ring: Ring, form: Form) -> bool:
    """Is the form a positive multiple of z_j - max_k z_k, for an index j in the range of k?"""
    for m, c in form.items():
        if c < 0 and len(m) == 1 and m[0][1] == 1 and ring.table[m[0][0]].kind == "maximum":
            start, ranges, body = ring.table[m[0][0]].data
            rest = scaled({n: d for n, d in form.items() if n != m}, Fraction(-1) / c)
            for name in {x for n in rest for g, _ in n for x in ring.table[g].letters}:
                inside = ring.ranges.get(name) == ranges[0] or name in ring.labels
                moved = {f"#{start}": letter_index(name)}
                if inside and relabel(ring, dict(body), moved) == rest:
                    return True
    return False


def at_least(ring: Ring, form: Form) -> Form:
    """[form >= 0]."""
    if ring.integral(form):
        return bracket(ring, added(form, constant(1)))
    return added(constant(1), negated(bracket(ring, negated(form))))


def _integer_bracket(ring: Ring, form: Form) -> Form:
    lowest, highest = bound(ring, form, 1), bound(ring, form, -1)
    if lowest is not None and lowest > 0:
        return {UNIT: 1}
    if highest is not None and highest <= 0:
        return {}
    return ring.atom("iverson", items(form))


def bound(ring: Ring, form: Form, side: int) -> Number | None:
    """The least (side 1) or greatest (side -1) value of a linear form of letters, if known."""
    over_sizes: Form = {}
    for m, c in form.items():
        if m and (len(m) > 1 or m[0][1] != 1):
            return None
        name = ring.table[m[0][0]].data[0] if m else ""
        if name in ring.ranges:
            low, high = ring.ranges[name]
            end = low if (c > 0) == (side > 0) else high
            accumulate(over_sizes, ring.index_form(end), c)
        else:
            accumulate(over_sizes, {m: c})
    total: Number = 0
    for m, c in over_sizes.items():
        if m and (ring.table[m[0][0]].data[0] not in ring.sizes or (c > 0) != (side > 0)):
            return None
        total += c
    return total


# -- functions expressed by others -----------------------------------------------------------


def absolute(ring: Ring, x: Form) -> Form:
    if ring.sure(x):
        return x
    return ring.product(x, sign(ring, x))


def sign(ring: Ring, x: Form) -> Form:
    return added(bracket(ring, x), negated(bracket(ring, negated(x))))


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


# what a function of one argument is, by its name
ELEMENTARY: dict[str, Callable[[Ring, Form], Form]] = {
    "exp": exp, "log": log, "sigmoid": sigmoid, "softplus": softplus, "relu": relu,
    "sinh": sinh, "cosh": cosh, "tanh": tanh, "tan": tan, "Abs": absolute, "sign": sign,
    "sin": lambda ring, x: call(ring, "sin", x),
    "cos": lambda ring, x: call(ring, "cos", x),
    "erf": lambda ring, x: call(ring, "erf", x),
}  # fmt: skip


# -- made again from changed parts -----------------------------------------------------------


@rebuilds("exp")
def _exp(ring: Ring, gen: Generator, change: Change) -> Form:
    return exp(ring, mapped(ring, {gen.data[0]: 1}, change))


@rebuilds("log")
def _log(ring: Ring, gen: Generator, change: Change) -> Form:
    return log(ring, mapped(ring, dict(gen.data[0]), change))


@rebuilds("power")
def _power(ring: Ring, gen: Generator, change: Change) -> Form:
    base, exponent = gen.data
    return power(ring, mapped(ring, dict(base), change), mapped(ring, {exponent: 1}, change))


@rebuilds("call")
def _call(ring: Ring, gen: Generator, change: Change) -> Form:
    return call(ring, gen.data[0], mapped(ring, dict(gen.data[1]), change))


@rebuilds("iverson")
def _iverson(ring: Ring, gen: Generator, change: Change) -> Form:
    return bracket(ring, mapped(ring, dict(gen.data[0]), change))
