"""Renaming: a problem with other names for its arrays, quantities, letters and sizes.

Gives `renamed` and `names_of`.

Floor 0: imports heads, problem and mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from sympy import Expr, Indexed, IndexedBase, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.mistakes import Mistake, did_you_mean
from symderiv.terms import Quantity, component, rebuild
from symderiv.terms.problem import Definition, Fact, Problem

NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*_?")
LONGEST_NAME = 50
SPOKEN_FOR = {"e": "the base of the exponential", "delta": "Kronecker's delta", "pi": "the number"}


def names_of(problem: Problem) -> frozenset[str]:
    """Every name in a problem: arrays, stages, letters (free or bound), sizes, scalars."""
    found: set[str] = {*problem.shapes, *problem.labels, *(k.name for k in problem.ranges)}
    terms: list[Basic] = [problem.function, *problem.wrt, *(f.relation for f in problem.facts)]
    for stage in problem.stages:
        terms += [stage.quantity, stage.body]
    for term in terms:
        _collect(term, found)
    return frozenset(found)


def _collect(term: Basic, found: set[str]) -> None:
    if isinstance(term, Symbol):
        found.add(term.name)
    elif isinstance(term, IndexedBase):
        found.add(str(term.label))
    else:
        for arg in term.args:
            _collect(arg, found)


def renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    """The problem with these names exchanged, all at once: {"i": "j", "j": "i"} swaps.

    No two names may become one, so no letter can be captured.

    Raises
    ------
    Mistake
        for a name that is not in the problem, or a new one that is there already or is no name.
    """
    known = names_of(problem)
    for old, new in names.items():
        if old not in known:
            raise Mistake(f"--symbols {old}={new}: there is no '{old}'{did_you_mean(old, known)}")
        if not NAME.fullmatch(new) or len(new) > LONGEST_NAME:
            shown = f"{old}={new}" if new.isprintable() else f"{old}={new!r}"
            raise Mistake(
                f"--symbols {shown:.80}: a name is ASCII letters, digits and _, a letter first"
            )
        if new in SPOKEN_FOR:
            raise Mistake(f"--symbols {old}={new}: '{new}' is {SPOKEN_FOR[new]} on the page")
        if new in known - names.keys():
            raise Mistake(
                f"--symbols {old}={new}: '{new}' is taken; rename it too, or choose another"
            )

    def name(old: str) -> str:
        return names.get(old, old)

    def symbol(old: Symbol) -> Symbol:
        return Symbol(name(old.name), **old._assumptions_orig)

    def change(term: Basic) -> Basic:
        if isinstance(term, Symbol):
            return symbol(term)
        if isinstance(term, Indexed):
            indices = (change(a) for a in term.args[1:])
            return component(name(str(term.base.label)), *indices)
        return rebuild(term, tuple(change(a) for a in term.args)) if term.args else term

    def expression(term: Expr) -> Expr:
        return cast(Expr, change(term))

    return replace(
        problem,
        function=expression(problem.function),
        wrt=tuple(expression(x) for x in problem.wrt),
        stages=tuple(
            Definition(cast(Quantity, change(s.quantity)), expression(s.body))
            for s in problem.stages
        ),
        facts=tuple(Fact(cast(Relational, change(f.relation)), f.proved) for f in problem.facts),
        shapes={
            name(array): tuple(expression(end) for end in shape)
            for array, shape in problem.shapes.items()
        },
        ranges={symbol(index): expression(end) for index, end in problem.ranges.items()},
        labels=frozenset(name(label) for label in problem.labels),
    )
