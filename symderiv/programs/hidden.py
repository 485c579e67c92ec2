"""Hidden: the entries of a stage that brackets leave out wherever the stage is mentioned.

Gives `masked`, a problem in whose stages such entries are 0.  The weights e^s_tu / Σ_{r≤t} e^s_tr
that are summed over u <= t are used at u <= t alone, and past it they may be infinite, which no
factor 0 undoes.  What is 0 where a bracket is hides them as well: w̄_tu, a sum times [u <= t].

Floor 4: imports floor 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import cast

import sympy
from sympy import Expr, Sum
from sympy.core.basic import Basic

from symderiv.terms import Iverson, Neg, Plus, Power, Quantity, Quotient, Times, times
from symderiv.terms.contents import contents, holds
from symderiv.terms.letters import bound_letters, free_letters, substitute
from symderiv.terms.problem import Definition, Problem

UNBOUNDED = (sympy.exp, sympy.log, Quotient, Power)  # what finite numbers may make infinite
Mention = tuple[Quantity, tuple[Expr, ...]]  # and the factors beside it


def masked(problem: Problem, names: Collection[str]) -> Problem:
    """The problem, of the stages of these names only what some line of it uses.

    A stage of which a fact speaks, as that it sums to 1, stays what it is.
    """
    facts = {n for fact in problem.facts for n in contents(fact.relation).stages}
    stages = tuple(
        Definition(s.quantity, times(*_brackets(problem, s), s.body))
        if s.name in names and s.name not in facts and any(holds(s.body, h) for h in UNBOUNDED)
        else s
        for s in problem.stages
    )
    return replace(problem, stages=stages)


def _brackets(problem: Problem, stage: Definition) -> list[Expr]:
    """The brackets of its indices that are 0 wherever a stage is not used."""
    own = stage.quantity.indices
    mentions = [m for s in problem.stages for m in _mentions(s.body, stage.name, ())]
    beside = (f for at, factors in mentions if at.indices == own for f in factors)
    brackets = [f for f in dict.fromkeys(beside) if isinstance(f, Iverson)]
    return [
        b
        for b in brackets
        if free_letters(b) <= {*own}
        and all(
            any(_is_hidden(problem, f, substitute(b, dict(zip(own, at.indices, strict=True))))
                for f in factors)
            for at, factors in mentions
        )
    ]  # fmt: skip


def _mentions(term: Basic, name: str, beside: tuple[Expr, ...]) -> Iterator[Mention]:
    """Every mention of a stage in a term, and what it is multiplied by."""
    match term:
        case Quantity() if term.name == name:
            yield term, beside
        case Times():
            for n, factor in enumerate(term.args):
                others = cast("tuple[Expr, ...]", term.args[:n] + term.args[n + 1 :])
                yield from _mentions(factor, name, (*beside, *others))
        case Plus() | Neg():
            for part in term.args:
                yield from _mentions(part, name, beside)
        case Quotient():
            yield from _mentions(term.numerator, name, beside)
            yield from _mentions(term.denominator, name, ())
        case Sum():
            bound = {*bound_letters(term)}
            free = tuple(f for f in beside if bound.isdisjoint(free_letters(f)))
            yield from _mentions(term.args[0], name, free)
        case _:  # log w is no number where w is 0, whatever is beside it
            for part in term.args:
                yield from _mentions(part, name, ())


def _is_hidden(
    problem: Problem, term: Basic, bracket: Expr, within: frozenset[str] = frozenset()
) -> bool:
    """Is a term, met within these stages, 0 wherever a bracket is?"""
    match term:
        case Times():
            return any(_is_hidden(problem, factor, bracket, within) for factor in term.args)
        case Plus() | Neg():
            return all(_is_hidden(problem, part, bracket, within) for part in term.args)
        case Quotient():
            return _is_hidden(problem, term.numerator, bracket, within)
        case Sum():
            apart = free_letters(bracket).isdisjoint(bound_letters(term))
            return apart and _is_hidden(problem, term.args[0], bracket, within)
        case Quantity():
            said = None if term.name in within else problem.definition(term.name)
            deeper = within | {term.name}
            return said is not None and _is_hidden(problem, said.at(term), bracket, deeper)
    return bool(term == bracket)
