"""Delays: a stage that is another one step before, h[t-1], and at the first step its start.

Gives `with_delay`.

Floor 0: imports heads and problem.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.terms.heads import ONE, Iverson, Quantity, delta, plus, subterms, times
from symderiv.terms.problem import Definition, Problem


def with_delay(
    problem: Problem, stage: Definition, name: str, position: int, start: Definition
) -> Problem:
    """The problem with one more stage, before the first that mentions it.

    hprev_tj = [t >= 2] h_{t-1,j} + delta_t1 h0_j

    Parameters
    ----------
    stage : what is delayed; its index at `position` counts the steps
    name : of the new stage
    start : its value at the first step, the indices those of the stage but for the step
    """
    letters = stage.quantity.indices
    step = cast(Symbol, letters[position])
    others = [a for n, a in enumerate(letters) if n != position]
    earlier = [step - 1 if n == position else a for n, a in enumerate(letters)]
    later = Iverson(cast(Expr, Basic.__new__(sympy.Ge, step, Integer(2))))
    before = Quantity(stage.quantity.symbol, *earlier)
    first = start.at(Quantity(start.quantity.symbol, *others)) if others else start.body
    body = plus(times(later, before), times(delta(step, ONE), first))
    made = Definition(Quantity(Symbol(name), *letters), body)
    stages = list(problem.stages)
    at = next((n for n, s in enumerate(stages) if mentions(s.body, name)), len(stages))
    stages.insert(min(at, stages.index(stage)), made)
    return replace(
        problem,
        stages=tuple(stages),
        shapes={**problem.shapes, name: problem.shapes[stage.name]},
        delays={**problem.delays, name: position},
    )


def mentions(term: Basic, name: str) -> bool:
    """Does a term mention the stage of that name?"""
    return any(isinstance(t, Quantity) and t.name == name for t in subterms(term))
