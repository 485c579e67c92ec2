"""Means: what a weighted mean leaves of one of its values.

Gives `less_member`: Σ_i q_i a_i - a_y, for shares q and a label y, as Σ_i (q_i - δ_iy) a_i, whose
q_y - 1 is the share of the others.  The mean itself is a_y to the last digit where q_y is near 1.
Where a_j is c_j/(1 - q_j), which is large there, it is Σ_{i≠j} q_i a_i - c_j, for any j.

Imports laws; floor 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from sympy import Expr, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.emit import laws
from symderiv.terms import ONE, Neg, Plus, Quantity, delta, plus, rebuild, summation
from symderiv.terms.factors import Factored, factored, key, negative, terms_of
from symderiv.terms.letters import all_letters, free_letters, rename_bound, substitute
from symderiv.terms.problem import Problem


def less_member(term: Plus, problem: Problem, is_label: Callable[[Basic], bool]) -> Expr | None:
    """The sum with a mean and one of its values taken together; None where there is no such."""
    terms = terms_of(term)
    for n, mean in enumerate(terms):
        inner = _within(mean.term if isinstance(mean, Neg) else mean)
        if inner is None:
            continue
        for m, member in enumerate(terms):
            plain = member if isinstance(mean, Neg) else negative(member)
            made = None if m == n else _together(inner, plain, problem, is_label)
            if made is not None:
                kept = [t for p, t in enumerate(terms) if p not in (n, m)]
                return plus(*kept, negative(made) if isinstance(mean, Neg) else made)
    return None


def _within(mean: Expr) -> Sum | None:
    """(Σ_i e^(u_i) a_i)/Σ e^u as Σ_i e^(u_i) a_i/Σ e^u."""
    view = factored(mean)
    for base in [b for b, e in view.powers.items() if isinstance(b, Sum) and e == 1]:
        if len(base.limits) == 1:
            clear = cast(Sum, rename_bound(base, all_letters(mean)))
            whole = (factored(clear.function) * view.without(base)).term()
            return cast(Sum, rebuild(clear, (whole, *clear.args[1:])))
    return None


def _together(
    mean: Sum, member: Expr, problem: Problem, is_label: Callable[[Basic], bool]
) -> Expr | None:
    """Σ_i a_i q_i - a_y as one sum, where `member` is a_y."""
    mean = cast(Sum, rename_bound(mean, all_letters(member)))
    ((i, low, high),) = mean.limits
    places = laws.places(member)
    for rest, share in _shares(factored(mean.function), cast(Symbol, i), problem) if places else ():
        for y in places:
            if key(substitute(rest.term(), {i: y})) != key(member):
                continue
            apart = delta(cast(Symbol, i), y)
            left = factored(plus(ONE, Neg(substitute(share, {i: y}))))
            cancelled = factored(member) * left
            if len(cancelled.powers) < len(factored(member).powers):
                body = factored(plus(ONE, Neg(apart))) * rest * factored(share)
                others = summation(body.term(), cast(Symbol, i), high, low)
                return plus(others, negative(cancelled.term()))
            if laws.is_given(y, is_label):
                body = rest * factored(plus(share, Neg(apart)))
                return summation(body.term(), cast(Symbol, i), high, low)
    return None


def _shares(view: Factored, i: Symbol, problem: Problem) -> Iterator[tuple[Factored, Expr]]:
    """A share among the factors, and the other factors."""
    for base, exponent in view.powers.items():
        if exponent == 1 and isinstance(base, Quantity) and i in free_letters(base):
            if laws.others(base, problem) is not None:
                yield view.without(base), base
        elif exponent == -1 and isinstance(base, Sum) and len(base.limits) == 1:
            ((k, *_),) = base.limits
            share = factored(substitute(base.function, {k: i}))
            share.multiply(base, cast(Expr, exponent))
            yield view * share.to_the(cast(Expr, exponent)), share.term()
