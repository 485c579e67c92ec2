"""Roots of products: √(x² (1 + y²)) is |x| √(1 + y²), so that no product under it overflows.

Gives `parted`, for products of what is never negative: even powers, sums of squares, sizes, in
which x²/|x| is |x|, and x/√|x| is sign(x) √|x|; and `is_square_sum`.

Imports floor 0.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Sum, Symbol

from symderiv.terms import ONE, ZERO, Plus, Power, Quotient, Times
from symderiv.terms.factors import Factored, factored, multiply_exponents, number, terms_of


def parted(view: Factored) -> Factored | None:
    """The view with the roots of products taken apart; None where it has none."""
    made = Factored(view.coefficient)
    for base, exponent in view.powers.items():
        made = made * (_root(base, exponent) or Factored(ONE, {base: exponent}))
    for size in [b for b, e in made.powers.items() if isinstance(b, sympy.Abs) and e.is_negative]:
        x = cast(Expr, size.args[0])
        n = made.powers.get(x, ZERO)
        whole = cast(Expr, n + made.powers[size])
        even = cast(Expr, n - n % 2 if whole.is_Integer else n)
        if n.is_Integer and n > 0 and even:
            made.multiply(x, cast(Expr, -even))
            made.multiply(size, even)
            if not even.is_even:
                made.multiply(sympy.sign(x, evaluate=False), ONE)
    return made if made.powers != view.powers else None


def _root(base: Expr, exponent: Expr) -> Factored | None:
    """base^exponent as a product of such, as (x²)^b is |x|^(2b) for any b."""
    if number(exponent) is None:
        return None
    if isinstance(base, Power):
        inner = number(base.exponent) or base.exponent
        if inner.is_Integer:
            return None
        base, exponent = base.base, multiply_exponents(inner, exponent)
    elif exponent.is_Integer:
        return None
    within = factored(base) if isinstance(base, Times | Quotient | Power) else Factored()
    if not within.powers or within.coefficient <= 0:
        return None
    made = Factored(within.coefficient).to_the(exponent)
    for factor, power in within.powers.items():
        if not power.is_Integer:
            return None
        whole = multiply_exponents(power, exponent)
        if is_square_sum(factor) or isinstance(factor, sympy.Abs) or factor.is_positive:
            made.multiply(factor, whole)
        elif power.is_even:
            made.multiply(factor if whole.is_even else sympy.Abs(factor, evaluate=False), whole)
        else:
            return None
    return made


def is_square_sum(base: Expr) -> bool:
    """Is it a sum of squares, and of numbers from 0 up?"""
    if not isinstance(base, Sum | Plus):
        return False
    terms = list(terms_of(base))
    if all(t.is_Rational for t in terms):
        return False
    return all(t > 0 if t.is_Rational else _square(t) for t in terms)


def _square(term: Expr) -> bool:
    if isinstance(term, Sum):
        letters = {t[0] for t in term.limits}
        if any(isinstance(e, Symbol) and e in letters for t in term.limits for e in t[1:]):
            return False
        term = term.function
    view = factored(term)
    plain = not any(isinstance(b, sympy.exp) for b in view.powers)
    return view.coefficient > 0 and plain and all(e in (2, -2) for e in view.powers.values())
