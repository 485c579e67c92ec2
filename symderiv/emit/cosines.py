"""Cosines: what is left of 1 beside the cosine of two vectors, by how far their units are apart.

Gives `less_cosine`: 1 - (Σ_i a_i b_i)/√(Σ_i a_i² Σ_i b_i²) as Σ_i (a_i/√Σ a² - b_i/√Σ b²)²/2, which
is no less than 0 and as small as the vectors are near.

Imports roots; floor 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import sympy
from sympy import Expr, Rational, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.emit.roots import parted
from symderiv.terms import ONE, Plus, Quantity, Quotient, plus, summation
from symderiv.terms.factors import Factored, factored, key, negative, terms_of
from symderiv.terms.letters import free_letters, substitute

Body = Callable[[Quantity], Expr | None]  # what a stage is
Limits = tuple[Basic, ...]
Term = tuple[Factored, Limits]  # a summand, and the letters that it is summed over
HALF = cast(Expr, Rational(1, 2))


def less_cosine(share: Expr, body: Body) -> Expr | None:
    """1 - c of the cosine c of two vectors, or of its opposite; None of another term."""
    view = factored(share)
    top = next((b for b, e in view.powers.items() if e == 1 and isinstance(b, Plus | Sum)), ONE)
    whole = view.without(top)
    above = _terms(top)
    if isinstance(top, Sum):  # Σ_i u_i v_i, of units
        above, outside = _opened(above, body)
        whole = whole * outside
    whole = parted(whole) or whole
    norms = [b for b, e in whole.powers.items() if e == -HALF and isinstance(b, Plus | Sum)]
    if len(norms) != 2:
        return None
    beside = whole.without(*norms)
    above = [(beside * s, limits) for s, limits in above]
    first, second = (list(_squares(n)) for n in norms)
    if len(above) > min(len(first), len(second)):
        return None
    units = [factored(n).to_the(cast(Expr, -HALF)) for n in norms]
    made: list[Expr] = []
    for s in above:
        pair = next(_pairs(s, first, second), None)
        if pair is None:
            return None
        x, n, m = pair
        y = s[0] * x.to_the(cast(Expr, -ONE))
        apart = plus((x * units[0]).term(), negative((y * units[1]).term()))
        made.append(_summed(Factored(ONE, {apart: cast(Expr, sympy.Integer(2))}), s[1]))
        del first[n], second[m]
    for rest, unit in ((first, units[0]), (second, units[1])):
        made += [_summed(x * x * unit * unit, limits) for x, limits in rest]
    return (Factored(Rational(1, 2)) * factored(plus(*made))).term()


def _terms(sum_: Expr) -> list[Term]:
    """The summands, one by one or over letters."""
    found = []
    for t in terms_of(sum_):
        limits: Limits = ()
        while isinstance(t, Sum):
            t, limits = cast(Expr, t.function), (*t.limits, *limits)
        found.append((factored(t), limits))
    return found


def _opened(terms: list[Term], body: Body) -> tuple[list[Term], Factored]:
    """One summand with its stages written out that are quotients, and what is free of its index."""
    ((view, limits),) = terms
    made = Factored(view.coefficient)
    for base, exponent in view.powers.items():
        found = body(base) if isinstance(base, Quantity) and exponent == 1 else None
        if isinstance(found, Quotient):
            made *= factored(found)
        else:
            made.multiply(base, exponent)
    letters = {limit.args[0] for limit in limits}
    outside = {b: e for b, e in made.powers.items() if not free_letters(b) & letters}
    return [(made.without(*outside), limits)], Factored(ONE, outside)


def _squares(sum_: Expr) -> Iterator[Term]:
    """The roots of the summands of a sum of squares; nothing of another sum."""
    found = [(_root(view), limits) for view, limits in _terms(sum_)]
    if all(root is not None for root, _ in found):
        yield from cast("list[Term]", found)


def _root(view: Factored) -> Factored | None:
    coefficient = sympy.sqrt(view.coefficient)
    halves = {b: cast(Expr, e / 2) for b, e in view.powers.items()}
    if not coefficient.is_Rational or not all(e.is_Integer for e in halves.values()):
        return None
    return Factored(cast(Rational, coefficient), halves)


def _pairs(s: Term, first: list[Term], second: list[Term]) -> Iterator[tuple[Factored, int, int]]:
    """x and the places of x and y among the components, where x y is a summand."""
    for n, x in enumerate(first):
        one = _moved(x, s[1])
        for m, y in enumerate(second) if one is not None else ():
            other = _moved(y, s[1])
            if one is not None and other is not None:
                product = one * other
                if key((product * product).term()) == key((s[0] * s[0]).term()):
                    yield one, n, m


def _moved(term: Term, limits: Limits) -> Factored | None:
    """A component under the letters of others; None where these do not run as its own do."""
    view, own = term
    letters = {a.args[0]: b.args[0] for a, b in zip(own, limits, strict=False)}
    runs = [[substitute(e, letters) for e in a.args[1:]] for a in own]
    if runs != [list(b.args[1:]) for b in limits]:
        return None
    return factored(substitute(view.term(), letters)) if letters else view


def _summed(view: Factored, limits: Limits) -> Expr:
    made = view.term()
    for limit in limits:
        index, low, high = limit.args
        made = summation(made, cast(Symbol, index), high, low)
    return made
