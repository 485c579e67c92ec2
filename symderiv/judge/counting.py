"""Counting: where a size, an index or a label stands by itself in a line, as a number.

Lines over components, whole sums and deltas that agree exactly at small sizes have little room to
differ at larger ones.  A line in which a letter is a number has: [j = 11], K − 7, a product over 1
to 12, relu(K − 7), √((K − 7)²).  `reach(line)` says how far one would have to look.

Imports floor 0 only.
"""

from __future__ import annotations

from math import prod

import sympy
from sympy import Function, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Iverson, Maximum, Plus, Power, Quantity, Quotient, Times
from symderiv.terms.letters import BINDERS
from symderiv.terms.problem import Problem, name_of

FURTHEST = 5  # agreement at every choice of sizes up to one more is worth saying
MOST = 10**9  # beyond it numbers are not told apart


def reach(problem: Problem, term: Basic) -> int:
    """How far from 1 the numbers lead that letters, sizes and labels are held against.

    0 where none stands by itself.  One that does counts 1; in a bracket, a function, a root or a
    maximum, which may turn there, the numbers beside it; factors add up, as [K = N + 3][N = 4]
    asks for K = 7.
    """
    if isinstance(term, Symbol):
        return int(bool(term.is_integer))
    if isinstance(term, Indexed):
        return int(name_of(term) in problem.labels) + _beyond_one(term.indices)
    if isinstance(term, Quantity | KroneckerDelta):
        return _beyond_one(term.args if isinstance(term, KroneckerDelta) else term.indices)
    if isinstance(term, Iverson):
        return _turning(term.condition, max(reach(problem, a) for a in term.condition.args))
    if isinstance(term, BINDERS):
        ends = [end for t in term.args[1:] for end in t.args[1:]]
        inside = reach(problem, term.args[0])
        if isinstance(term, Maximum):
            inside = _turning(term.args[0], inside)
        return inside + _beyond_one(ends)
    inner = [reach(problem, a) for a in term.args]
    match term:
        case Plus() | sympy.Add():
            return max(inner)
        case Power(exponent=sympy.Integer() as n):
            return inner[0] * max(1, abs(int(n)))
        case Power() | sympy.Pow() | Function() | sympy.Max() | sympy.Min():
            return _turning(term, sum(inner))
        case _:
            return sum(inner)


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
