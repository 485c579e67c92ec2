"""Met: does what a line needs hold, whatever the arrays are?

Gives `Need`, and of one: `met` (it holds), `known_before` (it was needed before) and `always_zero`
(the whole line has no value).  Where letters are made equal to each other or to numbers, and at
small sizes, what is divided by may come to be 0.

Imports kinks, witness and what is below them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.judge.atoms import Form, OutOfReach, items
from symderiv.judge.binding import indices_in
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, combined, letter_index, letters_in, value_of
from symderiv.judge.indices import constant as integer
from symderiv.judge.kinks import instances
from symderiv.judge.mapping import relabel
from symderiv.judge.polynomials import UNIT

if TYPE_CHECKING:
    from symderiv.judge import witness
else:
    witness = late.module("symderiv.judge.witness")

LARGEST = 4  # the largest size that is tried
MOST_LETTERS = 6  # in what is divided by

Need = tuple[bool, Form, tuple[Form, ...]]  # must it be positive, or not 0; what; the masks


def _remembered(question: Callable[[Ring, Need], bool]) -> Callable[[Ring, Need], bool]:
    def asked(ring: Ring, need: Need) -> bool:
        memo = ring.memo.setdefault(question.__name__, {})
        positive, form, masks = need
        key = (positive, items(form), *map(items, masks))
        if key not in memo:
            memo[key] = question(ring, need)
        return bool(memo[key])

    return asked


@_remembered
def always_zero(ring: Ring, need: Need) -> bool:
    """Is a form 0 at some values of the letters of sums, so that the whole line has no value?"""
    positive, form, masks = need
    if positive or ring.positive(form):
        return False
    bound = [case for case in _cases(ring, form) if all("." in name for name in case)]
    return any(_not_masked(ring, form, case, masks) for case in bound)


@_remembered
def met(ring: Ring, need: Need) -> bool:
    """Is a need met, whatever the arrays are?"""
    positive, form, masks = need
    if positive:
        return form == {UNIT: 1}
    if ring.positive(form):
        return True
    if witness.seems_zero(ring, form):
        return False
    return not any(_not_masked(ring, form, case, masks) for case in _cases(ring, form))


def known_before(ring: Ring, need: Need, known: list[Need]) -> bool:
    """Was a need there before, and not only where a mask leaves out less?"""
    positive, form, masks = need
    return any(
        positive == other
        and (bool(masks) or not others)
        and (form == pattern or _is_instance(ring, pattern, form))
        for other, pattern, others in known
    )


def _is_instance(ring: Ring, pattern: Form, form: Form) -> bool:
    """Is a form what was needed at every value of a bound letter, at some of its values?"""
    if len(pattern) != len(form):
        return False
    letters = frozenset().union(*map(ring.letters_of, pattern))
    bound = sorted(name for name in letters if "." in name)
    return bool(bound) and form in instances(ring, pattern, bound, form)


def _not_masked(ring: Ring, form: Form, case: Mapping[str, Index], masks: tuple[Form, ...]) -> bool:
    """Is a form 0 in a case that no mask leaves out?"""
    if not _vanishes(ring, form, case):
        return False
    return not any(_vanishes(ring, mask, case) for mask in masks)


def _vanishes(ring: Ring, form: Form, case: Mapping[str, Index]) -> bool:
    try:
        return not relabel(ring, form, case)
    except OutOfReach:
        return False


def _may_be(ring: Ring, name: str, index: Index) -> bool:
    """May a letter have this value?  One of a sum from 2 on is never 1."""
    if name not in ring.ranges:
        return True
    low, high = ring.ranges[name]
    room = (value_of(combined((index, 1), (low, -1))), value_of(combined((high, 1), (index, -1))))
    return all(left is None or left >= 0 for left in room)


def _free(name: str) -> tuple[bool, str]:
    """Those of sums first: it is they that come to be what the others are."""
    return "." not in name, name


def _meetings(ring: Ring, letters: list[str], indices: set[Index]) -> Iterator[Mapping[str, Index]]:
    """Each letter made equal to each other index that it may be."""
    for a, b in combinations(letters, 2):
        if _may_be(ring, a, letter_index(b)) and _may_be(ring, b, letter_index(a)):
            yield {a: letter_index(b)}
    others = sorted(indices - {letter_index(name) for name in letters})
    for a in letters:
        yield from ({a: i} for i in others if a not in letters_in(i) and _may_be(ring, a, i))


def _cases(ring: Ring, form: Form) -> Iterator[Mapping[str, Index]]:
    """Index letters made equal to other indices, each pair and all at once; small sizes."""
    indices = indices_in(ring, form)
    letters = sorted({n for i in indices for n in letters_in(i)} - ring.sizes.keys(), key=_free)
    if len(letters) > MOST_LETTERS:
        raise OutOfReach("many letters in a denominator")
    yield {}
    for name in sorted(frozenset().union(*map(ring.letters_of, form)) & ring.sizes.keys()):
        for size in range(ring.sizes[name], LARGEST + 1):
            yield {name: integer(size)}
    yield from _meetings(ring, letters, indices)
    if len(letters) > 2:
        for a in letters:
            yield dict.fromkeys(letters, letter_index(a))
        for (a, b), (c, d) in combinations(combinations(letters, 2), 2):
            if len({a, b, c, d}) == 4:
                yield {a: letter_index(b), c: letter_index(d)}
