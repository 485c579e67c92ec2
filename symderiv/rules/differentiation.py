"""The rules of differentiation, each the line of the textbook.

Gives the rules that take a derivative inwards until only derivatives of variables are left.
What depends on the variable is seen by name: an array, a scalar, or a named quantity.  A named
quantity never counts as constant here; `rules.naming` knows its definition.

Floor 1: imports floor 0 and the register.

To add one: a function of u and x, for ∂u/∂x, under `@derivative`, and its place in `rules.order`.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, Sum
from sympy.core.basic import Basic

from symderiv.rules.registry import Law, derivative
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
    return term.parts if isinstance(term, Partial) else None


@derivative(
    "constants",
    "constants",
    Law("D(c)", "0"),
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
def constant(u: Expr, x: Expr) -> Expr | None:
    return None if varies(u, x) else ZERO


@derivative(
    "independent-variables",
    "independent variables",
    Law("D(z[i], z[j])", "delta(i,j)"),
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
def variable(u: Expr, x: Expr) -> Expr | None:
    if u == x:
        return ONE
    components = isinstance(u, Indexed | Quantity) and isinstance(x, Indexed | Quantity)
    if not components or name_of(u) != name_of(x):
        return None
    return times(*(unit(a, b) for a, b in zip(u.args[1:], x.args[1:], strict=True)))


def unit(a: Basic, b: Basic) -> Expr:
    """δ_ab, worked out where both are the same or both are numbers."""
    if a == b:
        return ONE
    if isinstance(a, Integer) and isinstance(b, Integer):
        return ZERO
    return cast(Expr, delta(a, b))


@derivative(
    "sum-rule",
    "sum rule",
    Law("D(u + v)", "D(u) + D(v)"),
    of=Plus,
    examples=(Law("D(x - x**2)", "D(x) + D(-x**2)"),),
)
def sum_rule(u: Plus, x: Expr) -> Expr | None:
    return plus(*(D(a, x) for a in u.args))


@derivative(
    "constant-factor",
    "constant factor",
    Law("D(c*u)", "c*D(u)"),
    of=(Neg, Times, Quotient),
    examples=(
        Law("D(a*x)", "a*D(x)"),
        Law("D(-x)", "-D(x)"),
        Law("D(x/a)", "D(x)/a"),
        Law("D(x*a*exp(x)*b)", "a*b*D(x*exp(x))"),
    ),
)
def constant_factor(f: Neg | Times | Quotient, x: Expr) -> Expr | None:
    match f:
        case Neg(u):
            return Neg(D(u, x))
        case Times():
            fixed = [a for a in f.args if not varies(a, x)]
            moving = [a for a in f.args if varies(a, x)]
            if fixed and moving:
                return times(*fixed, D(times(*moving), x))
        case Quotient(u, c) if not varies(c, x) and varies(u, x):
            return Quotient(D(u, x), c)
    return None


@derivative(
    "derivative-of-a-sum",
    "derivative of a sum",
    Law("D(sum(u[k], k))", "sum(D(u[k]), k)"),
    of=Sum,
    examples=(
        Law("D(sum(exp(z[k]), k), z[j])", "sum(D(exp(z[k]), z[j]), k)"),
        Law("D(sum(y[j]*z[j], j), z[j])", "sum(D(y[k]*z[k], z[j]), k)"),
    ),
)
def derivative_of_sum(u: Sum, x: Expr) -> Expr | None:
    u = cast(Sum, rename_bound(u, all_letters(x)))
    return cast(Expr, rebuild(u, (D(u.function, x), *u.limits)))


@derivative(
    "quotient-rule",
    "quotient rule",
    Law("D(u/v)", "(D(u)*v - u*D(v))/v**2"),
    of=Quotient,
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
def quotient(f: Quotient, x: Expr) -> Expr | None:
    u, v = f.numerator, f.denominator
    if not varies(v, x):
        return None
    if not varies(u, x):
        return -u * D(v, x) / Power(v, 2)
    return (D(u, x) * v - u * D(v, x)) / Power(v, 2)


@derivative(
    "reciprocal-as-a-factor",
    "reciprocal as a factor",
    Law("D(u/v)", "D(u*(1/v))"),
    of=Quotient,
    examples=(Law("D(exp(x)/x)", "D(exp(x)*(1/x))"),),
)
def reciprocal(f: Quotient, x: Expr) -> Expr | None:
    u, v = f.numerator, f.denominator
    return None if u == 1 else D(Times(u, Quotient(ONE, v)), x)


@derivative(
    "reciprocal-rule",
    "reciprocal rule",
    Law("D(1/v)", "-D(v)/v**2"),
    of=Quotient,
    examples=(Law("D(1/x)", "-D(x)/x**2"),),
)
def reciprocal_power(f: Quotient, x: Expr) -> Expr | None:
    u, v = f.numerator, f.denominator
    return Neg(D(v, x) / Power(v, 2)) if u == 1 else None


@derivative(
    "product-rule",
    "product rule",
    Law("D(u*v)", "D(u)*v + u*D(v)"),
    of=Times,
    examples=(
        Law("D(x*exp(x)*log(x))", "D(x)*exp(x)*log(x) + x*D(exp(x))*log(x) + x*exp(x)*D(log(x))"),
    ),
    refuses=("D(x + a)",),
)
def product(f: Times, x: Expr) -> Expr | None:
    factors = cast("tuple[Expr, ...]", f.args)
    return plus(*(times(*factors[:n], D(u, x), *factors[n + 1 :]) for n, u in enumerate(factors)))


@derivative(
    "power-rule",
    "power rule",
    Law("D(u**a)", "a*u**(a - 1)*D(u)"),
    of=Power,
    examples=(
        Law("D(x**3)", "3*x**2*D(x)"),
        Law("D(x**2)", "2*x*D(x)"),
        Law("D(sqrt(x))", "D(x)/(2*sqrt(x))"),
        Law("D(x**a)", "a*x**(a - 1)*D(x)"),
    ),
    refuses=("D(a**x)",),
)
def power(f: Power, x: Expr) -> Expr | None:
    u, a = f.base, f.exponent
    if varies(a, x):
        return None
    value = number(a)
    if value is None:
        return a * Power(u, Plus(a, Neg(ONE))) * D(u, x)
    if value.is_Integer:
        lowered = factored(u).to_the(value - 1)
    else:
        lowered = factored(ONE)
        lowered.multiply(u, value - 1)
    front = factored(value) * lowered
    return times(front.above(), D(u, x)) / front.below()


@derivative(
    "variable-exponent",
    "power with a variable exponent",
    Law("D(u**v)", "u**v*D(v*log(u))"),
    of=Power,
    examples=(
        Law("D(a**x)", "a**x*D(x*log(a))"),
        Law("D(x**x)", "x**x*D(x*log(x))"),
    ),
    refuses=("D(x**a)",),
)
def general_power(f: Power, x: Expr) -> Expr | None:
    u, v = f.base, f.exponent
    return times(f, D(Times(v, log(u)), x)) if varies(v, x) else None


@derivative(
    "logarithm-of-a-fraction",
    "logarithm of a fraction",
    Law("D(log(u/v))", "D(u)/u - D(v)/v"),
    of=sympy.log,
    examples=(
        Law("D(log(exp(x)/x))", "D(exp(x))/exp(x) - D(x)/x"),
        Law("D(log(a/x))", "-D(x)/x"),
    ),
    refuses=("D(log(x/a))",),
)
def logarithm_of_quotient(f: sympy.log, x: Expr) -> Expr | None:
    match f.args:
        case (Quotient(u, v),) if varies(v, x):
            below = Neg(D(v, x) / v)
            return Plus(D(u, x) / u, below) if varies(u, x) else below
    return None


@derivative(
    "constant-bracket",
    "Iverson's bracket is constant",
    Law("D(iverson(u > v))", "0"),
    of=Iverson,
    examples=(Law("D(iverson(x > a))", "0"),),
)
def bracket(f: Iverson, x: Expr) -> Expr | None:
    return ZERO
