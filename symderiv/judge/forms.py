"""Polynomials over generators, with rational exponents and coefficients: the normal form.

A form is a dict from monomials to rational coefficients; a monomial is a sorted tuple of
(generator, exponent).  `Ring` adds, multiplies, raises to powers and takes factors out.
Generators with a law of their own (a delta, a bracket, a denominator, a sine) are rewritten after
every product by the function registered for their kind in `REDUCE`.

Imports atoms and indices only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import floor, gcd, lcm
from typing import Any

from symderiv.judge.atoms import (
    IDEMPOTENT,
    Form,
    Monomial,
    Number,
    OutOfReach,
    Range,
    Table,
    items,
)
from symderiv.judge.indices import Index, letters_in, value_of

Exponents = dict[int, Number]
# kind -> (ring, monomial, generator) -> the form it is, or None where nothing is to be done
REDUCE: dict[str, Callable[[Ring, Monomial, int], Form | None]] = {}

UNIT: Monomial = ()
MOST_TERMS = 4000


def exact(number: Number) -> Number:
    """An int where it is one: ints are fast."""
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number


def magnitude(number: Number) -> Number:
    """The absolute value."""
    return -number if number < 0 else number


def constant(value: Number) -> Form:
    """The form that is a number."""
    return {UNIT: exact(value)} if value else {}


def number_of(form: Form) -> Number | None:
    """The number that a form is, or None."""
    if not form:
        return 0
    return form[UNIT] if len(form) == 1 and UNIT in form else None


def accumulate(total: Form, form: Form, factor: Number = 1) -> None:
    """total += factor * form, in place."""
    for monomial, c in form.items():
        new = total.get(monomial, 0) + c * factor
        if new:
            total[monomial] = new
        else:
            total.pop(monomial, None)


def added(*forms: Form) -> Form:
    """The sum of forms."""
    total: Form = {}
    for form in forms:
        accumulate(total, form)
    return total


def scaled(form: Form, factor: Number) -> Form:
    """A form times a number."""
    return {m: exact(c * factor) for m, c in form.items()} if factor else {}


def negated(form: Form) -> Form:
    """Minus a form."""
    return {m: -c for m, c in form.items()}


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product of monomials, laws of generators not yet applied."""
    if not a or not b:
        return a or b
    total = dict(a)
    for g, e in b:
        new = total.get(g, 0) + e
        if new:
            total[g] = exact(new)
        else:
            del total[g]
    return tuple(sorted(total.items()))


def raised(monomial: Monomial, power: Number) -> Monomial:
    """A monomial to a power, laws of generators not yet applied."""
    return tuple((g, exact(e * power)) for g, e in monomial)


class Ring:
    """Forms over one table of generators.

    `ranges` gives the range of a letter by its name; a letter's name never changes its range.
    `shapes` gives the sizes of an array's axes, `sizes` are the names of axis sizes, `labels`
    those of fixed labels.
    """

    def __init__(self) -> None:
        self.table = Table()
        self.ranges: dict[str, Range] = {}
        self.shapes: dict[str, tuple[Index, ...]] = {}
        self.sizes: set[str] = set()
        self.labels: set[str] = set()
        self.positive_patterns: list[Callable[[int], bool]] = []
        self.memo: dict[str, dict[Any, Any]] = {}
        self._reduced: dict[Monomial, Form] = {}
        self._positive: dict[int, int] = {}

    # -- making ---------------------------------------------------------------------------

    def atom(self, kind: str, *data: Any) -> Form:
        """The form that is one generator."""
        return {((self.table.number(kind, *data), 1),): 1}

    def index_form(self, index: Index) -> Form:
        """An index as a number: letters become generators."""
        total: Form = {}
        for atom, count in index:
            if not atom:
                accumulate(total, {UNIT: count})
            elif len(atom) == 1:
                accumulate(total, self.atom("letter", atom[0]), count)
            else:
                accumulate(total, self.atom("given", *atom), count)
        return total

    # -- products and powers --------------------------------------------------------------

    def product(self, a: Form, b: Form) -> Form:
        """The product of two forms."""
        if len(a) * len(b) > MOST_TERMS * 8:
            raise OutOfReach("too many terms")
        total: Form = {}
        for m, c in a.items():
            for n, d in b.items():
                self._emit(total, times(m, n), c * d)
        return total

    def multiplied(self, forms: Iterable[Form]) -> Form:
        """The product of several forms."""
        total: Form = {UNIT: 1}
        for form in forms:
            total = self.product(total, form)
        return total

    def _emit(self, total: Form, monomial: Monomial, c: Number) -> None:
        table = self.table
        for g, _ in monomial:
            if table[g].special:
                accumulate(total, self.reduced(monomial), c)
                return
        new = total.get(monomial, 0) + c
        if new:
            total[monomial] = exact(new)
        else:
            total.pop(monomial, None)

    def monomial(self, monomial: Monomial, c: Number = 1) -> Form:
        """The form of a monomial, laws applied."""
        total: Form = {}
        self._emit(total, monomial, c)
        return total

    def reduced(self, monomial: Monomial) -> Form:
        """A monomial with the laws of its generators applied until none applies."""
        found = self._reduced.get(monomial)
        if found is None:
            found = {monomial: 1}
            for g, _ in monomial:
                law = REDUCE.get(self.table[g].kind)
                if law is not None:
                    new = law(self, monomial, g)
                    if new is not None:
                        found = new
                        break
            if len(found) > MOST_TERMS:
                raise OutOfReach("too many terms")
            self._reduced[monomial] = found
        return found

    def power(self, form: Form, exponent: Number) -> Form:
        """A form to a rational power."""
        exponent = exact(exponent)
        if exponent == 1:
            return form
        if exponent == 0:
            return {UNIT: 1}
        if not form:
            if exponent > 0:
                return {}
            raise OutOfReach("a division by zero")
        if isinstance(exponent, int):
            if len(form) == 1:
                ((m, c),) = form.items()
                return self.monomial(raised(m, exponent), _power(c, exponent))
            if exponent > 0:
                return self._repeated(form, exponent)
        return self._rooted(form, exponent)

    def _repeated(self, form: Form, exponent: int) -> Form:
        if exponent > 64:
            raise OutOfReach("a large power of a sum")
        one: Form = {UNIT: 1}
        half = self._repeated(form, exponent // 2) if exponent > 1 else one
        whole = self.product(half, half)
        return self.product(whole, form) if exponent % 2 else whole

    def _rooted(self, form: Form, exponent: Number) -> Form:
        c, exponents, rest = self.factored(form)
        whole = isinstance(exponent, int)
        out: dict[int, Number] = {}
        factors: list[Form] = []
        opaque: dict[int, Number] = {}
        for g, e in exponents.items():
            if whole or self.positive_power(g, e):
                out[g] = exact(e * exponent)
            elif _even(e) and isinstance(exact(e * exponent), int):
                out[g] = exact(e * exponent)  # (g^2)^(1/2) = |g| = g sign(g)
                if out[g] % 2:
                    factors.append(self.sign_of(g))
            else:
                opaque[g] = e
        if whole:
            factors.append(constant(_power(c, int(exponent))))
        else:
            factors.append(self._prime_power(magnitude(c), exponent))
            if c < 0 and not opaque and len(rest) == 1:
                raise OutOfReach("a root of a negative number")
            if c < 0 and not opaque:
                rest = negated(rest)
            elif c < 0:
                opaque[-1] = 1
        if opaque and (len(rest) == 1 or not self.positive(rest)):
            sign = -1 if opaque.pop(-1, 0) else 1
            inner = self.product({tuple(sorted(opaque.items())): sign}, rest)
            factors.append(self._den(inner, exponent))
        else:
            if opaque:
                sign = -1 if opaque.pop(-1, 0) else 1
                inner = {tuple(sorted(opaque.items())): sign}
                factors.append(self._den(inner, exponent))
            if len(rest) > 1:
                factors.append(self._den(rest, exponent))
        factors.append(self.monomial(tuple(sorted(out.items()))))
        return self.multiplied(factors)

    def sign_of(self, g: int) -> Form:
        """[g > 0] - [-g > 0]."""
        gen = self.table[g]
        body: Form = dict(gen.data[0]) if gen.kind == "den" else {((g, 1),): 1}
        above, below = (self.atom("iverson", items(f)) for f in (body, negated(body)))
        return added(above, negated(below))

    def _den(self, body: Form, exponent: Number) -> Form:
        """A primitive polynomial under a negative or fractional power, as a generator."""
        if len(body) == 1 and isinstance(exponent, int):
            return self.power(body, exponent)
        sign = 1
        if not self.table.known("den", items(body)) and isinstance(exponent, int):
            opposite = negated(body)
            if self.table.known("den", items(opposite)) or self.leading(body)[1] < 0:
                body, sign = opposite, -1 if exponent % 2 else 1
        return self.monomial(((self.table.number("den", items(body)), exponent),), sign)

    def _prime_power(self, value: Number, exponent: Number) -> Form:
        form: Form = {UNIT: 1}
        for prime, n in factors_of(value).items():
            g = self.table.number("prime", prime)
            form = self.product(form, self.monomial(((g, exact(n * exponent)),)))
        return form

    # -- taking apart ---------------------------------------------------------------------

    def cleared(self, form: Form) -> tuple[Form, Exponents]:
        """(numerator, exponents) with form = numerator * product of denominators to exponents."""
        out: Exponents = {}
        for _ in range(12):
            lowest: Exponents = {}
            for m in form:
                for g, e in m:
                    if e < 0 and self.table[g].kind == "den":
                        lowest[g] = min(lowest.get(g, 0), floor(e))
            if not lowest:
                return form, out
            for g, e in lowest.items():
                out[g] = out.get(g, 0) + e
            clearing = tuple(sorted((g, -e) for g, e in lowest.items()))
            form = self.product(form, {clearing: 1})
        raise OutOfReach("denominators that do not clear")

    def factored(self, form: Form) -> tuple[Number, Exponents, Form]:
        """(c, exponents, rest): form = c * monomial * rest, rest primitive, or 1 = {(): 1}."""
        form, out = self.cleared(form)
        if not form:
            raise OutOfReach("a function of zero in disguise")
        monomials = [dict(m) for m in form]
        common: Exponents = {}
        for g in {g for m in monomials for g in m}:
            least = min(m.get(g, 0) for m in monomials)
            if least and (self.table[g].kind not in IDEMPOTENT or len(form) == 1):
                common[g] = least
        if len(form) == 1:
            ((m, c),) = form.items()
            for g, e in m:
                out[g] = exact(out.get(g, 0) + e)
            return c, {g: e for g, e in out.items() if e}, {UNIT: 1}
        coefficients = [Fraction(c) for c in form.values()]
        content = Fraction(
            gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients))
        )
        inverse = tuple(sorted((g, -e) for g, e in common.items()))
        rest = {times(m, inverse): exact(c / content) for m, c in form.items()}
        for g, e in common.items():
            out[g] = exact(out.get(g, 0) + e)
        return exact(content), {g: e for g, e in out.items() if e}, rest

    def leading(self, form: Form) -> tuple[Monomial, Number]:
        """The leading term in an order that does not depend on the names of letters.

        Lexicographic, the greatest generator first; for exponents that are not negative.
        """

        def rank(m: Monomial) -> list[tuple[tuple[str, int], Number]]:
            return sorted(((self._order(g), e) for g, e in m), reverse=True)

        top = max(form, key=rank)
        return top, form[top]

    def _order(self, g: int) -> tuple[str, int]:
        return self.table[g].shape, g

    def letters_of(self, m: Monomial) -> frozenset[str]:
        """The letters free in a monomial."""
        return frozenset().union(*(self.table[g].letters for g, _ in m))

    def integral(self, form: Form) -> bool:
        """Is a form a polynomial of letters with whole coefficients?"""
        return all(
            isinstance(c, int)
            and all(self.table[g].kind == "letter" and isinstance(e, int) and e > 0 for g, e in m)
            for m, c in form.items()
        )

    # -- signs ----------------------------------------------------------------------------

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
        return 2 if any(pattern(g) for pattern in self.positive_patterns) else 0

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
        return all(c > 0 and self._monomial_sign(m) for m, c in form.items())

    def positive(self, form: Form) -> bool:
        """Is a form surely positive?"""
        return self.sure(form) and any(self._monomial_sign(m) == 2 for m in form)


def _even(e: Number) -> bool:
    return isinstance(e, int) and e % 2 == 0


def _power(c: Number, exponent: int) -> Number:
    return exact(Fraction(c) ** exponent)


def factors_of(value: Number) -> dict[int, int]:
    """The prime factors of a positive rational number, with their exponents."""
    found: dict[int, int] = {}
    for part, step in ((value.numerator, 1), (value.denominator, -1)):
        rest, p = part, 2
        while p * p <= rest and p < 100_000:
            while rest % p == 0:
                found[p] = found.get(p, 0) + step
                rest //= p
            p += 1
        if rest > 1:
            found[rest] = found.get(rest, 0) + step
    return found
