"""Facts: numbers at which what is declared of them holds.

Gives `hold` (numbers moved to where facts of the usual forms hold) and `kept` (do all of them?).

Imports floor 0 and the evaluator.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import sympy
from sympy import Indexed, Sum, Symbol

from symderiv.numbers.evaluator import RELATIONS, Beyond, Evaluator, OffAxis
from symderiv.terms import subterms
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Fact, Problem, name_of, symmetry_of
from symderiv.terms.sizes import size_at

DIGITS = 30
CLOSE = 1e-12  # an equation between floats


def hold(problem: Problem, given: dict[str, Any], *, zeros: bool = False) -> None:
    """Move the numbers to where the facts hold; with `zeros` some of them stay 0."""
    for fact in sorted(problem.facts, key=lambda f: isinstance(f.relation, sympy.Eq)):
        left, right = fact.relation.args
        symmetry = symmetry_of(fact)
        if symmetry is not None and symmetry.array in given:
            a = given[symmetry.array]
            if a.ndim == len(symmetry.order) and len(set(a.shape)) <= 1:
                turned = np.transpose(a, symmetry.order)
                given[symmetry.array] = np.where(
                    np.isfinite(a + turned), a + symmetry.sign * turned, 0
                )
            continue
        name = name_of(left.function) if isinstance(left, Sum) else name_of(left)
        if name not in given:
            continue
        a = np.where(np.isfinite(given[name]), given[name], 1.0)
        match fact.relation:
            case sympy.Eq() if isinstance(left, Sum) and right.is_number:
                parts = np.abs(a) + (a == 0) * (not zeros) + (np.abs(a).sum() == 0)
                axis = left.function.args[1:].index(left.limits[0][0])
                given[name] = parts * float(right) / parts.sum(axis, keepdims=True)
            case sympy.Gt() | sympy.Ge() if right.is_number:
                given[name] = np.maximum(np.abs(a), 1e-3) + float(right)
            case sympy.Lt() | sympy.Le() if right.is_number:
                given[name] = float(right) - np.maximum(np.abs(a), 1e-3)
            case sympy.Ne() if right.is_number:
                given[name] = np.where(a == float(right), 1.0 + float(right), a)
            case _:
                given[name] = a


def kept(world: Evaluator) -> bool:
    """Do the declared facts hold at these numbers, for every value of their letters?"""
    try:
        return all(_keeps(world, fact) for fact in world.problem.facts if not fact.proved)
    except (Beyond, OffAxis):  # q_1 = q_2 where there is one q
        return False


def _keeps(world: Evaluator, fact: Fact) -> bool:
    ends = {
        s: size_at(end, world.sizes)
        for t in subterms(fact.relation)
        if isinstance(t, Indexed)
        for s, end in zip(t.indices, world.problem.shapes[name_of(t)], strict=True)
        if isinstance(s, Symbol) and s in free_letters(fact.relation)
    }
    for places in product(*(range(1, end + 1) for end in ends.values())):
        at = dict(zip(ends, places, strict=True))
        left, right = (world.at_digits(DIGITS, side, at) for side in fact.relation.args)
        if isinstance(fact.relation, sympy.Eq):
            if not abs(left - right) <= CLOSE * (1 + abs(left)):
                return False
        elif not RELATIONS[fact.relation.rel_op](left, right):
            return False
    return True
