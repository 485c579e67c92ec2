"""Met: does what a line needs hold, whatever the arrays are?

Gives `Need`, and of one: `met` (it holds), `known_before` (it was needed before) and `always_zero`
(the whole line has no value).  Where letters are made equal to each other or to numbers, and at
small sizes, what is divided by may come to be 0.

Imports kinks, witness and what is below them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from symderiv.judge.atoms import Form, OutOfReach, items
from symderiv.judge.binding import indices_in
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, letter_index, letters_in, value_of
from symderiv.judge.indices import constant as integer
from symderiv.judge.kinks import instances
from symderiv.judge.mapping import relabel
from symderiv.judge.polynomials import UNIT
from symderiv.judge.witness import seems_zero

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
    if seems_zero(ring, form):
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


def _cases(ring: Ring, form: Form) -> Iterator[Mapping[str, Index]]:
    """Index letters made equal to each other and to numbers, every pair and all at once; sizes."""
    indices = indices_in(ring, form)
    letters = sorted({n for i in indices for n in letters_in(i)} - ring.sizes.keys())
    if len(letters) > MOST_LETTERS:
        raise OutOfReach("many letters in a denominator")
    numbers = sorted(i for i in indices if value_of(i) is not None)
    yield {}
    for name in sorted(frozenset().union(*map(ring.letters_of, form)) & ring.sizes.keys()):
        for size in range(ring.sizes[name], LARGEST + 1):
            yield {name: integer(size)}
    for a, b in combinations(letters, 2):
        if ring.ranges.get(a) == ring.ranges.get(b):
            yield {a: letter_index(b)}
    for a in letters:
        for number in numbers:
            yield {a: number}
    if len(letters) > 2:
        for a in letters:
            yield dict.fromkeys(letters, letter_index(a))
        for (a, b), (c, d) in combinations(combinations(letters, 2), 2):
            if len({a, b, c, d}) == 4:
                yield {a: letter_index(b), c: letter_index(d)}
