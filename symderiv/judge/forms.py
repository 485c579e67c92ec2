"""The ring of forms: products, powers and factors, the laws of generators applied.

Generators with a law of their own (a delta, a bracket, a denominator, a sine) are rewritten after
every product by the function registered for their kind in `REDUCE`.

Imports polynomials, signs, atoms and indices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import floor, gcd, lcm
from typing import Any

from symderiv.judge.atoms import (
    IDEMPOTENT,
    Form,
    Monomial,
    Number,
    OutOfReach,
    Undefined,
    items,
)
from symderiv.judge.indices import Index
from symderiv.judge.polynomials import (
    UNIT,
    accumulate,
    added,
    at,
    constant,
    exact,
    factors_of,
    magnitude,
    negated,
    raised,
    times,
)
from symderiv.judge.signs import Signs, even_root
from symderiv.patience import FOREVER, Budget, room

Exponents = dict[int, Number]
# kind -> (ring, monomial, generator) -> the form it is, or None where nothing is to be done
REDUCE: dict[str, Callable[[Ring, Monomial, int], Form | None]] = {}


MOST_TERMS = 4000
MOST_TO_SPLIT = 60  # terms of a denominator that is looked at for factors
MOST_EFFORT = 50_000  # monomials made for one question
LOOKED = 50  # monomials after which the clock is looked at


class Ring(Signs):
    """Forms over one table of generators."""

    def __init__(self) -> None:
        super().__init__()
        self.memo: dict[str, dict[Any, Any]] = {}
        self._denominators: list[Form] = []
        self._reduced: dict[Monomial, Form] = {}
        self.symmetries: dict[str, tuple[tuple[tuple[int, ...], int], ...]] = {}
        # stages that an inverse is of: inv(A) depends on what the entries of A do
        self.entries: dict[str, Callable[[tuple[Index, ...]], Form]] = {}
        self.effort = 0  # spent on the question at hand; who asks sets it back to 0
        self._unlooked = LOOKED  # spent since the clock was looked at
        self.budget: Budget = FOREVER

    # -- making ---------------------------------------------------------------------------

    def atom(self, kind: str, *data: Any) -> Form:
        """The form that is one generator."""
        return {((self.table.number(kind, *data), 1),): 1}

    def component(self, name: str, indices: Sequence[Index]) -> Form:
        """A component of a given array; of a symmetric one, its indices in one order.

        `symmetries` has for an array the orders of its indices that make no difference but a sign.
        """
        orders = self.symmetries.get(name)
        if orders is None:
            return self.atom("given", name, *indices)
        written = {(tuple(indices[n] for n in order), sign) for order, sign in orders}
        least, sign = min(written)
        if (least, -sign) in written:
            return {}  # A_ii = -A_ii
        return {((self.table.number("given", name, *least), 1),): sign}

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
        total: Form = {}
        self.multiply_into(total, a, b)
        return total

    def multiply_into(self, total: Form, a: Form, b: Form) -> None:
        """total += a * b, in place."""
        if len(a) * len(b) > MOST_TERMS * 8:
            raise OutOfReach("too many terms")
        self.spend(len(a) * len(b))
        special = self.table.special
        for m, c in a.items():
            for n, d in b.items():
                monomial = times(m, n) if m and n else m or n
                for g, _ in monomial:
                    if g in special:
                        self._emit(total, monomial, c * d)
                        break
                else:
                    new = total.get(monomial, 0) + c * d
                    if new:
                        total[monomial] = new if type(new) is int else exact(new)
                    else:
                        total.pop(monomial, None)

    def spend(self, effort: int) -> None:
        """Count an effort.

        Raises
        ------
        OutOfReach
            where it is more than one question is worth, or its budget is spent.
        """
        self.effort += effort
        if self.effort > MOST_EFFORT:
            raise OutOfReach("too many terms")
        self._unlooked += effort
        if self._unlooked >= LOOKED:
            self._unlooked = 0
            room()
            if self.budget.spent:
                raise OutOfReach("it takes too long")

    def multiplied(self, forms: Iterable[Form]) -> Form:
        """The product of several forms."""
        factors = list(forms)
        if not all(factors):
            return {}  # a product with 0 is not multiplied out
        one: Form = {UNIT: 1}
        total, *more = factors if len(factors) > 1 else [one, *factors]
        for form in more:
            total = self.product(total, form)
        return total

    def _emit(self, total: Form, monomial: Monomial, c: Number) -> None:
        special = self.table.special
        for g, _ in monomial:
            if g in special:
                form = self.reduced(monomial)
                self.spend(len(form))
                accumulate(total, form, c)
                return
        new = total.get(monomial, 0) + c
        if new:
            total[monomial] = new if type(new) is int else exact(new)
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

    def by_case(self, form: Form, g: int, of: Callable[[Form], Form]) -> Form:
        """(1 - g) of(form where g is 0) + g of(form where g is 1), for a bracket or a delta g."""
        here: Form = {((g, 1),): 1}
        cases = (added(constant(1), negated(here)), here)
        return added(*(self.product(c, of(at(form, {g: n}))) for n, c in enumerate(cases)))

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
            raise Undefined("a division by zero")
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
        if isinstance(exponent, int):
            out = {g: exact(e * exponent) for g, e in exponents.items()}
            factors = [constant(_power(c, exponent)), self.monomial(tuple(sorted(out.items())))]
            return self.multiplied([*factors, self._den(rest, exponent)])
        return self.product(
            self._prime_power(magnitude(c), exponent),
            self._root(exponents, rest if c > 0 else negated(rest), exponent),
        )

    def _root(self, exponents: Exponents, rest: Form, exponent: Number) -> Form:
        """(product of g^e times rest)^exponent, taken apart where no factor is negative.

        Where one may be, only what is positive comes out: sqrt(x^2 y) is not |x| sqrt(y) at x = 0.
        """
        factors: list[Form] = []
        inside: Exponents = {}
        for g, e in exponents.items():
            if self.positive_base(g, e):
                factors.append(self.monomial(((g, exact(e * exponent)),)))
            else:
                inside[g] = e
        if all(self.power_sign(g, e) for g, e in inside.items()) and self.sure(rest):
            factors += [self._root_of(g, e, exponent) for g, e in inside.items()]
            inside = {}
        if inside:
            body: Form = {tuple(sorted(inside.items())): 1}
            if len(rest) == 1 or not self.positive(rest):
                body, rest = self.product(body, rest), {UNIT: 1}
            factors.append(self._den(body, exponent))
        if rest == {UNIT: -1}:
            raise OutOfReach("a root of a negative number")
        if rest != {UNIT: 1}:
            factors.append(self._den(rest, exponent))
        return self.multiplied(factors)

    def _root_of(self, g: int, e: Number, exponent: Number) -> Form:
        """(g^e)^exponent where g^e is not negative: (g^2)^(1/2) = |g| = g sign(g)."""
        raised_to = exact(e * exponent)
        if self.sign(g) or even_root(e):
            return self.monomial(((g, raised_to),))
        if isinstance(raised_to, Fraction):
            return self._den({((g, e),): 1}, exponent)
        root = self.monomial(((g, raised_to),))
        return self.product(root, self.sign_of(g)) if raised_to % 2 else root

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
            split = self._split(body)
            if split is not None:
                return self.product(*(self.power(part, exponent) for part in split))
            opposite = negated(body)
            if self.table.known("den", items(opposite)) or self.leading(body)[1] < 0:
                body, sign = opposite, -1 if exponent % 2 else 1
        if not self.table.known("den", items(body)):
            self._denominators.append(body)
        return self.monomial(((self.table.number("den", items(body)), exponent),), sign)

    def _split(self, body: Form) -> tuple[Form, Form] | None:
        """A polynomial as a product with a denominator that is known already, if it is that."""
        mine = {g for m in body for g, _ in m}
        for other in self._denominators:
            if not len(other) < len(body) <= MOST_TO_SPLIT:
                continue
            inside = all(g in mine for m in other for g, _ in m)
            quotient = self.divided(body, other) if inside else None
            if quotient is not None:
                return other, quotient
        return None

    def divided(self, form: Form, divisor: Form) -> Form | None:
        """The quotient of polynomials, None where the second does not divide the first."""
        if any(e < 0 for m in (*divisor, *form) for _, e in m):
            return None
        top, c = self.leading(divisor)
        gens = sorted({g for f in (divisor, form) for m in f for g, _ in m}, key=self._order)[::-1]

        def rank(m: Monomial) -> tuple[Number, ...]:
            exponents = dict(m)
            return tuple(exponents.get(g, 0) for g in gens)

        rest, whole = dict(form), Form()
        for _ in range(200):
            if not rest:
                return whole
            m = max(rest, key=rank)
            quotient = times(m, tuple((g, -e) for g, e in top))
            if any(e < 0 for _, e in quotient):
                return None
            factor = Fraction(rest[m]) / c
            accumulate(whole, {quotient: exact(factor)})
            for n, d in divisor.items():
                accumulate(rest, self.monomial(times(quotient, n)), -factor * d)
        return None

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
            raise Undefined("a function of zero in disguise")
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

        Lexicographic, the greatest generator first, one that holds no sum before one that does; for
        exponents that are not negative.  So in Σ_k e^{z_k} / (S - e^{z_k}), S = Σ_k e^{z_k}, what
        varies with k is divided by, and S comes out of the sum.
        """

        def rank(m: Monomial) -> list[tuple[tuple[int, str, int], Number]]:
            return sorted(((self._order(g), e) for g, e in m), reverse=True)

        top = max(form, key=rank)
        return top, form[top]

    def _order(self, g: int) -> tuple[int, str, int]:
        gen = self.table[g]
        return -gen.height, gen.shape, g

    def letters_of(self, m: Monomial) -> frozenset[str]:
        """The letters free in a monomial."""
        return frozenset().union(*(self.table[g].letters for g, _ in m))


def _power(c: Number, exponent: int) -> Number:
    return exact(Fraction(c) ** exponent)
