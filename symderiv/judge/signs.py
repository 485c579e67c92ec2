"""Signs: which generators and forms are surely positive, or not negative.

Exponentials, sizes, sums of positives, even powers, declared facts, and a form on each side of its
brackets; nothing is guessed.  What a fact says of a form is a number: 2 it is positive, 1 it is not
negative, `NOT_ZERO`, 0 nothing.

Imports atoms, indices and polynomials only.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symderiv.judge.atoms import Form, Monomial, Number, Range, Table, items
from symderiv.judge.indices import Index, letters_in, value_of
from symderiv.judge.polynomials import UNIT, accumulate, at

NOT_ZERO = -1


class Signs:
    """What is known of generators, letters and sizes, and what follows for signs.

    `ranges` gives the range of a letter by its name; a letter's name never changes its range.
    `shapes` gives the sizes of an array's axes, `sizes` are the names of axis sizes with the least
    that each may be, `labels` the names of labels and of arrays of labels with the size of the
    axis that they label.  A declared pattern gives what a fact says of
    a generator or a form.
    """

    def __init__(self) -> None:
        self.table = Table()
        self.ranges: dict[str, Range] = {}
        self.shapes: dict[str, tuple[Index, ...]] = {}
        self.sizes: dict[str, int] = {}
        self.labels: dict[str, Index | None] = {}
        self._patterns: list[Callable[[Form], int]] = []
        self._positive: dict[int, int] = {}

    def declare(self, pattern: Callable[[Form], int]) -> None:
        """From now on every form has the sign that the pattern gives it."""
        self._patterns.append(pattern)
        self._positive.clear()

    def sign(self, g: int) -> int:
        """2 where a generator is positive, 1 where it is not negative, 0 where unknown."""
        found = self._positive.get(g)
        if found is None:
            self._positive[g] = 0
            self._positive[g] = found = self._sign(g)
        return found

    def _sign(self, g: int) -> int:
        gen = self.table[g]
        match gen.kind:
            case "exp" | "pi" | "prime":
                return 2
            case "letter":
                return 2 if gen.data[0] in self.sizes else 0
            case "delta" | "iverson":
                return 1
            case "den" | "power":  # (-2)^i is negative at i = 1
                return self._form_sign(dict(gen.data[0]))
            case "log":
                beyond_one = dict(gen.data[0])
                accumulate(beyond_one, {UNIT: 1}, -1)
                return self._form_sign(beyond_one)
            case "sum":
                full = all(self.inhabited(r) for r in gen.data[1])
                return min(self._form_sign(dict(gen.data[2])), 2 if full else 1)
            case "maximum" | "product":
                return self._form_sign(dict(gen.data[2]))
        return self._told({((g, 1),): 1})

    def inhabited(self, limits: Range) -> bool:
        """Does a range surely hold a value?  1 to a size does."""
        low, high = limits
        if value_of(low) != 1:
            return False
        top = value_of(high)
        if top is not None:
            return top >= 1
        return len(high) == 1 and high[0][1] == 1 and letters_in(high) <= self.sizes.keys()

    def _form_sign(self, form: Form) -> int:
        return 2 if self.positive(form) else int(self.sure(form))

    def power_sign(self, g: int, e: Number) -> int:
        """The sign of g**e where it is real: 2 positive, 1 not negative, 0 unknown.

        An even power and an even root is not negative; it is 0 at 0 where the exponent is positive.
        """
        sign = self.sign(g)
        if sign == 0 and (even_root(e) or self.even(g, e)):
            sign = 1
        return 2 if sign == 1 and (e < 0 or self._told_not_zero({((g, 1),): 1})) else sign

    def even(self, g: int, e: Number) -> bool:
        """Is g**e an even power of what is real?  ((-1)^a)^2 is -1 at a = 1/2."""
        gen = self.table[g]
        return e % 2 == 0 and (gen.kind != "power" or self.integral(dict(gen.data[1])))

    def integral(self, form: Form) -> bool:
        """Is a form a polynomial of letters with whole coefficients?"""
        return all(
            isinstance(c, int)
            and all(self.table[g].kind == "letter" and isinstance(e, int) and e > 0 for g, e in m)
            for m, c in form.items()
        )

    def positive_base(self, g: int, e: Number) -> bool:
        """Is g itself positive wherever g**e is real?"""
        sign = max(self.sign(g), int(even_root(e)))
        return sign == 2 or (sign == 1 and e < 0)

    def _monomial_sign(self, m: Monomial) -> int:
        return min((self.power_sign(g, e) for g, e in m), default=2)

    def _term_sign(self, m: Monomial, c: Number) -> int:
        return self._monomial_sign(m) if c > 0 else self._told({m: c})

    def sure(self, form: Form) -> bool:
        """Is a form surely not negative?"""
        if all(self._term_sign(m, c) for m, c in form.items()):
            return True
        return self._told(form) > 0 or self._sure_by_case(form)

    def _sure_by_case(self, form: Form) -> bool:
        """Is a form not negative on either side of a bracket in it, as x[x > 0] - x[-x > 0]?"""
        return self.on_each_side(form, self.sure)

    def on_each_side(self, form: Form, holds: Callable[[Form], bool]) -> bool:
        """Does it hold on either side of a bracket in a form, and between, where that is 0?

        Where a condition is positive so is a multiple of it with what is not negative besides.
        """
        table = self.table
        g = next((g for m in form for g, _ in m if table[g].kind == "iverson"), None)
        if g is None:
            return False
        condition = dict(table[g].data[0])
        below = {m: -c for m, c in condition.items()}
        other = table.number("iverson", items(below))
        sides: tuple[tuple[int, int, Form], ...]
        sides = ((1, 0, condition), (0, 1, below), (0, 0, {}))
        return all(
            holds(part) or self._beyond(part, known)
            for part, known in (((at(form, {g: a, other: b})), known) for a, b, known in sides)
        )

    def _beyond(self, form: Form, known: Form) -> bool:
        """Is a form surely a positive number times another, or more than that?"""
        ratios = (Fraction(form[m]) / c for m, c in known.items() if m in form)
        for ratio in {ratio for ratio in ratios if ratio > 0}:
            rest = dict(form)
            accumulate(rest, known, -ratio)
            if self.sure(rest):
                return True
        return False

    def positive(self, form: Form) -> bool:
        """Is a form surely positive?"""
        signs = [self._term_sign(m, c) for m, c in form.items()]
        if all(signs):
            return 2 in signs
        return self._told(form) == 2

    def surely_positive(self, form: Form) -> bool:
        """Is a form positive, its brackets looked at case by case?"""
        return self.positive(form) or self.on_each_side(form, self.surely_positive)

    def not_zero(self, form: Form) -> bool:
        """Is a form declared not to be 0, or surely positive or negative?"""
        if self._told_not_zero(form):
            return True
        return self.positive(form) or self.positive({m: -c for m, c in form.items()})

    def _told_not_zero(self, form: Form) -> bool:
        return any(pattern(form) == NOT_ZERO for pattern in self._patterns)

    def _told(self, form: Form) -> int:
        """The sign by declared facts: not negative and not 0 is positive."""
        found = {pattern(form) for pattern in self._patterns} if form else set()
        return 2 if {1, NOT_ZERO} <= found else max(0, *found, 0)


def even_root(e: Number) -> bool:
    """Is g**e real only where g is not negative?"""
    return isinstance(e, Fraction) and e.denominator % 2 == 0
