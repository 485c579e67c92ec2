"""Nesting: a function of a function of a function, its inner values named once.

Gives `in_stages`: u₁ = gelu(x), u₂ = gelu(u₁), … for gelu(gelu(…(x))), and `is_nested` (is it so
already, by stages of its own?).  What stands twice in what stands twice is written
2ⁿ times where it is written out, and f(u) brings f'(u), in which u stands again: an author names
the inner values, and each line is as short as one of them.  A power and a quotient are functions
in this: 1/u brings 1/u².

Floor 0: imports heads, letters and problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import field, replace
from typing import cast

from sympy import Expr, Function, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import Iverson, Neg, Partial, Power, Quantity, Quotient, Times, rebuild
from symderiv.terms.letters import BINDERS, free_letters
from symderiv.terms.problem import Definition, Problem, name_of

Kind = type[Basic] | tuple[type[Basic], ...]
TWICE = 3  # what stands twice, in what stands twice, in what stands twice
FUNCTIONS = 6  # of a function of a function of …
NAMES = "uvwshq"
COMPONENTS = (Indexed, Quantity, Symbol)
MASKS = (KroneckerDelta, Iverson)
CALLED = (Function, (Power, Quotient))  # 1/(1 + exp(-x)) is one of each, and not deeper for it
NOWHERE = (0,) * (1 + len(CALLED))


def in_stages(problem: Problem) -> Problem | None:
    """The problem with its inner values as stages; None where nothing is nested so deep."""
    if problem.delays:
        return None
    nest = _Nest(problem)
    stages = [s for stage in problem.stages for s in nest.definitions(stage)]
    function = nest.taken_apart(problem.function)
    stages += nest.waiting()
    if not nest.named:
        return None
    return replace(
        problem, function=function, stages=tuple(stages), shapes={**problem.shapes, **nest.shapes}
    )


def is_nested(problem: Problem) -> bool:
    """Is the function nested deep through its stages, as `in_stages` would not leave it?"""
    nest = _Nest(problem)
    found: dict[str, tuple[int, ...]] = {}
    for name, body in (*((s.name, s.body) for s in problem.stages), ("", problem.function)):
        order = _distinct(body, {})
        places = Counter(a for t in order for a in _inside(t))
        deep: dict[Basic, tuple[int, ...]] = {}
        for t in order:
            if isinstance(t, Quantity):
                twice, *others = found.get(t.name, NOWHERE)
                deep[t] = (twice + (places[t] > 1), *others)
            else:
                inner = [deep[a] for a in _inside(t)] or [NOWHERE]
                twice, *others = (max(each) for each in zip(*inner, strict=True))
                counted = (n + nest.is_called(t, k) for n, k in zip(others, CALLED, strict=True))
                deep[t] = (twice, *counted)
        found[name] = deep[body]
    return found[""][0] >= TWICE or max(found[""][1:]) >= FUNCTIONS


@dataclass
class _Nest:
    """The inner values of one problem, with the names that they were given."""

    problem: Problem
    named: dict[Basic, Quantity] = field(default_factory=dict)
    shapes: dict[str, tuple[Expr, ...]] = field(default_factory=dict)
    _new: list[Definition] = field(default_factory=list)
    _varies: dict[Basic, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrt = self.problem.wrt
        self.variables = {name_of(x) for x in wrt}
        self.variables |= {
            s.name for s in self.problem.stages if any(self.problem.depends(s.name, x) for x in wrt)
        }
        self.names = _names(self.problem)

    def definitions(self, stage: Definition) -> Iterator[Definition]:
        """A stage, after the inner values of its body."""
        body = self.taken_apart(stage.body)
        yield from self.waiting()
        yield replace(stage, body=body)

    def waiting(self) -> list[Definition]:
        """The stages that were made since this was last asked."""
        new, self._new = self._new, []
        return new

    def taken_apart(self, whole: Expr) -> Expr:
        """A term in which the inner values that are nested deep stand by their names."""
        ranges: dict[Symbol, Expr | None] = {}
        order = [t for t in _distinct(whole, ranges) if self._depends(t)]
        places = Counter(a for t in order for a in _inside(t))
        twice = {t for t in order if places[t] > 1 and not isinstance(t, Neg)}
        kinds = [{t for t in order if self.is_called(t, kind)} for kind in CALLED]
        if _depth(order, twice) < TWICE and all(_depth(order, k) < FUNCTIONS for k in kinds):
            return whole
        named = all(_depth(order, k, twice) < FUNCTIONS for k in kinds)
        chosen = twice if named else twice.union(*kinds)
        done: dict[Basic, Basic] = {}

        def written(t: Basic) -> Basic:
            if t in self.named:
                return self.named[t]
            if not _inside(t):
                return t
            if t not in done:
                done[t] = rebuild(t, tuple(written(a) for a in t.args))
            return done[t]

        for t in order:
            axes = self._axes(t, ranges) if t in chosen and t != whole else None
            if axes is not None and t not in self.named:
                body = cast(Expr, written(t))
                quantity = Quantity(Symbol(next(self.names)), *axes)
                self.named[t], self.shapes[quantity.name] = quantity, tuple(axes.values())
                self._new.append(Definition(quantity, body))
        return cast(Expr, written(whole))

    def _axes(self, t: Basic, ranges: dict[Symbol, Expr | None]) -> dict[Symbol, Expr] | None:
        """The letters of a term with their axes; None where one runs over a part of its axis."""
        sizes = self.problem.ranging(t).ranges
        found: dict[Symbol, Expr] = {}
        for s in sorted(free_letters(t), key=name_of):
            if s.is_integer and not s.is_positive and s.name not in self.problem.labels:
                high = ranges.get(s)
                if high is None or sizes.get(s) != high:
                    return None
                found[s] = high
        return found

    def _depends(self, term: Basic) -> bool:
        """Is a term, itself no component, one that changes with the variable?"""
        return bool(term.args) and not isinstance(term, (*COMPONENTS, *MASKS)) and self._holds(term)

    def is_called(self, term: Basic, kind: Kind) -> bool:
        """Is a term a function of that kind, and not linear in what changes with the variable?"""
        argument = term.denominator if isinstance(term, Quotient) else term
        return isinstance(term, kind) and self._holds(argument)

    def _holds(self, term: Basic) -> bool:
        found = self._varies.get(term)
        if found is None:
            if isinstance(term, COMPONENTS):
                found = name_of(term) in self.variables
            else:
                found = any(self._holds(a) for a in term.args)
            self._varies[term] = found
        return found


def _distinct(term: Basic, ranges: dict[Symbol, Expr | None]) -> list[Basic]:
    """The terms in a term, each once, what is inside before what holds it.

    `ranges` takes up over what the letters of sums run, None for a part of an axis, or for two.
    """
    found: dict[Basic, None] = {}

    def walk(t: Basic) -> None:
        if t in found:
            return
        if isinstance(t, BINDERS):
            for letter, low, high in (limits.args for limits in t.args[1:]):
                whole = high if low == 1 else None
                ranges[letter] = whole if ranges.setdefault(letter, whole) == whole else None
        for a in _inside(t):
            walk(a)
        found[t] = None

    walk(term)
    return list(found)


def _inside(term: Basic) -> tuple[Basic, ...]:
    """The arguments that are terms of the line too; what a mask leaves out need have no value."""
    if isinstance(term, (*COMPONENTS, *MASKS, Partial)):
        return ()
    if isinstance(term, Times) and any(isinstance(a, MASKS) for a in term.args):
        return ()
    return cast("tuple[Basic, ...]", term.args)


def _depth(order: list[Basic], chosen: Collection[Basic], named: Collection[Basic] = ()) -> int:
    """How many of the chosen terms hold one another, at most; what is named holds nothing."""
    deep: dict[Basic, int] = {}
    found = 0
    for t in order:
        deep[t] = max((deep.get(a, 0) for a in _inside(t)), default=0) + (t in chosen)
        found = max(found, deep[t])
        if t in named:
            deep[t] = 0
    return found


def _names(problem: Problem) -> Iterator[str]:
    """u1, u2, …, of a letter with which no name of the problem begins."""
    taken = {name_of(t) for t in problem.reached(problem.function, *problem.wrt)
             if isinstance(t, COMPONENTS)}  # fmt: skip
    taken |= {*problem.shapes, *(s.name for s in problem.ranges), *problem.labels}
    letter = next((n for n in NAMES if not any(t.startswith(n) for t in taken)), "stage")
    number = 1
    while True:
        yield f"{letter}{number}"
        number += 1
