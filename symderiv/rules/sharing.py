"""Common factors: what stands in every term of a sum is written once, in front of it.

Gives the rules `common_factor` and `shared_derivative`.

Floor 1: imports floor 0 and the rest of this room.
"""

from __future__ import annotations

from dataclasses import replace
from math import gcd, lcm
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Rational, Symbol
from sympy.core.basic import Basic

from symderiv.rules.collecting import ordered
from symderiv.rules.registry import Law, rule
from symderiv.terms import (
    ONE,
    Partial,
    Plus,
    Quotient,
    Times,
)
from symderiv.terms.factors import (
    Factored,
    factored,
    is_negative,
    key,
    negative,
    terms_of,
    tidy,
)
from symderiv.terms.letters import free_letters, substitute


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
        Law("b/x - a*b/x**3", "b*(1/x - a/x**3)"),
    ),
    refuses=("a + b*x", "1/x - a/x**3"),
)
def common_factor(term: Plus) -> Expr | None:
    """Before a bracket, and what is below every bar below the bracket."""
    pieces = terms_of(term)
    for choice in _writings(pieces):
        views = _turned_alike([factored(t) for t in choice])
        shared = _without_what_stays(views, _shared(views))
        if shared.powers or shared.coefficient != 1:
            inverse = shared.to_the(sympy.S.NegativeOne)
            bracket = ordered(tuple((v * inverse).term() for v in views))
            above, below = shared.above(), shared.below()
            return tidy(Quotient(Times(above, bracket), below))
    return None


def _without_what_stays(views: list[Factored], shared: Factored) -> Factored:
    """No number is left beside a fraction over what was taken from below: (1 − a/x²)/x.

    Over a sum it may be what is left of 1: (1 − x/(a + x))/(a + x).
    """
    inverse = shared.to_the(sympy.S.NegativeOne)
    left = [v * inverse for v in views]
    if all(v.powers for v in left):
        return shared
    still = {key(b) for v in left for b, e in v.powers.items() if is_negative(e)}
    stay = [
        b
        for b, e in shared.powers.items()
        if is_negative(e) and not isinstance(b, Plus) and key(b) in still
    ]
    less = shared.without(*stay)
    return less if less.powers or not stay else Factored()


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
    moved = factored(substitute(view.without(d).term(), {a: b}))
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
        found = [view.exponent_of(base) for view in others]
        if any(e is None for e in found):
            continue
        exponents = [exponent, *cast("list[Expr]", found)]
        if len(set(exponents)) == 1:
            shared.powers[base] = exponent
        elif all(e.is_Rational for e in exponents):
            if all(e > 0 for e in exponents):
                shared.powers[base] = min(exponents)
            elif all(e < 0 for e in exponents):
                shared.powers[base] = max(exponents)
    coefficients = [v.coefficient for v in views]
    whole = any(c.q == 1 for c in coefficients)  # 1 + 851 x/500 is not (500 + 851 x)/500
    above, below = gcd(*(c.p for c in coefficients)), lcm(*(c.q for c in coefficients))
    divisor = Integer(above) if whole else Rational(above, below)
    if all(c < 0 for c in coefficients):
        divisor = -divisor
    if divisor not in (0, 1) and (shared.powers or abs(divisor) > 1 or divisor == -1):
        shared.coefficient = divisor
    return shared
