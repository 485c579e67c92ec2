"""Needs: what must hold for a line to have a value, so that no line is proved by what it lacks.

Gives `lacks`: does a line need more than the line before it and the function do?  There are two
needs.  What stands under a logarithm, an even root or a power with a symbolic exponent is
positive: either that is decided, or it was needed before; and the exponents of what may be negative
are whole where those before are, as 2n is where n is.  And what is divided by is not 0 for every
value of the arrays, not even where two indices are equal or at a size: 1/(z_i - z_j) is nothing at
i = j, unless a mask as 1 - delta_ij leaves that out.  That something is 0 here and there (x/x) is
no lack.

Imports lines, met and what is below them, and floor 0.  A function of one number that is not
defined everywhere says so in its row of `known`; to add another head: a line in `ASKING`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import sympy
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.atoms import Form, Items, items
from symderiv.judge.brackets import bracket
from symderiv.judge.elementary import written
from symderiv.judge.known import KNOWN, formula_of
from symderiv.judge.lines import Lines
from symderiv.judge.masks import masks_of
from symderiv.judge.met import Need, always_zero, known_before, met
from symderiv.judge.polynomials import UNIT, accumulate, number_of
from symderiv.terms.letters import BINDERS
from symderiv.terms.remembering import remembered


def lacks(lines: Lines, after: Basic, *before: Basic) -> bool:
    """Does a line need what none of the lines before it needs?"""
    stages: set[str] = set()
    given = [found for line in before for found in _needs(lines, line, stages)]
    wanted = _needs(lines, after, stages)
    if any(found.void for found in (*given, *wanted)):
        return True
    ring = lines.ring
    powers = [power for found in given for power in found.powers]
    if any(not _whole(power, powers) for found in wanted for power in found.powers):
        return True
    needed = [need for found in given for need in found.needs]
    new = [need for found in wanted for need in found.needs if need not in needed]
    lacking = [need for need in new if not met(ring, need)]
    if not lacking:
        return False
    known = [need for need in needed if not met(ring, need)]
    return any(not known_before(ring, need, known) for need in lacking)


def _whole(power: tuple[Items, Form], powers: list[tuple[Items, Form]]) -> bool:
    """Is an exponent whole wherever the exponents of other powers of its base are?"""
    base, exponent = power
    others = dict.fromkeys(items(e) for b, e in powers if b == base)
    if not others or items(exponent) in others:  # of no others its base is looked at alone
        return True
    for counts in product(range(-2, 3), repeat=len(others)) if len(others) < 4 else ():
        left = dict(exponent)
        for count, other in zip(counts, others, strict=True):
            for m, c in other:
                accumulate(left, {m: c}, -count)
        if not left or ({*left} == {UNIT} and left[UNIT] % 1 == 0):
            return True
    return False


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
        found.void = any(always_zero(lines.ring, need) for need in found.needs)
    return found


class Needs:
    """The needs of a line, with the masks in force, and the stages that are mentioned in it."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.stages: set[str] = set()
        self.needs: list[Need] = []
        self.powers: list[tuple[Items, Form]] = []  # of what may be negative, by no whole number
        self.void = False  # has the line no value at all?

    def walk(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """Note what a term needs, and what is in it."""
        if not _asks(term):
            return
        if isinstance(term, terms.Quantity):
            self.stages.add(term.name)
        if isinstance(term, sympy.Indexed | terms.Quantity) or not term.args:
            return
        of_head = ASKING.get(type(term))
        if of_head is not None:
            of_head(self, term, masks)
        if type(term).__name__ in POSITIVE:
            self.of_function(term, masks)
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
            others = (mask for m, part in enumerate(own) if m != n for mask in part)
            self.walk(arg, (*masks, *others) if any(own) else masks)

    def _masks(self, term: Basic) -> Iterator[Form]:
        return map(self.lines.form, masks_of(term))

    def of_quotient(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """What is divided by is not 0, but where the numerator is by its indices."""
        above, below = term.args
        self._not_zero(below, (*masks, *self._masks(above)))

    def of_function(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """What `known` says is positive wherever the function and its derivative have a value."""
        ring, argument = self.lines.ring, self.lines.form(term.args[0])
        for text in KNOWN[type(term).__name__].positive:
            self._above(written(ring, formula_of(text), argument), masks)

    def of_power(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """A base is positive under a root or a symbolic exponent, not 0 under a negative one."""
        base, exponent = term.args[0], self.lines.form(term.args[1])
        value = number_of(exponent)
        if value is None and self.lines.ring.integral(exponent):
            return
        if not isinstance(value, int) and not self.lines.ring.sure(form := self.lines.form(base)):
            if value is None:
                self._by_exponent(form, exponent)
            self._above(form, masks)
        if value is not None and value < 0:
            self._not_zero(base, masks)

    def _by_exponent(self, base: Form, exponent: Form) -> None:
        """Note a power of what may be negative, but for what is positive, and for whole numbers."""
        if len(base) == 1:
            ((m, c),) = base.items()
            left = tuple((g, e) for g, e in m if not self.lines.ring.power_sign(g, e))
            base = {left: 1 if c > 0 else -1}
        apart = {m: c % 1 if m == UNIT else c for m, c in exponent.items()}
        whole = self.lines.ring.integral  # as t is in x^(t - a): whether it has a value, a says
        self.powers.append((items(base), {m: c for m, c in apart.items() if not whole({m: c})}))

    def _above(self, form: Form, masks: tuple[Form, ...]) -> None:
        self._note(True, bracket(self.lines.ring, form), masks)

    def _not_zero(self, term: Basic, masks: tuple[Form, ...]) -> None:
        """A product is 0 where a factor is, u² where u is: that is not multiplied out."""
        while isinstance(term, terms.Power) and term.exponent.is_Integer and term.exponent > 0:
            term = term.base
        if isinstance(term, terms.Times):
            for factor in term.args:
                self._not_zero(factor, masks)
            return
        form = self.lines.form(term)
        if number_of(form) is None or not form:
            self._note(False, form, masks)

    def _note(self, positive: bool, form: Form, masks: tuple[Form, ...]) -> None:
        """A need, unless a mask is 0; one that is a number, as 1 - delta_12, leaves out nothing."""
        if all(masks):
            open_ = tuple(mask for mask in masks if number_of(mask) is None)
            self.needs.append((positive, form, open_))


# A head that needs something, and what; only under these and stages is looked at all.
ASKING: dict[type[Basic], Callable[[Needs, Basic, tuple[Form, ...]], None]] = {
    terms.Quotient: Needs.of_quotient,
    terms.Power: Needs.of_power,
    sympy.Pow: Needs.of_power,
}
HEADS: tuple[type[Basic], ...] = (terms.Quantity, *ASKING)
POSITIVE = frozenset(name for name, row in KNOWN.items() if row.positive)


@remembered
def _asks(term: Basic) -> bool:
    """Is a head in a term that needs something, or a stage, which may?"""
    return isinstance(term, HEADS) or type(term).__name__ in POSITIVE or any(map(_asks, term.args))
