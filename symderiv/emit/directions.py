"""Directions: products of the Jacobians of softmax and log-softmax with what varies over classes.

Gives `along`, the stable form of a difference that is such a product, and `mean_of`, the softmax
under a mean Σ_k p_k v_k.  Written out, each cancels as p → 1:

    v_i - Σ_k p_k v_k             how log p_i changes along v
    u_j - p_j Σ_i u_i             the gradient of Σ_i u_i log p_i
    p_i v_i - p_i Σ_k p_k v_k     how p_i changes along v
    Σ_i w_i p_i - w_y             Σ_i w_i (p_i - δ_iy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, Sum, Symbol

from symderiv.terms import Quantity, rebuild, subterms, times
from symderiv.terms.factors import factored, key
from symderiv.terms.letters import free_letters, substitute

if TYPE_CHECKING:
    from symderiv.emit.stable import Stages


def along(stages: Stages, a: Expr, b: Expr) -> Expr | None:
    """a - b as one product."""
    if isinstance(b, Sum) and (p := mean_of(stages, b, a)) is not None:
        return stages.make("log_jacobian_product", p, label=a)
    for form in (_common_factor, _transposed, _less_chosen):
        if (found := form(stages, a, b)) is not None:
            return found
    return None


def mean_of(stages: Stages, mean: Sum, v: Expr) -> Quantity | None:
    """p_i, where the sum is Σ_k p_k v_k and v is v_i."""
    if len(mean.args) != 2 or any(isinstance(t, sympy.log) for t in subterms(v)):
        return None  # 0 log 0 is another matter
    k = cast(Symbol, mean.args[1].args[0])
    view = factored(cast(Expr, mean.args[0]))
    for p in view.powers:
        if not _is_softmax_over(stages, p, k) or view.powers[p] != 1:
            continue
        for i in sorted(free_letters(v), key=str):
            moved = cast(Quantity, substitute(p, {k: i}))
            if (
                stages.is_letter(i)
                and key(times(p, substitute(v, {i: k}))) == key(mean.args[0])
                and _fits(stages, v, moved)
            ):
                return moved
    return None


def _is_softmax_over(stages: Stages, p: Expr, k: Expr) -> bool:
    return isinstance(p, Quantity) and p.name in stages.softmaxes and stages.over(p)[0] == k


def _fits(stages: Stages, v: Expr, p: Quantity) -> bool:
    """Has v no axis that p has not?"""
    return {s for s in free_letters(v) if stages.is_letter(s)} <= set(p.indices)


def _transposed(stages: Stages, u: Expr, b: Expr) -> Expr | None:
    """u_j - p_j Σ_i u_i."""
    view = factored(b)
    for p, total in _pairs(stages, b):
        i = stages.over(p)[0]
        k = total.args[1].args[0]
        inside = i in free_letters(u) and _fits(stages, u, p) and len(view.powers) == 2
        if inside and key(substitute(u, {i: k})) == key(total.args[0]):
            return stages.make("log_jacobian_transposed_product", p, label=u)
    return None


def _common_factor(stages: Stages, a: Expr, b: Expr) -> Expr | None:
    """p_i v_i - p_i Σ_k p_k v_k."""
    for p, mean in _pairs(stages, b):
        view = factored(a)
        if len(factored(b).powers) != 2 or view.powers.pop(p, None) != 1:
            continue
        v = view.term()
        if mean_of(stages, mean, v) == p:
            return stages.make("jacobian_product", p, label=v)
    return None


def _pairs(stages: Stages, b: Expr) -> list[tuple[Quantity, Sum]]:
    """The softmaxes and sums whose product is b."""
    view = factored(b)
    single = [t for t, e in view.powers.items() if e == 1] if view.coefficient == 1 else []
    return [
        (t, s)
        for t in single
        if isinstance(t, Quantity) and t.name in stages.softmaxes
        for s in single
        if isinstance(s, Sum) and len(s.args) == 2 and stages.is_letter(stages.over(t)[0])
    ]


def _less_chosen(stages: Stages, a: Expr, b: Expr) -> Expr | None:
    """Σ_i w_i p_i - w_y as Σ_i w_i (p_i - δ_iy)."""
    if not isinstance(a, Sum) or len(a.args) != 2:
        return None
    i = cast(Symbol, a.args[1].args[0])
    view = factored(cast(Expr, a.args[0]))
    for p in view.powers:
        if not _is_softmax_over(stages, p, i) or view.powers[p] != 1:
            continue
        rest = factored(cast(Expr, a.args[0]))
        del rest.powers[p]
        w, batch = rest.term(), stages.over(cast(Quantity, p))[1:]
        for label in _labels(stages, b):
            if stages.is_label(label, batch) and key(substitute(w, {i: label})) == key(b):
                difference = stages.make("label_gradient", cast(Quantity, p), label=label)
                return cast(Expr, rebuild(a, (times(w, difference), *a.args[1:])))
    return None


def _labels(stages: Stages, term: Expr) -> list[Symbol]:
    named = (s for s in free_letters(term) if s.name in stages.problem.labels)
    return sorted(named, key=str)
