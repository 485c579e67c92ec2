"""The rules of masks: 1 − δ_ij, by which a sum leaves a place out.

Gives the rule `needless`, `has_a_value` and `unmasked`, the maker of a rule for a stage that holds
a mask.

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.rules.collecting import like_terms
from symderiv.rules.ranges import over
from symderiv.rules.registry import Law, Rule, made, rule
from symderiv.rules.sums import in_common
from symderiv.terms import (
    ONE,
    ZERO,
    Iverson,
    Neg,
    Plus,
    Power,
    Quantity,
    Times,
    bottom_up,
    plus,
    rebuild,
    relu,
)
from symderiv.terms.factors import Factored, factored, number, terms_of, tidy
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.omitted import left_out
from symderiv.terms.problem import Definition


@rule(
    "needless-mask",
    "nothing to leave out",
    Law("sum((1 - delta(i,j))*(z[i] - z[j]), j)", "sum(z[i] - z[j], j)"),
    of=Sum,
    examples=(
        Law("sum((1 - delta(i,j))*(z[i] - z[j])*y[j], j)", "sum((z[i] - z[j])*y[j], j)"),
        Law(
            "sum((1 - delta(i,j))*(z[i] - z[j])/(1 + (z[i] - z[j])**2), j)",
            "sum((z[i] - z[j])/(1 + (z[i] - z[j])**2), j)",
        ),
    ),
    refuses=(
        "sum((1 - delta(i,j))*z[j], j)",
        "sum((1 - delta(i,j))*(z[i] - z[j])/abs(z[i] - z[j]), j)",
        "sum((1 - delta(i,j))*(z[i] - z[j])/z[j], j)",
        "sum((1 - delta(i,j))*(z[i] - z[j])*log((z[i] - z[j])**2), j)",
    ),
)
def needless(term: Sum) -> Expr | None:
    """A factor is 0 where the sum leaves out, and everything beside it has a value there.

    It is asked of all that stands under the sum: a numerator alone does not know its bar.
    """
    bound = {t[0] for t in term.limits}
    pieces = terms_of(term.function)
    bare = [_bare(factored(piece), bound) for piece in pieces]
    if all(piece is None for piece in bare):
        return None
    whole = plus(*(new or old for new, old in zip(bare, pieces, strict=True)))
    return over(whole, term.limits)


def _bare(view: Factored, bound: set[Basic]) -> Expr | None:
    """A product without a mask that leaves out where it is 0 anyway."""
    for mask, exponent in view.powers.items():
        if isinstance(mask, Plus) and exponent == 1 and left_out(mask):
            rest = view.without(mask)
            a, b = cast(Neg, mask.args[1]).term.args
            if {a, b} & bound and _is_zero_where(rest, a, b):
                return rest.term()
    return None


def _is_zero_where(view: Factored, a: Basic, b: Basic) -> bool:
    """Is a product 0 where a = b, each of its factors having a value there?"""
    if not isinstance(a, Symbol):
        a, b = b, a
    if not isinstance(a, Symbol):
        return False
    zero = False
    for base, exponent in view.powers.items():
        if not free_letters(base) & {a, b}:
            continue
        value = number(_collapsed(substitute(base, {a: b})))
        if not exponent.is_Integer:
            return False
        if exponent < 0 and (value is None or value == 0):
            return False
        if exponent > 0 and not has_a_value(base):
            return False
        zero = zero or value == 0
    return zero


WITH_A_VALUE = (
    *(Plus, Neg, Times, Indexed, Integer, Symbol, KroneckerDelta),
    *(sympy.exp, relu, sympy.Max, sympy.Min, Iverson, Relational, Sum, sympy.Tuple),
)


def has_a_value(term: Expr) -> bool:
    """Has it one wherever its letters do, by what it is made of?"""
    return all(isinstance(t, WITH_A_VALUE) for t in _parts(term))


def _parts(term: Basic) -> Iterator[Basic]:
    """The term and what it is made of, down to components."""
    yield term
    if not isinstance(term, Indexed | KroneckerDelta):
        for arg in term.args:
            yield from _parts(arg)


def _collapsed(term: Expr) -> Expr:
    """The term, what is a − a in it worked out."""

    def collapse(t: Basic) -> Basic:
        if isinstance(t, Plus):
            left = like_terms(t)
            return t if left is None else left
        if isinstance(t, Power) and t.base == 0 and (number(t.exponent) or 0) > 0:
            return ZERO
        return tidy(t) if isinstance(t, Times | Power | Sum) else t

    return tidy(bottom_up(term, collapse))


@lru_cache(maxsize=64)
def unmasked(stage: Definition) -> Rule:
    """w_ij (y_i − y_j) -> the body of w without its mask, where another sum then shares more."""
    body = factored(stage.body)
    masks = [m for m, e in body.powers.items() if isinstance(m, Plus) and e == 1 and left_out(m)]

    def apply(term: Plus) -> Expr | None:
        if not masks:
            return None
        pieces = terms_of(term)
        for n, piece in enumerate(pieces):
            opened = _opened(piece, stage)
            others = (*pieces[:n], *pieces[n + 1 :])
            if opened is not None and any(
                in_common(opened, other) > in_common(piece, other) for other in others
            ):
                return plus(*pieces[:n], opened, *pieces[n + 1 :])
        return None

    return made("definition", f"definition of {stage.name}", apply, of=Plus)


def _opened(piece: Expr, stage: Definition) -> Expr | None:
    """c Σ w_ij (y_i − y_j), the definition of w put in and its mask left out."""
    view = factored(piece)
    for total in [b for b, e in view.powers.items() if isinstance(b, Sum) and e == 1]:
        inner = factored(cast(Expr, total.function))
        for q, exponent in inner.powers.items():
            if not isinstance(q, Quantity) or q.name != stage.name or exponent != 1:
                continue
            body = inner * Factored(ONE, {q: -ONE}) * factored(stage.at(q))
            opened = _bare(body, {t[0] for t in total.limits})
            if opened is not None:
                summed = cast(Expr, rebuild(total, (opened, *total.limits)))
                return (view * Factored(ONE, {total: -ONE}) * factored(summed)).term()
    return None
