"""The rules of algebra that bring an answer to the form of the textbook.

Gives cancelling, splitting a fraction, signs, like terms and common factors.  Each looks at a
term through `factors`; none multiplies a bracket out unless the result is smaller.

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import product as combinations
from math import prod
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Rational, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.factors import Factored, factored, is_negative, key, negative, number, terms_of, tidy
from symderiv.letters import free_letters, substitute
from symderiv.rules.registry import rule
from symderiv.terms import (
    ONE,
    ZERO,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    function_of,
    log,
    plus,
    rebuild,
    subterms,
    times,
)

PRODUCTS = (Times, Quotient, Neg, Power)


def count(term: Basic) -> int:
    """How much there is to read in a term."""
    return sum(1 for _ in subterms(term))


def weight(view: Factored) -> int:
    """How many factors a product has, above and below the bar."""
    total = int(abs(view.coefficient.p) != 1) + int(view.coefficient.q != 1)
    for exponent in view.powers.values():
        value = number(exponent)
        total += 2 if value is None else max(1, int(abs(value)))
    return total


def factors_written(term: Basic) -> int:
    """How many factors a product has as it is written."""
    match term:
        case Times():
            return sum(factors_written(a) for a in term.args)
        case Quotient(top, bottom):
            return factors_written(top) + factors_written(bottom)
        case Neg(inner):
            return factors_written(inner)
        case Power(base, exponent) if isinstance(base, PRODUCTS):
            value = number(exponent)
            return factors_written(base) * (2 if value is None else max(1, int(abs(value))))
        case Power(_, exponent):
            value = number(exponent)
            return 2 if value is None else max(1, int(abs(value)))
        case _:
            return 0 if term == 1 else 1


RATIOS = {(sympy.sinh, sympy.cosh): sympy.tanh, (sympy.sin, sympy.cos): sympy.tan}


@rule(
    "ratio of functions", r"\frac{\sinh u}{\cosh u} = \tanh u,\quad \frac{\sin u}{\cos u} = \tan u"
)
def ratios(term: Basic) -> Expr | None:
    if not isinstance(term, Quotient):
        return None
    view = factored(term)
    for (top, bottom), ratio in RATIOS.items():
        for base, exponent in view.powers.items():
            if isinstance(base, top) and exponent == 1:
                below = function_of(bottom, *base.args)
                if view.powers.get(below) == -1:
                    powers = {b: e for b, e in view.powers.items() if b not in (base, below)}
                    powers[function_of(ratio, *base.args)] = ONE
                    return Factored(view.coefficient, powers).term()
    return None


@rule("vanishing terms", r"u + 0 = u")
def vanishing(term: Basic) -> Expr | None:
    if isinstance(term, Plus) and ZERO in term.args:
        return plus(*(cast(Expr, a) for a in term.args if a != 0))
    return None


@rule("cancelling", r"\frac{a\,b}{a\,c} = \frac{b}{c}")
def cancelling(term: Basic) -> Expr | None:
    """Factors above and below the bar that are the same, and numbers, go."""
    if not isinstance(term, PRODUCTS):
        return None
    view = factored(cast(Expr, term))
    numbers = abs(view.coefficient.p) * view.coefficient.q
    if weight(view) < factors_written(term) or numbers < numbers_written(term):
        return view.term()
    return None


def numbers_written(term: Basic) -> int:
    """The product of all numbers above and below the bar: 24 for 4 x / 6."""
    match term:
        case Rational():
            return abs(int(term.p)) * int(term.q)
        case Times() | Quotient() | Neg():
            return prod(numbers_written(a) for a in term.args)
        case _:
            return 1


@rule("one fraction", r"a \cdot \frac{b}{c} = \frac{a\,b}{c}")
def one_fraction(term: Basic) -> Expr | None:
    """Fractions within fractions, and products of fractions, on one bar."""
    match term:
        case Quotient(top, bottom) if _has_bar(top) or _has_bar(bottom):
            return factored(cast(Expr, term)).term()
        case Times() if sum(_has_bar(a) for a in term.args) and len(term.args) > 1:
            return factored(cast(Expr, term)).term()
    return None


@rule("clearing fractions", r"\frac{a/c + b/c}{d/c} = \frac{a + b}{d}")
def clearing(term: Basic) -> Expr | None:
    """What stands below the bar of every part, and of what the whole is divided by, goes."""
    if not isinstance(term, Quotient):
        return None
    view = factored(term)
    for bracket, power in view.powers.items():
        if not isinstance(bracket, Plus) or power != 1:
            continue
        pieces = [factored(t) for t in terms_of(bracket)]
        for base, exponent in view.powers.items():
            if not exponent.is_Integer or exponent < 1 or not all(_under(p, base) for p in pieces):
                continue
            once = Factored(ONE, {base: ONE})
            rest = Factored(view.coefficient, {b: e for b, e in view.powers.items() if b != bracket})
            inner = plus(*((p * once).term() for p in pieces))
            top, bottom = _bar(rest * once.to_the(sympy.S.NegativeOne))
            whole = tidy(times(top, inner))
            return whole if bottom == 1 else _over(whole, bottom)
    return None


def _under(view: Factored, base: Expr) -> bool:
    wanted = key(base)
    return any(key(b) == wanted and is_negative(e) for b, e in view.powers.items())


def _has_bar(term: Basic) -> bool:
    if isinstance(term, Neg):
        return _has_bar(term.term)
    return isinstance(term, Quotient) or (isinstance(term, Times) and any(map(_has_bar, term.args)))


@rule("logarithm of a quotient", r"\log\frac{a}{b} = \log a - \log b,\quad \log e^u = u")
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


@rule("splitting the fraction", r"\frac{a + b}{c} = \frac{a}{c} + \frac{b}{c}")
def splitting(term: Basic) -> Expr | None:
    """Where at least one of the parts then cancels."""
    if not isinstance(term, Quotient):
        return None
    view = factored(term)
    for base, exponent in view.powers.items():
        if not isinstance(base, Plus) or exponent != 1:
            continue
        rest = Factored(view.coefficient, {b: e for b, e in view.powers.items() if b != base})
        below = {b for b, e in rest.powers.items() if is_negative(e)}
        if not below:
            continue
        pieces = [factored(t) for t in terms_of(base)]
        if any(any(_has(piece, b) for b in below) for piece in pieces):
            top, bottom = _bar(rest)
            return plus(*(_over(times(top, t) if top != 1 else t, bottom) for t in terms_of(base)))
    return None


def _has(view: Factored, base: Expr) -> bool:
    wanted = key(base)
    return any(key(b) == wanted and not is_negative(e) for b, e in view.powers.items())


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


@rule("signs", r"-(a - b) = b - a")
def signs(term: Basic) -> Expr | None:
    """A minus goes into a bracket, and the term without one comes first."""
    match term:
        case Neg(Plus() as inner):
            return ordered(terms_of(negative(inner)))
        case Neg(Times() as inner):
            brackets = [
                a for a in inner.args if isinstance(a, Plus) and is_negative(terms_of(a)[-1])
            ]
            if brackets and number(terms_of(brackets[-1])[0]) is None:
                turned = ordered(terms_of(negative(brackets[-1])))
                return times(*(turned if a is brackets[-1] else cast(Expr, a) for a in inner.args))
        case Neg(Quotient(top, bottom)):
            turned = signs(Neg(top))
            if turned is not None and not isinstance(turned, Neg):
                return Quotient(turned, bottom)
        case Neg(Sum() as inner):
            turned = signs(Neg(cast(Expr, inner.function)))
            if turned is not None:
                return cast(Expr, rebuild(inner, (turned, *inner.limits)))
        case Plus() if is_negative(cast(Expr, term.args[0])) and not all(
            is_negative(cast(Expr, a)) for a in term.args
        ):
            return ordered(terms_of(cast(Expr, term)))
    return None


def ordered(terms: tuple[Expr, ...]) -> Expr:
    """A sum with the terms that have no minus first."""
    return plus(*sorted(terms, key=is_negative))


@rule("collecting like terms", r"a\,u + b\,u = (a + b)\,u")
def like_terms(term: Basic) -> Expr | None:
    if not isinstance(term, Plus):
        return None
    collected = _collected([factored(t) for t in terms_of(cast(Expr, term))])
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


@rule("multiplying out and collecting", r"a\,(1 - s) - (1 - a)\,s = a - s")
def expanding(term: Basic) -> Expr | None:
    """Brackets are multiplied out only where the sum that is left is smaller."""
    if not isinstance(term, Plus):
        return None
    pieces = terms_of(cast(Expr, term))
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


@rule("common factor", r"a\,b + a\,c = a\,(b + c)")
def common_factor(term: Basic) -> Expr | None:
    if not isinstance(term, Plus):
        return None
    pieces = terms_of(cast(Expr, term))
    for choice in _writings(pieces):
        views = [factored(t) for t in choice]
        shared = _shared(views)
        if shared.powers or shared.coefficient != 1:
            inverse = shared.to_the(sympy.S.NegativeOne)
            rest = [(v * inverse).term() for v in views]
            return tidy(Times(shared.term(), ordered(tuple(rest))))
    return None


def _writings(pieces: tuple[Expr, ...]) -> list[tuple[Expr, ...]]:
    """The sum as it is, and with δ_ij f_i written δ_ij f_j, and the other way round."""
    found = [pieces]
    for n, piece in enumerate(pieces):
        for d in [b for b in factored(piece).powers if isinstance(b, KroneckerDelta)]:
            for a, b in (d.args, d.args[::-1]):
                if isinstance(a, Symbol) and a not in free_letters(b):
                    other = substituted(piece, d, a, cast(Expr, b))
                    if other != piece:
                        found.append((*pieces[:n], other, *pieces[n + 1 :]))
    return found


def substituted(piece: Expr, d: KroneckerDelta, a: Symbol, b: Expr) -> Expr:
    """δ_ab f_a -> δ_ab f_b."""
    view = factored(piece)
    rest = Factored(view.coefficient, {x: e for x, e in view.powers.items() if x != d})
    moved = factored(substitute(rest.term(), {a: b}))
    return (Factored(ONE, {d: ONE}) * moved).term()


def _shared(views: list[Factored]) -> Factored:
    shared = Factored()
    first, *others = views
    for base, exponent in first.powers.items():
        exponents = [exponent]
        name = key(base)
        for view in others:
            found = next((e for b, e in view.powers.items() if key(b) == name), None)
            if found is None:
                break
            exponents.append(found)
        else:
            if len(set(exponents)) == 1:
                shared.powers[base] = exponent
            elif all(e.is_Rational for e in exponents):
                if all(e > 0 for e in exponents):
                    shared.powers[base] = min(exponents)
                elif all(e < 0 for e in exponents):
                    shared.powers[base] = max(exponents)
    coefficients = [v.coefficient for v in views]
    divisor = sympy.gcd_list([abs(c) for c in coefficients]) if coefficients else ONE
    if all(c < 0 for c in coefficients):
        divisor = -divisor
    if divisor not in (0, 1) and (shared.powers or abs(divisor) > 1 or divisor == -1):
        shared.coefficient = divisor
    return shared
