"""Aliases: a stage that is another under a name of the user's own.

Gives `without_aliases`.  In `p[i] = softmax(z)[i]` the call has a stage of its own, with a made-up
name; on the page it is to be called p, as the user does.

Floor 0: imports heads, letters and problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from sympy import Expr
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.terms import Quantity, rebuild
from symderiv.terms.problem import Definition, Fact, Problem


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
    names = {made.name: alias.quantity}

    def change(term: Basic) -> Basic:
        if not term.args:
            return term
        args = tuple(change(a) for a in term.args)
        if isinstance(term, Quantity) and term.name in names:
            return Quantity(names[term.name].symbol, *args[1:])
        return rebuild(term, args)

    def expression(term: Expr) -> Expr:
        return cast(Expr, change(term))

    stages = tuple(
        Definition(cast(Quantity, change(s.quantity)), expression(s.body))
        for s in problem.stages
        if s is not alias
    )
    shapes: Mapping[str, tuple[Expr, ...]] = {
        name: shape for name, shape in problem.shapes.items() if name != made.name
    }
    return replace(
        problem,
        stages=stages,
        function=expression(problem.function),
        wrt=tuple(expression(x) for x in problem.wrt),
        facts=tuple(Fact(cast(Relational, change(f.relation)), f.proved) for f in problem.facts),
        shapes=shapes,
    )
