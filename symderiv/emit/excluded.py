"""Products without a factor: what a derivative divides by is left out instead, as it may be 0.

Gives `excluded` (Π_k b_k / b_i, without the division), `distributed` (a product, or a power to a
size, moved into the sum before which it stands, where that is divided by its factor), `moved_in` (a
division moved into the sums that it stands under, to the product that it leaves a factor out of)
and `seen_through` (stages that are products written out, where that helps).

Imports laws, and floor 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import cast

import sympy
from sympy import Expr, Indexed, Product, Sum, Symbol

from symderiv.emit.laws import body_of, places
from symderiv.records import dataclass
from symderiv.terms import ONE, Plus, Quantity, hold, plus, product_over, rebuild, release, subterms
from symderiv.terms.factors import Factored, factored, key, multiply_exponents, number, terms_of
from symderiv.terms.letters import all_letters, free_letters, rename_bound, substitute
from symderiv.terms.problem import Problem

Among = Callable[[Expr, Expr, Expr], bool]  # is an index from the one end to the other?


def _once(exponent: Expr) -> bool:
    """Is it a whole number, and at least 1: is there a product to take?"""
    e = release(exponent)
    return bool(e.is_integer and (e - 1).is_nonnegative)


def _anywhere(i: Expr, low: Expr, high: Expr) -> bool:
    return True


def excluded(
    view: Factored, among: Among = _anywhere
) -> tuple[Factored, list[tuple[Product, Expr]]]:
    """Π_k b_k / b_i without the division: the rest, and each product with the index left out."""
    left: list[tuple[Product, Expr]] = []
    made = Factored(view.coefficient, dict(view.powers))
    for whole, exponent in view.powers.items():
        if not isinstance(whole, Product) or len(whole.limits) != 1:
            continue
        if not _once(exponent):
            continue
        for base, low in view.powers.items():
            below = low == -1 and base in made.powers
            found = _factor_of(base, whole, among) if below else None
            if found is not None and whole in made.powers:
                factor, i = found
                made.multiply(whole, cast(Expr, -ONE))
                ((k, start, end),) = whole.limits
                if i is not None:  # else u^K/u is u^(K - 1)
                    del made.powers[base]
                    left.append((product_over(factor, cast(Symbol, k), end, start), i))
                for other, power in factored(whole.function).powers.items():
                    less = power - 1 if i is not None and other == factor else power
                    if less != 0:
                        _multiply(made, other, cast(Expr, less), whole)
                ratio = factored(whole.function).coefficient
                if ratio != 1:
                    _multiply(made, ratio, ONE, whole)
    return made, left


def _multiply(made: Factored, base: Expr, power: Expr, whole: Product) -> None:
    """Times the product over a letter of one factor of its body."""
    ((k, start, end),) = whole.limits
    if k in free_letters(base) | free_letters(power):
        body = Factored(ONE, {base: power}).term()
        made.multiply(product_over(body, cast(Symbol, k), end, start), ONE)
    else:
        length = sympy.expand(end - start + 1)
        made.multiply(base, multiply_exponents(power, hold(length)))


def _factor_of(
    base: Expr, whole: Product, among: Among = _anywhere
) -> tuple[Expr, Expr | None] | None:
    """The factor of a product's body that a base is at some index, and that index if any."""
    ((k, low, high),) = whole.limits
    inner = factored(whole.function)
    factors = [
        whole.function, *(f for f, e in inner.powers.items() if e.is_Integer and e > 0)
    ]  # fmt: skip
    for f, e in inner.powers.items():
        if e.is_Integer and e > 0 and k not in free_letters(f) and key(f) == key(base):
            return f, None
    for f in factors:
        letters = sorted(free_letters(base), key=str)  # of brackets too: Σ_k [k ≤ j] x_k
        shifted = _shifted(f, base, cast(Symbol, k))
        for i in dict.fromkeys((*places(base), *letters, *shifted)):
            same = k in free_letters(f) and key(substitute(f, {k: i})) == key(base)
            if same and among(i, low, high):
                return f, i
    return None


def _shifted(factor: Expr, base: Expr, k: Symbol) -> Iterator[Expr]:
    """r - 1 for x_{k+1} and x_r: where an index of a factor is one of the base's."""
    held = [i for t in subterms(factor) if isinstance(t, Indexed | Quantity) for i in t.args[1:]]
    steps = {sympy.expand(release(i) - k) for i in held if k in i.free_symbols}
    own = [i for t in subterms(base) if isinstance(t, Indexed | Quantity) for i in t.args[1:]]
    for step in steps:
        if step != 0 and k not in step.free_symbols:
            yield from (sympy.expand(release(i) - step) for i in own)


@dataclass
class _Entering:
    """A factor that goes into a term, to the products that meet it there.

    meets : does a power in a product meet it?
    everywhere : must every summand have such a place, and may it lie in a stage of this problem?
    """

    factor: Factored
    meets: Callable[[Expr, Expr], bool]
    everywhere: Problem | None = None
    known: dict[Expr, Expr | None] = field(default_factory=dict)
    within: list[str] = field(default_factory=list)  # the stages that are being looked through

    def moved(self, view: Factored) -> Factored | None:
        """A product in which it has gone into one of the other factors; None where into none."""
        for other in [b for b, e in view.powers.items() if e == 1 and b not in self.factor.powers]:
            found = None if isinstance(other, Product) else self.into(other)
            if found is not None:
                made = view.without(other) * self.factor.to_the(cast(Expr, -ONE))
                made.multiply(found, ONE)
                return made
        return None

    def into(self, term: Expr) -> Expr | None:
        """The term times the factor; None where nothing in it meets that."""
        if isinstance(term, Quantity):
            return self._stage(term)
        if isinstance(term, Sum):
            (factor,) = self.factor.powers
            clear = cast(Sum, rename_bound(term, all_letters(factor)))
            found = self.into(clear.function)
            return None if found is None else cast(Expr, rebuild(clear, (found, *clear.args[1:])))
        if isinstance(term, Plus):
            terms = terms_of(term)
            parts = [*map(self.into, terms)]
            if not (all if self.everywhere else any)(p is not None for p in parts):
                return None
            return plus(
                *(p or self._beside(factored(t)) for t, p in zip(terms, parts, strict=True))
            )
        view = factored(term)
        if any(self.meets(base, exponent) for base, exponent in view.powers.items()):
            return self._beside(view)
        for base in [b for b, e in view.powers.items() if e == 1]:
            inner = isinstance(base, Plus | Sum | Quantity)
            if inner and (found := self.into(base)) is not None:
                made = view.without(base)
                made.multiply(found, ONE)
                return made.term()
        return None

    def _beside(self, view: Factored) -> Expr:
        return (self.factor * view).term()

    def _stage(self, stage: Quantity) -> Expr | None:
        """What a stage is, times the factor; one of a recurrence comes back to itself and stays."""
        if stage not in self.known and self.everywhere is not None:
            if stage.name in self.within:
                return None
            body = body_of(stage, self.everywhere)
            self.within.append(stage.name)
            self.known[stage] = None if body is None else self.into(body)
            self.within.pop()
        return self.known.get(stage)


def _of_product(whole: Expr, exponent: Expr) -> _Entering | None:
    """Π_k b_k, or u^K for a size K, on its way to what is divided by one of its factors."""
    if isinstance(whole, Product) and len(whole.limits) == 1 and _once(exponent):
        once = Factored(ONE, {whole: ONE})
        return _Entering(once, lambda b, e: e == -1 and _factor_of(b, whole) is not None)
    size = release(exponent)
    if number(exponent) is None and size.is_integer and not size.is_nonpositive:
        power = Factored(ONE, {whole: exponent})
        return _Entering(power, lambda b, e: e == -1 and key(b) == key(whole))
    return None


def distributed(view: Factored, done: frozenset[Expr] = frozenset()) -> Factored | None:
    """(Π_k b_k) Σ_i c_i/b_i with the product inside the sum, where a b_i is left out of it.

    So u^K (c/u + d) is c u^(K - 1) + d u^K; and (Σ_n c_n Π_k b_nk) Σ_i d_i/b_i one sum over n.
    """
    for base, exponent in view.powers.items():
        entering = None if base in done else _of_product(base, exponent)
        made = None if entering is None else entering.moved(view)
        if made is not None:
            return distributed(made, done | {base}) or made
    for other in [b for b, e in view.powers.items() if e == 1 and isinstance(b, Plus | Sum)]:

        def meets(base: Expr, exponent: Expr, other: Expr = other) -> bool:
            entering = _of_product(base, exponent) if isinstance(base, Product) else None
            return entering is not None and entering.into(other) is not None

        made = _Entering(Factored(ONE, {other: ONE}), meets).moved(view)
        if made is not None:
            return made
    return None


def moved_in(view: Factored, problem: Problem) -> Factored | None:
    """(Σ_j c_j Π_k b_k)/b_i with the division at each product; None where that helps nothing."""
    for base in [b for b, e in view.powers.items() if e == -1]:

        def meets(whole: Expr, exponent: Expr, base: Expr = base) -> bool:
            return isinstance(whole, Product) and _once(exponent) and bool(_factor_of(base, whole))

        once = Factored(ONE, {base: cast(Expr, -ONE)})
        made = _Entering(once, meets, problem).moved(view)
        if made is not None:
            return made
    return None


def undivided(view: Factored, vanishes: Callable[[Expr], bool]) -> Factored | None:
    """p (c/p + d) as c + d p, for what is positive and may vanish in floats, as a share does."""
    for base, exponent in view.powers.items():

        def meets(other: Expr, power: Expr, base: Expr = base) -> bool:
            return power.is_Integer and power < 0 and key(other) == key(base)

        if exponent.is_Integer and exponent > 0 and vanishes(base):
            made = _Entering(Factored(ONE, {base: exponent}), meets).moved(view)
            if made is not None:
                return made
    return None


def seen_through(view: Factored, problem: Problem) -> Factored:
    """The view with stages that are products written out, where a factor is left out of one.

    A product that leaves none out as it stands is taken apart, factor by factor.
    """
    written = Factored(view.coefficient)
    for base, exponent in view.powers.items():
        for factor, power in _written_out(base, problem).items() if exponent == 1 else ():
            written.multiply(factor, power)
        if exponent != 1:
            written.multiply(base, exponent)
    apart = Factored(written.coefficient)
    for whole, exponent in written.powers.items():
        for part, power in _parts(whole).items() if _once(exponent) else [(whole, ONE)]:
            apart.multiply(part, multiply_exponents(power, exponent))
    for found in (written, apart):
        if found.powers != view.powers and (excluded(found)[1] or distributed(found)):
            return found
    return view


def _written_out(base: Expr, problem: Problem) -> dict[Expr, Expr]:
    """The factors of a stage that has products among them; |u| is sign(u) u."""
    body = body_of(base, problem) if isinstance(base, Quantity) else None
    if isinstance(body, sympy.Abs) and isinstance(body.args[0], Product):
        return {cast(Expr, sympy.sign(body.args[0])): ONE, cast(Expr, body.args[0]): ONE}
    view = factored(body) if body is not None else Factored(ONE)
    of_products = view.coefficient == 1 and any(isinstance(b, Product) for b in view.powers)
    return view.powers if of_products else {base: ONE}


def _parts(whole: Expr) -> dict[Expr, Expr]:
    """Π_j Π_k x_j y_k as powers of Π_j x_j and Π_k y_k: a factor without the letter is counted."""
    found: dict[Expr, Expr] = {}
    if not isinstance(whole, Product) or len(whole.limits) != 1:
        return {whole: ONE}
    ((k, start, end),) = whole.limits
    inner = factored(whole.function)
    if inner.coefficient != 1 or any(not e.is_Integer for e in inner.powers.values()):
        return {whole: ONE}
    for base, exponent in inner.powers.items():
        for part, power in _parts(base).items():
            power = multiply_exponents(power, exponent)
            if k in free_letters(part):
                part = product_over(part, cast(Symbol, k), end, start)
            else:
                power = multiply_exponents(power, hold(sympy.expand(end - start + 1)))
            same = next((f for f in found if key(f) == key(part)), part)
            before = found.pop(same, None)
            found[same] = power if before is None else hold(release(before) + release(power))
    return found
