"""The rules of products over an index, and of those that leave a place out.

A product that leaves out a place has a value where a factor is 0, which one divided by that factor
has not: so the derivative of a product is written.

Floor 1: imports floor 0, differentiation, fractions, ranges and the register.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.rules.fractions import PRODUCTS
from symderiv.rules.ranges import in_range, length
from symderiv.rules.registry import Law, derivative, rule
from symderiv.terms import ONE, Plus, plus, rebuild, summation, times
from symderiv.terms.factors import (
    Factored,
    add_exponents,
    factored,
    key,
    number,
    power,
    terms_of,
)
from symderiv.terms.letters import all_letters, free_letters, rename_bound, substitute
from symderiv.terms.makers import D
from symderiv.terms.omitted import omitted, without

MINUS_ONE = cast(Expr, sympy.S.NegativeOne)


@derivative(
    "derivative-of-a-product",
    "derivative of a product over an index",
    Law("D(prod(u[k], k))", "sum(D(u[k])*prod(u[m], m, m != k), k)"),
    of=Product,
    examples=(
        Law(
            "D(prod(exp(z[k]), k), z[j])",
            "sum(D(exp(z[k]), z[j])*prod(exp(z[m]), m, m != k), k)",
        ),
    ),
)
def derivative_of_product(u: Product, x: Expr) -> Expr | None:
    u = cast(Product, rename_bound(u, all_letters(x)))
    ((index, low, high),) = u.limits
    k = cast(Symbol, index)
    return summation(times(D(u.function, x), without(u, k)), k, high, low)


@rule(
    "whole-product",
    "the factor left out",
    Law("f[i]*prod(f[k], k, k != i)", "prod(f[k], k)"),
    of=PRODUCTS,
    examples=(
        Law("a*exp(z[i])*prod(exp(z[k]), k, k != i)", "a*prod(exp(z[k]), k)"),
        Law("2*x[i]**2*prod(x[k], k, k != i)", "2*x[i]*prod(x[k], k)"),
    ),
    refuses=("f[j]*prod(f[k], k, k != i)", "x[i]*prod(x[k]**2, k, k != i)"),
)
def whole(term: Basic) -> Expr | None:
    """Π_{k ≠ i} f_k meets f_i."""
    view = factored(term)
    for base, exponent in view.powers.items():
        found = omitted(base) if exponent == 1 else None
        own = None if found is None else _at(*found)
        if found is None or own is None or not own.powers:
            continue
        here = [(e, number(view.powers.get(b, sympy.S.Zero))) for b, e in own.powers.items()]
        if all(e.is_Integer and e > 0 and n is not None and n >= e for e, n in here):
            made = view.without(base) * own.to_the(MINUS_ONE)
            made.multiply(found[0], ONE)
            return made.term()
    return None


@rule(
    "share-of-a-product",
    "cancelling the other factors",
    Law("prod(f[k], k, k != i)/prod(f[k], k)", "1/f[i]"),
    of=PRODUCTS,
    examples=(
        Law("sum(a[i]*prod(f[k], k, k != i), i)/prod(f[k], k)", "sum(a[i]/f[i], i)"),
        Law("a*prod(f[k], k, k != i)/prod(f[k], k)**2", "a/(f[i]*prod(f[k], k))"),
    ),
    refuses=("prod(f[k], k)*prod(f[k], k, k != i)", "prod(f[k], k, k != i)/prod(z[k], k)"),
)
def share(term: Basic) -> Expr | None:
    """Π_{k ≠ i} f_k beside a power of Π_k f_k that has no value where one of these is 0."""
    view = factored(term)
    for base, exponent in view.powers.items():
        known = number(exponent)
        if not isinstance(base, Product) or (known is not None and known.q == 1 and known > 0):
            continue
        for other in [b for b, e in view.powers.items() if e == 1]:
            found = _divided(other, base)
            if found is not None:
                made = Factored(view.coefficient)
                for b, e in view.powers.items():
                    if b == other:
                        made = made * found
                    else:
                        made.multiply(b, add_exponents(e, ONE) if b == base else e)
                return made.term()
    return None


@rule(
    "product-of-one-factor",
    "product of a constant",
    Law("prod(u, (k, 1, K))", "u**K"),
    Law("prod(u, (k, 1, K), k != 1)", "u**(K - 1)"),
    of=Product,
    examples=(
        Law("prod(a, (k, 1, K))", "a**K"),
        Law("prod(a, (k, 1, K), k != 1)", "a**(K - 1)"),
    ),
    refuses=("prod(f[k], k)", "prod(a, (k, 2, K-1))"),
)
def of_constant(term: Product) -> Expr | None:
    """Π_k u = u^K, and one factor fewer where a place is left out."""
    found = omitted(term)
    product, place = (term, None) if found is None else found
    if len(product.limits) != 1:
        return None
    limit = product.limits[0]
    count = length(limit)
    if count is None or limit[0] in free_letters(product.function):
        return None
    if place is not None:
        if in_range(place, limit) != 1:
            return None
        count -= 1
    u = product.function
    return u if u == 1 else power(u, cast(Expr, sympy.expand(count)))


def _at(product: Product, place: Expr) -> Factored | None:
    """The factor of a product at a place, which is in its range."""
    limit = product.limits[0]
    if in_range(place, limit) != 1:
        return None
    return factored(substitute(product.function, {limit[0]: place}))


def _divided(term: Expr, product: Product) -> Factored | None:
    """The term divided by a product, where each of its summands leaves one factor of it out."""
    found = omitted(term)
    if found is not None:
        own = _at(*found) if key(found[0]) == key(product) else None
        return None if own is None else own.to_the(MINUS_ONE)
    if isinstance(term, Sum):
        inner = _divided(cast(Expr, term.function), product)
        body = None if inner is None else rebuild(term, (inner.term(), *term.limits))
        return None if body is None else Factored(ONE, {cast(Expr, body): ONE})
    if isinstance(term, Plus):
        parts = [_divided(t, product) for t in terms_of(term)]
        made = [p.term() for p in parts if p is not None]
        return Factored(ONE, {plus(*made): ONE}) if len(made) == len(parts) else None
    view = factored(term)
    for base in [b for b, e in view.powers.items() if e == 1 and b != term]:
        inner = _divided(base, product)
        if inner is not None:
            return view.without(base) * inner
    return None
