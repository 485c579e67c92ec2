"""The graph of a network: which stage mentions which, and what reaches the loss.

Gives `Node` (a stage with the stages that are taken together with it), `Network` (the nodes in
order, the loss last), `network_of`, which makes the graph of a problem, and `gathered`, the same
with more stages taken together (`gathering_node`: one node of it).  What depends on what is found
from direct mentions alone, each body read once, so that the graph of a residual network takes time
linear in its text.

Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.derivation.network.joint import taken_together
from symderiv.derivation.network.steps import Block, blocks_of, schedule
from symderiv.mistakes import DASH, Mistake, listed
from symderiv.records import dataclass
from symderiv.terms import Quantity, bottom_up, component, subterms
from symderiv.terms.dependence import reached, users
from symderiv.terms.derived import derived
from symderiv.terms.letters import free_letters, unused_name
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.renaming import names_of


@dataclass(frozen=True)
class Node:
    """A stage as backpropagation meets it.

    Attributes
    ----------
    definition : the stage
    inner : stages that are taken together with it, in order: its body is read through them
    mentions : the arrays, scalars and stages that it mentions, itself or through `inner`
    """

    definition: Definition
    inner: tuple[Definition, ...]
    mentions: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.definition.name


@dataclass(frozen=True, eq=False)
class Network:
    """The nodes of a problem in order; the last is the loss, of which all gradients are taken.

    `joint` names the stages that have no adjoint of their own, since every consumer takes them
    in; `unused` the stages that do not reach the loss; `blocks` are its recurrences;
    `exponential` are the stages between a logarithm or a quotient and an exponential: the joint
    ones, and those whose own adjoints are wanted.
    """

    problem: Problem
    nodes: tuple[Node, ...]
    joint: frozenset[str]
    unused: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    exponential: frozenset[str] = frozenset()

    @property
    def loss(self) -> Node:
        return self.nodes[-1]

    @cached_property
    def direct(self) -> Mapping[str, tuple[str, ...]]:
        """What the body of each stage mentions."""
        return mentioned(self.problem)

    @cached_property
    def stages(self) -> Mapping[str, Definition]:
        """Every stage that reaches the loss, by name, in order."""
        used = {s.name for node in self.nodes for s in (node.definition, *node.inner)}
        return {s.name: s for s in self.problem.stages if s.name in used}

    @cached_property
    def consumers(self) -> Mapping[str, tuple[Node, ...]]:
        """The nodes that mention an array, a scalar or a stage, last first."""
        found: dict[str, list[Node]] = {}
        for node in reversed(self.nodes):
            for name in node.mentions:
                found.setdefault(name, []).append(node)
        return {name: tuple(nodes) for name, nodes in found.items()}

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The given arrays of numbers, in the order of the text: no stages, no labels."""
        staged = {s.name for s in self.problem.stages}
        return tuple(
            name
            for name in self.problem.shapes
            if name not in staged | self.problem.labels and derived(name) is None
        )

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """The given numbers, in the order of the text."""
        known = self.problem.shapes.keys() | {s.name for s in self.problem.stages}
        every = (name for stage in self.stages.values() for name in mentions(stage.body))
        return tuple(dict.fromkeys(name for name in every if name not in known))

    def between(self, targets: Collection[str]) -> tuple[Node, ...]:
        """The nodes that depend on one of the targets: those whose adjoints are needed."""
        above = users({node.name: node.mentions for node in self.nodes})
        first = (user for target in targets for user in above.get(target, ()))
        found = reached(first, lambda name: above.get(name, ()))
        return tuple(node for node in self.nodes if node.name in found)

    @cached_property
    def order(self) -> tuple[tuple[str, ...], ...]:
        """All stages as they can be computed: one by one, and recurrences as a whole."""
        return schedule(tuple(self.stages), self.direct, self.blocks)

    @cached_property
    def block(self) -> Mapping[str, Block]:
        """The recurrence that a stage is part of."""
        return {name: block for block in self.blocks for name in block.positions}


def mentions(term: Basic) -> Iterator[str]:
    """The names of the arrays, stages and numbers in a term, in order, some of them twice.

    Letters, sizes and what stands in a subscript are none: they have no derivative.  An inverse
    or a determinant is a mention of its matrix.
    """
    for t in subterms(term):
        if isinstance(t, Indexed | Quantity) or (isinstance(t, Symbol) and not t.is_integer):
            found = derived(name_of(t))
            yield name_of(t) if found is None else found.array


def mentioned(problem: Problem) -> dict[str, tuple[str, ...]]:
    """What the body of each stage mentions, once each."""
    return {s.name: tuple(dict.fromkeys(mentions(s.body))) for s in problem.stages}


def gathered(network: Network, stages: Collection[str]) -> Network:
    """The network with these stages read through as well."""
    joint = network.joint | frozenset(stages)
    nodes = tuple(
        _node(node.definition, network.problem, network.direct, joint)
        for node in network.nodes
        if node.name not in joint
    )
    return replace(network, nodes=nodes, joint=joint)


def gathering_node(network: Network, name: str, stages: Collection[str]) -> Node:
    """The node of a stage with these stages read through as well."""
    stage = network.stages[name]
    return _node(stage, network.problem, network.direct, network.joint | frozenset(stages))


def network_of(problem: Problem, keep: Collection[str] = (), loss: str | None = None) -> Network:
    """The graph of a problem whose function is a number.

    Parameters
    ----------
    keep : stages whose own adjoints are wanted, so that they are taken together with no other
    loss : the stage that is the loss, where several could be

    Raises
    ------
    Mistake
        for a function that is an array, or a network with more than one result.
    """
    problem = _with_loss(problem, loss)
    root = problem.stages[-1]
    direct = mentioned(problem)
    needed = reached([root.name], lambda name: direct.get(name, ()))
    stages = [s for s in problem.stages if s.name in needed]
    blocks = blocks_of(problem, {s.name: direct[s.name] for s in stages})
    exponential = taken_together(stages) - {n for b in blocks for n in b.positions}
    joint = exponential - {*keep, root.name}
    nodes = tuple(_node(s, problem, direct, joint) for s in stages if s.name not in joint)
    named = set(re.findall(r"\w+", problem.text))  # a catalogue function's own stages are not
    unused = tuple(s.name for s in problem.stages if s.name not in needed and s.name in named)
    return Network(problem, nodes, joint, unused, blocks, exponential)


def _node(
    stage: Definition,
    problem: Problem,
    direct: Mapping[str, tuple[str, ...]],
    joint: Collection[str],
) -> Node:
    inner: dict[str, None] = {}
    found: dict[str, None] = {}
    waiting = list(direct[stage.name])
    while waiting:
        name = waiting.pop(0)
        if name in joint and name not in inner:
            inner.setdefault(name)
            waiting += direct[name]
        elif name not in joint:
            found.setdefault(name)
    within = tuple(s for s in problem.stages if s.name in inner) if inner else ()
    return Node(stage, within, tuple(found))


def _with_loss(problem: Problem, chosen: str | None) -> Problem:
    """The problem cut off after a last stage that is the loss; `L` where it has no name."""
    function = problem.function
    if chosen is not None:
        if problem.definition(chosen) is None:
            raise Mistake(f"{DASH}loss {chosen}: there is no stage '{chosen}'")
        function = Quantity(Symbol(chosen))
        if problem.shapes.get(chosen):
            raise Mistake(f"{DASH}loss {chosen}: it is an array; a loss is one number")
    free = {s for s in free_letters(function) if s in problem.ranges} - {
        s for s in problem.ranges if s.name in problem.labels
    }
    if free:
        letters = ", ".join(sorted(map(str, free)))
        raise Mistake(
            f"the last line has the index {letters}, so it is no loss: backprop differentiates "
            f"one number; sum it over {letters}, or ask `symderiv derive` for one component"
        )
    if isinstance(function, Quantity) and not function.indices:
        if chosen is None:
            _only_result(problem, function.name)
        last = cast(Definition, problem.definition(function.name))
        at = problem.stages.index(last)
        return replace(problem, function=function, stages=(*problem.stages[:at], last))
    name = unused_name("L", names_of(problem))
    stage = Definition(Quantity(Symbol(name)), function)
    shapes = {**problem.shapes, name: ()}
    return replace(problem, function=stage.quantity, stages=(*problem.stages, stage), shapes=shapes)


def _only_result(problem: Problem, named: str) -> None:
    """Refuse a network with a second named number that nothing uses: which is the loss?"""
    used = {name for s in problem.stages for name in mentions(s.body)}
    ends = [s.name for s in problem.stages if not s.quantity.indices and s.name not in used]
    if len(ends) > 1:
        raise Mistake(
            f"the network has {len(ends)} results, {listed(ends, 'and')}; "
            f"{DASH}loss {named} says which is the loss"
        )


def opaque(term: Expr, seen: Collection[str]) -> Expr:
    """The term with every stage but those that are `seen` as an array of its own."""

    def change(t: Basic) -> Basic:
        if not isinstance(t, Quantity) or t.name in seen:
            return t
        return component(t.name, *t.indices) if t.indices else t.symbol

    return cast(Expr, bottom_up(term, change))
