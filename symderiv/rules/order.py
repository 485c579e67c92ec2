"""The firing order: which rules make a line together, and in which order they are tried.

Gives tuples of groups: `DIFFERENTIATION` and `BY_PRODUCT` take derivatives inwards, `SUMS`,
`BEFORE_FOLDING` and `AFTER_FOLDING` simplify.  The rules of one group make one line; the first
group that applies fires.  `LINEARITY` is applied until it stops.  `RULES`, the register, is full
once this module has been imported.

Floor 1: imports the rules only.  To add a rule, put it where it should fire.
"""

from __future__ import annotations

from sympy import Expr
from sympy.core.function import Function

from symderiv.rules import (
    brackets,
    collecting,
    elementwise,
    extremes,
    fractions,
    inverses,
    masks,
    products,
    sharing,
    sums,
)
from symderiv.rules import differentiation as calculus
from symderiv.rules.registry import RULES, Rule
from symderiv.terms import Plus

__all__ = [
    "AFTER_FOLDING",
    "BEFORE_CITING",
    "BEFORE_FOLDING",
    "BY_PRODUCT",
    "COMMON_FACTOR",
    "DIFFERENTIATION",
    "EXPANDED",
    "KEEPING",
    "LINEARITY",
    "RULES",
    "SUMS",
    "ZEROS",
]

LINEARITY: tuple[Rule, ...] = (
    calculus.sum_rule,
    calculus.constant_factor,
    calculus.derivative_of_sum,
)

# Functions of one number, powers among them: those that stand side by side make one line.
ELEMENTWISE: tuple[Rule, ...] = (
    calculus.general_power,
    calculus.power,
    *elementwise.DERIVATIVES.values(),
    *elementwise.larger,
    *elementwise.largest,
)

EXTREMES: tuple[tuple[Rule, ...], ...] = (
    elementwise.first_largest,
    (extremes.maximum_of_constant,),
    (extremes.clipped,),
    extremes.moved,
    extremes.mean,
)

FIRST: tuple[tuple[Rule, ...], ...] = (
    (calculus.constant, calculus.bracket, calculus.variable),
    (inverses.inverse, inverses.determinant),
    LINEARITY,
)

DIFFERENTIATION: tuple[tuple[Rule, ...], ...] = (
    *FIRST,
    (calculus.quotient,),
    (calculus.product,),
    (products.derivative_of_product,),
    (calculus.logarithm_of_quotient, *ELEMENTWISE),
    *EXTREMES,
)

BY_PRODUCT: tuple[tuple[Rule, ...], ...] = (
    *FIRST,
    (calculus.product,),
    (calculus.reciprocal,),
    (calculus.reciprocal_power,),
    (products.derivative_of_product,),
    ELEMENTWISE,  # the fraction under a logarithm is differentiated as a product
    *EXTREMES,
)

# What is 0, or one of two numbers by a delta, is so on the line where it arises.
ZEROS: tuple[Rule, ...] = (sums.delta_value, collecting.vanishing)

SUMS: tuple[tuple[Rule, ...], ...] = (
    (sums.sifting,),
    (sums.multiplying_out,),
    (sums.linearity,),
    (sums.constant_out, sums.of_constant),
)

BEFORE_FOLDING: tuple[tuple[Rule, ...], ...] = (
    (sums.delta_value,),
    (collecting.vanishing,),
    (products.of_constant, products.whole, products.share),
    (fractions.cancelling, fractions.ratios, brackets.absolute, brackets.needless),
    (brackets.chosen,),
    (brackets.idempotent, fractions.one_root),
)

# Before the derivatives of named quantities are replaced by what lemmas say they are.
BEFORE_CITING: tuple[tuple[Rule, ...], ...] = (
    (fractions.cancelling,),
    (sharing.shared_derivative,),
)

COMMON_FACTOR = sharing.common_factor

# What the author typed stays as it is where these rules apply: tanh(x + a x³), e + Σ x²/K.
KEEPING: dict[Rule, type[Expr]] = {
    COMMON_FACTOR: Function,
    collecting.into_bracket: Plus,
    sums.one_sum: Plus,
}

AFTER_FOLDING: tuple[tuple[Rule, ...], ...] = (
    (fractions.splitting,),
    (collecting.like_terms,),
    (collecting.signs,),
    (fractions.one_fraction,),
    (fractions.complement,),
    (COMMON_FACTOR,),
    (fractions.by_exponential,),
    (collecting.expanding,),
    (collecting.into_bracket,),
    (collecting.same_denominator,),
    (collecting.equal_factors,),
    (masks.needless,),
    (sums.one_sum,),
)

EXPANDED = tuple(group for group in AFTER_FOLDING if group != (COMMON_FACTOR,))
