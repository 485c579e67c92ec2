"""Counting: where a size, an index or a label stands by itself in a line, as a number.

Lines over components, whole sums and deltas that agree exactly at small sizes have little room to
differ at larger ones.  A line in which a letter is a number has: [j = 11], K − 7, a product over 1
to 12.  `reach(line)` says how far one would have to look.

Imports floor 0 only.
"""

from __future__ import annotations

import sympy
from sympy import Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Iverson, Plus, Power, Quantity
from symderiv.terms.letters import BINDERS
from symderiv.terms.problem import Problem, name_of

FURTHEST = 5  # agreement at every choice of sizes up to one more is worth saying


def reach(problem: Problem, term: Basic) -> int:
    """How far from 1 the numbers lead that letters, sizes and labels are held against.

    0 where none stands by itself.  One that does counts 1, in a bracket the whole numbers beside
    it; factors add up, as [K = N + 3][N = 4] asks for K = 7.
    """
    if isinstance(term, Symbol):
        return int(bool(term.is_integer))
    if isinstance(term, Indexed):
        return int(name_of(term) in problem.labels) + _beyond_one(term.indices)
    if isinstance(term, Quantity | KroneckerDelta):
        return _beyond_one(term.args if isinstance(term, KroneckerDelta) else term.indices)
    if isinstance(term, Iverson):
        inside = max(reach(problem, side) for side in term.condition.args)
        return inside and max(inside, _numbers(term.condition))
    if isinstance(term, BINDERS):
        ends = [end for t in term.args[1:] for end in t.args[1:]]
        return reach(problem, term.args[0]) + _beyond_one(ends)
    inner = [reach(problem, a) for a in term.args]
    match term:
        case Plus() | sympy.Add():
            return max(inner)
        case Power(exponent=sympy.Integer() as n):
            return inner[0] * max(1, abs(int(n)))
        case _:
            return sum(inner)


def _numbers(term: Basic) -> int:
    """The sum of the sizes of all whole numbers in a term."""
    if isinstance(term, sympy.Integer):
        return abs(int(term))
    return sum(map(_numbers, term.args))


def _beyond_one(indices: tuple[Basic, ...] | list[Basic]) -> int:
    return sum(max(0, _numbers(i) - 1) for i in indices)
