"""Parts of an axis: a sum over all of it beside one over a part, and the few places left over.

    sum_{k=1}^K f_k = f_1 + sum_{k=2}^K f_k = sum_{k=1}^{K-1} f_k + f_K
    sum_{k=1}^K [k >= 2] f_k = sum_{k=1}^K f_k - f_1

Gives `split` (the form with its longer sums taken apart, at either end, or without brackets) and
`few_places` (the values of a letter at which an integer condition holds, where they are few).

Imports sums, brackets and what is below them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symderiv.judge.atoms import Form, OutOfReach, Range, Undefined
from symderiv.judge.binding import Letters, letter_for, opened
from symderiv.judge.brackets import at_least
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, combined, letter_index, value_of
from symderiv.judge.indices import constant as integer
from symderiv.judge.mapping import relabel
from symderiv.judge.polynomials import UNIT, accumulate, added, constant, negated
from symderiv.judge.sums import in_range, summed

MOST = 4  # terms that are split off a sum, and places that are looked at one by one


def split(ring: Ring, form: Form) -> Iterator[Form]:
    """The form with its sums split where it holds shorter ones: at their beginning, at their end.

    Not where a term that is split off has no value.
    """
    ranges = {r for g in _sums(ring, form) for r in ring.table[g].data[1]}
    for long in sorted(ranges):
        for short in sorted(ranges):
            more = value_of(combined((long[1], 1), (short[1], -1)))
            if long[0] != short[0] or more is None or not 0 < more <= MOST:
                continue
            for first in (True, False):
                try:
                    yield _split(ring, form, long, short, more, first)
                except (OutOfReach, Undefined):
                    continue
    brackets = {g: part for g in _sums(ring, form) if (part := _unbracketed(ring, g)) is not None}
    if brackets:
        yield _replaced(ring, form, brackets)


def _unbracketed(ring: Ring, g: int) -> Form | None:
    """sum_k [k >= 2] f_k = sum_k f_k - f_1, where a bracket leaves out few places."""
    body, letters = opened(ring, ring.table[g], frozenset())
    if len(body) != 1:
        return None
    ((monomial, c),) = body.items()
    for h, _ in monomial:
        condition = dict(ring.table[h].data[0]) if ring.table[h].kind == "iverson" else {}
        if not condition or not ring.integral(condition):
            continue
        places = few_places(ring, added(constant(1), negated(condition)))
        if places is None or places[0] not in letters:
            continue
        name, values = places
        whole: Form = {tuple((n, e) for n, e in monomial if n != h): c}
        others = {n: limits for n, limits in letters.items() if n != name}
        try:
            parts = [summed(ring, whole, letters)]
            for value in values:
                inside = in_range(ring, value, letters[name])
                left_out = summed(ring, relabel(ring, whole, {name: value}), others)
                if inside is None:
                    break
                parts.append(negated(ring.product(inside, left_out)))
            else:
                return added(*parts)
        except (OutOfReach, Undefined):
            continue
    return None


def _sums(ring: Ring, form: Form) -> set[int]:
    return {g for m in form for g, _ in m if ring.table[g].kind == "sum"}


def _split(ring: Ring, form: Form, long: Range, short: Range, more: int, first: bool) -> Form:
    parts = {
        g: _taken_apart(ring, g, long, short, more, first)
        for g in _sums(ring, form)
        if long in ring.table[g].data[1]
    }
    return _replaced(ring, form, parts)


def _replaced(ring: Ring, form: Form, parts: Mapping[int, Form]) -> Form:
    """The form with these generators written by their parts."""
    total: Form = {}
    for m, c in form.items():
        whole: Form = {tuple((g, e) for g, e in m if g not in parts): c}
        for g, e in m:
            if g in parts:
                whole = ring.product(whole, ring.power(parts[g], e))
        accumulate(total, whole)
    return total


def _taken_apart(ring: Ring, g: int, long: Range, short: Range, more: int, first: bool) -> Form:
    gen = ring.table[g]
    body, letters = opened(ring, gen, frozenset())
    name = next(n for n, limits in letters.items() if limits == long)
    others: Letters = {n: limits for n, limits in letters.items() if n != name}
    low, high = long
    rest = body
    if first:
        rest = relabel(ring, body, {name: combined((letter_index(name), 1), (integer(more), 1))})
    renamed = letter_for(ring, short, "~", frozenset(letters) | gen.letters)
    rest = relabel(ring, rest, {name: letter_index(renamed)})
    parts = [summed(ring, rest, {**others, renamed: short})]
    length = ring.index_form(combined((high, 1), (low, -1)))
    for n in range(more):
        place = combined((low if first else high, 1), (integer(n), 1 if first else -1))
        there = at_least(ring, added(length, {UNIT: -n} if n else {}))
        taken = summed(ring, relabel(ring, body, {name: place}), others)
        parts.append(ring.product(there, taken))
    return added(*parts)


def few_places(ring: Ring, condition: Form) -> tuple[str, list[Index]] | None:
    """A letter, and the values of it at which an integer condition is positive, if few.

    There may be values among them that the letter never has.
    """
    ranged = ring.ranges.keys() - ring.sizes.keys()
    letters = [
        (ring.table[m[0][0]].data[0], c)
        for m, c in condition.items()
        if len(m) == 1 and m[0][1] == 1 and ring.table[m[0][0]].data[0] in ranged
    ]
    if len(letters) != 1 or abs(letters[0][1]) != 1:
        return None
    ((name, sign),) = letters
    low, high = ring.ranges[name]
    rest: Index = ()
    for m, c in condition.items():
        if not m:
            rest = combined((rest, 1), (integer(int(c)), 1))
        elif ring.table[m[0][0]].data[0] != name:
            rest = combined((rest, 1), (letter_index(ring.table[m[0][0]].data[0]), int(c)))
    if sign > 0:  # j + r > 0: from 1 - r to the end
        start = combined((integer(1), 1), (rest, -1))
        count = value_of(combined((high, 1), (rest, 1)))
    else:  # r - j > 0: from the beginning to r - 1
        start, count = low, value_of(combined((rest, 1), (low, -1)))
    if count is None or not 0 <= count <= MOST:
        return None
    return name, [combined((start, 1), (integer(n), 1)) for n in range(count)]
