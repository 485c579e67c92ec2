"""The rules of brackets and signs: what they choose stands where they stand.

Floor 1: imports floor 0 and the register.  To add one: a function under `@rule`, and its place
in `order`.
"""

from __future__ import annotations

import sympy
from sympy import Expr, KroneckerDelta, Max, Min

from symderiv.rules.fractions import PRODUCTS
from symderiv.rules.masks import has_a_value
from symderiv.rules.registry import Law, rule
from symderiv.terms import ONE, Iverson, Neg, Plus, Power, Quotient, Times, function_of, relu
from symderiv.terms.factors import Factored, factored, key


@rule(
    "sign-and-absolute-value",
    "sign and absolute value",
    Law("u*sign(u)", "abs(u)"),
    Law("abs(u)*sign(u)", "u"),
    of=PRODUCTS,
    examples=(
        Law("a*x*sign(x)", "a*abs(x)"),
        Law("abs(x**2)*sign(x**2)", "x**2"),
    ),
)
def absolute(term: Power | Quotient | Times) -> Expr | None:
    view = factored(term)
    for sign, exponent in view.powers.items():
        if not isinstance(sign, sympy.sign) or exponent != 1:
            continue
        (u,) = sign.args
        size = function_of(sympy.Abs, u)
        for base, power in view.powers.items():
            if power == 1 and key(base) == key(size):
                return (view.without(sign, base) * factored(u)).term()
            if power == 1 and key(base) == key(u):
                return (view.without(sign, base) * Factored(ONE, {size: ONE})).term()
    return None


# What the larger or the smaller of u and v is where the condition on u and v holds.
CHOSEN = {
    (sympy.StrictGreaterThan, Max): 0,
    (sympy.StrictGreaterThan, Min): 1,
    (sympy.StrictLessThan, Max): 1,
    (sympy.StrictLessThan, Min): 0,
}


@rule(
    "bracket-and-maximum",
    "bracket and maximum",
    Law("iverson(u > v)*max(u, v)", "iverson(u > v)*u"),
    Law("iverson(u < v)*min(u, v)", "iverson(u < v)*u"),
    of=PRODUCTS,
    examples=(
        Law("iverson(x > a)*max(a, x)", "iverson(x > a)*x"),
        Law("iverson(x > a)*min(a, x)", "iverson(x > a)*a"),
    ),
)
def chosen(term: Power | Quotient | Times) -> Expr | None:
    view = factored(term)
    for bracket in [b for b in view.powers if isinstance(b, Iverson)]:
        sides = bracket.condition.args
        for base, power in view.powers.items():
            place = CHOSEN.get((type(bracket.condition), type(base)))
            if place is not None and power == 1 and set(base.args) == set(sides):
                return (view.without(base) * factored(sides[place])).term()
    return None


@rule(
    "needless-bracket",
    "needless bracket",
    Law("iverson(u > 0)*relu(u)", "relu(u)"),
    Law("iverson(u > 0)*max(u, 0)", "max(u, 0)"),
    of=PRODUCTS,
    examples=(
        Law("3*iverson(x > 0)*relu(x)**2", "3*relu(x)**2"),
        Law("a*iverson(x > 0)*max(0, x)", "a*max(0, x)"),
    ),
    refuses=(
        "iverson(x > 0)*relu(a)",
        "iverson(x > 0)/relu(x)",
        "iverson(x > 0)*relu(x)*log(x)",  # which the bracket leaves out
    ),
)
def needless(term: Power | Quotient | Times) -> Expr | None:
    """What is 0 where the bracket is, and beside it no factor that has no value there."""
    view = factored(term)
    for bracket in [b for b in view.powers if isinstance(b, Iverson)]:
        rest = view.without(bracket)
        u, zero = bracket.condition.args
        if not isinstance(bracket.condition, sympy.StrictGreaterThan) or zero != 0:
            continue
        clips = [b for b in rest.powers if isinstance(b, relu) and b.args == (u,)]
        clips += [b for b in rest.powers if isinstance(b, Max) and set(b.args) == {u, zero}]
        beside = rest.without(*clips).powers
        if clips and all(e.is_Integer and e > 0 for e in rest.powers.values()):
            return rest.term() if all(map(has_a_value, beside)) else None
    return None


@rule(
    "power-of-a-bracket",
    "power of a bracket",
    Law("iverson(u > v)**2", "iverson(u > v)"),
    Law("(1 - delta(i,j))**2", "1 - delta(i,j)"),
    of=PRODUCTS,
    examples=(
        Law("a*iverson(x > a)**2", "a*iverson(x > a)"),
        Law("(1 - delta(i,j))**3*x", "(1 - delta(i,j))*x"),
    ),
)
def idempotent(term: Power | Quotient | Times) -> Expr | None:
    view = factored(term)
    for base, power in view.powers.items():
        if power.is_Integer and _is_bracket(base) and power > 1:
            return (view.without(base) * Factored(ONE, {base: ONE})).term()
    return None


def _is_bracket(base: Expr) -> bool:
    match base:
        case Iverson() | KroneckerDelta():
            return True
        case Plus(args=(one, Neg(inside))):
            return bool(one == 1) and _is_bracket(inside)
        case _:
            return False
