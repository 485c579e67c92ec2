"""Is a form zero?  The one question that every comparison comes to.

Denominators are cleared; sums over the same ranges with equal cofactors are put together and
asked about as one body; brackets are split into the cases of their sign; letters over a concrete
range are split into their values.  Each answer yes is a proof; no means: not seen.

Imports binding, forms, mapping and what is below them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations, product
from math import floor, gcd

from symderiv.judge.atoms import Form, Monomial, Number, OutOfReach, Range, items
from symderiv.judge.binding import indices_in, own_letters
from symderiv.judge.forms import Ring
from symderiv.judge.indices import CONSTANT, Index, combined, letter_index, letters_in, value_of
from symderiv.judge.indices import constant as integer
from symderiv.judge.mapping import Change, mapped, relabel
from symderiv.judge.parts import few_places, split
from symderiv.judge.polynomials import UNIT, accumulate, added, at, constant, negated, scaled, times

Kinks = Callable[[Form], bool] | None

COMPONENTS = ("given", "stage")
MADE_OF_COMPONENTS = {*COMPONENTS, "scalar", "pi", "prime", "exp", "log", "den", "power", "call"}
MOST_CASES = 256
DEEPEST = 6


def is_zero(ring: Ring, form: Form, kinks: Kinks = None, depth: int = 0) -> bool:
    """Is a form proved to be zero?

    `kinks` says of the condition f of a bracket [f > 0] whether points with f = 0 are left out: the
    line holds a derivative that does not exist there.
    """
    ring.spend(len(form))
    if not form:
        return True
    if depth > DEEPEST:
        return False
    return all(_polynomial_is_zero(ring, part, kinks, depth) for part in _by_roots(ring, form))


def _by_roots(ring: Ring, form: Form) -> list[Form]:
    """The form with denominators cleared, one part for each set of roots in it."""
    form, _ = ring.cleared(form)
    parts: dict[Monomial, Form] = {}
    for m, c in form.items():
        roots = tuple((g, e - floor(e)) for g, e in m if _is_root(ring, g, e))
        accumulate(parts.setdefault(roots, {}), {m: c})
    return [p for p in parts.values() if p]


def _is_root(ring: Ring, g: int, e: Number) -> bool:
    return ring.table[g].kind in ("den", "prime") and isinstance(e, Fraction)


def _polynomial_is_zero(ring: Ring, form: Form, kinks: Kinks, depth: int) -> bool:
    form = _sums_put_together(ring, form, kinks, depth)
    if not form:
        return True
    if _zero_by_cases(ring, form, kinks, depth) or _zero_by_values(ring, form, kinks, depth):
        return True
    return any(is_zero(ring, apart, kinks, depth + 1) for apart in split(ring, form))


# -- sums ------------------------------------------------------------------------------------


def _sums_put_together(ring: Ring, form: Form, kinks: Kinks, depth: int) -> Form:
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
        names = list(own_letters(ring, ranges, avoid))
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
    kinks: Kinks,
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
            trial = added(total, scaled(relabel(ring, dict(body), moved), form[m]))
            if best is None or len(trial) < len(best):
                best = trial
        assert best is not None
        total, first = best, False
    return is_zero(ring, total, kinks, depth + 1)


# -- cases -----------------------------------------------------------------------------------


def _zero_by_cases(ring: Ring, form: Form, kinks: Kinks, depth: int) -> bool:
    """Split by the sign of the condition of one bracket; the form must be zero in each case."""
    brackets = brackets_of(ring, form)
    if not brackets:
        return False
    g = brackets[0]
    condition = dict(ring.table[g].data[0])
    if ring.integral(condition):  # [f > 0] + [1 - f > 0] = 1 for integers
        other = added(constant(1), negated(condition))
        twin = ring.table.number("iverson", items(other))
        sides = (
            (condition, ring.product(form, {((g, 1),): 1}), {g: 1, twin: 0}),
            (other, ring.product(form, {((twin, 1),): 1}), {g: 0, twin: 1}),
        )
        return all(
            is_zero(ring, part, kinks, depth + 1)
            for where, side, known in sides
            for part in _at_places(ring, at(side, known), where)
        )
    for value, above in ((1, condition), (0, negated(condition))):
        if ring.sure(negated(above)):
            continue  # it is never positive
        settled = implied(ring, above, brackets) | {g: value}
        if not is_zero(ring, at(form, settled), kinks, depth + 1):
            return False
    return _zero_at_zero(ring, form, g, kinks, depth)


def _at_places(ring: Ring, form: Form, condition: Form) -> list[Form]:
    """The form where an integer condition is positive: at its few places, if they are few."""
    places = few_places(ring, condition)
    if places is None:
        return [form]
    name, values = places
    return [relabel(ring, form, {name: value}) for value in values]


def _zero_at_zero(ring: Ring, form: Form, g: int, kinks: Kinks, depth: int) -> bool:
    """Is a form zero where the condition of a bracket is 0, or is nothing claimed there?"""
    condition = dict(ring.table[g].data[0])
    if ring.not_zero(condition):
        return True
    if kinks is not None and kinks(condition) and not may_vanish(ring, condition):
        return True
    below = {h for m in form for h, e in m if e < 0}
    if len(condition) == 1 and all(h in below for m in condition for h, _ in m):
        return True  # the line divides by what would be 0
    return vanishes(ring, form, condition, kinks, depth)


def vanishes(ring: Ring, form: Form, condition: Form, kinks: Kinks = None, depth: int = 0) -> bool:
    """Is a form proved to be zero wherever a condition is?"""
    brackets = brackets_of(ring, form)
    part = at(form, implied(ring, condition, brackets, equal=True))
    if is_zero(ring, part, kinks, depth + 1) or ring.divided(part, condition) is not None:
        return True
    try:
        solved = _substituted(ring, condition, part)
    except OutOfReach:
        return False
    return solved is not None and is_zero(ring, solved, kinks, depth + 1)


def brackets_of(ring: Ring, form: Form) -> list[int]:
    """The brackets that are factors of a form's terms."""
    return sorted({g for m in form for g, _ in m if ring.table[g].kind == "iverson"})


def implied(ring: Ring, known: Form, brackets: list[int], equal: bool = False) -> dict[int, int]:
    """The brackets that are decided where a form is positive (or `equal`: where it is 0)."""
    found: dict[int, int] = {}
    for h in brackets:
        other = dict(ring.table[h].data[0])
        shared = [m for m in known if m in other and m != UNIT]
        for m in shared[:1] or ([UNIT] if not equal and UNIT in known and UNIT in other else []):
            factor = Fraction(other[m]) / known[m]
            rest = added(other, scaled(known, -factor))  # other = factor * known + rest
            if equal:
                if rest and ring.positive(rest):
                    found[h] = 1
                elif ring.sure(negated(rest)):
                    found[h] = 0
            elif factor > 0 and ring.sure(rest):
                found[h] = 1
            elif factor < 0 and ring.sure(negated(rest)):
                found[h] = 0
    return found


def _substituted(ring: Ring, condition: Form, form: Form) -> Form | None:
    """The form where a condition is 0, solved for one component of it."""
    table = ring.table
    for m, c in condition.items():
        if len(m) != 1 or m[0][1] != 1 or table[m[0][0]].kind not in ("scalar", "given", "stage"):
            continue
        g = m[0][0]
        name = table[g].data[0]
        rest = {n: d for n, d in condition.items() if n != m}
        if any(name in table[h].names for n in rest for h, _ in n if table[h].kind != "given"):
            continue
        solution = scaled(negated(rest), Fraction(1) / c)
        change = Change(
            touches=lambda gen, name=name: name in gen.names,  # type: ignore[misc]
            leaf=lambda gen, g=g, solution=solution: solution if gen.number == g else None,  # type: ignore[misc]
        )
        return mapped(ring, form, change)
    return None


def may_vanish(ring: Ring, condition: Form) -> bool:
    """Is a condition 0 wherever some of its indices are equal, as z_i - z_j is?"""
    indices = indices_in(ring, condition)
    letters = {n for i in indices for n in letters_in(i)} - ring.sizes.keys()
    plain = all(len(i) == 1 and len(i[0][0]) < 2 for i in indices)
    if not letters:
        return False
    if not plain:
        return not _stay_apart(ring, condition)
    values = [i for i in indices if value_of(i) is not None] or [letter_index(min(letters))]
    return any(not relabel(ring, condition, dict.fromkeys(letters, v)) for v in values)


def _stay_apart(ring: Ring, condition: Form) -> bool:
    """Are the components in a condition different ones at all letters, as z_2i and z_2i-1 are?"""
    inside: set[int] = set()
    waiting = {g for m in condition for g, _ in m}
    while waiting:
        inside |= waiting
        waiting = {part for g in waiting for part in ring.table[g].parts} - inside
    if any(ring.table[g].kind not in MADE_OF_COMPONENTS for g in inside):
        return False
    components = [ring.table[g] for g in inside if ring.table[g].kind in COMPONENTS]
    return all(
        any(map(_never_equal, one.data[1:], other.data[1:]))
        for one, other in combinations(components, 2)
        if one.data[0] == other.data[0]
    )


def _never_equal(one: Index, other: Index) -> bool:
    """Are two indices different whatever whole numbers their letters are?"""
    difference = dict(combined((one, 1), (other, -1)))
    rest = difference.pop(CONSTANT, 0)
    step = gcd(*difference.values())
    return bool(rest % step if step else rest)


def _zero_by_values(ring: Ring, form: Form, kinks: Kinks, depth: int) -> bool:
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
