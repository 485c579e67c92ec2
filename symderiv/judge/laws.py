"""The analytic laws, declared: everything the judge believes of functions beyond algebra.

Each law is one row of `LAWS` (before, after, side condition) and is used in one place: here, in
`brackets`, `elementary`, `reductions` or `sums`.  The tests prove every row, and that none is
believed without its condition.  Positivity is inferred by `Ring.positive`.  Lines are compared
where both are real.

Imports forms, mapping, known and what is below them.  To add a law: a row in `LAWS`, and its use.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import NamedTuple

from symderiv.judge.atoms import IDEMPOTENT, Form, Generator, Number, OutOfReach, Undefined, items
from symderiv.judge.forms import Ring
from symderiv.judge.known import KNOWN
from symderiv.judge.mapping import REBUILD, REMADE, Change, mapped
from symderiv.judge.polynomials import (
    UNIT,
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
from symderiv.judge.signs import even_root

MOST_ANGLES = 4  # of a sum under a sine


class Law(NamedTuple):
    """A law believed: `before = after` under a side condition, c being any rational number."""

    before: str
    after: str
    condition: str = ""


LAWS = (
    Law("exp(a + b)", "exp(a)*exp(b)"),
    Law("exp(c*a)", "exp(a)**c"),
    Law("exp(c*log(a))", "a**c"),
    Law("log(exp(a))", "a"),
    Law("log(a*b)", "log(a) + log(b)", "a > 0"),
    Law("log(a**c)", "c*log(a)", "a > 0"),
    Law("log(a**2)", "2*log(abs(a))"),
    Law("log(a**3)", "3*log(a)"),
    Law("(a**2)**(1/2)", "abs(a)"),
    Law("(a*b)**c", "a**c*b**c", "a > 0"),
    Law("log(a**(1/2))", "log(a)/2"),
    Law("a**(b + c)", "a**b*a**c", "a > 0"),
    Law("a**b*a**d", "a**(b + d)"),
    Law("a**b", "exp(b*log(a))", "a > 0"),
    Law("a*cos(pi/6)", "a*sqrt(3)/2"),
    Law("sin(a)**2", "1 - cos(a)**2"),
    Law("sin(a + 2*b)", "sin(a)*cos(2*b) + cos(a)*sin(2*b)"),
    Law("cos(a + 2*b)", "cos(a)*(2*cos(b)**2 - 1) - 2*sin(a)*sin(b)*cos(b)"),
    Law("cbrt(a)**3", "a"),
    Law("cbrt(a*b)", "cbrt(a)*cbrt(b)"),
    Law("abs(a)", "a*iverson(a > 0) - a*iverson(-a > 0)"),
    Law("sign(a)", "iverson(a > 0) - iverson(-a > 0)"),
    Law("relu(a)", "a*iverson(a > 0)"),
    Law("max(a, b)", "b + (a - b)*iverson(a - b > 0)"),
    Law("max(a, b, d)", "max(a, max(b, d))"),
    Law("iverson(a > max(b, d))", "iverson(a > b)*iverson(a > d)"),
    Law(
        "iverson(a > b*iverson(d > 0))",
        "iverson(d > 0)*iverson(a > b) + (1 - iverson(d > 0))*iverson(a > 0)",
    ),
    Law("iverson(a >= 0)", "1 - iverson(-a > 0)"),
    Law("iverson(a*b > 0)", "iverson(b > 0)", "a > 0"),
    Law("iverson(a[j] > max(a[k], k))", "0"),
    Law("a[j]*iverson(j >= 2)*iverson(j <= 3)", "a[2]*delta(j,2) + a[3]*delta(j,3)"),
    Law("sum(a[k+1], (k, 1, K-1))", "sum(a[k], (k, 2, K))"),
    Law("prod(exp(a[k]), k)", "exp(sum(a[k], k))"),
    *(Law(*law) for row in KNOWN.values() for law in row.laws()),
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
        if _alone(ring, g, e):
            accumulate(total, _log_generator(ring, g), e)
        elif isinstance(e, int) and ring.even(g, e):
            absolute_value = ring.product({((g, 1),): 1}, ring.sign_of(g))
            accumulate(total, _log_of(ring, absolute_value), e)
        else:
            opaque.append((g, e))
    sign = -1 if c < 0 else 1
    if len(rest) > 1 and ((not opaque and sign == 1) or ring.positive(rest)):
        accumulate(total, _log_of(ring, rest))
        rest = {UNIT: 1}
    power = 1
    if opaque and rest == {UNIT: 1} and all(isinstance(e, int) for _, e in opaque):
        # an odd power is positive where what it is a power of is
        power = gcd(*(int(e) for _, e in opaque))
        opaque = [(g, int(e) // power) for g, e in opaque]
    remaining = ring.product({tuple(opaque): sign}, rest)
    if remaining != {UNIT: 1}:
        accumulate(total, _log_of(ring, remaining), power)
    return {m: exact(x) for m, x in total.items()}


def _alone(ring: Ring, g: int, e: Number) -> bool:
    """Is g positive wherever a product that g**e is a factor of is positive?"""
    if ring.table[g].kind in IDEMPOTENT:
        return False
    return bool(ring.sign(g)) or even_root(e)


def _log_generator(ring: Ring, g: int) -> Form:
    gen = ring.table[g]
    match gen.kind:
        case "exp":
            return {gen.data[0]: 1}
        case "den":
            return _log_of(ring, dict(gen.data[0]))
        case "power":
            return ring.product(log(ring, dict(gen.data[0])), dict(gen.data[1]))
        case _:
            return _log_of(ring, {((g, 1),): 1})


def _log_of(ring: Ring, form: Form) -> Form:
    if not form:
        raise Undefined("log of 0")
    return ring.atom("log", items(form))


def power(ring: Ring, base: Form, exponent: Form) -> Form:
    """A form to a form: the rational part of the exponent apart, the rest as a generator.

    Of what may be negative the whole part alone: b^(a + 3/2) is b b^(a + 1/2).
    """
    value = number_of(exponent)
    if value is not None:
        return ring.power(base, value)
    whole = exponent.get(UNIT, 0)
    symbolic = {m: c for m, c in exponent.items() if m != UNIT}
    if isinstance(whole, Fraction) and not ring.positive(base):
        symbolic[UNIT] = whole % 1
        whole = exact(whole - symbolic[UNIT])
    if number_of(base) == 0:
        raise OutOfReach("a power of 0")
    c, exponents, rest = ring.factored(base)
    positive: Form = {}
    if c != 1:
        accumulate(positive, log(ring, constant(magnitude(c))))
    opaque: list[tuple[int, Number]] = []
    for g, e in sorted(exponents.items()):
        if ring.positive_base(g, e):
            accumulate(positive, _log_generator(ring, g), e)
        else:
            opaque.append((g, e))
    if len(rest) > 1 and c > 0 and ring.positive(rest):
        accumulate(positive, _log_of(ring, rest))
        rest = {UNIT: 1}
    remaining = ring.product({tuple(opaque): -1 if c < 0 else 1}, rest)
    result = exp(ring, ring.product(positive, symbolic))
    if len(remaining) == 1 and c > 0 and all(ring.power_sign(g, e) for g, e in opaque):
        parts = [_calm_power(ring, g, e, symbolic) for g, e in opaque]
        result = ring.multiplied([result, *parts])
    elif len(remaining) == 1 and ring.integral(symbolic):
        result = ring.product(result, _whole_power(ring, remaining, symbolic))
    elif remaining != {UNIT: 1}:
        result = ring.product(result, _opaque_power(ring, remaining, symbolic))
    return ring.product(result, ring.power(base, whole)) if whole else result


def _whole_power(ring: Ring, monomial: Form, exponent: Form) -> Form:
    """(-a b^2)^n = (-1)^n a^n b^(2n) for a whole n, whatever the signs of a and b."""
    ((m, sign),) = monomial.items()
    parts = [_opaque_power(ring, {UNIT: sign}, exponent)] if sign != 1 else []
    for g, e in m:
        inner = 1 if isinstance(e, int) else e
        raised_to = scaled(exponent, e) if isinstance(e, int) else exponent
        parts.append(_opaque_power(ring, {((g, inner),): 1}, raised_to))
    return ring.multiplied(parts)


def _calm_power(ring: Ring, g: int, e: Number, exponent: Form) -> Form:
    """(g^e)^exponent where g^e is not negative: (b^u)^v = b^(uv) for b >= 0."""
    gen = ring.table[g]
    if not (ring.sign(g) or even_root(e)):
        return _opaque_power(ring, {((g, e),): 1}, exponent)
    exponent = scaled(exponent, e)
    if gen.kind == "power":
        base, inner = gen.data
        return power(ring, dict(base), ring.product(dict(inner), exponent))
    if gen.kind == "den":
        return power(ring, dict(gen.data[0]), exponent)
    return _opaque_power(ring, {((g, 1),): 1}, exponent)


def _opaque_power(ring: Ring, base: Form, exponent: Form) -> Form:
    """base**exponent of a base that may be negative, split over the terms of the exponent.

    So it holds of complex numbers too, b^(u + v) = b^u b^v; b^(u/2) is not the root of b^u.
    """
    key, calm = items(base), ring.sure(base)
    powers: list[tuple[int, Number]] = []
    kept: Form = {}
    for m, c in exponent.items():
        if calm and m == UNIT:
            continue  # as a root, which is apart
        if calm or isinstance(c, int):
            powers.append((ring.table.number("power", key, ((m, 1),)), c))
        else:
            kept[m] = c
    if kept:
        powers.append((ring.table.number("power", key, items(kept)), 1))
    root = ring.power(base, exponent.get(UNIT, 0) if calm else 0)
    return ring.product(ring.monomial(tuple(sorted(powers))), root)


def call(ring: Ring, name: str, form: Form) -> Form:
    """A function of a form as a generator, by its symmetry the sign of its argument chosen."""
    symmetry = KNOWN[name].symmetry
    if not symmetry:
        if number_of(form) is not None:
            raise OutOfReach(f"{name} of a number")
        return ring.atom("call", name, items(form))
    turns = _of_pi(ring, form) if name in ("sin", "cos") else None
    if turns is not None:
        return _at_angle(ring, turns if name == "cos" else turns - Fraction(1, 2))
    if not form and symmetry == "odd":
        return {}
    if name in ("sin", "cos") and _is_unfolded(form):
        return _unfolded(ring, name, form)
    if name == "cbrt" and len(form) == 1:
        return _cbrt(ring, form)
    if form and ring.leading(form)[1] < 0:
        turned = ring.atom("call", name, items(negated(form)))
        return turned if symmetry == "even" else negated(turned)
    return ring.atom("call", name, items(form))


def _cbrt(ring: Ring, form: Form) -> Form:
    """The cube root of one term, factor by factor, whatever their signs."""
    ((m, c),) = form.items()
    split = [(g, e) for g, e in m if isinstance(e, int) and ring.table[g].kind not in IDEMPOTENT]
    rest = {tuple(factor for factor in m if factor not in split): magnitude(c)}
    roots = [ring.power(ring.atom("call", "cbrt", items({((g, 1),): 1})), e) for g, e in split]
    if rest != {UNIT: 1}:
        roots.append(ring.atom("call", "cbrt", items(rest)))
    return scaled(ring.multiplied([constant(1), *roots]), 1 if c > 0 else -1)


def _is_unfolded(form: Form) -> bool:
    """Is an angle a sum of few angles, each as often as it stands in it?"""
    whole = all(isinstance(c, int) for c in form.values())
    return whole and 1 < sum(map(magnitude, form.values())) <= MOST_ANGLES


def _unfolded(ring: Ring, name: str, form: Form) -> Form:
    """sin(a + b) = sin a cos b + cos a sin b, one angle after another."""
    sine: Form = {}
    cosine = constant(1)
    for m, c in form.items():
        sign = 1 if c > 0 else -1
        own = [scaled(call(ring, "sin", {m: 1}), sign), call(ring, "cos", {m: 1})]
        for _ in range(int(magnitude(c))):
            both = ring.product(sine, own[1]), ring.product(cosine, own[0])
            cosine = added(ring.product(cosine, own[1]), negated(ring.product(sine, own[0])))
            sine = added(*both)
    return sine if name == "sin" else cosine


def _of_pi(ring: Ring, form: Form) -> Fraction | None:
    """The multiple of pi that an angle is, where its sine has a value in square roots."""
    if not form:
        return Fraction(0)
    ((m, c),) = form.items() if len(form) == 1 else (((), 0),)
    alone = len(m) == 1 and m[0][1] == 1 and ring.table[m[0][0]].kind == "pi"
    return Fraction(c) if alone and Fraction(c).denominator in (1, 2, 3, 4, 6) else None


def _at_angle(ring: Ring, turns: Fraction) -> Form:
    """cos(turns * pi), by symmetry from the angles up to a right one."""
    turns = abs((turns + 1) % 2 - 1)
    sign = -1 if turns > Fraction(1, 2) else 1
    turns = 1 - turns if sign < 0 else turns
    squares = {0: 4, Fraction(1, 6): 3, Fraction(1, 4): 2, Fraction(1, 3): 1, Fraction(1, 2): 0}
    root = ring.power(constant(Fraction(squares[turns], 4)), Fraction(1, 2))
    return scaled(root, sign)


def _call(ring: Ring, gen: Generator, change: Change) -> Form:
    return call(ring, gen.data[0], mapped(ring, dict(gen.data[1]), change))


REMADE |= {"exp": exp, "log": log, "power": power}
REBUILD["call"] = _call
