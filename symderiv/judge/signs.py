"""Signs: which generators and forms are surely positive, or not negative.

Exponentials, sizes, sums of positives, even powers and declared facts; nothing is guessed.

Imports atoms and indices only.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symderiv.judge.atoms import Form, Monomial, Number, Range, Table
from symderiv.judge.indices import Index, letters_in, value_of


class Signs:
    """What is known of generators, letters and sizes, and what follows for signs.

    `ranges` gives the range of a letter by its name; a letter's name never changes its range.
    `shapes` gives the sizes of an array's axes, `sizes` are the names of axis sizes, `labels`
    those of fixed labels.  A pattern says of a generator that it was declared positive.
    """

    def __init__(self) -> None:
        self.table = Table()
        self.ranges: dict[str, Range] = {}
        self.shapes: dict[str, tuple[Index, ...]] = {}
        self.sizes: set[str] = set()
        self.labels: set[str] = set()
        self._patterns: list[Callable[[int], bool]] = []
        self._forms: list[Callable[[Form], bool]] = []
        self._positive: dict[int, int] = {}

    def declare_positive(self, pattern: Callable[[int], bool]) -> None:
        """Every generator of which the pattern is true is positive from now on."""
        self._patterns.append(pattern)
        self._positive.clear()

    def declare_form(self, pattern: Callable[[Form], bool]) -> None:
        """Every form of which the pattern is true is positive from now on."""
        self._forms.append(pattern)
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
            case "den":
                return 2 if self.positive(dict(gen.data[0])) else 0
            case "sum":
                body = dict(gen.data[2])
                full = all(self.inhabited(r) for r in gen.data[1])
                return (2 if full and self.positive(body) else 1) if self.sure(body) else 0
            case "maximum" | "product":
                return 2 if self.positive(dict(gen.data[2])) else 0
        return 2 if any(pattern(g) for pattern in self._patterns) else 0

    def inhabited(self, limits: Range) -> bool:
        """Does a range surely hold a value?  1 to a size does."""
        low, high = limits
        if value_of(low) != 1:
            return False
        top = value_of(high)
        if top is not None:
            return top >= 1
        return len(high) == 1 and high[0][1] == 1 and letters_in(high) <= self.sizes

    def positive_power(self, g: int, e: Number) -> bool:
        """Is g**e positive wherever it is real and not zero?

        An even root is never negative; so is a power with a symbolic exponent.
        """
        gen = self.table[g]
        if self.sign(g) == 2 or (gen.kind == "power"):
            return True
        return gen.kind == "den" and isinstance(e, Fraction) and e.denominator % 2 == 0

    def _monomial_sign(self, m: Monomial) -> int:
        least = 2
        for g, e in m:
            if self.positive_power(g, e):
                continue
            if self.sign(g) == 1 or (isinstance(e, int) and e % 2 == 0):
                least = 1
            else:
                return 0
        return least

    def sure(self, form: Form) -> bool:
        """Is a form surely not negative?"""
        return all(c > 0 and self._monomial_sign(m) for m, c in form.items()) or self._told(form)

    def positive(self, form: Form) -> bool:
        """Is a form surely positive?"""
        terms = form.items()
        if all(c > 0 and self._monomial_sign(m) for m, c in terms):
            return any(self._monomial_sign(m) == 2 for m in form)
        return self._told(form)

    def _told(self, form: Form) -> bool:
        return len(form) > 1 and any(pattern(form) for pattern in self._forms)
