"""Needs: what must hold for a line to have a value, so that no line is proved by what it lacks.

Gives `lacks`: does a line need more than the line before it and the function do?  There are two
needs.  What stands under a logarithm, an even root or a power with a symbolic exponent is
positive: either that is decided, or it was needed before.  And what is divided by is not 0 for
every value of the arrays, not even where two indices are equal or at a size: 1/(z_i - z_j) is
nothing at i = j, unless a mask as 1 - delta_ij leaves that out.  That something is 0 here and
there (x/x) is no lack.

Imports lines and what is below it, and floor 0.  To add a function that is not defined
everywhere: a line in `ASKING`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

import sympy
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.atoms import Form, OutOfReach, items
from symderiv.judge.binding import indices_in
from symderiv.judge.brackets import bracket
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, letter_index, letters_in, value_of
from symderiv.judge.indices import constant as integer
from symderiv.judge.kinks import instances
from symderiv.judge.lines import Lines
from symderiv.judge.mapping import relabel
from symderiv.judge.masks import masks_of
from symderiv.judge.polynomials import UNIT, added, constant, negated, number_of
from symderiv.judge.witness import seems_zero
from symderiv.terms.letters import BINDERS

LARGEST = 4  # the largest size that is tried
MOST_LETTERS = 6  # in what is divided by


Need = tuple[bool, Form, tuple[Form, ...]]  # must it be positive, or not 0; what; the masks


def lacks(lines: Lines, after: Basic, *before: Basic) -> bool:
    """Does a line need what none of the lines before it needs?"""
    stages: set[str] = set()
    given = [found for line in before for found in _needs(lines, line, stages)]
    wanted = _needs(lines, after, stages)
    if any(found.void for found in (*given, *wanted)):
        return True
    ring = lines.ring
    needed = [need for found in given for need in found.needs]
    new = [need for found in wanted for need in found.needs if need not in needed]
    lacking = [need for need in new if not _met(ring, need)]
    if not lacking:
        return False
    known = [need for need in needed if not _met(ring, need)]
    return any(not _known(ring, need, known) for need in lacking)


def _needs(lines: Lines, line: Basic, stages: set[str]) -> list[Needs]:
    """The needs of a line and of the stages it mentions that are not yet in `stages`."""
    found: list[Needs] = []
    waiting: list[str | Basic] = [line]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and part in stages:
            continue
        own = _own_needs(lines, part)
        found.append(own)
        waiting += sorted(own.stages)
        if isinstance(part, str):
            stages.add(part)
    return found


def _own_needs(lines: Lines, part: str | Basic) -> Needs:
    """The needs of a line, or of a stage by its name, without those of the stages in it."""
    memo: dict[str | Basic, Needs] = lines.ring.memo.setdefault("needs", {})
    found = memo.get(part)
    if found is None:
        found = memo[part] = Needs(lines)
        if isinstance(part, Basic):
            found.walk(part, ())
        elif (definition := lines.problem.definition(part)) is not None:
            with lines.defining(definition):
                found.walk(definition.body, ())
        found.void = any(_always_zero(lines.ring, need) for need in found.needs)
    return found


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
def _always_zero(ring: Ring, need: Need) -> bool:
    """Is a form 0 at some values of the letters of sums, so that the whole line has no value?"""
    positive, form, masks = need
    bound = [case for case in _cases(ring, form) if all("." in name for name in case)]
    return not positive and any(_not_masked(ring, form, case, masks) for case in bound)


@_remembered
def _met(ring: Ring, need: Need) -> bool:
    """Is a need met, whatever the arrays are?"""
    positive, form, masks = need
    if positive:
        return form == {UNIT: 1}
    if seems_zero(ring, form):
        return False
    return not any(_not_masked(ring, form, case, masks) for case in _cases(ring, form))


def _known(ring: Ring, need: Need, known: list[Need]) -> bool:
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


class Needs:
    """The needs of a line, with the masks in force, and the stages that are mentioned in it."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.stages: set[str] = set()
        self.needs: list[Need] = []
        self.void = False  # has the line no value at all?

    def walk(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """Note what a term needs, and what is in it."""
        if not _asks(term):
            return
        if isinstance(term, terms.Quantity):
            self.stages.add(term.name)
        if isinstance(term, sympy.Indexed | terms.Quantity) or not term.args:
            return
        for head, of_head in ASKING.items():
            if isinstance(term, head):
                of_head(self, term, masks)
        if isinstance(term, BINDERS):
            with self.lines.inside(term):
                self.walk(term.args[0], masks)
        elif isinstance(term, terms.Times | sympy.Mul):
            self._of_product(term, masks)
        elif isinstance(term, terms.Quotient):
            self.walk(term.numerator, masks)
            self.walk(term.denominator, (*masks, *self._masks(term.numerator)))
        else:
            for arg in term.args:
                self.walk(arg, masks)

    def _of_product(self, term: Basic, masks: tuple[Form, ...]) -> None:
        own = [list(self._masks(a)) for a in term.args]
        for n, arg in enumerate(term.args):
            others = [mask for m, part in enumerate(own) if m != n for mask in part]
            self.walk(arg, (*masks, *others))

    def _masks(self, term: Basic) -> Iterator[Form]:
        return map(self.lines.form, masks_of(term))

    def of_quotient(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """What is divided by is not 0, but where the numerator is by its indices."""
        above, below = term.args
        self._not_zero(below, (*masks, *self._masks(above)))

    def of_logarithm(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """What stands under it is positive."""
        self._positive(term.args[0], masks)

    def of_arc(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """What it is of lies between -1 and 1."""
        self._inside(term.args[0], masks, 1)

    def of_acosh(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """What it is of lies above 1."""
        self._inside(term.args[0], masks, -1)

    def of_asinh(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """What its derivative has under a root is positive."""
        x = self.lines.form(term.args[0])
        square = self.lines.ring.product(x, x)
        self._above(added(constant(1), square), masks)

    def of_power(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """A base is positive under a root or a symbolic exponent, not 0 under a negative one."""
        base, exponent = term.args[0], self.lines.form(term.args[1])
        value = number_of(exponent)
        if value is None and self.lines.ring.integral(exponent):
            return
        if not isinstance(value, int):
            self._positive(base, masks, root=True)
        if value is not None and value < 0:
            self._not_zero(base, masks)

    def _positive(self, term: Basic, masks: tuple[Form, ...], root: bool = False) -> None:
        form = self.lines.form(term)
        ring = self.lines.ring
        if not (root and ring.sure(form)):
            self.needs.append((True, bracket(ring, form), masks))

    def _inside(self, term: Basic, masks: tuple[Form, ...], sign: int) -> None:
        """Between -1 and 1, or (sign -1) above 1, and what follows for products of the two."""
        x, one = self.lines.form(term), constant(1)
        square = self.lines.ring.product(x, x)
        inner = [(one, negated(x)), (one, negated(square))]
        for a, b in [(one, x), *inner]:
            form = added(a, b)
            self._above(form if sign > 0 or b is x else negated(form), masks)

    def _above(self, form: Form, masks: tuple[Form, ...]) -> None:
        self.needs.append((True, bracket(self.lines.ring, form), masks))

    def _not_zero(self, term: Basic, masks: tuple[Form, ...]) -> None:
        form = self.lines.form(term)
        if number_of(form) is None or not form:
            self.needs.append((False, form, masks))


# A head that needs something, and what; only under these and stages is looked at all.
ASKING: dict[type[Basic], Callable[[Needs, Basic, tuple[Form, ...]], None]] = {
    terms.Quotient: Needs.of_quotient,
    terms.Power: Needs.of_power,
    sympy.Pow: Needs.of_power,
    sympy.log: Needs.of_logarithm,
    sympy.asin: Needs.of_arc,
    sympy.acos: Needs.of_arc,
    sympy.atanh: Needs.of_arc,
    sympy.acosh: Needs.of_acosh,
    sympy.asinh: Needs.of_asinh,
}
HEADS: tuple[type[Basic], ...] = (terms.Quantity, *ASKING)


@lru_cache(maxsize=16384)
def _asks(term: Basic) -> bool:
    """Is a head in a term that needs something, or a stage, which may?"""
    return isinstance(term, HEADS) or any(map(_asks, term.args))
