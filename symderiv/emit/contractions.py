"""The order of contractions: Σ_j v_j Σ_n X_nj X_ni is summed as Σ_n X_ni Σ_j X_nj v_j.

Gives `in_order`.  A product with a matrix that is itself a sum never forms the matrix: two sums
change places where what stands between them then has fewer axes.  It is the same finite sum, so
that no law but Fubini's for finite sums is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from sympy import Expr, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.terms import bottom_up, rebuild
from symderiv.terms.factors import Factored, factored
from symderiv.terms.letters import free_letters

Letter = Callable[[Basic], bool]


def in_order(term: Expr, is_letter: Letter) -> Expr:
    """A term with its sums in the order that keeps what stands between them small."""
    return cast(Expr, bottom_up(term, lambda t: _exchanged(t, is_letter)))


def _exchanged(term: Basic, is_letter: Letter) -> Basic:
    """Σ_j v_j Σ_n a_nj b_n -> Σ_n b_n Σ_j a_nj v_j, if a v has fewer axes than Σ_n a b."""
    if not isinstance(term, Sum) or len(term.args) != 2:
        return term
    j = cast(Symbol, term.args[1].args[0])
    view = factored(cast(Expr, term.args[0]))
    for inner, exponent in view.powers.items():
        if exponent != 1 or not isinstance(inner, Sum) or len(inner.args) != 2:
            continue
        n = cast(Symbol, inner.args[1].args[0])
        others = Factored(view.coefficient, {b: e for b, e in view.powers.items() if b != inner})
        body = factored(cast(Expr, inner.args[0]))
        near = others * Factored(powers={b: e for b, e in body.powers.items() if _has(b, j)})
        far = Factored(body.coefficient, {b: e for b, e in body.powers.items() if not _has(b, j)})
        axes = [_axes(t, is_letter) for t in (inner, near.term())]
        if _has(others.term(), n) or n == j or len(axes[1] - {j}) >= len(axes[0]):
            continue
        first = _exchanged(rebuild(term, (near.term(), term.args[1])), is_letter)
        far.multiply(cast(Expr, first), cast(Expr, exponent))
        return rebuild(inner, (far.term(), inner.args[1]))
    return term


def _has(term: Expr, letter: Symbol) -> bool:
    return letter in free_letters(term)


def _axes(term: Expr, is_letter: Letter) -> set[Symbol]:
    return {s for s in free_letters(term) if is_letter(s)}
