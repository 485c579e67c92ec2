"""Arrangement: the order in which an author writes the factors of a product.

Gives `arranged`.  What stands in which order changes nothing but how a line reads: components of
one array stand together, in the order of the function's indices and then the variable's.

Floor 0: imports heads and letters only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Quantity, Times, bottom_up, times


def arranged(term: Expr, letters: Sequence[Symbol]) -> Expr:
    """The term, x_e p_k x_c as p_k x_c x_e where `letters` are k, c, l, e.

    Only components whose indices are all among the letters are moved.
    """
    rank: dict[Basic, int] = {letter: n for n, letter in enumerate(letters)}

    def arrange(t: Basic) -> Basic:
        if not isinstance(t, Times):
            return t
        factors = cast("tuple[Expr, ...]", t.args)
        names = [_array(f, rank) for f in factors]
        twice = {name for name in names if name is not None and names.count(name) > 1}
        if not twice:
            return t
        made: list[Expr] = []
        for n, (factor, name) in enumerate(zip(factors, names, strict=True)):
            if name not in twice:
                made.append(factor)
            elif name not in names[n + 1 :]:
                alike = (f for f, other in zip(factors, names, strict=True) if other == name)
                made += sorted(alike, key=lambda f: _place(f, rank))
        return times(*made)

    return cast(Expr, bottom_up(term, arrange))


def _array(factor: Expr, rank: Mapping[Basic, int]) -> Basic | None:
    """The array that a factor is a component of, where its indices have a rank."""
    if not isinstance(factor, Indexed | Quantity):
        return None
    indices = factor.args[1:]
    return factor.args[0] if indices and all(a in rank for a in indices) else None


def _place(factor: Expr, rank: Mapping[Basic, int]) -> tuple[int, ...]:
    return tuple(rank[a] for a in factor.args[1:])
