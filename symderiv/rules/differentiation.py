"""The rules of differentiation, each the line of the textbook.

Gives the rules that take a derivative inwards until only derivatives of variables are left.
What depends on the variable is seen by name: an array, a scalar, or a named quantity.  A named
quantity never counts as constant here; `rules.naming` knows its definition.

Floor 1: imports floor 0 and the register.

To add one: a function of `Partial(u, x)` under `@rule`, and its name in the firing order of
`textbook`.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.rules.registry import rule
from symderiv.terms import (
    ONE,
    ZERO,
    D,
    Iverson,
    Maximum,
    Minimum,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    delta,
    exp,
    log,
    plus,
    rebuild,
    subterms,
    summation,
    times,
)
from symderiv.terms.factors import factored, number
from symderiv.terms.letters import all_letters, free_letters, rename_bound
from symderiv.terms.problem import name_of


def varies(term: Basic, x: Expr) -> bool:
    """May the term depend on the variable?  (Any named quantity may.)"""
    target = name_of(x)
    return any(
        isinstance(t, Quantity) or (isinstance(t, Indexed | Symbol) and name_of(t) == target)
        for t in subterms(term)
    )


def parts(term: Basic) -> tuple[Expr, Expr] | None:
    """(u, x) of a derivative ∂u/∂x."""
    if isinstance(term, Partial):
        return cast(Expr, term.expr), cast(Expr, term.variables[0])
    return None


@rule("constants", r"\frac{\partial c}{\partial x} = 0", of=Partial)
def constant(term: Basic) -> Expr | None:
    match parts(term):
        case (u, x) if not varies(u, x):
            return ZERO
    return None


@rule("independent variables", r"\frac{\partial z_i}{\partial z_j} = \delta_{ij}", of=Partial)
def variable(term: Basic) -> Expr | None:
    match parts(term):
        case (u, x) if u == x:
            return ONE
        case (Indexed() | Quantity() as u, Indexed() | Quantity() as x) if name_of(u) == name_of(x):
            pairs = zip(u.args[1:], x.args[1:], strict=True)
            return times(*(unit(a, b) for a, b in pairs))
    return None


def unit(a: Basic, b: Basic) -> Expr:
    """δ_ab, worked out where both are the same or both are numbers."""
    if a == b:
        return ONE
    if isinstance(a, Integer) and isinstance(b, Integer):
        return ZERO
    return cast(Expr, delta(a, b))


@rule("sum rule", r"(u + v)' = u' + v'", of=Partial)
def sum_rule(term: Basic) -> Expr | None:
    match parts(term):
        case (Plus() as u, x):
            return plus(*(D(a, x) for a in u.args))
    return None


@rule("constant factor", r"(c\,u)' = c\,u'", of=Partial)
def constant_factor(term: Basic) -> Expr | None:
    match parts(term):
        case (Neg(u), x):
            return Neg(D(u, x))
        case (Times() as u, x):
            fixed = [a for a in u.args if not varies(a, x)]
            moving = [a for a in u.args if varies(a, x)]
            if fixed and moving:
                return times(*fixed, D(times(*moving), x))
        case (Quotient(u, c), x) if not varies(c, x) and varies(u, x):
            return Quotient(D(u, x), c)
    return None


@rule("derivative of a sum", r"\bigl(\sum_k u_k\bigr)' = \sum_k u_k'", of=Partial)
def derivative_of_sum(term: Basic) -> Expr | None:
    match parts(term):
        case (Sum() as u, x):
            u = cast(Sum, rename_bound(u, all_letters(x)))
            return cast(Expr, rebuild(u, (D(u.function, x), *u.limits)))
    return None


@rule("quotient rule", r"\left(\frac{u}{v}\right)' = \frac{u'v - uv'}{v^2}", of=Partial)
def quotient(term: Basic) -> Expr | None:
    match parts(term):
        case (Quotient(u, v), x) if varies(v, x):
            if not varies(u, x):
                return -u * D(v, x) / Power(v, 2)
            return (D(u, x) * v - u * D(v, x)) / Power(v, 2)
    return None


@rule("reciprocal as a factor", r"\frac{u}{v} = u \cdot \frac{1}{v}", of=Partial)
def reciprocal(term: Basic) -> Expr | None:
    match parts(term):
        case (Quotient(u, v), x) if u != 1:
            return D(Times(u, Quotient(ONE, v)), x)
    return None


@rule("reciprocal rule", r"\left(\frac{1}{v}\right)' = -\frac{v'}{v^2}", of=Partial)
def reciprocal_power(term: Basic) -> Expr | None:
    match parts(term):
        case (Quotient(u, v), x) if u == 1:
            return Neg(D(v, x) / Power(v, 2))
    return None


@rule("product rule", r"(u\,v)' = u'v + u\,v'", of=Partial)
def product(term: Basic) -> Expr | None:
    match parts(term):
        case (Times() as u, x):
            factors = cast("tuple[Expr, ...]", u.args)
            return plus(
                *(
                    times(*factors[:n], D(factor, x), *factors[n + 1 :])
                    for n, factor in enumerate(factors)
                )
            )
    return None


@rule("power rule", r"(u^a)' = a\,u^{a-1}\,u'", of=Partial)
def power(term: Basic) -> Expr | None:
    match parts(term):
        case (Power(u, a), x) if not varies(a, x):
            value = number(a)
            if value is None:
                return a * Power(u, Plus(a, Neg(ONE))) * D(u, x)
            lowered = factored(u).to_the(value - 1) if value.is_Integer else None
            if lowered is None:
                lowered = factored(ONE)
                lowered.multiply(u, value - 1)
            return times(cast(Expr, value), lowered.term(), D(u, x))
    return None


@rule("power with a variable exponent", r"(u^v)' = u^v\,(v \log u)'", of=Partial)
def general_power(term: Basic) -> Expr | None:
    match parts(term):
        case (Power(u, v), x) if varies(v, x):
            return times(Power(u, v), D(Times(v, log(u)), x))
    return None


@rule("exponential", r"(e^u)' = e^u\,u'", of=Partial)
def exponential(term: Basic) -> Expr | None:
    match parts(term):
        case (sympy.exp() as e, x):
            u = e.args[0]
            return exp(u) * D(u, x)
    return None


@rule("logarithm", r"(\log u)' = \frac{u'}{u}", of=Partial)
def logarithm(term: Basic) -> Expr | None:
    match parts(term):
        case (sympy.log() as f, x):
            u = f.args[0]
            return D(u, x) / u
    return None


@rule(
    "logarithm of a fraction",
    r"\left(\log \frac{u}{v}\right)' = \frac{u'}{u} - \frac{v'}{v}",
    of=Partial,
)
def logarithm_of_quotient(term: Basic) -> Expr | None:
    match parts(term):
        case (sympy.log(args=(Quotient(u, v),)), x) if varies(v, x):
            below = Neg(D(v, x) / v)
            return Plus(D(u, x) / u, below) if varies(u, x) else below
    return None


@rule("Iverson's bracket is constant", r"[c]' = 0", of=Partial)
def bracket(term: Basic) -> Expr | None:
    match parts(term):
        case (Iverson(), _):
            return ZERO
    return None


@rule(
    "derivative of a product over an index",
    r"\bigl(\prod_k u_k\bigr)' = \prod_k u_k \sum_k \frac{u_k'}{u_k}",
    of=Partial,
)
def derivative_of_product(term: Basic) -> Expr | None:
    match parts(term):
        case (Product() as u, x):
            u = cast(Product, rename_bound(u, all_letters(x)))
            ((index, low, high),) = u.limits
            return times(u, cast(Expr, summation(D(u.function, x) / u.function, index, high, low)))
    return None


@rule("maximum of a constant", r"\max_k c = \min_k c = c", of=Partial)
def maximum_of_constant(term: Basic) -> Expr | None:
    match parts(term):
        case (Maximum() as u, x) if u.limits[0][0] not in free_letters(u.function):
            return D(u.function, x)
    return None


@rule("maximum", r"\bigl(\max_k u_k\bigr)' = \sum_k [u_k = \max_m u_m]\,u_k'", of=Partial)
def maximum(term: Basic) -> Expr | None:
    return attained(term, Maximum)


@rule("minimum", r"\bigl(\min_k u_k\bigr)' = \sum_k [u_k = \min_m u_m]\,u_k'", of=Partial)
def minimum(term: Basic) -> Expr | None:
    return attained(term, Minimum)


def attained(term: Basic, head: type[Maximum]) -> Expr | None:
    """Each component that attains the extreme counts."""
    match parts(term):
        case (Maximum() as u, x) if type(u) is head and u.limits[0][0] in free_letters(u.function):
            u = cast(Maximum, rename_bound(u, all_letters(x) | free_letters(u)))
            ((index, low, high),) = u.limits
            inner = rename_bound(u, {index, *all_letters(x), *free_letters(u)})
            there = Iverson(sympy.Eq(u.function, inner, evaluate=False))
            return cast(Expr, summation(there * D(u.function, x), index, high, low))
    return None
