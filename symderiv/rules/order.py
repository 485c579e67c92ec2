"""The firing order: which rules make a line together, and in which order they are tried.

Gives `DIFFERENTIATION` and `SIMPLIFICATION`, tuples of groups.  The rules of one group make one
line; the first group that applies fires.  A group of `linearity` is applied until it stops.

Floor 1: imports the rules only.  To add a rule, put it where it should fire.
"""

from __future__ import annotations

from symderiv.rules import brackets, collecting, elementwise, fractions, sums
from symderiv.rules import differentiation as calculus
from symderiv.rules.registry import Rule

LINEARITY: tuple[Rule, ...] = (
    calculus.sum_rule,
    calculus.constant_factor,
    calculus.derivative_of_sum,
)

DIFFERENTIATION: tuple[tuple[Rule, ...], ...] = (
    (calculus.constant, calculus.bracket, calculus.variable),
    LINEARITY,
    (calculus.quotient,),
    (calculus.product,),
    (calculus.derivative_of_product,),
    (calculus.logarithm_of_quotient, calculus.logarithm),
    (calculus.general_power, calculus.power),
    (calculus.exponential,),
    (
        *elementwise.ELEMENTWISE,
        elementwise.larger,
        elementwise.smaller,
        elementwise.largest,
        elementwise.smallest,
    ),
    (elementwise.first_largest, elementwise.first_smallest),
    (calculus.maximum_of_constant,),
    (calculus.clipped,),
    (calculus.maximum, calculus.minimum),
    (calculus.maximum_of_any, calculus.minimum_of_any),
)

BY_PRODUCT: tuple[tuple[Rule, ...], ...] = (
    (calculus.constant, calculus.bracket, calculus.variable),
    LINEARITY,
    (calculus.product,),
    (calculus.reciprocal,),
    (calculus.reciprocal_power,),
    (calculus.derivative_of_product,),
    (calculus.logarithm,),  # the fraction under it is differentiated as a product
    *DIFFERENTIATION[6:],
)

SUMS: tuple[tuple[Rule, ...], ...] = (
    (sums.sifting,),
    (sums.multiplying_out,),
    (sums.linearity,),
    (sums.constant_out, sums.of_constant),
)

BEFORE_FOLDING: tuple[tuple[Rule, ...], ...] = (
    (sums.delta_value,),
    (collecting.vanishing,),
    (fractions.cancelling, fractions.ratios, brackets.absolute, brackets.chosen),
    (brackets.idempotent,),
)

AFTER_FOLDING: tuple[tuple[Rule, ...], ...] = (
    (fractions.splitting,),
    (collecting.like_terms,),
    (collecting.signs,),
    (fractions.one_fraction,),
    (fractions.complement,),
    (collecting.common_factor,),
    (collecting.expanding,),
    (sums.one_sum,),
)

EXPANDED = tuple(group for group in AFTER_FOLDING if group != (collecting.common_factor,))
