"""Products without a place: Π_{m ≠ k} u_m, held as the product of (1 − δ_km) u_m + δ_km over all m.

Gives `without` (such a product), `omitted` (the whole product, and the place, of one) and
`conditions` (what its letter is asked, for printers), which sees Π_{m < k} as well; `elsewhere`,
1 − δ, and `left_out`, the δ of such a term, which is what a sum over the others has.

Floor 0: imports factors, letters and the heads.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, KroneckerDelta, Product, Symbol
from sympy.core.relational import Relational

from symderiv.terms import ONE, Iverson, Neg, Plus, Times, delta, plus, product_over, times
from symderiv.terms.letters import free_letters, rename_bound


def elsewhere(here: KroneckerDelta) -> Plus:
    """1 − δ_ij, which is 1 where the indices differ."""
    return Plus(ONE, Neg(here))


def left_out(term: Expr) -> KroneckerDelta | None:
    """The δ of 1 − δ_ij."""
    match term:
        case Plus(args=(one, Neg(KroneckerDelta() as here))) if one == 1:
            return here
    return None


def without(product: Product, place: Expr) -> Product:
    """The product over one letter, that of a place left out."""
    product = cast(Product, rename_bound(product, free_letters(place)))
    ((letter, low, high),) = product.limits
    here = delta(place, letter)
    body = plus(times(elsewhere(here), product.function), here)
    return product_over(body, cast(Symbol, letter), high, low)


def omitted(product: Expr) -> tuple[Product, Expr] | None:
    """The whole product, and the place that is left out; None for one that leaves none out."""
    found = _masked(product) if isinstance(product, Product) else None
    if found is None or not isinstance(found[1], KroneckerDelta):
        return None
    body, here = found
    ((letter, low, high),) = cast(Product, product).limits
    a, b = here.args
    place = cast(Expr, b if a == letter else a)
    if letter not in here.args or letter in free_letters(place):
        return None
    return product_over(body, cast(Symbol, letter), high, low), place


def conditions(product: Product) -> tuple[Expr, tuple[Relational, ...]]:
    """The body of a product where its letter is as it is asked to be, and what that is."""
    asked: list[Relational] = []
    found = _masked(product)
    while found is not None:
        body, outside = found
        letter = product.limits[0][0]
        asked.insert(0, _opposite(outside, cast(Symbol, letter)))
        product = cast(Product, product_over(body, cast(Symbol, letter), *product.limits[0][:0:-1]))
        found = _masked(product)
    return product.function, tuple(asked)


def is_masked(term: Expr) -> bool:
    """Is it [c] u + [not c], with 1 in the place of what a product leaves out?"""
    match term:
        case Plus(args=(Times(args=(weight, *_)), KroneckerDelta() | Iverson() as outside)):
            return bool(weight == _other(outside))
    return False


def _masked(product: Product) -> tuple[Expr, KroneckerDelta | Iverson] | None:
    """The body, and where it is 1 instead, of [c] u + [not c] over one letter that c is of."""
    if len(product.limits) != 1 or not is_masked(product.function):
        return None
    inside, outside = cast("tuple[Expr, KroneckerDelta | Iverson]", product.function.args)
    if product.limits[0][0] not in free_letters(outside):
        return None
    return times(*inside.args[1:]), outside


def _other(outside: KroneckerDelta | Iverson) -> Expr:
    """1 where a bracket is 0, as it is written."""
    if isinstance(outside, KroneckerDelta):
        return elsewhere(outside)
    return Iverson(_opposite(outside))


def _opposite(outside: KroneckerDelta | Iverson, letter: Symbol | None = None) -> Relational:
    """What is asked where a bracket is 0, of the letter first where it is a δ."""
    if isinstance(outside, KroneckerDelta):
        a, b = outside.args
        return sympy.Ne(*((b, a) if b == letter else (a, b)), evaluate=False)
    condition = cast(Relational, outside.condition)
    return type(condition.negated)(*condition.args, evaluate=False)
