"""Counting: where a size, an index or a label stands by itself in a line, as a number.

Lines over components, whole sums and deltas that agree exactly at small sizes have little room to
differ at larger ones.  A line in which a letter is a number has: [j = 11], K − 7, a product over 1
to 12, relu(K − 7), √((K − 7)²).  `reach(line)` says how far one would have to look,
and `standing(line)` along which sizes.

Imports axes and floor 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import cast

import sympy
from sympy import Expr, Function, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.judge.axes import Axes, sizes_in
from symderiv.terms import Iverson, Maximum, Plus, Power, Quantity, Quotient, Times
from symderiv.terms.letters import BINDERS
from symderiv.terms.problem import Problem, name_of
from symderiv.terms.remembering import remembered

FURTHEST = 5  # agreement at every choice of sizes up to one more is worth saying
MOST_STANDING = 2  # sizes that are held against each other
MOST = 10**9  # beyond it numbers are not told apart


def reach(problem: Problem, term: Basic) -> int:
    """How far from 1 the numbers lead that letters, sizes and labels are held against.

    0 where none stands by itself.  One that does counts 1; in a bracket, a function, a root or a
    maximum, which may turn there, the numbers beside it; factors add up, as [K = N + 3][N = 4]
    asks for K = 7.
    """
    return _reach(problem.labels, term)


@remembered
def _reach(labels: frozenset[str], term: Basic) -> int:
    if isinstance(term, Symbol):
        return int(bool(term.is_integer))
    if isinstance(term, Indexed):
        return int(name_of(term) in labels) + _beyond_one(term.indices)
    if isinstance(term, Quantity | KroneckerDelta):
        return _beyond_one(term.args if isinstance(term, KroneckerDelta) else term.indices)
    if isinstance(term, Iverson):
        return _turning(term.condition, max(_reach(labels, a) for a in term.condition.args))
    if isinstance(term, BINDERS):
        ends = [end for t in term.args[1:] for end in t.args[1:]]
        inside = _reach(labels, term.args[0])
        if isinstance(term, Maximum):
            inside = _turning(term.args[0], inside)
        return inside + _beyond_one(ends)
    inner = [_reach(labels, a) for a in term.args]
    match term:
        case Plus() | sympy.Add():
            return max(inner)
        case Power(exponent=sympy.Integer() as n):
            return inner[0] * max(1, abs(int(n)))
        case Power() | sympy.Pow() | Function() | sympy.Max() | sympy.Min():
            return _turning(term, sum(inner))
        case _:
            return sum(inner)


def standing(
    problem: Problem, axes: Axes, term: Basic, bound: Mapping[Symbol, Expr] | None = None
) -> frozenset[str]:
    """The sizes that stand by themselves, and those of the letters and labels that do.

    [M = N + 3] is met at M = 4 and N = 1 alone among small sizes, so that two of them are tried at
    all values; `MOST_STANDING` is how many that can be done for.
    """
    bound = bound or {}
    if not reach(problem, term):
        return frozenset()
    if isinstance(term, Symbol):
        return frozenset(sizes_in(axes.known(term, bound) or term))
    if isinstance(term, Indexed) and name_of(term) in problem.labels:
        size = axes.labels.get(name_of(term))
        return frozenset(axes.sizes if size is None else sizes_in(size))
    if isinstance(term, Indexed | Quantity | KroneckerDelta):
        found = (axes.known(cast(Symbol, s), bound) or s for s in term.free_symbols)
        shape = () if isinstance(term, KroneckerDelta) else problem.shapes.get(name_of(term), ())
        return frozenset().union(*map(sizes_in, (*found, *shape)))
    if isinstance(term, BINDERS):
        bound = {**bound, **{t.args[0]: t.args[2] for t in term.args[1:]}}
        ends = [end for t in term.args[1:] for end in t.args[1:]]
        counted = map(sizes_in, ends) if _beyond_one(ends) else ()
        return standing(problem, axes, term.args[0], bound).union(*counted)
    return frozenset().union(*(standing(problem, axes, a, bound) for a in term.args))


def _turning(term: Basic, inside: int) -> int:
    """The reach of what may turn at the numbers in it, where something in it is counted."""
    return inside and max(inside, _numbers(term))


def _numbers(term: Basic) -> int:
    """What numbers there are in a term, as one: sums of their sizes, products of factors."""
    match term:
        case sympy.Rational():
            above, below = int(term.p), int(term.q)
            return min(MOST, max(abs(above), below if below > 1 else 0))
        case Times() | sympy.Mul() | Quotient():
            parts = [_numbers(a) for a in term.args]
            return min(MOST, prod(max(1, n) for n in parts)) if any(parts) else 0
        case Power(exponent=sympy.Integer() as n) | sympy.Pow(exp=sympy.Integer() as n):
            base = _numbers(term.args[0])
            return base if base < 2 else min(MOST, base ** min(abs(int(n)), 30))
        case _:
            return min(MOST, sum(map(_numbers, term.args)))


def _beyond_one(indices: tuple[Basic, ...] | list[Basic]) -> int:
    return sum(max(0, _numbers(i) - 1) for i in indices)
