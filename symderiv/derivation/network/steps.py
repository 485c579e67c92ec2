"""Steps: the stages of a network that a recurrence goes through, one step after the other.

Gives `Block` (stages that depend on one another through a delay, each with the index that counts
the steps), `blocks_of` a problem, and `schedule`: what can be computed in which order.

Within a block a stage mentions the others at its own step, or through a delay one step before; so
the steps come one after the other, and within a step the stages in their order; in one that runs
backwards from the last step on.

Floor 2: imports floor 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sympy import Symbol
from sympy.core.basic import Basic

from symderiv.mistakes import Mistake
from symderiv.records import dataclass
from symderiv.terms import Quantity, subterms
from symderiv.terms.dependence import reached, users
from symderiv.terms.problem import Definition, Problem


@dataclass(frozen=True)
class Block:
    """The stages of a recurrence in order, by name, and which index of each counts the steps.

    `back`: the steps are computed from the last to the first.
    """

    positions: Mapping[str, int]
    back: bool = False

    def step(self, stage: Definition) -> Symbol:
        """The letter of a stage that counts the steps."""
        letter = stage.quantity.indices[self.positions[stage.name]]
        assert isinstance(letter, Symbol)
        return letter


def blocks_of(problem: Problem, direct: Mapping[str, Collection[str]]) -> tuple[Block, ...]:
    """The recurrences of a problem; `direct` says what each stage mentions.

    Raises
    ------
    Mistake
        where a stage of a recurrence is used at another step than the one that is computed.
    """
    above = users(direct)
    found: list[set[str]] = []
    for delay in problem.delays:
        if delay in direct:
            ring = reached([delay], lambda name: above.get(name, ()))
            ring &= reached([delay], lambda name: direct.get(name, ()))
            if len(ring) > 1:
                shared = [r for r in found if r & ring]
                found = [r for r in found if not r & ring] + [ring.union(*shared)]
    return tuple(_block(problem, ring) for ring in found)


def _block(problem: Problem, ring: Collection[str]) -> Block:
    stages = {s.name: s for s in problem.stages if s.name in ring}
    ways = {name: _runs_back(stages[name], problem) for name in stages if name in problem.delays}
    if len({*ways.values()}) > 1:
        one, other = (next(n for n in ways if ways[n] is way) for way in (False, True))
        raise Mistake(
            f"{one} goes forwards and {other} backwards, and each needs the other; "
            "the steps of a recurrence come in one order"
        )
    return Block(_positions(problem, ring), any(ways.values()))


def _runs_back(delay: Definition, problem: Problem) -> bool:
    """Is a delay what comes one step after?"""
    place = problem.delays[delay.name]
    step = delay.quantity.indices[place]
    return any(
        isinstance(t, Quantity) and t.indices[place : place + 1] == (step + 1,)
        for t in subterms(delay.body)
    )


def _positions(problem: Problem, ring: Collection[str]) -> dict[str, int]:
    """Which index of each stage counts the steps, from the delays on."""
    stages = {s.name: s for s in problem.stages if s.name in ring}
    known = {name: problem.delays[name] for name in stages if name in problem.delays}
    waiting, done = list(known), set()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        stage = stages[name]
        step = stage.quantity.indices[known[name]]
        for t in subterms(stage.body):
            if isinstance(t, Quantity) and t.name in stages:
                at = _position(stage, t, step, problem)
                if known.setdefault(t.name, at) != at:
                    raise _another_step(name, t.name)
                waiting.append(t.name)
    return {name: known[name] for name in stages}


def _position(stage: Definition, mention: Quantity, step: Basic, problem: Problem) -> int:
    """Which index of a mention is the step of the stage that mentions it."""
    wanted = step
    if stage.name in problem.delays:
        wanted = step + 1 if _runs_back(stage, problem) else step - 1
    places = [n for n, index in enumerate(mention.indices) if index == wanted]
    others = [index for index in mention.indices if index != wanted and step in index.free_symbols]
    if len(places) != 1 or others:
        raise _another_step(stage.name, mention.name)
    return places[0]


def _another_step(stage: str, mentioned: str) -> Mistake:
    return Mistake(
        f"{stage} uses {mentioned} at another step than its own; within a recurrence a stage is "
        "used at the same step, or at steps before, which have a start"
    )


def schedule(
    names: Sequence[str], direct: Mapping[str, Collection[str]], blocks: Sequence[Block]
) -> tuple[tuple[str, ...], ...]:
    """The stages in an order in which they can be computed: one by one, and blocks as a whole."""
    of = {name: block for block in blocks for name in block.positions}
    wanted = set(names)
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    waiting = list(reversed(names))
    while waiting:
        name = waiting[-1]
        if name in done:
            waiting.pop()
            continue
        group = tuple(n for n in of[name].positions if n in wanted) if name in of else (name,)
        needs = {n for m in group for n in direct.get(m, ()) if n in wanted} - done - {*group}
        if needs:
            waiting += sorted(needs)
        else:
            found.append(group)
            done |= {*group}
    return tuple(found)
