"""Ranges: is a value inside the ends of a sum?

Gives `over` (a body over limits, as the same kind of sum), `in_range` and `in_part` (the brackets
that say so, as far as that is not clear from the ends), `met` and `length`.  Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Sum, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.terms import (
    ONE,
    ZERO,
    Iverson,
    Times,
    bottom_up,
    times,
)
from symderiv.terms.letters import free_letters
from symderiv.terms.makers import with_limits


def over(body: Expr, limits: tuple[Tuple, ...]) -> Expr:
    """Σ of the body over what is left of the limits."""
    return cast(Expr, with_limits(Sum, body, *limits)) if limits else body


def solved_for(index: Symbol, d: KroneckerDelta) -> Expr | None:
    """The value that δ gives the index: j of δ_{ij} for i, j − k of δ_{i+k, j}; None if neither."""
    for side, other in (d.args, d.args[::-1]):
        if index in free_letters(other):
            continue
        if side == index:
            return cast(Expr, other)
        if isinstance(side, Integer | Symbol | sympy.Indexed):  # the index is no term of it
            continue
        difference = side - index
        if index not in difference.free_symbols:
            return cast(Expr, other - difference)
    return None


def in_range(value: Expr, limit: Tuple) -> Expr:
    """1 if the value surely lies in the limits, 0 if surely not, else the brackets that say so."""
    _, low, high = limit.args
    if not free_letters(value):
        above, below = at_most(low, value, {}), at_most(value, high, {})
        return ZERO if ZERO in (above, below) else times(*(c for c in (above, below) if c != 1))
    if low != 1 or not isinstance(high, Symbol | Integer):
        return in_part(value, low, high)
    if isinstance(value, Symbol | sympy.Indexed):
        return ONE
    letter, away = shifted(value)
    if letter is not None and away > 0:  # t + 1 is an index but for the last t
        return Iverson(sympy.Le(letter, high - away, evaluate=False))
    if letter is not None:
        return Iverson(sympy.Ge(letter, 1 - away, evaluate=False))
    return Times(
        Iverson(sympy.Ge(value, low, evaluate=False)),
        Iverson(sympy.Le(value, high, evaluate=False)),
    )


def shifted(value: Basic) -> tuple[Symbol | None, int]:
    """The letter t and the number 1 of t + 1; no letter where it is something else."""
    if isinstance(value, Symbol):
        return value, 0
    letters = free_letters(value)
    if len(letters) != 1:
        return None, 0
    (letter,) = letters
    away = sympy.expand(cast(Expr, value) - letter)
    return (letter, int(away)) if away.is_Integer else (None, 0)


def where_met(term: Expr, high: Expr) -> Expr:
    """The term without the brackets that every letter meets."""
    return cast(Expr, bottom_up(term, lambda t: ONE if met(t, high) else t))


def met(bracket: Basic, high: Expr) -> bool:
    """Does every letter from 1 to `high` meet a condition: t + 1 >= 2, t - 1 < T?"""
    if not isinstance(bracket, Iverson):
        return False
    side, end = cast("tuple[Expr, Expr]", bracket.condition.args)
    letter, away = shifted(side)
    if letter is None or letter in free_letters(end):
        return False
    match bracket.condition:
        case sympy.GreaterThan():
            return bool((end - away - 1).is_nonpositive)
        case sympy.LessThan():
            return bool((end - away - high).is_nonnegative)
        case sympy.StrictLessThan():
            return bool((end - away - high).is_positive)
    return False


def at_most(low: Expr, high: Expr, least: Mapping[str, int]) -> Expr:
    """[low <= high] for numbers and sizes."""
    if isinstance(low, Integer) and isinstance(high, Symbol):  # as below, without a sum of SymPy's
        sure = low <= least.get(high.name, 1)
        return ONE if sure else Iverson(sympy.Le(low, high, evaluate=False))
    margin = high - low
    lowest = margin.xreplace({s: Integer(least.get(s.name, 1)) for s in margin.free_symbols})
    if lowest.is_nonnegative and all(margin.coeff(s) > 0 for s in margin.free_symbols):
        return ONE
    if not margin.free_symbols:
        return ZERO
    return Iverson(sympy.Le(low, high, evaluate=False))


def in_part(value: Expr, low: Expr, high: Expr) -> Expr:
    """The same for a part of an axis, whose size is the one in its end: 2 ≤ i ≤ N, i ≤ N − 1."""
    letters = free_letters(value)
    conditions: list[Expr] = []
    alone = len(letters) == 1 and (value - next(iter(letters))).is_Integer
    if alone:  # j − 1 ≥ 1 is j ≥ 2, and what every index meets is left out
        (letter,) = letters
        low, high, value = low - value + letter, high - value + letter, letter
    if not alone or low > 1:
        conditions.append(Iverson(sympy.Ge(value, low, evaluate=False)))
    if not alone or not is_a_size(high):
        conditions.append(Iverson(sympy.Le(value, high, evaluate=False)))
    return times(*conditions)


def length(limit: Tuple) -> Expr | None:
    """How many values an index has; None from 2 to N − 1, none where N is 1, and not N − 2 = −1."""
    _, low, high = cast("tuple[Expr, ...]", limit.args)
    count = cast(Expr, high if low == 1 else high - low + 1)
    return count if count.is_nonnegative or is_a_size(cast(Expr, count + 1)) else None


def is_a_size(end: Expr) -> bool:
    """Is an end N, or beyond?"""
    sizes = end.free_symbols
    return len(sizes) == 1 and bool((end - next(iter(sizes))).is_nonnegative)
