"""The laws of single generators, applied after every product.

    delta_ij f_j = delta_ij f_i,  delta_ii = 1      [c]^n = [c],  [f > 0][-f > 0] = 0
    [k > 0][k - 1 > 0] = [k - 1 > 0]                [k > 0][3 - k > 0] = delta_k1 + delta_k2
    sqrt(2)^2 = 2                                   sin^2 x = 1 - cos^2 x,  cbrt(x)^3 = x
    D D^-1 = 1,  t D^-1 = (D - (D - t)) D^-1 for the leading term t of a denominator D

Imports forms, mapping and what is below them.  To add a law: one function, in `REDUCE`.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import cast

from symderiv.judge.atoms import Form, Generator, Monomial, Number, OutOfReach, Undefined
from symderiv.judge.forms import REDUCE, Ring
from symderiv.judge.indices import (
    Index,
    combined,
    constant,
    letter_index,
    letters_in,
    relabelled,
    solved_for,
    value_of,
)
from symderiv.judge.mapping import REBUILD, Change, mapped, relabel
from symderiv.judge.polynomials import (
    UNIT,
    accumulate,
    added,
    exact,
    negated,
    raised,
    scaled,
    times,
)

WIDEST = 16  # values of an index between two brackets that are told apart


def delta(ring: Ring, index: Index) -> Form:
    """[index = 0]: 1, 0 or a generator, one sign chosen."""
    value = value_of(index)
    if value is not None:
        return {} if value else {UNIT: 1}
    first = next(n for atom, n in reversed(index) if atom)
    return ring.atom("delta", index if first > 0 else combined((index, -1)))


def _rebuilt_delta(ring: Ring, gen: Generator, change: Change) -> Form:
    return delta(ring, relabelled(gen.data[0], change.moved))


def _once(monomial: Monomial, g: int) -> Monomial | None:
    """The monomial with an idempotent generator to the first power, or None if it is."""
    exponents = dict(monomial)
    e = exponents[g]
    if e == 1:
        return None
    if e < 0:
        raise OutOfReach("a division by a bracket")
    exponents[g] = 1
    return tuple(sorted(exponents.items()))


def _deltas(ring: Ring, monomial: Monomial, g: int) -> Form | None:
    table = ring.table
    once = _once(monomial, g)
    if once is not None:
        return ring.monomial(once)
    equations = [table[h].data[0] for h, _ in monomial if table[h].kind == "delta"]
    alone = _pivot(ring, equations[0]) if len(equations) == 1 else None
    if alone and not any(alone in table[h].letters for h, _ in monomial if h != g):
        return None  # the letter that it is solved for stands nowhere else
    rest = tuple((h, e) for h, e in monomial if table[h].kind != "delta")
    pivots: dict[str, Index] = {}
    stuck: list[Index] = []
    for index in sorted(equations):
        index = relabelled(index, pivots)
        name = _pivot(ring, index)
        if name is None:
            value = value_of(index)
            if value:
                return {}
            if value is None:
                stuck.append(index)
            continue
        solution = cast(Index, solved_for(index, name))
        for other, value_ in pivots.items():
            pivots[other] = relabelled(value_, {name: solution})
        pivots[name] = solution
    stuck = [relabelled(i, pivots) for i in stuck]
    new = [combined((letter_index(n), 1), (v, -1)) for n, v in pivots.items()] + stuck
    deltas = [delta(ring, i) for i in new]
    touched = any(not table[h].letters.isdisjoint(pivots) for h, _ in rest)
    if stuck and not pivots:
        return _by_label(ring, rest, stuck)
    if not touched:
        monomials = {m for f in deltas for m in f}
        if len(deltas) == len(equations) and monomials == {
            ((h, 1),) for h, _ in monomial if table[h].kind == "delta"
        }:
            return None
    body: Form = {rest: 1}
    if touched:
        try:
            body = relabel(ring, body, pivots)
        except Undefined:
            return None  # 1/(z_i - z_j) under a mask 1 - delta_ij, multiplied out: it stays
    for f in deltas:
        body = ring.product(body, f)
    return body


def _by_label(ring: Ring, rest: Monomial, stuck: list[Index]) -> Form | None:
    """delta_{y_n v} f_{y_n} = delta_{y_n v} f_v for a label y_n; None where nothing changes."""
    index, *others = stuck
    atom, sign = max(((a, n) for a, n in index if len(a) > 1 and abs(n) == 1), default=((), 0))
    solution = combined((index, -sign), (((atom, 1),), 1))
    if not sign or any(atom[0] == a[0] for a, _ in solution if a):
        return None
    changes = ring.memo.setdefault("labels", {})
    change = changes.setdefault(
        (atom, solution),
        Change(
            touches=lambda gen: True,
            leaf=lambda gen: (
                ring.index_form(solution) if gen.kind == "given" and gen.data == atom else None
            ),
            moved={atom: solution},
            incoming=letters_in(solution),
        ),
    )
    left = [delta(ring, relabelled(other, change.moved)) for other in others]
    unchanged = [delta(ring, other) for other in others]
    try:
        body = mapped(ring, {rest: 1}, change)
    except Undefined:
        return None
    if body == {rest: 1} and left == unchanged:
        return None
    return ring.multiplied([body, *left, delta(ring, index)])


def _pivot(ring: Ring, index: Index) -> str | None:
    """The letter that an equation of indices is solved for: the last in order."""
    names = [a[0] for a, n in index if len(a) == 1 and abs(n) == 1 and a[0] not in ring.sizes]
    for atom, _ in index:
        for part in atom[1:]:
            names = [n for n in names if n not in letters_in(part)]
    return max(names, default=None)


def _bracket(ring: Ring, monomial: Monomial, g: int) -> Form | None:
    once = _once(monomial, g)
    if once is not None:
        return ring.monomial(once)
    condition = dict(ring.table[g].data[0])
    slope = {m: c for m, c in condition.items() if m}
    whole = ring.integral(condition)
    for h, _ in monomial:
        if h == g or ring.table[h].kind != "iverson":
            continue
        other = dict(ring.table[h].data[0])
        if other == negated(condition):
            return {}
        if whole and {m: c for m, c in other.items() if m} == slope:  # the stronger one stays
            weaker = h if condition.get(UNIT, 0) < other.get(UNIT, 0) else g
            return ring.monomial(tuple((n, e) for n, e in monomial if n != weaker))
        apart = {m: -c for m, c in other.items() if m} == slope
        if whole and apart:
            values = int(condition.get(UNIT, 0) + other.get(UNIT, 0)) - 1
            if values <= 0:
                return {}  # f > 0 and f < 1
            if values <= WIDEST:
                return _window(ring, monomial, (g, h), slope)
    return None


def _window(ring: Ring, monomial: Monomial, brackets: tuple[int, int], slope: Form) -> Form | None:
    """[f >= a][f <= b] = sum of [f = v] over the few values v from a to b."""
    index = _as_index(ring, slope)
    if index is None:
        return None
    rest: Form = {tuple((n, e) for n, e in monomial if n not in brackets): 1}
    g, h = (dict(ring.table[n].data[0]) for n in brackets)
    low, high = 1 - int(g.get(UNIT, 0)), int(h.get(UNIT, 0)) - 1
    parts = (
        ring.product(delta(ring, combined((index, 1), (constant(v), -1))), rest)
        for v in range(low, high + 1)
    )
    return added(*parts)


def _as_index(ring: Ring, form: Form) -> Index | None:
    """A linear form of letters as an index."""
    parts: list[tuple[Index, int]] = []
    for m, c in form.items():
        if len(m) != 1 or m[0][1] != 1 or not isinstance(c, int):
            return None
        parts.append((letter_index(ring.table[m[0][0]].data[0]), c))
    return combined(*parts)


def _root(ring: Ring, monomial: Monomial, g: int) -> Form | None:
    exponents = dict(monomial)
    e = exponents[g]
    whole = floor(e)
    if not whole:
        return None
    exponents[g] = exact(e - whole)
    if not exponents[g]:
        del exponents[g]
    rest = ring.monomial(tuple(sorted(exponents.items())))
    return scaled(rest, Fraction(ring.table[g].data[0]) ** whole)


def _call(ring: Ring, monomial: Monomial, g: int) -> Form | None:
    if ring.table[g].data[0] == "cbrt":
        return _cube_root(ring, monomial, g)
    return _sine(ring, monomial, g)


def _cube_root(ring: Ring, monomial: Monomial, g: int) -> Form | None:
    """cbrt(x)^3 = x, so that a power of it is x to a whole power, and cbrt(x) to 0, 1 or 2."""
    e = dict(monomial)[g]
    if not isinstance(e, int) or 0 <= e < 3:
        return None
    wholes, left = divmod(e, 3)
    rest: Form = {tuple((h, n) for h, n in monomial if h != g): 1}
    argument: Form = dict(ring.table[g].data[1])
    powers = ring.product(ring.power(argument, wholes), {((g, left),) if left else (): 1})
    return ring.product(rest, powers)


def _sine(ring: Ring, monomial: Monomial, g: int) -> Form | None:
    name, argument = ring.table[g].data
    exponents = dict(monomial)
    e = exponents[g]
    if name != "sin" or e < 2:
        return None
    exponents[g] = exact(e - 2)
    rest = ring.monomial(tuple(sorted((h, e) for h, e in exponents.items() if e)))
    cosine = ring.table.number("call", "cos", argument)
    return added(rest, negated(ring.product(rest, {((cosine, 2),): 1})))


def _denominator(ring: Ring, monomial: Monomial, g: int) -> Form | None:
    body = dict(ring.table[g].data[0])
    e = dict(monomial)[g]
    rest = tuple((h, n) for h, n in monomial if h != g)
    whole = floor(e)
    if e < 0 and len(body) > 1:
        return _one_division(ring, monomial, g, body)
    if not whole:
        return None
    left = exact(e - whole)
    base = ring.monomial(times(rest, ((g, left),)) if left else rest)
    if len(body) > 1:
        return ring.product(base, ring.power(body, whole))
    ((m, c),) = body.items()
    return ring.product(base, {raised(m, whole): Fraction(c) ** whole})


def _divides(ring: Ring, g: int) -> bool:
    """Is a generator a sum that is surely positive?"""
    known: dict[int, bool] = ring.memo.setdefault("divides", {})
    if g not in known:
        known[g] = ring.table[g].kind == "sum" and ring.positive({((g, 1),): 1})
    return known[g]


def _one_division(ring: Ring, monomial: Monomial, g: int, body: Form) -> Form | None:
    """t q D^e = q (D^(e+1) - (D - t) D^e) for the leading term t of D.

    A sum in t that is surely positive may be missing: it stands before the sum that this is in, as
    R does in R Σ_k e^{z_k} / (R e^{z_k} + S e^{w_k}).
    """
    leads = ring.memo.setdefault("leading", {})
    lead: tuple[Monomial, Number] | None = leads.get(g)
    if lead is None:
        lead = leads[g] = ring.leading(body)
    top, c = lead
    exponents = dict(monomial)
    missing = [h for h, n in top if n > 0 and exponents.get(h, 0) < n]
    if len(missing) == len(top) or not all(_divides(ring, h) for h in missing):
        return None
    quotient = times(monomial, raised(top, -1))
    total: Form = {}
    accumulate(total, ring.monomial(times(quotient, ((g, 1),))), Fraction(1) / c)
    for m, d in body.items():
        if m != top:
            accumulate(total, ring.monomial(times(quotient, m)), -Fraction(d) / c)
    return {m: exact(x) for m, x in total.items()}


REBUILD["delta"] = _rebuilt_delta
REDUCE |= {
    "delta": _deltas, "iverson": _bracket, "prime": _root, "call": _call, "den": _denominator,
}  # fmt: skip
