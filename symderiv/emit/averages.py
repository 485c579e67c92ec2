"""Averages: what is left of 1 beside a weighted mean of exponentials or powers, each near 1.

Gives `less_average`: 1 - Σ_k q_k e^(u_k) as Σ_k q_k (1 - e^(u_k)), where the weights q sum to 1, as
1/K of a mean does, or those of a softmax; (x^p + y^p)/2 likewise.

Imports indices; floor 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import cast

import sympy
from sympy import Expr, Sum
from sympy.core.basic import Basic

from symderiv.emit.indices import ranges_of
from symderiv.terms import ONE, Neg, Plus, Power, plus, release
from symderiv.terms.factors import Factored, factored, key, terms_of
from symderiv.terms.letters import free_letters
from symderiv.terms.makers import with_limits

Limits = tuple[Basic, ...]
MOST = 64  # ways to say which factors are weights


def less_average(share: Expr) -> Expr | None:
    """1 - q of such a mean q; None of another term."""
    view = factored(share)
    for base in [b for b, e in view.powers.items() if isinstance(b, Sum | Plus) and e == 1]:
        beside = view.without(base)
        one = beside.to_the(cast(Expr, -ONE)).term()  # what the weights are to sum to
        every = product(*(_parts(t, beside) for t in terms_of(base)))
        for parts in islice(every, MOST):
            left = [less for _, less in parts if less != 0]
            if left and _equal(plus(*(weights for weights, _ in parts)), one):
                return plus(*left)
    return None


def _parts(term: Expr, beside: Factored) -> Iterator[tuple[Expr, Expr]]:
    """Σ q, and Σ q (1 - e^u) times what is beside it, of Σ q e^u; what is not summed may be q."""
    inner, limits = (term.function, term.limits) if isinstance(term, Sum) else (term, ())
    view = factored(inner)
    for base, exponent in view.powers.items():
        given = base.exponent if isinstance(base, Power) else exponent
        if isinstance(base, sympy.exp) or not given.is_number:
            rest = view.without(base)
            left = plus(ONE, Neg(Factored(ONE, {base: exponent}).term()))
            less = factored(_summed((rest * factored(left)).term(), limits))
            yield _total(rest, limits), (beside * less).term()
    if not limits:
        yield term, sympy.S.Zero


def _total(view: Factored, limits: Limits) -> Expr:
    """Σ q, with what is the same for every letter before it."""
    ranges = ranges_of(limits)
    own = {b: e for b, e in view.powers.items() if free_letters(b) & {*ranges}}
    letters = {s for b in own for s in free_letters(b)}
    rest = {b: e for b, e in view.powers.items() if b not in own}
    along = tuple(limit for limit in limits if limit.args[0] in letters)
    summed = factored(_summed(Factored(ONE, own).term(), along))
    whole = Factored(view.coefficient, rest) * summed
    for letter, run in ranges.items():
        if letter not in letters:
            whole.multiply(run.length, ONE)
    return whole.term()


def _summed(term: Expr, limits: Limits) -> Expr:
    return cast(Expr, with_limits(Sum, term, *limits)) if limits else term


def _equal(a: Expr, b: Expr) -> bool:
    return key(a) == key(b) or (not a.has(Sum) and sympy.expand(release(a) - release(b)) == 0)
