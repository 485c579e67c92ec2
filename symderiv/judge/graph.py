"""What is claimed of a network: its graph of stages, and a line for each adjoint.

Gives `Graph`, `Line` and `Edge`, and `mentioned`, the arrays of a term.  Whether the chain rule was
used rightly on it is for `chain_rule` to say.

Imports floor 0 and `steps` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import sympy
from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.judge.steps import Ring
from symderiv.records import dataclass
from symderiv.terms import Quantity
from symderiv.terms.dependence import reached
from symderiv.terms.derived import derived
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.verdict import Strength

Place = tuple[str | Basic, ...]


@dataclass(frozen=True, eq=False)
class Edge:
    """A lemma as the law needs it: d/dv of a number, through one stage.

    `problem` says what was derived and `answer` what it came to, `lines` are the first and the last
    line of the derivation that says so; `source` is the problem of the lemma that this one cites,
    whose lines they then are.
    """

    through: str
    problem: Problem
    answer: Expr
    lines: tuple[Expr, Expr]
    exceptions: tuple[Place, ...] = ()
    strength: Strength = Strength.PROVED
    source: Problem | None = None


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the law: the adjoint of `of`, the term on its right, the lemmas that it cites."""

    of: str
    quantity: Quantity
    term: Expr
    edges: tuple[Edge, ...]


@dataclass(frozen=True, eq=False)
class Graph:
    """All that is claimed of a network.

    Attributes
    ----------
    problem : the stages in order, the last of them the loss
    joint : stages that are read through and have no line of their own
    bars : the name of each stage's adjoint
    lines : an adjoint each
    rings : the recurrences, of each stage in them the index that counts the steps
    exceptions, strength : of the whole
    """

    problem: Problem
    joint: frozenset[str]
    bars: Mapping[str, str]
    lines: Sequence[Line]
    rings: Sequence[Ring] = ()
    exceptions: tuple[Place, ...] = ()
    strength: Strength = Strength.PROVED

    @cached_property
    def bodies(self) -> Mapping[str, frozenset[str]]:
        """What the body of each stage mentions."""
        return {s.name: mentioned(s.body) for s in self.problem.stages}

    @cached_property
    def needed(self) -> frozenset[str]:
        """The stages that the loss depends on, itself included."""
        found = reached([self.problem.stages[-1].name], lambda name: self.bodies.get(name, ()))
        return frozenset(found & self.bodies.keys())

    @cached_property
    def read(self) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
        """Of each stage what it mentions, read through joint ones, and the joint ones."""
        return {name: self._read(name) for name in self.bodies}

    def _read(self, stage: str) -> tuple[frozenset[str], frozenset[str]]:
        bodies, joint = self.bodies, self.joint
        inner = reached(bodies[stage] & joint, lambda name: bodies[name] & joint)
        found = bodies[stage].union(*(bodies[name] for name in inner)) - joint
        return found, frozenset(inner)

    @cached_property
    def readers(self) -> Mapping[str, frozenset[str]]:
        """The stages that need a line's lemma: those that mention a name and reach the loss."""
        found: dict[str, set[str]] = {}
        for stage in self.needed - self.joint:
            for name in self.read[stage][0]:
                found.setdefault(name, set()).add(stage)
        return {name: frozenset(stages) for name, stages in found.items()}

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        return {s.name: s for s in self.problem.stages}

    @cached_property
    def of_bar(self) -> Mapping[str, str]:
        """The stage that an adjoint is of."""
        return {bar: stage for stage, bar in self.bars.items()}

    @cached_property
    def lined(self) -> frozenset[str]:
        return frozenset(line.of for line in self.lines)


def mentioned(term: Basic) -> frozenset[str]:
    """Every array, stage and number in a term, in any position: in a limit or a subscript too.

    An inverse or a determinant mentions its matrix.
    """
    return frozenset(
        name_of(t) if (found := derived(name_of(t))) is None else found.array
        for t in sympy.preorder_traversal(term)
        if isinstance(t, Indexed | Quantity) or (isinstance(t, Symbol) and not t.is_integer)
    )
