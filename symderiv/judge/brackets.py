"""Brackets: [f > 0] and [f >= 0] as 1, 0 or one generator each.

Imports reductions, forms, mapping, polynomials, atoms and indices.
"""

from __future__ import annotations

from fractions import Fraction

from symderiv.judge.atoms import IDEMPOTENT, Form, Monomial, Number, items
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, combined, letter_index
from symderiv.judge.indices import constant as integer
from symderiv.judge.mapping import REMADE, relabel
from symderiv.judge.polynomials import (
    UNIT,
    accumulate,
    added,
    constant,
    negated,
    number_of,
    scaled,
)
from symderiv.judge.reductions import delta
from symderiv.judge.signs import even_root

MOST_FACTORS = 3  # of a sign that is taken factor by factor
MOST_LABELS = 4  # that are told apart
MOST_INSIDE = 2  # brackets and deltas in the condition of a bracket that are told apart


def bracket(ring: Ring, form: Form) -> Form:
    """[form > 0]: 1, 0 or a generator over the form without its positive factors."""
    value = number_of(form)
    if value is not None:
        return constant(1 if value > 0 else 0)
    if ring.positive(form):
        return {UNIT: 1}
    if ring.sure(negated(form)) or _over_maximum(ring, form):
        return {}
    labelled = of_label(ring, form)
    if labelled is not None:
        return labelled
    inside = {g for m in form for g, _ in m if ring.table[g].kind in IDEMPOTENT}
    if 0 < len(inside) <= MOST_INSIDE:
        return ring.by_case(form, min(inside), lambda part: bracket(ring, part))
    c, exponents, rest = ring.factored(form)
    kept: list[tuple[int, Number]] = []
    conditions: list[Form] = []
    for g, e in sorted(exponents.items()):
        sign = ring.power_sign(g, e)
        if sign == 1:
            conditions.append(_not_zero(ring, g, bool(ring.sign(g)) or even_root(e)))
        elif not sign:
            kept.append((g, 1))
    inner = ring.product({tuple(kept): 1 if c > 0 else -1}, rest)
    return ring.multiplied([*conditions, _of_primitive(ring, inner)])


def _not_zero(ring: Ring, g: int, above: bool) -> Form:
    """[g != 0] for a generator, which is [g > 0] where it is known to be not negative."""
    itself: Form = {((g, 1),): 1}
    if ring.table[g].kind in IDEMPOTENT:
        return itself
    body = dict(ring.table[g].data[0]) if ring.table[g].kind == "den" else itself
    signs = (body,) if above else (body, negated(body))
    return added(*(_of_primitive(ring, side) for side in signs))


def sign(ring: Ring, form: Form) -> Form:
    """[form > 0] - [-form > 0], factor by factor where there are few."""
    if not form:
        return {}
    c, exponents, rest = ring.factored(form)
    if len(exponents) > MOST_FACTORS or any(e < 0 for e in exponents.values()):
        return _sign_of_primitive(ring, form)
    parts = [_sign_of_primitive(ring, rest if c > 0 else negated(rest))]
    for g, e in exponents.items():
        known = ring.power_sign(g, e)
        if known == 1:
            parts.append(_not_zero(ring, g, bool(ring.sign(g)) or even_root(e)))
        elif not known:
            parts.append(_sign_of_primitive(ring, {((g, 1),): 1}))
    return ring.multiplied(parts)


def _sign_of_primitive(ring: Ring, form: Form) -> Form:
    return added(bracket(ring, form), negated(bracket(ring, negated(form))))


def _of_primitive(ring: Ring, form: Form) -> Form:
    value = number_of(form)
    if value is not None:
        return constant(1 if value > 0 else 0)
    if ring.integral(form):
        lowest, highest = bound(ring, form, 1), bound(ring, form, -1)
        if lowest is not None and lowest > 0:
            return {UNIT: 1}
        return {} if highest is not None and highest <= 0 else ring.atom("iverson", items(form))
    if ring.positive(form):
        return {UNIT: 1}
    if ring.sure(negated(form)):
        return {}
    return ring.atom("iverson", items(form))


def _over_maximum(ring: Ring, form: Form) -> bool:
    """Is the form a positive multiple of z_j - max_k z_k, for an index j in the range of k?"""
    for m, c in form.items():
        if c < 0 and len(m) == 1 and m[0][1] == 1 and ring.table[m[0][0]].kind == "maximum":
            start, ranges, body = ring.table[m[0][0]].data
            rest = scaled({n: d for n, d in form.items() if n != m}, Fraction(-1) / c)
            for name in {x for n in rest for g, _ in n for x in ring.table[g].letters}:
                inside = ring.ranges.get(name) == ranges[0]
                moved = {f"#{start}": letter_index(name)}
                if inside and relabel(ring, dict(body), moved) == rest:
                    return True
    return False


def of_label(ring: Ring, form: Form) -> Form | None:
    """[y + r > 0] or [r - y > 0] for a label y, by the few labels of which it is true or false.

    Both are whole numbers, y from 1 to a size, so that [y >= 2] is 1 - delta_y1.
    """
    labels = [(ring.table[m[0][0]], c) for m, c in form.items() if _is_label(ring, m)]
    rest = {m: c for m, c in form.items() if not _is_label(ring, m)}
    if len(labels) != 1 or abs(labels[0][1]) != 1 or not ring.integral(rest):
        return None
    ((label, side),) = labels
    high = ring.labels[label.data[0]]
    y: Index = (((label.data[0], *label.data[1:]), 1),)
    if high is None:
        return None
    size = ring.index_form(high)
    from_below, from_above = number_of(rest), number_of(added(size, scaled(rest, side)))
    if from_below is not None:  # of the labels 1, 2, ... so many are below
        count, start, step, true = -side * int(from_below), integer(1), 1, side < 0
        count -= side < 0
    elif from_above is not None:  # of the labels K, K - 1, ... so many are above
        count, start, step, true = int(from_above), high, -1, side > 0
        count += side < 0
    else:
        return None
    if count > MOST_LABELS:
        return None
    places = (combined((start, 1), (integer(n), step)) for n in range(int(count)))
    few = added(*(delta(ring, combined((y, 1), (place, -1))) for place in places))
    return few if true else added(constant(1), negated(few))


def _is_label(ring: Ring, m: Monomial) -> bool:
    if len(m) != 1 or m[0][1] != 1:
        return False
    gen = ring.table[m[0][0]]
    return gen.kind == "given" and gen.data[0] in ring.labels


def at_least(ring: Ring, form: Form) -> Form:
    """[form >= 0]."""
    if ring.integral(form):
        return bracket(ring, added(form, constant(1)))
    return added(constant(1), negated(bracket(ring, negated(form))))


def bound(ring: Ring, form: Form, side: int) -> Number | None:
    """The least (side 1) or greatest (side -1) value of a linear form of letters, if known."""
    over_sizes: Form = {}
    for m, c in form.items():
        if m and (len(m) > 1 or m[0][1] != 1 or ring.table[m[0][0]].kind != "letter"):
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
        least = ring.sizes.get(ring.table[m[0][0]].data[0]) if m else 1
        if least is None or (m and (c > 0) != (side > 0)):
            return None
        total += c * least
    return total


REMADE["iverson"] = bracket
