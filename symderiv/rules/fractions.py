"""The rules of fractions: cancelling, splitting, one bar for several.

Each looks at a product through `factors`; none multiplies a bracket out.

Floor 1: imports floor 0 and the register.  To add one: a function under `@rule`, and its place
in `order`.
"""

from __future__ import annotations

from math import prod
from typing import cast

import sympy
from sympy import Expr, Integer, Rational, Symbol
from sympy.core.basic import Basic

from symderiv.rules.collecting import count
from symderiv.rules.registry import Law, rule
from symderiv.terms import (
    ONE,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    function_of,
    log,
    plus,
    times,
)
from symderiv.terms.factors import (
    Factored,
    factored,
    is_negative,
    key,
    negative,
    number,
    power,
    terms_of,
    tidy,
)

PRODUCTS = (Times, Quotient, Power)  # a sign in front is none: what stands behind it is looked at


def weight(view: Factored) -> int:
    """How many factors a product has, above and below the bar."""
    total = int(abs(view.coefficient.p) != 1) + int(view.coefficient.q != 1)
    return total + sum(map(_times_over, view.powers.values()))


def _times_over(exponent: Expr) -> int:
    """How often a factor counts that has an exponent."""
    value = number(exponent)
    return 2 if value is None else max(1, int(abs(value)))


def factors_written(term: Basic) -> int:
    """How many factors a product has as it is written."""
    match term:
        case Times():
            return sum(factors_written(a) for a in term.args)
        case Quotient(top, bottom):
            return factors_written(top) + factors_written(bottom)
        case Neg(inner):
            return factors_written(inner)
        case Power(base, exponent):
            inside = factors_written(base) if isinstance(base, (Neg, *PRODUCTS)) else 1
            return inside * _times_over(exponent)
        case _:
            return 0 if term is ONE else 1


RATIOS = {(sympy.sinh, sympy.cosh): sympy.tanh, (sympy.sin, sympy.cos): sympy.tan}


@rule(
    "ratio-of-functions",
    "ratio of functions",
    Law("sinh(u)/cosh(u)", "tanh(u)"),
    Law("sin(u)/cos(u)", "tan(u)"),
    of=Quotient,
    examples=(
        Law("sinh(x)/cosh(x)", "tanh(x)"),
        Law("a*sin(x)/cos(x)", "a*tan(x)"),
        Law("tanh(x)*sinh(x)/cosh(x)", "tanh(x)**2"),
    ),
    refuses=("sinh(x)/cosh(a)",),
)
def ratios(term: Quotient) -> Expr | None:
    view = factored(term)
    for (top, bottom), ratio in RATIOS.items():
        for base, exponent in view.powers.items():
            if isinstance(base, top) and exponent == 1:
                below = function_of(bottom, *base.args)
                if view.powers.get(below) == -1:
                    found = view.without(base, below)
                    found.multiply(function_of(ratio, *base.args), ONE)
                    return found.term()
    return None


@rule(
    "cancelling",
    "cancelling",
    Law("a*b/(a*c)", "b/c"),
    of=PRODUCTS,
    examples=(
        Law("a*x/(b*x)", "a/b"),
        Law("4*x/6", "2*x/3"),
        Law("x**3/x", "x**2"),
        Law("2*x**2*x", "2*x**3"),
    ),
    refuses=("a/b", "x*a"),
)
def cancelling(term: Power | Quotient | Times) -> Expr | None:
    """Factors above and below the bar that are the same, and numbers, go."""
    view = factored(term)
    numbers = abs(view.coefficient.p) * view.coefficient.q
    shorter = weight(view) < factors_written(term) or numbers < numbers_written(term)
    return view.term() if shorter or _meets_its_power(term) else None


def _meets_its_power(term: Basic) -> bool:
    """Does a name stand beside a power of itself, as in x² x?"""
    if not isinstance(term, Times):
        return False
    powers = {a.base for a in term.args if isinstance(a, Power) and isinstance(a.base, Symbol)}
    return any(a in powers for a in term.args)


def numbers_written(term: Basic) -> int:
    """The product of all numbers above and below the bar: 24 for 4 x / 6."""
    match term:
        case Rational():
            return abs(int(term.p)) * int(term.q)
        case Times() | Quotient() | Neg():
            return prod(numbers_written(a) for a in term.args)
        case _:
            return 1


@rule(
    "one-root",
    "one root",
    Law("sqrt(u)*sqrt(v)", "sqrt(u*v)", ("u > 0", "v > 0")),
    Law("sqrt(u*v)/sqrt(u)", "sqrt(v)", ("u > 0", "v > 0")),
    of=PRODUCTS,
    examples=(
        Law("x/(sqrt(2)*sqrt(pi))", "x/sqrt(2*pi)"),
        Law("x*sqrt(2*pi)/(sqrt(2)*sqrt(pi))", "x"),
        Law("sqrt(6)*x/sqrt(2)", "sqrt(3)*x"),
    ),
    refuses=("sqrt(2)*x", "sqrt(x)*sqrt(pi)"),
)
def one_root(term: Power | Quotient | Times) -> Expr | None:
    """Square roots of positive numbers in a product: one above the bar or below, or both."""
    view = factored(term)
    roots = {b: under for b, e in view.powers.items() if (under := _under_root(b, e)) is not None}
    if len(roots) < 2:
        return None
    inside = Factored()
    for under in roots.values():
        inside = inside * under
    whole = view.without(*roots)
    for radicand, exponent in ((inside.above(), ONE), (inside.below(), Integer(-1))):
        if radicand != 1:
            whole = whole * factored(power(radicand, HALF)).to_the(exponent)
    return whole.term() if len(whole.powers) < len(view.powers) else None


HALF = Rational(1, 2)


def _under_root(base: Expr, exponent: Expr) -> Factored | None:
    """What is under a root of a positive number: 2 of √2, 1/(2 π) of 1/√(2 π)."""
    inner, value = base, number(exponent)
    if isinstance(base, Power) and value is not None:
        half = number(base.exponent)
        inner, value = base.base, None if half is None else cast(Rational, value * half)
    if value is None or value.q != 2 or abs(value.p) != 1 or not _is_constant(inner):
        return None
    return factored(inner).to_the(cast(Expr, 2 * value))


def _is_constant(term: Basic) -> bool:
    """A positive number as it is written: 2, π, 2 π."""
    if isinstance(term, Times | Quotient):
        return all(map(_is_constant, term.args))
    return term == sympy.pi or (isinstance(term, Rational) and bool(term > 0))


@rule(
    "one-fraction",
    "one fraction",
    Law("a*(b/c)", "a*b/c"),
    of=(Quotient, Times),
    examples=(
        Law("a*(b/c)", "a*b/c"),
        Law("a/b/c", "a/(b*c)"),
    ),
)
def one_fraction(term: Basic) -> Expr | None:
    """Fractions within fractions, and products of fractions, on one bar."""
    match term:
        case Quotient(top, bottom) if _has_bar(top) or _has_bar(bottom):
            return factored(cast(Expr, term)).term()
        case Times() if sum(_has_bar(a) for a in term.args) and len(term.args) > 1:
            return factored(cast(Expr, term)).term()
    return None


@rule(
    "complement",
    "complement",
    Law("1 - a/(a + b)", "b/(a + b)"),
    of=Plus,
    examples=(
        Law("1 - exp(x)/(a + exp(x))", "a/(a + exp(x))"),
        Law("-a/(a + b + c) + 1", "(b + c)/(a + b + c)"),
    ),
)
def complement(term: Plus) -> Expr | None:
    """What is left of 1, where what is taken from it is a part of a whole."""
    if len(term.args) != 2 or ONE not in term.args:
        return None
    part = factored(cast(Expr, term.args[1] if term.args[0] == ONE else term.args[0]))
    for whole, exponent in part.powers.items():
        if not isinstance(whole, Plus) or exponent != -1:
            continue
        taken = (part * Factored(Integer(-1), {whole: ONE})).term()
        left = [t for t in terms_of(whole) if key(t) != key(taken)]
        if len(left) == len(terms_of(whole)) - 1:
            return Quotient(plus(*left), whole)
    return None


@rule(
    "dividing-by-an-exponential",
    "dividing by an exponential",
    Law("exp(-u)/(a + exp(-u))", "1/(a*exp(u) + 1)"),
    of=Quotient,
    examples=(
        Law("b*exp(-x)/(1 + exp(-x))", "b/(exp(x) + 1)"),
        Law("a*exp(-x)/(b*exp(-x) + c)", "a/(b + c*exp(x))"),
    ),
    refuses=("2*exp(x)/(1 + exp(x))", "exp(-x)/(1 + exp(-x))**2", "exp(x)/(1 + exp(-x))"),
)
def by_exponential(term: Quotient) -> Expr | None:
    """Above the bar and below it, where that is shorter."""
    view = factored(term)
    for base in [b for b in view.powers if isinstance(b, sympy.exp)]:
        once, exponent = Factored(ONE, {base: ONE}), view.powers[base]
        for bar in [b for b, e in view.powers.items() if isinstance(b, Plus) and e == -1]:
            lower = [factored(t) * once for t in terms_of(bar)]
            if exponent == -1 and any(base not in v.powers for v in lower):
                inverse = Factored(ONE, {plus(*(v.term() for v in lower)): -ONE})
                result = (view.without(base, bar) * inverse).term()
                if count(result) < count(term):
                    return result
    return None


@rule(
    "clearing-fractions",
    "clearing fractions",
    Law("(a/c + b/c)/(d/c)", "(a + b)/d"),
    of=Quotient,
    examples=(
        Law(
            "(a/sum(exp(z[k]), k) + b/sum(exp(z[k]), k)**2)/(c/sum(exp(z[k]), k))",
            "(a + b/sum(exp(z[k]), k))/c",
        ),
    ),
)
def clearing(term: Quotient) -> Expr | None:
    """What stands below the bar of every part, and of what the whole is divided by, goes."""
    view = factored(term)
    for bracket, exponent in view.powers.items():
        if not isinstance(bracket, Plus) or exponent != 1:
            continue
        pieces = [factored(t) for t in terms_of(bracket)]
        for base, times_over in view.powers.items():
            if (
                not times_over.is_Integer
                or times_over < 1
                or not all(is_negative(p.exponent_of(base) or ONE) for p in pieces)
            ):
                continue
            once = Factored(ONE, {base: ONE})
            rest = view.without(bracket)
            inner = plus(*((p * once).term() for p in pieces))
            top, bottom = _bar(rest * once.to_the(sympy.S.NegativeOne))
            whole = tidy(times(top, inner))
            return whole if bottom == 1 else _over(whole, bottom)
    return None


def _has_bar(term: Basic) -> bool:
    if isinstance(term, Neg):
        return _has_bar(term.term)
    return isinstance(term, Quotient) or (isinstance(term, Times) and any(map(_has_bar, term.args)))


@rule(
    "logarithm-of-a-quotient",
    "logarithm of a quotient",
    Law("log(a/b)", "log(a) - log(b)", ("a > 0", "b > 0")),
    Law("log(exp(u)/b)", "u - log(b)", ("b > 0",)),
    of=(sympy.log, Neg),
    examples=(
        Law("log(exp(x)/sum(exp(z[k]), k))", "x - log(sum(exp(z[k]), k))"),
        Law("log(exp(x)/exp(z[i]))", "x - log(exp(z[i]))"),
    ),
)
def log_of_quotient(term: Basic) -> Expr | None:
    """log(e^u/v) -> u − log v; the judge sees to it that both are positive."""
    match term:
        case sympy.log() if isinstance(term.args[0], Quotient):
            top, bottom = term.args[0].args
            if isinstance(top, sympy.exp):
                return Plus(top.args[0], Neg(log(bottom)))
            return Plus(log(top), Neg(log(bottom)))
        case Neg(Plus() as inner):
            return negative(inner)
    return None


@rule(
    "splitting-the-fraction",
    "splitting the fraction",
    Law("(a + b)/c", "a/c + b/c"),
    of=Quotient,
    examples=(
        Law("(a*x - b)/x", "a*x/x - b/x"),
        Law("(a + x + 2*b/c)/2", "(a + x)/2 + 2*b/c/2"),
    ),
    refuses=("(a + b)/c", "(a + 2*b)/2"),
)
def splitting(term: Quotient) -> Expr | None:
    """Where at least one of the parts then cancels."""
    view = factored(term)
    for base, exponent in view.powers.items():
        if not isinstance(base, Plus) or exponent != 1:
            continue
        rest = view.without(base)
        below = {b for b, e in rest.powers.items() if is_negative(e)}
        if not below and rest.coefficient.q == 1:
            continue
        pieces = list(terms_of(base))
        if not any(_has(factored(t), b) for t in pieces for b in below):
            divided = [t for t in pieces if _divided(factored(t), rest)]
            if not divided:
                continue
            pieces = [plus(*(t for t in pieces if t not in divided)), *divided]
        top, bottom = _bar(rest)
        return plus(*(_over(times(top, t) if top != 1 else t, bottom) for t in pieces))
    return None


def _divided(piece: Factored, by: Factored) -> bool:
    """Does the number below the bar cancel in a part that has a bar of its own?"""
    low = by.coefficient.q
    return low != 1 and piece.below() != 1 and bool(piece.coefficient.p % low == 0)


def _has(view: Factored, base: Expr) -> bool:
    exponent = view.exponent_of(base)
    return exponent is not None and not is_negative(exponent)


def _bar(view: Factored) -> tuple[Expr, Expr]:
    """What stands above the bar and what below; e^u below it stays below."""
    above = {b: e for b, e in view.powers.items() if not is_negative(e)}
    below = {b: negative(e) for b, e in view.powers.items() if is_negative(e)}
    top, bottom = Integer(view.coefficient.p), Integer(view.coefficient.q)
    return Factored(top, above).term(), Factored(bottom, below).term()


def _over(top: Expr, bottom: Expr) -> Expr:
    top = tidy(top)
    if isinstance(top, Neg):
        return Neg(Quotient(top.term, bottom))
    return Quotient(top, bottom)
