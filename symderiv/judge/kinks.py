"""Kinks: at which points does a line with a derivative in it claim nothing?

Gives `Slope`, the derivative of a form together with its kinks: the conditions of brackets in the
form that depend on the variable, and ties for a maximum.  Where the form and its derivative from
either side agree there is no kink: abs(x)*sign(x) has the derivative 1 at 0, and x**2 no bracket.

Imports zero, binding and what is below them.
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.judge.atoms import ANYTHING, BINDING, Form, forms_in
from symderiv.judge.binding import free_letters, indices_in, opened, placings
from symderiv.judge.differential import equal
from symderiv.judge.forms import Ring
from symderiv.judge.mapping import relabel
from symderiv.judge.polynomials import added, at, exact, negated, total_size
from symderiv.judge.zero import brackets_of, implied, may_vanish, vanishes
from symderiv.records import dataclass


@dataclass(frozen=True)
class Slope:
    """A derivative as a form; `tied` are conditions at whose zeros it may not exist, at any
    indices, and `smooth` those at whose zeros it is known to exist.
    """

    form: Form
    tied: tuple[Form, ...]
    smooth: tuple[Form, ...]

    def leaves_out(self, ring: Ring, condition: Form) -> bool:
        """Is nothing claimed of the derivative where a condition is 0?"""
        if any(is_instance(ring, pattern, condition) for pattern in self.smooth):
            return False
        return any(is_instance(ring, pattern, condition) for pattern in self.tied)


def slope_of(ring: Ring, form: Form, derivative: Form, names: frozenset[str]) -> Slope:
    """The derivative of a form by an array or scalar, on which `names` depend, and its kinks."""
    places = [
        (condition, context)
        for condition, context in conditions(ring, form, frozenset())
        if any((names | {ANYTHING}) & ring.table[g].names for m in condition for g, _ in m)
    ]
    smooth: list[Form] = []
    for g in brackets_of(ring, derivative) if places else ():
        condition = dict(ring.table[g].data[0])
        if condition in smooth or negated(condition) in smooth:
            continue
        if ring.integral(condition) or may_vanish(ring, condition):
            continue
        mine = [(p, f) for p, f in places if is_instance(ring, p, condition)]
        joined = all(f is not None and _joins(ring, f, p) for p, f in mine)
        if joined and _joins(ring, derivative, condition):
            smooth.append(condition)
            derivative = _closed(ring, derivative, condition)
    return Slope(derivative, tuple(p for p, _ in places), tuple(smooth))


def _joins(ring: Ring, form: Form, condition: Form) -> bool:
    """Do the values of a form where a condition is positive and negative agree where it is 0?"""
    above, below = _sides(ring, form, condition)
    return vanishes(ring, added(above, negated(below)), condition)


def _sides(ring: Ring, form: Form, condition: Form) -> tuple[Form, Form]:
    brackets = brackets_of(ring, form)
    above = at(form, implied(ring, condition, brackets))
    return above, at(form, implied(ring, negated(condition), brackets))


def _closed(ring: Ring, form: Form, condition: Form) -> Form:
    """The form with its limit for a value where a condition is 0."""
    there = at(form, dict.fromkeys(_twins(ring, form, condition), 0))
    gap = added(_sides(ring, form, condition)[0], negated(there))
    if vanishes(ring, gap, condition):
        return form
    return added(form, ring.product(gap, equal(ring, condition)))


def _twins(ring: Ring, form: Form, condition: Form) -> list[int]:
    """The brackets [f > 0] and [-f > 0] in a form."""
    sides = (condition, negated(condition))
    return [g for g in brackets_of(ring, form) if dict(ring.table[g].data[0]) in sides]


def conditions(ring: Ring, form: Form, avoid: frozenset[str]) -> Iterator[tuple[Form, Form | None]]:
    """The conditions of the brackets and ties in a form, letters that are bound made free, each
    with the form in which its bracket is a factor of terms, if it is one.
    """
    for g in sorted({g for m in form for g, _ in m}):
        if not _switches(ring, g):
            continue
        gen = ring.table[g]
        if gen.kind == "iverson":
            yield dict(gen.data[0]), form
        if gen.kind not in BINDING:
            for part in forms_in(gen.kind, gen.data):  # what is continuous in it is in the whole
                yield from conditions(ring, dict(part), avoid)
        else:
            body, letters = opened(ring, gen, avoid)
            if gen.kind == "maximum":
                yield added(body, negated({((g, 1),): 1})), None
            inner = conditions(ring, body, avoid | letters.keys())
            yield from inner if gen.kind == "sum" else ((c, None) for c, _ in inner)


def _switches(ring: Ring, g: int) -> bool:
    """Is there a bracket or a maximum in a generator?"""
    memo = ring.memo.setdefault("switches", {})
    if g not in memo:
        gen = ring.table[g]
        own = gen.kind in ("iverson", "maximum")
        memo[g] = own or any(_switches(ring, part) for part in gen.parts)
    return bool(memo[g])


def is_instance(ring: Ring, pattern: Form, form: Form) -> bool:
    """Is a form the pattern at some indices, up to a factor that is a number?"""
    if len(form) != len(pattern):
        return False
    scale = total_size(pattern) / total_size(form)
    above = {m: exact(c * scale) for m, c in form.items()}
    found = instances(ring, pattern, free_letters(ring, pattern), form)
    return any(instance in (above, negated(above)) for instance in found)


def instances(ring: Ring, pattern: Form, letters: list[str], form: Form) -> Iterator[Form]:
    """The pattern with its letters replaced by the indices that occur in a form."""
    for moved in placings(letters, indices_in(ring, form)):
        yield relabel(ring, pattern, moved)
