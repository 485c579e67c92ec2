"""Normalised values: what a stage divides by its own scale has a name of its own, x̂.

Gives `with_normalised`.  In g_d (x_d - m)/r + b_d, where m and r depend on all of x, the part in
which x is, (x_d - m)/r, is named: with x̂ as a stage the adjoint is the joint form

    xbar_d = (hbar_d - (Σ hbar)/D - x̂_d (Σ hbar x̂)/D)/r,   hbar the adjoint of x̂,

in place of one in which the weights g stand at every mention.  A part is normalised where a
component of an array is divided by what depends on that array too, itself or through stages which
only this stage uses, and has fewer indices.  A share of exponentials is none: it is a
softmax, which has a form of its own (`joint`).

Floor 2: imports floors 0 and 1, and the graph for what is mentioned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import cast

from sympy import Expr, Indexed, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.derivation.network.graph import mentioned, mentions
from symderiv.derivation.network.joint import EXPONENTIALS
from symderiv.derivation.network.steps import blocks_of
from symderiv.records import dataclass
from symderiv.terms import Power, Quantity, Quotient, Times, bottom_up, subterms, times
from symderiv.terms.dependence import alone, reached, users
from symderiv.terms.letters import free_letters, unused_name
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.renaming import names_of


def with_normalised(problem: Problem, keep: Collection[str] = ()) -> Problem:
    """The problem with a stage for each normalised value that is part of another stage.

    Parameters
    ----------
    keep : stages whose own adjoints are wanted, so that they belong to no other
    """
    bodies = {s.name: s.body for s in problem.stages}
    direct = mentioned(problem)
    stepped = {name for block in blocks_of(problem, direct) for name in block.positions}
    above = users(direct)
    place = {name: n for n, name in enumerate(direct)}
    arrays = {name for name, shape in problem.shapes.items() if shape}
    fixed = {*keep, *stepped, *mentions(problem.function)}
    named: dict[Expr, Quantity] = {}
    stages: list[Definition] = []
    for stage in problem.stages:
        part = None
        if stage.name not in stepped:
            own = _own(stage.name, direct, above, fixed, place, arrays)
            part = next(_Search(stage, problem, bodies, above, own).parts(), None)
        if part is None:
            stages.append(stage)
            continue
        if part.value not in named:
            ranged = problem.ranging(part.value)
            letters = ranged.axes(part.value)
            name = unused_name(f"{part.array}hat", names_of(problem))
            named[part.value] = Quantity(Symbol(name), *letters)
            sizes = tuple(ranged.ranges[s] for s in letters)
            problem = replace(problem, shapes={**problem.shapes, name: sizes})
            stages.append(Definition(named[part.value], part.value))
        stages.append(Definition(stage.quantity, part.named(stage.body, named[part.value])))
    return replace(problem, stages=tuple(stages)) if named else problem


def _own(
    stage: str,
    direct: Mapping[str, tuple[str, ...]],
    users: Mapping[str, set[str]],
    fixed: Collection[str],
    place: Mapping[str, int],
    arrays: Collection[str],
) -> set[str]:
    """The stages that one stage alone uses, itself or through others of these.

    None that comes before all that it mentions: it depends on no array of those.
    """
    shared = (n for n in direct[stage] if n in place or (n in arrays and len(users[n]) > 1))
    first = min((place.get(name, 0) for name in shared), default=len(place))
    return alone(stage, direct, users, lambda name: name not in fixed and place[name] >= first)


@dataclass(frozen=True)
class _Part:
    """A normalised value: `value` is `whole` without its other factors."""

    array: str
    whole: Expr
    value: Expr
    factors: tuple[Expr, ...]

    def named(self, body: Expr, quantity: Quantity) -> Expr:
        """The body with the name in place of the value."""
        written = times(*self.factors, quantity)
        return cast(Expr, bottom_up(body, lambda t: written if t == self.whole else t))


@dataclass(frozen=True)
class _Search:
    """What is normalised in one stage; `own` are the stages that it alone uses."""

    stage: Definition
    problem: Problem
    bodies: Mapping[str, Expr]
    users: Mapping[str, set[str]]
    own: set[str]

    def parts(self) -> Iterator[_Part]:
        """Each normalised array in the body, outermost first."""
        body = self.stage.body
        arrays = [n for n in dict.fromkeys(mentions(body)) if self.problem.shapes.get(n)]
        held = {n: self._through(n) for n in arrays}
        for term in subterms(body):
            if isinstance(term, Quotient | Times):
                for array, through in held.items():
                    part = self._part(array, term, through)
                    if part is not None and part.value != body and self._holds_all(part, through):
                        yield part

    def _through(self, array: str) -> frozenset[str]:
        """The array, and the stages of its own through which this one depends on it."""
        return frozenset(reached([array], lambda name: self.users[name] & self.own))

    def _holds_all(self, part: _Part, held: frozenset[str]) -> bool:
        """Is every mention of its mean and scale, where they are stages, in the part?"""
        left = part.named(self.stage.body, Quantity(Symbol(part.array)))
        return not (held - {part.array}) & {*mentions(part.value)} & {*mentions(left)}

    def _part(self, array: str, whole: Expr, held: frozenset[str]) -> _Part | None:
        above, below = whole, None
        if isinstance(whole, Quotient):
            above, below = whole.numerator, whole.denominator
        factors = above.args if isinstance(above, Times) else (above,)
        inside = [f for f in factors if held & {*mentions(f)}]
        scales = [f for f in inside if self._is_inverse(f)]
        components = [f for f in inside if f not in scales]
        divided = below is not None and bool(held & {*mentions(below)})
        if len(components) != 1 or not (scales or divided):
            return None
        (component,) = components
        scales += [below] if below is not None and divided else []
        letters = self._letters(component, array)
        if not letters or not all(free_letters(s) & letters < letters for s in scales):
            return None
        if any(isinstance(t, EXPONENTIALS) for f in (component, *scales) for t in self._read(f)):
            return None
        value = times(*inside)
        if divided:
            assert below is not None
            return _Part(
                array,
                whole,
                Quotient(value, below),
                tuple(cast(Expr, f) for f in factors if f not in inside),
            )
        rest = tuple(cast(Expr, f) for f in factors if f not in inside)
        return _Part(array, above, value, rest)

    def _is_inverse(self, term: Basic) -> bool:
        """Is it one over something, itself or as a stage?"""
        if isinstance(term, Quantity) and term.name in self.own:
            return self._is_inverse(self.bodies[term.name])
        if isinstance(term, Power):
            return bool(term.args[1].is_negative)
        return isinstance(term, Quotient) and bool(term.numerator.is_number)

    def _letters(self, component: Basic, array: str) -> frozenset[Symbol]:
        """The free letters of a component of the array in a term, outside its sums."""
        free = free_letters(component)
        for t in _outside_sums(component):
            if isinstance(t, Indexed | Quantity) and name_of(t) == array:
                found = {s for s in t.args[1:] if isinstance(s, Symbol) and s in free}
                return frozenset(found)
        return frozenset()

    def _read(self, term: Basic) -> Iterator[Basic]:
        """The term and the stages of its own under it."""
        names = {n for n in mentions(term) if n in self.own}
        for t in (term, *(self.bodies[n] for n in names)):
            yield from subterms(t)


def _outside_sums(term: Basic) -> Iterator[Basic]:
    waiting = [term]
    while waiting:
        t = waiting.pop()
        yield t
        if not isinstance(t, Sum | Indexed | Quantity):
            waiting += t.args
