"""Undivided: a factor on its way into the sum that it stands before, where that is divided by it.

Gives `undivided`: p (c/p + d) is c + d p, for a p that may vanish.

Imports floor 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from sympy import Expr, Sum

from symderiv.terms import ONE, Plus, plus, rebuild
from symderiv.terms.factors import Factored, factored, key, terms_of
from symderiv.terms.letters import all_letters, rename_bound


def undivided(view: Factored, vanishes: Callable[[Expr], bool]) -> Factored | None:
    """p (c/p + d) as c + d p, for what is positive and may vanish in floats, as a share does."""
    for base, exponent in view.powers.items():
        if not (exponent.is_Integer and exponent > 0 and vanishes(base)):
            continue
        factor = Factored(ONE, {base: exponent})
        for other in [b for b, e in view.powers.items() if e == 1 and b != base]:
            found = _into(other, factor)
            if found is not None:
                made = view.without(other, base)
                made.multiply(found, ONE)
                return made
    return None


def _into(term: Expr, factor: Factored) -> Expr | None:
    """The term times a factor; None where nothing in it is divided by that."""
    (base,) = factor.powers
    if isinstance(term, Sum):
        clear = cast(Sum, rename_bound(term, all_letters(base)))
        found = _into(clear.function, factor)
        return None if found is None else cast(Expr, rebuild(clear, (found, *clear.args[1:])))
    if isinstance(term, Plus):
        terms = terms_of(term)
        parts = [_into(t, factor) for t in terms]
        if all(p is None for p in parts):
            return None
        whole = (p or (factor * factored(t)).term() for t, p in zip(terms, parts, strict=True))
        return plus(*whole)
    view = factored(term)
    if any(e.is_Integer and e < 0 and key(b) == key(base) for b, e in view.powers.items()):
        return (factor * view).term()
    for inner in [b for b, e in view.powers.items() if e == 1 and isinstance(b, Plus | Sum)]:
        found = _into(inner, factor)
        if found is not None:
            made = view.without(inner)
            made.multiply(found, ONE)
            return made.term()
    return None
