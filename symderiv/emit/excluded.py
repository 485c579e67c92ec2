"""Products without a factor: what a derivative divides by is left out instead, as it may be 0.

Gives `excluded` (Π_k b_k / b_i, without the division), `distributed` (a product moved into the sum
that it stands before, where a term of that is divided by one of its factors) and `seen_through`
(stages that are products written out, where that helps).

Imports laws, and floor 0.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Product, Sum, Symbol

from symderiv.emit.laws import body_of, places
from symderiv.terms import ONE, Neg, Plus, Quantity, hold, plus, product_over, summation
from symderiv.terms.factors import Factored, factored, key, multiply_exponents, terms_of
from symderiv.terms.letters import free_letters, rename_bound, substitute
from symderiv.terms.problem import Problem


def excluded(view: Factored) -> tuple[Factored, list[tuple[Product, Expr]]]:
    """Π_k b_k / b_i without the division: the rest, and each product with the index left out."""
    left: list[tuple[Product, Expr]] = []
    made = Factored(view.coefficient, dict(view.powers))
    for whole, exponent in view.powers.items():
        if not isinstance(whole, Product) or len(whole.limits) != 1:
            continue
        if not exponent.is_Integer or exponent < 1:
            continue
        for base, low in view.powers.items():
            found = _factor_of(base, whole) if low == -1 and base in made.powers else None
            if found is not None and whole in made.powers:
                factor, i = found
                made.multiply(whole, cast(Expr, -ONE))
                ((k, start, end),) = whole.limits
                if i is None:  # u^K/u is u^(K - 1)
                    _multiply(made, factor, factored(whole.function).powers[factor], whole)
                else:
                    del made.powers[base]
                    left.append((product_over(factor, cast(Symbol, k), end, start), i))
                for other, power in factored(whole.function).powers.items():
                    if other != factor:
                        _multiply(made, other, power, whole)
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


def _factor_of(base: Expr, whole: Product) -> tuple[Expr, Expr | None] | None:
    """The factor of a product's body that a base is at some index, and that index if any."""
    ((k, _, _),) = whole.limits
    inner = factored(whole.function)
    factors = [whole.function, *(f for f, e in inner.powers.items() if e == 1)]
    for f, e in inner.powers.items():
        if e.is_Integer and e > 0 and k not in free_letters(f) and key(f) == key(base):
            return f, None
    for i in places(base, whole):
        for f in factors:
            if k in free_letters(f) and key(substitute(f, {k: i})) == key(base):
                return f, i
    return None


def distributed(view: Factored) -> Factored | None:
    """(Π_k b_k) Σ_i c_i/b_i with the product inside the sum, where a b_i is left out of it."""
    for whole in view.powers:
        if not isinstance(whole, Product) or view.powers[whole] != 1 or len(whole.limits) != 1:
            continue
        for other in view.powers:
            if view.powers[other] != 1 or not (inner := _inside(other, whole)):
                continue
            made = Factored(view.coefficient, dict(view.powers))
            del made.powers[whole], made.powers[other]
            made.multiply(inner, ONE)
            return made
    return None


def seen_through(view: Factored, problem: Problem) -> Factored:
    """The view with stages that are products written out, where a factor is left out of one."""
    made = Factored(view.coefficient)
    for base, exponent in view.powers.items():
        body = body_of(base, problem) if isinstance(base, Quantity) else None
        made.multiply(body if isinstance(body, Product) else base, exponent)
    useful = made.powers != view.powers and (excluded(made)[1] or distributed(made))
    return made if useful else view


def _inside(sum_: Expr, whole: Product) -> Expr | None:
    """A sum with a product moved into it, where a term is divided by one of its factors."""

    def divided(term: Expr) -> list[Expr | None]:
        powers = factored(term).powers
        below = [b for b, e in powers.items() if e == -1]
        inner = [t for b, e in powers.items() if e == 1 and isinstance(b, Plus) for t in b.args]
        here = [found[1] for b in below if (found := _factor_of(b, whole)) is not None]
        return [*here, *(i for t in inner for i in divided(t.term if isinstance(t, Neg) else t))]

    def times_whole(term: Expr, *taken: Symbol) -> Expr:
        return (factored(cast(Expr, rename_bound(whole, {*taken}))) * factored(term)).term()

    if isinstance(sum_, Plus) and any(map(divided, terms_of(sum_))):
        return plus(*map(times_whole, terms_of(sum_)))
    if isinstance(sum_, Sum) and len(sum_.limits) == 1:
        ((i, start, end),) = sum_.limits
        if whole.limits[0][1:] == (start, end) and i in divided(sum_.function):
            return summation(times_whole(sum_.function, i), i, end, start)
    return None
