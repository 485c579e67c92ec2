"""The rules of differentiation, each the line of the textbook.

Gives the rules that take a derivative inwards until only derivatives of variables are left.
What depends on the variable is seen by name: an array, a scalar, or a named quantity.  A named
quantity never counts as constant here; `rules.naming` knows its definition.

Floor 1: imports floor 0 and the register.

To add one: a function of `Partial(u, x)` under `@rule`, and its place in `rules.order`.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, Sum
from sympy.core.basic import Basic

from symderiv.rules.registry import Law, rule
from symderiv.terms import (
    ONE,
    ZERO,
    D,
    Iverson,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    delta,
    log,
    plus,
    rebuild,
    times,
)
from symderiv.terms.contents import contents
from symderiv.terms.derived import derived
from symderiv.terms.factors import factored, number
from symderiv.terms.letters import all_letters, rename_bound
from symderiv.terms.problem import name_of


def varies(term: Basic, x: Expr) -> bool:
    """May the term depend on the variable?  (Any named quantity may.)"""
    within = contents(term)
    named = name_of(x) in within.names
    return named or bool(within.stages) or any(derived(name) is not None for name in within.names)


def parts(term: Basic) -> tuple[Expr, Expr] | None:
    """(u, x) of a derivative ∂u/∂x."""
    if isinstance(term, Partial):
        # `variables` of SymPy multiplies counts, and is asked by every rule
        return term.args[0], term.args[1].args[0]
    return None


@rule(
    "constants",
    "constants",
    Law("D(c)", "0"),
    of=Partial,
    examples=(
        Law("D(a*y[i], z[j])", "0"),
        Law("D(3)", "0"),
    ),
    refuses=(
        "D(u[i], z[j])",
        "D(z[i], z[j])",
        "x",
    ),
)
def constant(term: Basic) -> Expr | None:
    match parts(term):
        case (u, x) if not varies(u, x):
            return ZERO
    return None


@rule(
    "independent-variables",
    "independent variables",
    Law("D(z[i], z[j])", "delta(i,j)"),
    of=Partial,
    examples=(
        Law("D(x)", "1"),
        Law("D(z[i], z[j])", "delta(i,j)"),
        Law("D(z[1], z[2])", "0"),
        Law("D(W[i,k], W[j,m])", "delta(i,j)*delta(k,m)"),
    ),
    refuses=(
        "D(z[i], y[j])",
        "D(u[i], z[j])",
    ),
)
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


@rule(
    "sum-rule",
    "sum rule",
    Law("D(u + v)", "D(u) + D(v)"),
    of=Partial,
    body=Plus,
    examples=(Law("D(x - x**2)", "D(x) + D(-x**2)"),),
)
def sum_rule(term: Basic) -> Expr | None:
    match parts(term):
        case (Plus() as u, x):
            return plus(*(D(a, x) for a in u.args))
    return None


@rule(
    "constant-factor",
    "constant factor",
    Law("D(c*u)", "c*D(u)"),
    of=Partial,
    body=(Neg, Times, Quotient),
    examples=(
        Law("D(a*x)", "a*D(x)"),
        Law("D(-x)", "-D(x)"),
        Law("D(x/a)", "D(x)/a"),
        Law("D(x*a*exp(x)*b)", "a*b*D(x*exp(x))"),
    ),
)
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


@rule(
    "derivative-of-a-sum",
    "derivative of a sum",
    Law("D(sum(u[k], k))", "sum(D(u[k]), k)"),
    of=Partial,
    body=Sum,
    examples=(
        Law("D(sum(exp(z[k]), k), z[j])", "sum(D(exp(z[k]), z[j]), k)"),
        Law("D(sum(y[j]*z[j], j), z[j])", "sum(D(y[k]*z[k], z[j]), k)"),
    ),
)
def derivative_of_sum(term: Basic) -> Expr | None:
    match parts(term):
        case (Sum() as u, x):
            u = cast(Sum, rename_bound(u, all_letters(x)))
            return cast(Expr, rebuild(u, (D(u.function, x), *u.limits)))
    return None


@rule(
    "quotient-rule",
    "quotient rule",
    Law("D(u/v)", "(D(u)*v - u*D(v))/v**2"),
    of=Partial,
    body=Quotient,
    examples=(
        Law(
            "D(exp(z[i])/sum(exp(z[k]), k), z[j])",
            "(D(exp(z[i]), z[j])*sum(exp(z[k]), k) - exp(z[i])*D(sum(exp(z[k]), k), z[j]))"
            "/sum(exp(z[k]), k)**2",
        ),
        Law("D(a/x)", "-a*D(x)/x**2"),
    ),
    refuses=(
        "D(x*a)",
        "D(x/a)",
    ),
)
def quotient(term: Basic) -> Expr | None:
    match parts(term):
        case (Quotient(u, v), x) if varies(v, x):
            if not varies(u, x):
                return -u * D(v, x) / Power(v, 2)
            return (D(u, x) * v - u * D(v, x)) / Power(v, 2)
    return None


@rule(
    "reciprocal-as-a-factor",
    "reciprocal as a factor",
    Law("D(u/v)", "D(u*(1/v))"),
    of=Partial,
    examples=(Law("D(exp(x)/x)", "D(exp(x)*(1/x))"),),
)
def reciprocal(term: Basic) -> Expr | None:
    match parts(term):
        case (Quotient(u, v), x) if u != 1:
            return D(Times(u, Quotient(ONE, v)), x)
    return None


@rule(
    "reciprocal-rule",
    "reciprocal rule",
    Law("D(1/v)", "-D(v)/v**2"),
    of=Partial,
    examples=(Law("D(1/x)", "-D(x)/x**2"),),
)
def reciprocal_power(term: Basic) -> Expr | None:
    match parts(term):
        case (Quotient(u, v), x) if u == 1:
            return Neg(D(v, x) / Power(v, 2))
    return None


@rule(
    "product-rule",
    "product rule",
    Law("D(u*v)", "D(u)*v + u*D(v)"),
    of=Partial,
    body=Times,
    examples=(
        Law("D(x*exp(x)*log(x))", "D(x)*exp(x)*log(x) + x*D(exp(x))*log(x) + x*exp(x)*D(log(x))"),
    ),
    refuses=("D(x + a)",),
)
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


@rule(
    "power-rule",
    "power rule",
    Law("D(u**a)", "a*u**(a - 1)*D(u)"),
    of=Partial,
    body=Power,
    examples=(
        Law("D(x**3)", "3*x**2*D(x)"),
        Law("D(x**2)", "2*x*D(x)"),
        Law("D(sqrt(x))", "D(x)/(2*sqrt(x))"),
        Law("D(x**a)", "a*x**(a - 1)*D(x)"),
    ),
    refuses=("D(a**x)",),
)
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
            front = factored(value) * lowered
            return times(front.above(), D(u, x)) / front.below()
    return None


@rule(
    "variable-exponent",
    "power with a variable exponent",
    Law("D(u**v)", "u**v*D(v*log(u))"),
    of=Partial,
    body=Power,
    examples=(
        Law("D(a**x)", "a**x*D(x*log(a))"),
        Law("D(x**x)", "x**x*D(x*log(x))"),
    ),
    refuses=("D(x**a)",),
)
def general_power(term: Basic) -> Expr | None:
    match parts(term):
        case (Power(u, v), x) if varies(v, x):
            return times(Power(u, v), D(Times(v, log(u)), x))
    return None


@rule(
    "logarithm-of-a-fraction",
    "logarithm of a fraction",
    Law("D(log(u/v))", "D(u)/u - D(v)/v"),
    of=Partial,
    body=sympy.log,
    examples=(
        Law("D(log(exp(x)/x))", "D(exp(x))/exp(x) - D(x)/x"),
        Law("D(log(a/x))", "-D(x)/x"),
    ),
    refuses=("D(log(x/a))",),
)
def logarithm_of_quotient(term: Basic) -> Expr | None:
    match parts(term):
        case (sympy.log(args=(Quotient(u, v),)), x) if varies(v, x):
            below = Neg(D(v, x) / v)
            return Plus(D(u, x) / u, below) if varies(u, x) else below
    return None


@rule(
    "constant-bracket",
    "Iverson's bracket is constant",
    Law("D(iverson(u > v))", "0"),
    of=Partial,
    examples=(Law("D(iverson(x > a))", "0"),),
)
def bracket(term: Basic) -> Expr | None:
    match parts(term):
        case (Iverson(), _):
            return ZERO
    return None
