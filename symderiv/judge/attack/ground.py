"""Grounds: what the scopes of one evaluation share.

Gives `Ground` (the problem, its world, the tables of stages, and what each term depends on) and
`Beyond`, a term that cannot be evaluated.

Imports floor 0, duals and worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sympy import Indexed, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.attack.arithmetic import Arithmetic
from symderiv.judge.attack.duals import Number
from symderiv.judge.attack.worlds import World
from symderiv.terms.derived import derived
from symderiv.terms.problem import Problem, name_of


class Beyond(Exception):
    """A term that cannot be evaluated, or one that takes too much."""


Method = Callable[[Any, Any], Number]  # of a scope and a term


class _Methods(dict[type, Method]):
    """How the value of a term of each head is found."""

    def __missing__(self, head: type) -> Method:
        found = next((self[t] for t in head.__mro__ if t in self), None)
        if found is None:
            raise Beyond(f"{head.__name__} has no value")
        self[head] = found
        return found


# of each problem: what its stages depend on, and what terms do
_DEPENDS: WeakKeyDictionary[
    Problem, tuple[dict[str, frozenset[str]], dict[Basic, frozenset[str]]]
] = WeakKeyDictionary()


class Ground:
    """What the scopes of one evaluation share: the problem, its world, the tables of stages."""

    def __init__(
        self,
        problem: Problem,
        world: World,
        arithmetic: Arithmetic,
        values: Mapping[Any, Method],
    ) -> None:
        self.problem, self.world, self.arithmetic = problem, world, arithmetic
        self.left_an_axis = False  # did an index go outside its axis, where it counts or not?
        self.tables: dict[tuple[Any, ...], Number] = {}
        self._reach, self._names = _DEPENDS.setdefault(problem, ({}, {}))
        self.methods = _Methods(values)
        self.spans: dict[int, tuple[Any, int, int]] = {}
        self.points = np.arange(world.count)  # by number

    def span(self, index: Any) -> tuple[int, int]:
        """The least and the largest value of an index; nothing (1, 0) where it has none."""
        if not index.ndim:
            return int(index), int(index)
        found = self.spans.get(id(index))
        if found is None:  # the index is kept with what is known of it, so that no other has its id
            ends = (int(index.min()), int(index.max())) if index.size else (1, 0)
            found = self.spans[id(index)] = (index, *ends)
        return found[1:]

    def names(self, term: Basic) -> frozenset[str]:
        """The arrays, scalars and stages that a term depends on, through stages too."""
        found = self._names.get(term)
        if found is None:
            match term:
                case terms.Quantity():
                    found = frozenset((term.name,)) | self.reach(term.name)
                    found = found.union(*(self.names(i) for i in term.indices))
                case Indexed():
                    found = self._named(name_of(term)).union(*map(self.names, term.indices))
                case Symbol():
                    found = self._named(term.name)
                case _:
                    found = frozenset().union(*map(self.names, term.args))
            self._names[term] = found
        return found

    def _named(self, name: str) -> frozenset[str]:
        """The array or number of that name, and what it is derived from."""
        found = derived(name)
        if found is None:
            return frozenset((name,))
        return frozenset((name, found.array)) | self.reach(found.array)

    def reach(self, stage: str) -> frozenset[str]:
        """What the definition of a stage depends on."""
        if stage not in self._reach:
            definition = self.problem.definition(stage)
            self._reach[stage] = frozenset()  # a stage in terms of itself does not end here
            if definition is not None:
                self._reach[stage] = self.names(definition.body)
        return self._reach[stage]
