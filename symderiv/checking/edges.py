r"""Edges: what holds inside an axis, and not at its ends.

Gives `inside`, the brackets under which the indices of a line stay on their axes, or keep away from
the ends as far as the shifts and the ranges of what is defined reach: who differentiates
Σ_{i=1}^{n-1} (x_{i+1} - x_i)² by x_i, or a convolution, speaks of indices inside.

Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy import Expr, Indexed, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.checking.facts import Pair
from symderiv.terms import ONE, Iverson, Neg, plus, subterms, times
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import name_of

FURTHEST = 12  # from the ends
STAY = "the indices stay on their axes"


def inside(pair: Pair) -> Iterator[tuple[Expr, str]]:
    """The brackets, as a factor, and what they say, as a clause after "if"."""
    staying = _product(_staying(pair))
    if staying is not None:
        yield staying, STAY
    reach = _reach(pair)
    letters = sorted((s for s in free_letters(pair.left) if _is_ranged(pair, s)), key=str)
    if not letters or not 0 < reach <= FURTHEST:
        return
    inner = _product(b for s in letters for b in _between(s, reach, pair.problem.ranges[s]))
    said = " and ".join(f"{s.name} is at least {reach} from the ends of its axis" for s in letters)
    assert inner is not None
    yield inner, said
    if staying is not None:
        yield times(staying, inner), f"{said} and {STAY}"


def _is_ranged(pair: Pair, letter: Symbol) -> bool:
    return isinstance(pair.problem.ranges.get(letter), Symbol)


def _staying(pair: Pair) -> Iterator[Expr]:
    """For each index that is more than a letter, that it is from 1 to the size of its axis."""
    seen: set[tuple[Basic, Basic]] = set()
    for side in (pair.left, pair.right):
        free = free_letters(side)
        for t in (t for t in subterms(side) if isinstance(t, Indexed)):
            for index, size in zip(
                t.indices, pair.problem.shapes.get(name_of(t), ()), strict=False
            ):
                plain = isinstance(index, Symbol | Integer | Indexed)
                if plain or not index.free_symbols <= free or (index, size) in seen:
                    continue
                seen.add((index, size))
                yield Iverson(sympy.GreaterThan(index, ONE, evaluate=False))
                yield Iverson(sympy.LessThan(index, sympy.sympify(size), evaluate=False))


def _between(letter: Symbol, reach: int, size: Expr) -> Iterator[Expr]:
    yield Iverson(sympy.GreaterThan(letter, Integer(1 + reach), evaluate=False))
    end = plus(size, Neg(Integer(reach)))
    yield Iverson(sympy.LessThan(letter, end, evaluate=False))


def _reach(pair: Pair) -> int:
    """How far the shifts of indices and the ends of ranges reach."""
    found = [0]
    for t in pair.every:
        if isinstance(t, Indexed):
            found += (abs(int(c)) for c, rest in map(_split, t.indices) if rest)
        for limit in getattr(t, "limits", ()):
            found.append(int(limit[1]) - 1 if limit[1].is_Integer else 0)
            if not limit[2].is_Integer:
                found += (abs(int(n)) for n in subterms(limit[2]) if isinstance(n, Integer))
    return max(found)


def _split(index: Expr) -> tuple[Expr, Expr]:
    constant, rest = index.as_coeff_Add()
    return (constant if constant.is_Integer else Integer(0)), rest


def _product(brackets: Iterator[Expr]) -> Expr | None:
    found = list(brackets)
    return times(*found) if found else None
