"""Settling: the place-holders of sizes become the sizes.

Gives `settle`.  Imports terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.terms import rebuild


def settle(term: Basic, sizes: Mapping[Symbol, Expr]) -> Expr:
    """The term with every size in it replaced, also in the limits of sums."""
    done: dict[Basic, Basic] = {}

    def settled(t: Basic) -> Basic:
        if isinstance(t, Symbol):
            return sizes.get(t, t)
        if not t.args:
            return t
        if t not in done:
            done[t] = rebuild(t, tuple(settled(a) for a in t.args))
        return done[t]

    return cast(Expr, settled(term))
