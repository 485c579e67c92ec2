"""Aliases: a stage that is another under a name of the user's own.

Gives `without_aliases`.  In `p[i] = softmax(z)[i]` the call has a stage of its own, with a made-up
name; on the page it is to be called p, as the user does.

Floor 0: imports heads, problem and renaming.
"""

from __future__ import annotations

import re
from dataclasses import replace

from symderiv.terms import Quantity
from symderiv.terms.problem import Definition, Problem
from symderiv.terms.renaming import exchanged


def without_aliases(problem: Problem) -> Problem:
    """The problem with every made-up stage that the user names p called p throughout.

    p1_i = e^{z_i}/Σ_k e^{z_k}, p_i = p1_i  ->  p_i = e^{z_i}/Σ_k e^{z_k}
    """
    for alias in problem.stages:
        inner = alias.body
        if not isinstance(inner, Quantity) or inner.indices != alias.quantity.indices:
            continue
        made = problem.definition(inner.name)
        if made is not None and not re.search(rf"\b{made.name}\b", problem.text):
            return without_aliases(_called(problem, made, alias))
    return problem


def _called(problem: Problem, made: Definition, alias: Definition) -> Problem:
    others = tuple(s for s in problem.stages if s is not alias)
    shapes = {name: shape for name, shape in problem.shapes.items() if name != made.name}
    return exchanged(replace(problem, stages=others, shapes=shapes), {made.name: alias.name})
