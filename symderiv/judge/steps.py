"""Steps: may stages that depend on one another be computed one step after the other?

Gives `disorder`, one sentence for each reason why not.  A ring of stages is in order where each has
an index that counts steps, and mentions the others at its own step if they come earlier in the
text, else one step before, where a bracket [step >= 2] keeps the first step out.  Then the pairs of
a step and a place in the text decrease, and the chain rule holds step by step, for every number of
steps.  So it does where all of a ring go the other way, to the step after, the bracket [step < T]
with the last step T.

Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import Iverson, Quantity, Times
from symderiv.terms.dependence import reached, users
from symderiv.terms.problem import Definition

Ring = Mapping[str, int]  # of each stage the index that counts the steps
Shapes = Mapping[str, tuple[Expr, ...]]


def disorder(
    stages: Sequence[Definition],
    rings: Sequence[Ring],
    bodies: Mapping[str, frozenset[str]],
    shapes: Shapes,
) -> Iterator[str]:
    """What keeps the stages from being computed; `bodies` says what each mentions."""
    places = {s.name: n for n, s in enumerate(stages)}
    ring_of: dict[str, Ring] = {}
    for ring in rings:
        for name in ring:
            if name in ring_of:
                yield f"{name} takes part in two recurrences"
            ring_of[name] = ring
    above = {id(ring): _above(ring, bodies) for ring in rings}
    for stage in stages:
        own = ring_of.get(stage.name)
        for name in sorted(bodies[stage.name] & places.keys()):
            if own is not None and name in own:
                continue
            if places[name] >= places[stage.name]:
                yield f"{stage.name} mentions {name}, which it does not come after"
            if own is not None and name in above[id(own)]:
                yield f"{stage.name} mentions {name}, which needs all its steps"
    for ring in rings:
        mine = [s for s in stages if s.name in ring]
        ways = [[f for s in mine for f in _one(s, ring, places, shapes, way)] for way in (-1, 1)]
        yield from min(ways, key=len)


def _above(ring: Ring, bodies: Mapping[str, frozenset[str]]) -> set[str]:
    """The stages outside a ring that need it, themselves or through others."""
    above = users(bodies)
    return reached(ring, lambda name: above.get(name, ())) - ring.keys()


def _one(
    stage: Definition, ring: Ring, places: Mapping[str, int], shapes: Shapes, way: int
) -> Iterator[str]:
    """What keeps a stage from being computed after the step before (`way` -1) or after it (1)."""
    letters = stage.quantity.indices
    at = ring[stage.name]
    step = letters[at] if at < len(letters) else None
    if not isinstance(step, Symbol):
        yield f"{stage.name} has no index that counts steps"
        return
    last = shapes.get(stage.name, ())[at : at + 1]
    out = _Bracket(step, last[0] if way > 0 and last else None)
    for mention, late in _mentions(stage.body, out, late=False):
        if mention.name not in ring:
            continue
        index = mention.indices[ring[mention.name]]
        same = index == step and places[mention.name] < places[stage.name]
        before = index == step + way and late
        if not (same or before):
            yield f"{stage.name} mentions {mention.name} at a step that is not yet there"


@dataclass(frozen=True)
class _Bracket:
    """What keeps the first step out, [step >= 2], or with a last one that: [step < last]."""

    step: Symbol
    last: Basic | None

    def is_in(self, term: Basic) -> bool:
        """Is it a factor of a product?"""
        return isinstance(term, Times) and any(map(self._is, term.args))

    def _is(self, term: Basic) -> bool:
        if not isinstance(term, Iverson):
            return False
        condition = term.condition
        if self.last is None:
            return isinstance(condition, sympy.Ge) and condition.args == (self.step, Integer(2))
        return isinstance(condition, sympy.Lt) and condition.args == (self.step, self.last)


def _mentions(term: Basic, out: _Bracket, *, late: bool) -> Iterator[tuple[Quantity, bool]]:
    """The stages in a term; `late` where a bracket keeps the first step out."""
    late = late or out.is_in(term)
    if isinstance(term, Quantity):
        yield term, late
    for arg in term.args:
        yield from _mentions(arg, out, late=late)
