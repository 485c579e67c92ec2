"""The rules that use facts: sums whose value is declared, or proved from a definition.

Gives makers of rules, one for each fact.

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import lru_cache
from itertools import islice
from typing import cast

from sympy import Expr, Indexed, Sum
from sympy.core.basic import Basic

from symderiv.rules.collecting import expanded
from symderiv.rules.ranges import over
from symderiv.rules.registry import Law, Rule, made
from symderiv.terms import (
    ONE,
    Neg,
    Plus,
    Quantity,
    plus,
    rebuild,
)
from symderiv.terms.factors import Factored, factored, key, terms_of
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.matching import match
from symderiv.terms.problem import Fact, Symmetry, name_of

MOST_WRITINGS = 16  # of one term with a symmetric array in it


@lru_cache(maxsize=64)
def known_sum(fact: Fact, name: str) -> Rule:
    """Σ_i y_i -> 1, for a fact that gives a sum's value; its free letters are any index."""
    left, right = cast(Expr, fact.relation.lhs), cast(Expr, fact.relation.rhs)
    letters = frozenset(s for s in free_letters(left) if s.is_integer and not s.is_positive)

    def apply(term: Basic) -> Expr | None:
        for binding in match(left, term, letters):
            return substitute(right, dict(binding))
        return None

    return made("known-sum", name, apply, of=type(left))


@lru_cache(maxsize=64)
def symmetric(symmetry: Symmetry, name: str = "declared assumption") -> Rule:
    """Σ_j A_kj x_j + Σ_i A_ik x_i -> Σ_j A_kj x_j + Σ_i A_ki x_i, so that two are alike."""

    def apply(term: Plus) -> Expr | None:
        pieces = terms_of(term)
        names = [_name(p) for p in pieces]
        for m, piece in enumerate(pieces):
            if names[m] in names[:m]:
                continue
            for turned in islice(_turned(piece, symmetry), MOST_WRITINGS):
                if _name(turned) in names[:m]:
                    return plus(*pieces[:m], turned, *pieces[m + 1 :])
        return None

    array, minus = symmetry.array, "-" * (symmetry.sign < 0)
    law = Law(f"{array}[i,j]", f"{minus}{array}[j,i]")
    return made("symmetry", name, apply, *[law] * (len(symmetry.order) == 2), of=Plus)


def _name(term: Expr) -> Hashable:
    """What a term is up to a number in front."""
    view = factored(term)
    return key(Factored(ONE, view.powers).term())


def _turned(term: Basic, symmetry: Symmetry) -> Iterator[Expr]:
    """The term with some components of the array, its indices in the other order."""
    if isinstance(term, Indexed | Quantity) and name_of(term) == symmetry.array:
        indices = (term.args[1 + n] for n in symmetry.order)
        other = cast(Expr, rebuild(term, (term.args[0], *indices)))
        yield other if symmetry.sign > 0 else Neg(other)
        return
    if isinstance(term, Indexed | Quantity):
        return
    for n, arg in enumerate(term.args):
        for new in _turned(arg, symmetry):
            changed = cast(Expr, rebuild(term, (*term.args[:n], new, *term.args[n + 1 :])))
            yield changed
            yield from _turned_after(changed, n, symmetry)


def _turned_after(term: Expr, n: int, symmetry: Symmetry) -> Iterator[Expr]:
    """Further components, in the arguments after the n-th."""
    for m in range(n + 1, len(term.args)):
        for new in _turned(term.args[m], symmetry):
            yield cast(Expr, rebuild(term, (*term.args[:m], new, *term.args[m + 1 :])))


@lru_cache(maxsize=64)
def known_part(fact: Fact, name: str) -> Rule:
    """Σ_i p_i (a_i + 1) -> Σ_i p_i a_i + Σ_i p_i, where the value of one of the sums is known."""
    known = known_sum(fact, name)

    def apply(term: Sum) -> Expr | None:
        body = factored(term.function)
        bound = {t[0] for t in term.limits}
        for base, exponent in body.powers.items():
            if not isinstance(base, Plus) or exponent != 1:
                continue
            rest = body.without(base)
            pieces = [rest * factored(t) for t in terms_of(base)]
            for piece in pieces:
                inner = Factored(
                    ONE, {b: e for b, e in piece.powers.items() if free_letters(b) & bound}
                )
                if known(over(inner.term(), term.limits)) is not None:
                    return plus(*(over(p.term(), term.limits) for p in pieces))
        return None

    law = Law("sum(a[k]*(b[k] + c), k)", "sum(a[k]*b[k], k) + c*sum(a[k], k)")
    return made("multiplying-out-a-known-sum", "multiplying out", apply, law, of=Sum)


@lru_cache(maxsize=64)
def gathered(fact: Fact, name: str) -> Rule:
    """c·y_1 + c·y_2 + c·y_3 -> c (y_1 + y_2 + y_3), multiplied out first where it must be."""
    wanted = terms_of(cast(Expr, fact.relation.lhs))

    def apply(term: Plus) -> Expr | None:
        pieces = [v for t in terms_of(term) for v in expanded(t)]
        for start in pieces:
            rest = _cofactor(start, wanted[0])
            if rest is None or not rest.powers:
                continue
            mates = [
                next((p for p in pieces if _same(p, rest * factored(w))), None) for w in wanted
            ]
            if all(m is not None for m in mates):
                left = [p.term() for p in pieces if not any(p is m for m in mates)]
                return plus(*left, (rest * factored(fact.relation.lhs)).term())
        return None

    return made("gathering", name, apply, of=Plus)


def _cofactor(view: Factored, part: Expr) -> Factored | None:
    (base,) = factored(part).powers
    if view.powers.get(base) != 1:
        return None
    return view.without(base)


def _same(a: Factored, b: Factored) -> bool:
    return a.coefficient == b.coefficient and key(a.term()) == key(b.term())
