"""Closed: the gradients of a network in closed form, each judged by itself.

Gives `Closed` and `closed_forms`.  Adjoints are exchanged for what their own lines say they are;
what comes of it is held against the derivative of the loss itself: proved where the judge can,
exactly at small sizes where that can be written out, and at random points always.

Floor 5: imports the derivations and the judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr

from symderiv.derivation.network import Adjoint, Backpropagation
from symderiv.derivation.network.closed import closed_form, recurring
from symderiv.derivation.network.graph import mentions
from symderiv.derivation.network.trial import Wrong
from symderiv.face.claimed import at_points, small_sizes, with_bars
from symderiv.judge import Judge
from symderiv.mistakes import Unanswered
from symderiv.patience import limited
from symderiv.records import dataclass
from symderiv.terms import D
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength, Verdict

_PROVED = "Proved for every size"
SECONDS = 4.0  # in which a closed form is judged with every stage written out


@dataclass(frozen=True)
class Closed:
    """A gradient with its adjoints written out, and how that was judged.

    `kept` are the adjoints of a recurrence that are left, since for every number of steps there is
    no other form; `how` says the verdict in words.
    """

    line: Adjoint
    term: Expr
    kept: tuple[str, ...]
    verdict: Verdict
    how: str


def closed_forms(made: Backpropagation) -> Iterator[Closed]:
    """Those gradients whose closed form is short enough to be read.

    Raises
    ------
    Wrong
        where one is not the gradient.
    """
    for line in made.gradients.values():
        term = closed_form(made, line)
        if term is not None:
            yield closed(made, line, term)


def closed(made: Backpropagation, line: Adjoint, term: Expr) -> Closed:
    """A closed form judged."""
    problem = replace(with_bars(made), wrt=(line.variable,))
    ranges = dict(zip(line.quantity.indices, problem.shapes[line.quantity.name], strict=True))
    problem = replace(problem, ranges={**problem.ranges, **ranges})
    kept = tuple(dict.fromkeys(n for n in mentions(term) if n in recurring(made)))
    at = at_points(made, problem, line.quantity, term)
    if at.strength is Strength.REFUTED:
        raise Wrong(f"the closed form of the gradient by {line.of} is not the gradient")
    found = None if kept or problem.delays else _proved(problem, term)
    found = found or small_sizes(problem, made.adjoints.values(), term, SECONDS)
    how = f"Each adjoint by its own line; the whole {at.note}"
    if found is None:
        found = Verdict(made.strength, note=how, points=at.points)
    else:
        how = _PROVED if found.strength is Strength.PROVED else f"Exactly equal at {found.note}"
    return Closed(line, term, kept, found, how)


def _proved(problem: Problem, term: Expr) -> Verdict | None:
    """What the judge says of it with every stage written out, in bounded time."""
    try:
        with limited(SECONDS):
            found = Judge(problem).compare(D(problem.function, problem.wrt[0]), term)
    except Unanswered:
        return None
    return found if found.holds else None
