"""Targets: what sums to one over the classes, because it is said to or because of how it is made.

Gives `is_target`, and `less_target`, p_i - t_i for such a t: y_i, or (1 - a) y_i + a/K.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Sum
from sympy.core.basic import Basic

from symderiv.terms import ONE, Neg, Quantity, plus, release, times
from symderiv.terms.factors import factored, key, negative, terms_of
from symderiv.terms.letters import free_letters, substitute

if TYPE_CHECKING:
    from symderiv.emit.stable import Stages


def less_target(stages: Stages, terms: Sequence[Expr]) -> Expr | None:
    """p_i and terms with a minus, as `numeric.target_gradient` of what those sum up to."""
    plain = [t for t in terms if not isinstance(t, Neg)]
    if len(plain) != 1 or len(terms) < 2:
        return None
    (p,) = plain
    target = plus(*(negative(t) for t in terms if isinstance(t, Neg)))
    if isinstance(p, Quantity) and p.name in stages.softmaxes and is_target(stages, target, p):
        return stages.make("target_gradient", p, label=target)
    return None


def is_target(stages: Stages, term: Expr, p: Quantity, size: Expr | None = None) -> bool:
    """Is Σ_i t_i = 1 over the index of a softmax, which runs to `size`?"""
    over = stages.over(p)[0]
    size = size or stages.problem.ranges.get(cast(sympy.Symbol, over))
    letters = {s for s in free_letters(term) if stages.is_letter(s)}
    if not stages.is_letter(over) or over not in letters or not letters <= set(p.indices):
        return False
    total = [_summed(stages, t, over, size) for t in terms_of(term)]
    if None in total:
        return False
    rest = sympy.cancel(cast(Expr, release(plus(*cast("list[Expr]", total)))) - 1)
    return bool(rest == 0)


def _summed(stages: Stages, term: Expr, over: Expr, size: Expr | None) -> Expr | None:
    """Σ of one term over the index: c for c y_i with Σ_i y_i = 1, and K c for a constant c."""
    view = factored(term)
    varying = [b for b in view.powers if over in free_letters(b)]
    if not varying:
        return None if size is None else times(size, term)
    if len(varying) > 1 or view.powers[varying[0]] != 1 or not _one(stages, varying[0], over):
        return None
    del view.powers[varying[0]]
    return view.term()


def _one(stages: Stages, y: Expr, over: Basic) -> bool:
    """Is Σ_i y_i = 1 declared, or y_i = δ_iy for a label?"""
    if isinstance(y, KroneckerDelta):
        (label,) = (x for x in y.args if x != over)
        return stages.is_label(label, ())
    relations = (fact.relation for fact in stages.problem.facts)
    sums = (r.lhs for r in relations if isinstance(r, sympy.Eq) and r.rhs == ONE)
    for said in sums:
        if isinstance(y, Indexed) and isinstance(said, Sum) and len(said.args) == 2:
            k = said.args[1].args[0]
            if key(substitute(cast(Expr, said.args[0]), {k: over})) == key(y):
                return True
    return False
