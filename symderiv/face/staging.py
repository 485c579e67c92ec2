"""Staging: is a derivative to be said in adjoints, stage by stage?

Gives `in_adjoints`, the problem made ready for it; `staged` answers that.

Floor 5: imports terms, the graph of a network, and requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderiv import late
from symderiv.face.request import Request
from symderiv.mistakes import DASH, Mistake
from symderiv.terms.letters import free_letters
from symderiv.terms.nesting import in_stages, is_nested
from symderiv.terms.problem import Problem, name_of

if TYPE_CHECKING:
    from symderiv.derivation.network import graph
else:
    graph = late.module("symderiv.derivation.network.graph")

MOST_STAGES = 10  # of a function whose derivative is written out
MOST_WAYS = 5  # from the function to the variable


def in_adjoints(problem: Problem, request: Request) -> Problem | None:
    """The problem where a number is differentiated once, through a recurrence or many stages.

    What is nested deep has its inner values in stages.  None where nothing asks for adjoints.

    Raises
    ------
    Mistake
        for a recurrence of which something else is asked.
    """
    free = {s for s in free_letters(problem.function) if s in problem.ranges}
    plain = len(problem.wrt) == 1 and not {s for s in free if s.name not in problem.labels}
    plain &= request.k is None and request.entry is None and request.target is None
    plain &= request.route is None
    if problem.delays and not plain:
        raise Mistake(
            "a recurrence is differentiated for every number of steps: one number by one variable, "
            f"without {DASH}k, {DASH}entry, {DASH}target and {DASH}route"
        )
    if not plain:
        return None
    named = in_stages(problem)
    if named is not None:
        return named
    return problem if problem.delays or _is_deep(problem) else None


def _is_deep(problem: Problem) -> bool:
    """Does the function go through many stages, or in many ways to the variable?

    Each line that is written out holds every way, and the judge writes out every stage.
    """
    direct = {s.name: set(graph.mentions(s.body)) for s in problem.stages}
    ways = {name_of(problem.wrt[0]): 1}
    for name, mentioned in direct.items():  # in order, each after what it mentions
        if name not in ways:
            ways[name] = sum(ways.get(other, 0) for other in mentioned)
    below: set[str] = set()
    waiting = list(graph.mentions(problem.function))
    count = sum(ways.get(name, 0) for name in {*waiting})
    while waiting:
        name = waiting.pop()
        if name in direct and name not in below:
            below.add(name)
            waiting += direct[name]
    return len(below) > MOST_STAGES or count > MOST_WAYS or is_nested(problem)
