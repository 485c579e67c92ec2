"""Steps: may stages that depend on one another be computed one step after the other?

Gives `disorder`, one sentence for each reason why not.  A ring of stages is in order where each has
an index that counts steps, and mentions the others at its own step if they come earlier in the
text, else one step before, where a bracket [step >= 2] keeps the first step out.  Then the pairs of
a step and a place in the text decrease, and the chain rule holds step by step, for every number of
steps.

Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy
from sympy import Symbol
from sympy.core.basic import Basic

from symderiv.terms import Iverson, Quantity, Times
from symderiv.terms.problem import Definition

Ring = Mapping[str, int]  # of each stage the index that counts the steps


def disorder(
    stages: Sequence[Definition],
    rings: Sequence[Ring],
    bodies: Mapping[str, frozenset[str]],
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
        if own is not None:
            yield from _one(stage, own, places)


def _above(ring: Ring, bodies: Mapping[str, frozenset[str]]) -> set[str]:
    """The stages outside a ring that need it, themselves or through others."""
    users: dict[str, list[str]] = {}
    for name, mentioned in bodies.items():
        for other in mentioned:
            users.setdefault(other, []).append(name)
    found: set[str] = set()
    waiting = list(ring)
    while waiting:
        for name in users.get(waiting.pop(), ()):
            if name not in found and name not in ring:
                found.add(name)
                waiting.append(name)
    return found


def _one(stage: Definition, ring: Ring, places: Mapping[str, int]) -> Iterator[str]:
    letters = stage.quantity.indices
    at = ring[stage.name]
    step = letters[at] if at < len(letters) else None
    if not isinstance(step, Symbol):
        yield f"{stage.name} has no index that counts steps"
        return
    for mention, late in _mentions(stage.body, step, late=False):
        if mention.name not in ring:
            continue
        index = mention.indices[ring[mention.name]]
        same = index == step and places[mention.name] < places[stage.name]
        before = index == step - 1 and late
        if not (same or before):
            yield f"{stage.name} mentions {mention.name} at a step that is not yet there"


def _mentions(term: Basic, step: Symbol, *, late: bool) -> Iterator[tuple[Quantity, bool]]:
    """The stages in a term; `late` where a bracket keeps the first step out."""
    if isinstance(term, Times) and any(_keeps_out(a, step) for a in term.args):
        late = True
    if isinstance(term, Quantity):
        yield term, late
    for arg in term.args:
        yield from _mentions(arg, step, late=late)


def _keeps_out(term: Basic, step: Symbol) -> bool:
    """Is a factor the bracket [step >= 2]?"""
    if not isinstance(term, Iverson):
        return False
    condition = term.condition
    return isinstance(condition, sympy.Ge) and condition.args == (step, sympy.Integer(2))
