"""Delays: a stage that is another one step before, h[t-1], and at the first step its start.

Gives `Steps` (which steps of a stage are given, and how its delays are called), `with_delays`, and
`in_delays`, a term with h[t-1] said by the delay.

Floor 0: imports heads and problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms.contents import contents
from symderiv.terms.heads import Iverson, Quantity, plus, times
from symderiv.terms.makers import delta
from symderiv.terms.problem import Definition, Problem
from symderiv.terms.walking import bottom_up, subterms


@dataclass(frozen=True)
class Steps:
    """The steps of a recurrence.

    Attributes
    ----------
    stage : its name
    position : which of its indices counts the steps
    names : of the stages that are this one 1, 2, … steps before
    starts : single steps, by the step: h[0], h[-1], … before the first, h[1], … the first
        themselves; the indices of each are those of the stage but for the step
    back : does it run from the last step T to the first?  Then step 0 is T+1, step 1 is T
    """

    stage: str
    position: int
    names: Sequence[str]
    starts: Mapping[int, Definition]
    back: bool = False


def with_delays(problem: Problem, steps: Steps) -> Problem:
    """The problem with the stages of the steps before, each before the first that mentions it.

    hprev_tj = [t >= 2] h_{t-1,j} + delta_t1 h0_j, and hprev2 is hprev one step before.  At the
    steps that are given themselves, h_tj = [t >= 2] f_tj + delta_t1 h1_j.
    """
    given = [step for step in steps.starts if step >= 1]
    stage = cast(Definition, problem.definition(steps.stage))
    if given:
        at = problem.stages.index(stage)
        stage = _with_first_steps(problem, stage, steps, max(given))
        problem = replace(problem, stages=(*problem.stages[:at], stage, *problem.stages[at + 1 :]))
    for n, name in enumerate(steps.names):
        start = steps.starts.get(-n)
        if start is not None:
            problem = replace(problem, begun=problem.begun | {name})
        start = start or steps.starts[min(steps.starts)]
        problem = _with_delay(problem, stage, name, steps, start)
        stage = cast(Definition, problem.definition(name))
    return problem


def in_delays(term: Expr, problem: Problem) -> Expr:
    """The term with hprev[t] for h[t-1], which has a value at t = 1 where the text gives h[0]."""
    delays = {}
    for name in problem.begun:
        stage, place = cast(Definition, problem.definition(name)), problem.delays[name]
        letter = stage.quantity.indices[place]
        for before in subterms(stage.body):
            if isinstance(before, Quantity) and len(before.indices) > place:
                away = before.indices[place] - letter
                if away in (1, -1):
                    delays[before.name] = (Symbol(name), place, away)

    def change(t: Basic) -> Basic:
        if not isinstance(t, Quantity) or t.name not in delays:
            return t
        symbol, place, away = delays[t.name]
        if t.indices[place].as_coeff_Add()[0] * away < 1:
            return t  # no step towards the start
        at = t.indices[place] - away
        return change(Quantity(symbol, *t.indices[:place], at, *t.indices[place + 1 :]))

    return cast(Expr, bottom_up(term, change))


@dataclass(frozen=True)
class _Count:
    """The letter that counts the steps of a stage, and the size of its axis."""

    letter: Symbol
    high: Expr
    back: bool

    def at(self, step: int) -> Expr:
        """The bracket of one step, delta_t1 or delta_tT."""
        return delta(self.letter, self._number(step))

    def after(self, step: int) -> Expr:
        """The bracket of what comes after a step, [t >= 2] or [t < T]."""
        if self.back:
            return _bracket(sympy.Lt, self.letter, self._number(step))
        return _bracket(sympy.Ge, self.letter, Integer(step + 1))

    @property
    def before(self) -> Expr:
        """One step before."""
        return self.letter + 1 if self.back else self.letter - 1

    def _number(self, step: int) -> Expr:
        return self.high + 1 - step if self.back else Integer(step)


def _bracket(relation: type[Basic], left: Expr, right: Expr) -> Expr:
    return Iverson(cast(Expr, Basic.__new__(relation, left, right)))


def _counted(problem: Problem, stage: Definition, steps: Steps) -> _Count:
    letter = cast(Symbol, stage.quantity.indices[steps.position])
    return _Count(letter, problem.shapes[stage.name][steps.position], steps.back)


def _at(start: Definition, stage: Definition, steps: Steps) -> Expr:
    """A start at the letters of the stage."""
    others = [a for n, a in enumerate(stage.quantity.indices) if n != steps.position]
    return start.at(Quantity(start.quantity.symbol, *others)) if others else start.body


def _with_first_steps(problem: Problem, stage: Definition, steps: Steps, last: int) -> Definition:
    """The stage, its first steps by their own lines."""
    count = _counted(problem, stage, steps)
    firsts = (
        times(count.at(step), _at(start, stage, steps))
        for step, start in sorted(steps.starts.items())
        if step >= 1
    )
    body = plus(times(count.after(last), stage.body), *firsts)
    return Definition(stage.quantity, body)


def _with_delay(
    problem: Problem, stage: Definition, name: str, steps: Steps, start: Definition
) -> Problem:
    """The problem with one more stage, which is `stage` a step before."""
    letters = stage.quantity.indices
    count = _counted(problem, stage, steps)
    earlier = [count.before if n == steps.position else a for n, a in enumerate(letters)]
    before = Quantity(stage.quantity.symbol, *earlier)
    first = _at(start, stage, steps)
    body = times(count.after(1), before)
    if first != 0:
        body = plus(body, times(count.at(1), first))
    made = Definition(Quantity(Symbol(name), *letters), body)
    stages = list(problem.stages)
    at = next((n for n, s in enumerate(stages) if name in contents(s.body).stages), len(stages))
    stages.insert(min(at, stages.index(stage)), made)
    return replace(
        problem,
        stages=tuple(stages),
        shapes={**problem.shapes, name: problem.shapes[stage.name]},
        delays={**problem.delays, name: steps.position},
    )
