"""Forms: polynomials over generators, with rational exponents and coefficients.

A form is a dict from monomials to rational coefficients; a monomial is a sorted tuple of
(generator, exponent).  Here is the arithmetic in which no generator has a law of its own.

Imports atoms only.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symderiv.judge.atoms import Form, Monomial, Number

UNIT: Monomial = ()


def exact(number: Number) -> Number:
    """An int where it is one: ints are fast."""
    if type(number) is int:  # Fraction is an abstract class as well, slow to ask for
        return number
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number


def magnitude(number: Number) -> Number:
    """The absolute value."""
    return -number if number < 0 else number


def total_size(form: Form) -> Fraction:
    """The sum of the sizes of a form's coefficients."""
    return sum((Fraction(magnitude(c)) for c in form.values()), Fraction(0))


def constant(value: Number) -> Form:
    """The form that is a number."""
    return {UNIT: exact(value)} if value else {}


def number_of(form: Form) -> Number | None:
    """The number that a form is, or None."""
    if not form:
        return 0
    return form[UNIT] if len(form) == 1 and UNIT in form else None


def accumulate(total: Form, form: Form, factor: Number = 1) -> None:
    """total += factor * form, in place."""
    for monomial, c in form.items():
        new = total.get(monomial, 0) + c * factor
        if new:
            total[monomial] = new
        else:
            total.pop(monomial, None)


def added(*forms: Form) -> Form:
    """The sum of forms."""
    total: Form = {}
    for form in forms:
        accumulate(total, form)
    return total


def scaled(form: Form, factor: Number) -> Form:
    """A form times a number."""
    return {m: exact(c * factor) for m, c in form.items()} if factor else {}


def negated(form: Form) -> Form:
    """Minus a form."""
    return {m: -c for m, c in form.items()}


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product of monomials, laws of generators not yet applied."""
    if not a or not b:
        return a or b
    total = dict(a)
    for g, e in b:
        new = total.get(g, 0) + e
        if new:
            total[g] = new if type(new) is int else exact(new)
        else:
            del total[g]
    return tuple(sorted(total.items()))


def raised(monomial: Monomial, power: Number) -> Monomial:
    """A monomial to a power, laws of generators not yet applied."""
    return tuple((g, exact(e * power)) for g, e in monomial)


def at(form: Form, values: Mapping[int, int]) -> Form:
    """The form where some of its brackets are 1 and others 0."""
    total: Form = {}
    for m, c in form.items():
        if all(values.get(g, 1) for g, _ in m):
            accumulate(total, {tuple((g, e) for g, e in m if g not in values): c})
    return total


def factors_of(value: Number) -> dict[int, int]:
    """The prime factors of a positive rational number, with their exponents."""
    found: dict[int, int] = {}
    for part, step in ((value.numerator, 1), (value.denominator, -1)):
        rest, p = part, 2
        while p * p <= rest and p < 100_000:
            while rest % p == 0:
                found[p] = found.get(p, 0) + step
                rest //= p
            p += 1
        if rest > 1:
            found[rest] = found.get(rest, 0) + step
    return found
