"""Is a form zero?  The one question that every comparison comes to.

Denominators are cleared; sums over the same ranges with equal cofactors are put together and
asked about as one body; brackets are split into the cases of their sign; letters over a concrete
range are split into their values.  Each answer yes is a proof; no means: not seen.

Imports binding, forms, mapping and what is below them.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from math import floor

from symderiv.judge.atoms import Form, Monomial, Number, Range, items
from symderiv.judge.binding import indices_in, letter_for
from symderiv.judge.forms import Ring
from symderiv.judge.indices import constant as integer
from symderiv.judge.indices import letter_index, letters_in, value_of
from symderiv.judge.mapping import relabel
from symderiv.judge.polynomials import accumulate, added, constant, negated, times

MOST_CASES = 256
DEEPEST = 6


def is_zero(ring: Ring, form: Form, kinks: bool = False, depth: int = 0) -> bool:
    """Is a form proved to be zero?

    With `kinks`, points where the condition f of a bracket [f > 0] is 0 are left out: the line
    holds a derivative that does not exist there.
    """
    if not form:
        return True
    if depth > DEEPEST:
        return False
    return all(_polynomial_is_zero(ring, part, kinks, depth) for part in _by_roots(ring, form))


def _by_roots(ring: Ring, form: Form) -> list[Form]:
    """The form with denominators cleared, one part for each set of roots in it."""
    form, _ = ring.cleared(_one_sign(ring, form))
    parts: dict[Monomial, Form] = {}
    for m, c in form.items():
        roots = tuple((g, e - floor(e)) for g, e in m if _is_root(ring, g, e))
        accumulate(parts.setdefault(roots, {}), {m: c})
    return [p for p in parts.values() if p]


def _is_root(ring: Ring, g: int, e: Number) -> bool:
    return ring.table[g].kind in ("den", "prime") and isinstance(e, Fraction)


def _one_sign(ring: Ring, form: Form) -> Form:
    """D(-p) in whole powers written by D(p) where both occur."""
    table = ring.table
    dens = {g for m in form for g, _ in m if table[g].kind == "den"}
    twins: dict[int, int] = {}
    for g in dens:
        other = items(negated(dict(table[g].data[0])))
        if table.known("den", other):
            h = table.number("den", other)
            if h in dens and h < g:
                twins[g] = h
    if not twins:
        return form
    total: Form = {}
    for m, c in form.items():
        out: Monomial = ()
        for g, e in m:
            if g in twins and isinstance(e, int):
                out, c = times(out, ((twins[g], e),)), c * (-1) ** (e % 2)
            else:
                out = times(out, ((g, e),))
        accumulate(total, ring.monomial(out, c))
    return total


def _polynomial_is_zero(ring: Ring, form: Form, kinks: bool, depth: int) -> bool:
    form = _sums_put_together(ring, form, kinks, depth)
    if not form:
        return True
    return _zero_by_cases(ring, form, kinks, depth) or _zero_by_values(ring, form, kinks, depth)


# -- sums ------------------------------------------------------------------------------------


def _sums_put_together(ring: Ring, form: Form, kinks: bool, depth: int) -> Form:
    """The form without those groups of sums whose bodies together are zero."""
    table = ring.table
    groups: dict[tuple[Monomial, tuple[Range, ...]], list[tuple[Monomial, int]]] = {}
    for m in form:
        for g, e in m:
            if table[g].kind == "sum" and isinstance(e, int) and e > 0:
                cofactor = times(m, ((g, -1),))
                groups.setdefault((cofactor, table[g].data[1]), []).append((m, g))
    left = dict(form)
    for (_, ranges), members in sorted(groups.items(), key=lambda kv: -len(kv[1])):
        members = [(m, g) for m, g in members if m in left]
        if not members:
            continue
        avoid = frozenset().union(*(table[g].letters for _, g in members))
        letters: dict[str, Range] = {}
        names = []
        for limits in ranges:
            name = letter_for(ring, limits, "~", avoid)
            avoid |= {name}
            letters[name] = limits
            names.append(name)
        if len(members) > 1 and _bodies_cancel(ring, left, members, names, ranges, kinks, depth):
            for m, _ in members:
                del left[m]
    return left


def _bodies_cancel(
    ring: Ring,
    form: Form,
    members: list[tuple[Monomial, int]],
    names: list[str],
    ranges: tuple[Range, ...],
    kinks: bool,
    depth: int,
) -> bool:
    orders = [
        order
        for order in permutations(names)
        if all(ring.ranges[n] == r for n, r in zip(order, ranges, strict=True))
    ][:6]
    first = True
    total: Form = {}
    for m, g in members:
        start, _, body = ring.table[g].data
        best: Form | None = None
        for order in orders[:1] if first else orders:
            moved = {f"#{start + n}": letter_index(name) for n, name in enumerate(order)}
            trial = added(total, _times(relabel(ring, dict(body), moved), form[m]))
            if best is None or len(trial) < len(best):
                best = trial
        assert best is not None
        total, first = best, False
    return is_zero(ring, total, kinks, depth + 1)


def _times(form: Form, c: Number) -> Form:
    return {m: d * c for m, d in form.items()}


# -- cases -----------------------------------------------------------------------------------


def _zero_by_cases(ring: Ring, form: Form, kinks: bool, depth: int) -> bool:
    """Split by the sign of the condition of one bracket; the form must be zero in each case."""
    table = ring.table
    brackets = sorted({g for m in form for g, _ in m if table[g].kind == "iverson"})
    if not brackets:
        return False
    g = brackets[0]
    condition = dict(table[g].data[0])
    whole = ring.integral(condition)
    opposite = items(added(negated(condition), constant(1 if whole else 0)))
    other = table.number("iverson", opposite) if table.known("iverson", opposite) else None
    positive = _at(form, {g: 1, other: 0})
    negative = _at(form, {g: 0, other: 1})
    at_zero = _at(form, {g: 0, other: 0})
    if not (
        is_zero(ring, positive, kinks, depth + 1) and is_zero(ring, negative, kinks, depth + 1)
    ):
        return False
    if whole:
        return True  # [f > 0] + [1 - f > 0] = 1 for integers
    if kinks and not _may_vanish(ring, condition):
        return True
    below = {h for m in form for h, e in m if e < 0}
    if len(condition) == 1 and all(h in below for m in condition for h, _ in m):
        return True  # the line divides by what would be 0
    return is_zero(ring, at_zero, kinks, depth + 1) or _divides(ring, condition, at_zero)


def _may_vanish(ring: Ring, condition: Form) -> bool:
    """Is a condition 0 wherever some of its indices are equal, as z_i - z_j is?"""
    indices = indices_in(ring, condition)
    letters = {n for i in indices for n in letters_in(i)} - ring.sizes
    plain = all(len(i) == 1 and len(i[0][0]) < 2 for i in indices)
    if not letters:
        return False
    if not plain:
        return True
    values = [i for i in indices if value_of(i) is not None] or [letter_index(min(letters))]
    return any(not relabel(ring, condition, dict.fromkeys(letters, v)) for v in values)


def _at(form: Form, values: dict[int | None, int]) -> Form:
    total: Form = {}
    for m, c in form.items():
        if all(values.get(g, 1) for g, _ in m):
            accumulate(total, {tuple((g, e) for g, e in m if g not in values): c})
    return total


def _divides(ring: Ring, divisor: Form, form: Form) -> bool:
    """Does a polynomial divide another?  Then the second is zero where the first is."""
    top, c = ring.leading(divisor)
    gens = sorted({g for f in (divisor, form) for m in f for g, _ in m}, key=ring._order)[::-1]
    if any(e < 0 for m in (*divisor, *form) for _, e in m):
        return False

    def rank(m: Monomial) -> tuple[Number, ...]:
        exponents = dict(m)
        return tuple(exponents.get(g, 0) for g in gens)

    rest = dict(form)
    for _ in range(200):
        if not rest:
            return True
        m = max(rest, key=rank)
        quotient = times(m, tuple((g, -e) for g, e in top))
        if any(e < 0 for _, e in quotient):
            return False
        factor = Fraction(rest[m]) / c
        for n, d in divisor.items():
            accumulate(rest, ring.monomial(times(quotient, n)), -factor * d)
    return False


def _zero_by_values(ring: Ring, form: Form, kinks: bool, depth: int) -> bool:
    """At a chosen size, every value of the free letters."""
    letters = sorted({n for m in form for g, _ in m for n in ring.table[g].letters})
    values: list[range] = []
    names: list[str] = []
    cases = 1
    for name in letters:
        limits = ring.ranges.get(name)
        low, high = (value_of(limits[0]), value_of(limits[1])) if limits else (None, None)
        if low is not None and high is not None:
            names.append(name)
            values.append(range(low, high + 1))
            cases *= len(values[-1])
    if not names or cases > MOST_CASES:
        return False
    return all(
        is_zero(
            ring,
            relabel(ring, form, {n: integer(v) for n, v in zip(names, choice, strict=True)}),
            kinks,
            depth + 1,
        )
        for choice in product(*values)
    )
