"""The rules that collect: zeros, signs, like terms and what is multiplied out for them.

A bracket is multiplied out only where the sum that is left is smaller.

Floor 1: imports floor 0 and the register.  To add one: a function under `@rule`, and its place
in `order`.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import product as combinations
from typing import cast

import sympy
from sympy import Expr, Indexed, Rational, Sum
from sympy.core.basic import Basic

from symderiv.rules.registry import Law, rule
from symderiv.terms import (
    ONE,
    ZERO,
    Iverson,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    plus,
    rebuild,
    subterms,
    times,
)
from symderiv.terms.factors import (
    Factored,
    add_exponents,
    factored,
    is_negative,
    key,
    negative,
    number,
    power,
    terms_of,
    tidy,
)
from symderiv.terms.omitted import is_masked
from symderiv.terms.remembering import remembered


@remembered
def count(term: Basic) -> int:
    """How much there is to read in a term, what is repeated as often as it stands there."""
    return 1 + (0 if isinstance(term, Indexed | Quantity) else sum(map(count, term.args)))


@rule(
    "vanishing-terms",
    "vanishing terms",
    Law("u + 0", "u"),
    of=Plus,
    examples=(Law("0 + x + 0", "x"),),
)
def vanishing(term: Plus) -> Expr | None:
    return plus(*(a for a in term.args if a != 0)) if ZERO in term.args else None


@rule(
    "signs",
    "signs",
    Law("-(a - b)", "b - a"),
    of=(Neg, Plus),
    examples=(
        Law("-(a - b)", "b - a"),
        Law("-x*(a - b)", "x*(b - a)"),
        Law("-(a - b)*(a - b)", "(a - b)*(b - a)"),
        Law("-(a - b)*(1 - a)", "(b - a)*(1 - a)"),
        Law("-a + b", "b - a"),
    ),
    refuses=("a - b", "-(a + b)"),
)
def signs(term: Basic) -> Expr | None:
    """A minus goes into a bracket, and the term without one comes first."""
    match term:
        case Neg(Plus() as inner):
            turned = terms_of(negative(inner))
            return None if all(map(is_negative, turned)) else ordered(turned)
        case Neg(Times() as inner):
            factors = [cast(Expr, a) for a in inner.args]
            for n, factor in reversed([*enumerate(factors)]):  # in (a - b)(a - b) the last only
                if (
                    isinstance(factor, Plus)
                    and is_negative(terms_of(factor)[-1])
                    and number(terms_of(factor)[0]) is None
                ):
                    factors[n] = ordered(terms_of(negative(factor)))
                    return times(*factors)
        case Neg(Quotient(top, bottom)):
            above = signs(Neg(top))
            if above is not None and not isinstance(above, Neg):
                return Quotient(above, bottom)
        case Neg(Sum() as inner):
            body = signs(Neg(cast(Expr, inner.function)))
            if body is not None:
                return cast(Expr, rebuild(inner, (body, *inner.limits)))
        case Plus() if is_negative(cast(Expr, term.args[0])) and not all(
            is_negative(cast(Expr, a)) for a in term.args
        ):
            return ordered(terms_of(cast(Expr, term)))
    return None


def ordered(terms: tuple[Expr, ...]) -> Expr:
    """A sum with the terms that have no minus first."""
    return plus(*sorted(terms, key=is_negative))


@rule(
    "like-terms",
    "collecting like terms",
    Law("a*u + b*u", "(a + b)*u"),
    of=Plus,
    examples=(Law("2*x + a - 3*x", "-x + a"),),
    refuses=("a + b",),
)
def like_terms(term: Plus) -> Expr | None:
    collected = _collected([factored(t) for t in terms_of(term)])
    if len(collected) < len(term.args):
        return plus(*(v.term() for v in collected))
    return None


def _collected(views: list[Factored]) -> list[Factored]:
    groups: dict[Hashable, Factored] = {}
    for view in views:
        name = _name(view)
        if name in groups:
            old = groups[name]
            groups[name] = Factored(cast(Rational, old.coefficient + view.coefficient), old.powers)
        else:
            groups[name] = view
    return [v for v in groups.values() if v.coefficient != 0]


@rule(
    "equal-factors",
    "collecting equal factors",
    Law("u*u", "u**2"),
    of=(Times, Quotient),
    examples=(
        Law("2*sin(x)*sin(x)*(1 - sin(x))", "2*sin(x)**2*(1 - sin(x))"),
        Law("a*x**2*x", "a*x**3"),
        Law("a*(x/b)**(c - 1)*x/b**2", "(x/b)**c*a/b"),
        Law("u*v/sqrt(u*v)", "sqrt(u*v)"),
    ),
    refuses=("2*2*x", "x*sqrt(x)", "(a - b)*(b - a)", "(x/b)**(c - 1)*x"),
)
def equal_factors(term: Times | Quotient) -> Expr | None:
    """What stands several times is a power, where it first stands."""
    if isinstance(term, Quotient) or any(isinstance(a, Quotient) for a in term.args):
        return _beside_its_base(factored(term))
    found: dict[Hashable, list[Expr]] = {}
    for place, factor in enumerate(cast("tuple[Expr, ...]", term.args)):
        whole = isinstance(factor, Power) and factor.exponent.is_Integer and factor.exponent > 0
        base, exponent = (factor.base, factor.exponent) if whole else (factor, ONE)
        name = place if number(base) is not None else key(base)
        found.setdefault(name, [base, ZERO])[1] += exponent
    if len(found) == len(term.args):
        return None
    return times(*(power(base, exponent) for base, exponent in found.values()))


def _beside_its_base(view: Factored) -> Expr | None:
    """(x/b)^{n − 1} x/b -> (x/b)^n, u v/√(u v) -> √(u v)"""
    for base, exponent in view.powers.items():
        if isinstance(base, Power):
            degree = number(base.exponent)
            if exponent != (1 if degree is None else -1):
                continue
            rest = view.without(base)
            left = rest * factored(base.base).to_the(sympy.S.NegativeOne)
            if count(left.term()) < count(rest.term()):
                once = base.exponent if degree is None else cast(Expr, -degree)
                joined = Power(base.base, add_exponents(once, ONE))
                return (Factored(ONE, {joined: ONE}) * left).term()
    return None


@rule(
    "multiplying-out-and-collecting",
    "multiplying out and collecting",
    Law("a*(1 - s) - (1 - a)*s", "a - s"),
    of=Plus,
    examples=(Law("a*(1 - x) - (1 - a)*x", "a - x"),),
)
def expanding(term: Plus) -> Expr | None:
    """Brackets are multiplied out only where the sum that is left is smaller."""
    pieces = () if is_masked(term) else terms_of(term)
    expansions = [_expanded(t) for t in pieces]
    if any(e is None for e in expansions):
        return None
    owners: dict[Hashable, set[int]] = {}
    meeting: set[int] = set()
    for n, views in enumerate(cast("list[list[Factored]]", expansions)):
        for view in views:
            owner = owners.setdefault(_name(view), set())
            if owner:
                meeting |= owner | {n}
            owner.add(n)
    if not meeting:
        return None
    views = [v for n in sorted(meeting) for v in cast("list[Factored]", expansions[n])]
    collected = [v.term() for v in _collected(views)]
    kept = {n: t for n, t in enumerate(pieces) if n not in meeting}
    first = min(meeting)
    result = plus(
        *(t for n, t in kept.items() if n < first),
        *collected,
        *(t for n, t in kept.items() if n > first),
    )
    return result if count(result) < count(term) else None


@rule(
    "multiplying-into-the-bracket",
    "multiplying into the bracket",
    Law("a*(b/a + c)", "b + a*c"),
    of=(Times, Quotient),
    examples=(
        Law("p*(1 - p)*((1 - y)/(1 - p) - y/p)*x", "(p*(1 - y) - y*(1 - p))*x"),
        Law("2*s*(1/(2*v) - a/(2*v))", "s*(1/v - a/v)"),
        Law("a*(b + 1/a)/c", "(a*b + 1)/c"),
        Law("(c - a*x/sqrt(a*b))/sqrt(a*b)", "c/sqrt(a*b) - x/b"),
    ),
    refuses=("a*(b + c)", "a*(b + c + d/(a + x))", "x*(1 + (y/x)**2)"),
)
def into_bracket(term: Times | Quotient) -> Expr | None:
    """What stands before a bracket and cancels what is below a bar in it, where that is shorter."""
    view = factored(term)
    for bracket, exponent in view.powers.items():
        if not isinstance(bracket, Plus) or exponent != 1 or is_masked(bracket):
            continue
        pieces = [factored(t) for t in terms_of(bracket)]
        below = {key(b) for p in pieces for b, e in p.powers.items() if is_negative(e)}
        met = {b: e for b, e in view.powers.items() if key(b) in below and not is_negative(e)}
        roots = {b: e for b, e in view.powers.items() if isinstance(b, Power) and key(b) in below}
        number = view.coefficient if any(p.coefficient.q != 1 for p in pieces) else ONE
        for powers in (met, {**met, **roots}) if roots else (met,):
            if number == 1 and not powers:
                continue  # nothing before the bracket is below a bar in it
            moved = Factored(number, powers)
            inside = [p * moved for p in pieces]
            if any(is_negative(p.powers.get(b, ZERO)) for p in inside for b in met):
                continue  # x (1 + y²/x²) is no x + y²/x
            inner = plus(*(p.term() for p in inside))
            rest = view.without(bracket, *moved.powers)
            outside = Factored(cast(Rational, rest.coefficient / number), rest.powers)
            for whole in (inner, expanding(inner) or inner):
                result = (outside * Factored(ONE, {whole: ONE})).term()
                if count(result) < count(term):
                    return result
    return None


@rule(
    "same-denominator",
    "same denominator",
    Law("a/(c + d) + u + b/(c + d)", "(a + b)/(c + d) + u"),
    of=Plus,
    examples=(
        Law("r/(a + r) + b*(1/(a + r) - 1/a)", "(r + b)/(a + r) - b/a"),
        Law("b/(a + r) + r*(1/(a + r) - 1/r) - a", "(b + r)/(a + r) - 1 - a"),
        Law("a*exp(-x)/(c + d) + u + b*exp(-x)/(c + d)", "(a*exp(-x) + b*exp(-x))/(c + d) + u"),
    ),
    refuses=("a/(b + x) + x", "a*(1/(b + x) - 1/x)"),
)
def same_denominator(term: Plus) -> Expr | None:
    """Fractions below which the same sum stands, brackets multiplied out, where that is shorter.

    One stays alone that a bracket hides where an index below leaves its axis.
    """
    terms: list[Factored] = []
    for piece in terms_of(term):
        terms += _parted(piece)
    bars: dict[Hashable, list[Factored]] = {}
    for view in terms:
        below = {b: e for b, e in view.powers.items() if is_negative(e)}
        sums_below = any(isinstance(b, Plus) for b in below)
        alone = not sums_below or (_guarded(view) and any(map(_may_leave, below)))
        name = ("", len(bars)) if alone else _name(Factored(ONE, below))
        bars.setdefault(name, []).append(view)
    if len(bars) in (1, len(terms)):
        return None
    result = plus(*(_on_one_bar(views) for views in bars.values()))
    return result if count(result) < count(term) else None


def _guarded(view: Factored) -> bool:
    return any(isinstance(b, Iverson) for b in view.powers)


def _may_leave(below: Expr) -> bool:
    """Has it a shifted index, x_{i+1}?"""
    components = (t for t in subterms(below) if isinstance(t, Indexed))
    return any(not (i.is_Symbol or i.is_Integer) for c in components for i in c.indices)


def _parted(piece: Expr) -> list[Factored]:
    """The products that a term with a bracket of fractions is the sum of; others as they are."""
    view = factored(piece)
    fractions = (
        isinstance(b, Plus) and e == 1 and any(isinstance(_positive(t), Quotient) for t in b.args)
        for b, e in view.powers.items()
    )
    return expanded(piece) if any(fractions) else [view]


def _positive(term: Basic) -> Basic:
    return term.term if isinstance(term, Neg) else term


def _on_one_bar(views: list[Factored]) -> Expr:
    """The sum of products below whose bars the same stands."""
    if len(views) == 1:
        return views[0].term()
    below = {b: e for b, e in views[0].powers.items() if is_negative(e)}
    bar = Factored(ONE, {b: e for b, e in below.items() if not isinstance(b, sympy.exp)})
    above = [v * bar.to_the(sympy.S.NegativeOne) for v in views]
    total = ordered(tuple(v.term() for v in _collected(above)))
    return tidy(Quotient(total, bar.below()))


def _name(view: Factored) -> Hashable:
    return frozenset((key(b), key(e)) for b, e in view.powers.items())


def expanded(term: Expr) -> list[Factored]:
    """The products that a term is the sum of once its brackets are multiplied out."""
    views = _expanded(term)
    return [factored(term)] if views is None else views


def _expanded(term: Expr) -> list[Factored] | None:
    view = factored(term)
    brackets: list[tuple[Expr, ...]] = []
    rest = Factored(view.coefficient)
    for base, exponent in view.powers.items():
        if isinstance(base, Plus) and exponent.is_Integer and 1 <= exponent <= 3:
            brackets.extend([terms_of(base)] * int(exponent))
        else:
            rest.multiply(base, exponent)
    total = 1
    for bracket in brackets:
        total *= len(bracket)
    if total > 24:
        return None
    result = []
    for choice in combinations(*brackets):
        made = rest
        for part in choice:
            made = made * factored(part)
        result.append(made)
    return result
