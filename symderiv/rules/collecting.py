"""The rules that collect: zeros, signs, like terms and common factors.

A bracket is multiplied out only where the sum that is left is smaller.

Floor 1: imports floor 0 and the register.  To add one: a function under `@rule`, and its place
in `order`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from itertools import product as combinations
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Rational, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.rules.registry import Law, rule
from symderiv.terms import (
    ONE,
    ZERO,
    Neg,
    Partial,
    Plus,
    Quotient,
    Times,
    plus,
    rebuild,
    subterms,
    times,
)
from symderiv.terms.factors import (
    Factored,
    factored,
    is_negative,
    key,
    negative,
    number,
    terms_of,
    tidy,
)
from symderiv.terms.letters import free_letters, substitute


def count(term: Basic) -> int:
    """How much there is to read in a term."""
    return sum(1 for _ in subterms(term))


@rule(
    "vanishing-terms",
    "vanishing terms",
    Law("u + 0", "u"),
    of=Plus,
    examples=(Law("0 + x + 0", "x"),),
)
def vanishing(term: Basic) -> Expr | None:
    if isinstance(term, Plus) and ZERO in term.args:
        return plus(*(cast(Expr, a) for a in term.args if a != 0))
    return None


@rule(
    "signs",
    "signs",
    Law("-(a - b)", "b - a"),
    of=(Neg, Plus),
    examples=(
        Law("-(a - b)", "b - a"),
        Law("-x*(a - b)", "x*(b - a)"),
        Law("-(a - b)*(a - b)", "(a - b)*(b - a)"),
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
            brackets = [
                n
                for n, a in enumerate(inner.args)
                if isinstance(a, Plus) and is_negative(terms_of(a)[-1])
            ]
            if brackets:  # the last one only: in (a - b)(a - b) they are one object
                factors = [cast(Expr, a) for a in inner.args]
                last = factors[brackets[-1]]
                if number(terms_of(last)[0]) is None:
                    factors[brackets[-1]] = ordered(terms_of(negative(last)))
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


@rule(
    "multiplying-out-and-collecting",
    "multiplying out and collecting",
    Law("a*(1 - s) - (1 - a)*s", "a - s"),
    of=Plus,
    examples=(Law("a*(1 - x) - (1 - a)*x", "a - x"),),
)
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


@rule(
    "same-denominator",
    "same denominator",
    Law("a/(c + d) + u + b/(c + d)", "(a + b)/(c + d) + u"),
    of=Plus,
    examples=(
        Law("r/(a + r) + b*(1/(a + r) - 1/a)", "(r + b)/(a + r) - b/a"),
        Law("b/(a + r) + r*(1/(a + r) - 1/r) - a", "(b + r)/(a + r) - 1 - a"),
    ),
    refuses=("a/(b + x) + x", "a*(1/(b + x) - 1/x)"),
)
def same_denominator(term: Basic) -> Expr | None:
    """Fractions below which the same sum stands, brackets multiplied out, where that is shorter."""
    if not isinstance(term, Plus):
        return None
    terms: list[Factored] = []
    for piece in terms_of(cast(Expr, term)):
        terms += _parted(piece)
    bars: dict[Hashable, list[Factored]] = {}
    for view in terms:
        below = {b: e for b, e in view.powers.items() if is_negative(e)}
        sums_below = any(isinstance(b, Plus) for b in below)
        name = _name(Factored(ONE, below)) if sums_below else ("", len(bars))
        bars.setdefault(name, []).append(view)
    if len(bars) in (1, len(terms)):
        return None
    result = plus(*(_on_one_bar(views) for views in bars.values()))
    return result if count(result) < count(term) else None


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
    bar = Factored(ONE, {b: e for b, e in views[0].powers.items() if is_negative(e)})
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


@rule(
    "common-factor",
    "common factor",
    Law("a*b + a*c", "a*(b + c)"),
    of=Plus,
    examples=(
        Law("a*x - b*x", "x*(a - b)"),
        Law("delta(i,j)*z[i] - z[i]*z[j]", "z[i]*(delta(i,j) - z[j])"),
        Law("a*(x - b) + x*(b - x)", "(x - b)*(a - x)"),
        Law("a/x - b/x", "(a - b)/x"),
    ),
    refuses=("a + b*x", "1/x - a/x**3"),
)
def common_factor(term: Basic) -> Expr | None:
    """Before a bracket, and what is below every bar below the bracket."""
    if not isinstance(term, Plus):
        return None
    pieces = terms_of(cast(Expr, term))
    for choice in _writings(pieces):
        views = _turned_alike([factored(t) for t in choice])
        shared = _shared(views)
        if shared.powers or shared.coefficient != 1:
            inverse = shared.to_the(sympy.S.NegativeOne)
            left = [v * inverse for v in views]
            if _still_below(left, shared):
                continue
            bracket = ordered(tuple(v.term() for v in left))
            above, below = shared.above(), shared.below()
            return tidy(Quotient(Times(above, bracket), below))
    return None


def _still_below(left: list[Factored], shared: Factored) -> bool:
    """Would a number stand beside a fraction over what was taken from below: (1 − a/x²)/x?

    Over a sum it may be what is left of 1: (1 − x/(a + x))/(a + x).
    """
    if all(v.powers for v in left):
        return False
    below = {key(b) for b, e in shared.powers.items() if is_negative(e) and not isinstance(b, Plus)}
    return any(key(b) in below and is_negative(e) for v in left for b, e in v.powers.items())


def _shared_derivative(term: Basic) -> Expr | None:
    """The same for terms that share a derivative, unless some divide: a lemma may cancel there."""
    if not isinstance(term, Plus):
        return None
    views = [factored(t) for t in terms_of(cast(Expr, term))]
    if any(is_negative(e) for v in views for e in v.powers.values()):
        return None
    shared = any(isinstance(base, Partial) for base in _shared(views).powers)
    return common_factor(term) if shared else None


shared_derivative = replace(common_factor, function=_shared_derivative)


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


def _turned_alike(views: list[Factored]) -> list[Factored]:
    """c (a − b) + d (b − a) seen as c (a − b) − d (a − b)."""
    brackets = {key(b): b for b in views[0].powers if isinstance(b, Plus)}
    made = views[:1]
    for view in views[1:]:
        turned = Factored(view.coefficient)
        for base, exponent in view.powers.items():
            opposite = brackets.get(key(negative(base))) if isinstance(base, Plus) else None
            if opposite is not None and key(base) not in brackets and exponent.is_Integer:
                turned = turned * Factored(cast(Rational, (-ONE) ** exponent), {opposite: exponent})
            else:
                turned = turned * Factored(ONE, {base: exponent})
        made.append(turned)
    return made


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
    whole = any(c.q == 1 for c in coefficients)  # 1 + 851 x/500 is not (500 + 851 x)/500
    sizes = [Integer(abs(c.p)) if whole else abs(c) for c in coefficients]
    divisor = sympy.gcd_list(sizes) if sizes else ONE
    if all(c < 0 for c in coefficients):
        divisor = -divisor
    if divisor not in (0, 1) and (shared.powers or abs(divisor) > 1 or divisor == -1):
        shared.coefficient = divisor
    return shared
