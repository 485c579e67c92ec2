"""Adjoints: the derivative of the loss by every stage, from the loss backwards.

Gives `Backpropagation`, `backpropagation` and `as_it_is`.  The law is

    sbar_a = dL/ds_a + sum over the nodes c that mention s of  sum_b cbar_b dc_b/ds_a

each term of which is a lemma.  The gradient by a given array is its adjoint.  Stages that one
consumer uses are taken together with it where that says the same in fewer signs.

Floor 2: imports floors 0 and 1, the textbook, and the rest of this room.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from symderiv.derivation import Derivation
from symderiv.derivation.network.gathering import gatherings
from symderiv.derivation.network.graph import Network, gathered, network_of
from symderiv.derivation.network.lemmas import Lemma, Lemmas, Settled
from symderiv.derivation.network.lines import Adjoint, Lines
from symderiv.derivation.network.naming import adjoint_names
from symderiv.derivation.network.normalised import with_normalised
from symderiv.judge.chain_rule import faults
from symderiv.judge.graph import Edge, Graph, Line
from symderiv.mistakes import DASH, Mistake, Unanswered, did_you_mean, listed
from symderiv.records import dataclass
from symderiv.rules.kinks import Place
from symderiv.terms.problem import Definition, Problem
from symderiv.terms.renaming import as_named, names_of
from symderiv.terms.verdict import Strength, weakest


@dataclass(frozen=True, eq=False)
class Backpropagation:
    """The gradients of a network, with the adjoints that they rest on.

    Attributes
    ----------
    network : the graph
    adjoints : of the stages, by the stage's name, from the loss backwards
    gradients : of the given arrays and numbers asked for, by name
    """

    network: Network
    adjoints: Mapping[str, Adjoint]
    gradients: Mapping[str, Adjoint]

    @cached_property
    def lines(self) -> Mapping[str, Adjoint]:
        """The lines of adjoints and gradients, by the adjoint's name."""
        every = (*self.adjoints.values(), *self.gradients.values())
        return {line.quantity.name: line for line in every}

    @cached_property
    def problem(self) -> Problem:
        """The problem with the adjoints as stages, each of the shape of what it is of."""
        stages, lines = self.network.stages.values(), self.lines
        own = self.network.problem.shapes
        return replace(
            self.network.problem,
            stages=(*stages, *(Definition(a.quantity, a.term) for a in lines.values())),
            shapes={**own, **{name: own.get(a.of, ()) for name, a in lines.items()}},
        )

    @cached_property
    def lemmas(self) -> tuple[Lemma, ...]:
        """All lemmas, those of the stages first."""
        lines = (*self.adjoints.values(), *self.gradients.values())
        return tuple(lemma for line in lines for lemma in line.lemmas)

    @property
    def derived(self) -> tuple[Lemma, ...]:
        """The lemmas that were derived; the others cite them."""
        return tuple(lemma for lemma in self.lemmas if lemma.like is None)

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """Those of the lemmas, and those that they cite."""
        found: dict[int, Derivation] = {}
        waiting = [lemma.derivation for lemma in self.derived]
        while waiting:
            d = waiting.pop()
            if id(d) not in found:
                found[id(d)] = d
                waiting += d.lemmas
        return tuple(found.values())

    @property
    def strength(self) -> Strength:
        """That of the weakest lemma."""
        return weakest([s.verdict for d in self.derivations for s in d.steps])

    def trusted(self) -> None:
        """Refuse to build on lines that only agree at points.

        Raises
        ------
        Unanswered
            naming their rules, unless such lines were accepted.
        """
        for derivation in self.derivations:
            derivation.trusted()

    @property
    def exceptions(self) -> tuple[Place, ...]:
        """Where the loss has no derivative: wherever some lemma says so."""
        return tuple(self.conventions)

    @property
    def conventions(self) -> dict[Place, str]:
        """The same places, and what is taken there instead, in words."""
        return {place: said for x in self.lemmas for place, said in x.conventions.items()}


def as_it_is(derivation: Derivation) -> Derivation:
    """A derivation of a lemma as the judge left it."""
    return derivation


def backpropagation(
    problem: Problem,
    wrt: Sequence[str] = (),
    data: Collection[str] = (),
    loss: str | None = None,
    symbols: Mapping[str, str] | None = None,
    settled: Settled = as_it_is,
) -> Backpropagation:
    """The gradients of a network's loss, derived edge by edge.

    Parameters
    ----------
    problem : the network, its function the loss; aliases are gone (`without_aliases`)
    wrt : the arrays, numbers or stages whose gradients are wanted; every given array where empty
    data : given arrays of which no gradient is wanted
    loss : the stage that is the loss, where the text leaves it open
    symbols : other names for adjoints, {"hbar": "delta_h"}
    settled : what is made of the derivation of a lemma before it is built on

    Raises
    ------
    Mistake
        for names that are not there, or a network without one loss.
    Stuck, Refusal
        where an edge cannot be derived.
    """
    asked = [_array(name) for name in wrt]
    staged = {s.name for s in problem.stages}
    keep = [n for n in asked if n in staged]
    problem = with_normalised(problem, keep)
    normalised = {s.name for s in problem.stages} - staged
    network = network_of(problem, keep=keep, loss=loss)
    targets = _targets(network, asked, [_array(name) for name in data])
    taken = names_of(network.problem)
    named = dict.fromkeys([*(n.name for n in network.nodes), *targets])
    bars = adjoint_names(named, taken, symbols)
    lines = Lines(network, targets, Lemmas(network, bars, settled))
    tried = lines.lemmas.of(network)
    taken_in: set[str] = set()
    for gathering in gatherings(network, {*targets, *normalised}):
        if gathering.consumer not in taken_in and lines.is_shorter(gathering, tried):
            taken_in |= gathering.stages
    network = gathered(network, taken_in)
    lines = Lines(network, targets, lines.lemmas.of(network))
    needed = [node.name for node in reversed(network.between(targets)[:-1])]
    adjoints = {name: lines.adjoint(name) for name in needed}
    gradients = {name: adjoints.get(name) or lines.adjoint(name) for name in targets}
    made = Backpropagation(network, adjoints, gradients)
    wrong = faults(law(made, bars))
    if wrong:
        raise Unlawful("; ".join(wrong[:3]))
    return made


class Unlawful(Unanswered):
    """A graph of lemmas that is not the chain rule: nothing of it is handed out."""


def law(made: Backpropagation, bars: Mapping[str, str]) -> Graph:
    """What is claimed of the whole, as the judge takes it."""
    network = made.network
    return Graph(
        network.problem,
        network.joint,
        {s: bars[s] for s in bars if s in network.stages},
        tuple(
            Line(a.of, a.quantity, a.term, tuple(map(_edge, a.lemmas))) for a in made.lines.values()
        ),
        tuple(block.positions for block in network.blocks),
        made.exceptions,
        made.strength,
    )


def _edge(lemma: Lemma) -> Edge:
    derivation = lemma.derivation
    return Edge(
        lemma.through,
        lemma.problem,
        lemma.term,
        (derivation.statement, derivation.answer),
        lemma.exceptions,
        lemma.strength,
        None if lemma.like is None else lemma.like.problem,
    )


def _array(name: str) -> str:
    """The name before the indices: W of W[i,j]."""
    return name.partition("[")[0].strip()


def _targets(network: Network, asked: Sequence[str], data: Sequence[str]) -> tuple[str, ...]:
    """What is differentiated by, each once, in the order of the request or of the text."""
    problem = network.problem
    stages = [s.name for s in problem.stages if s.name in network.stages]
    known = [*network.given, *network.scalars, *stages[:-1]]
    asked, data = ([as_named(n, known) for n in names] for names in (asked, data))
    for option, names in (("wrt", asked), ("data", data)):
        for name in names:
            if name in problem.labels and option == "wrt":
                raise Mistake(f"{DASH}wrt {name}: it holds labels, which are fixed")
            unused = name in {s.name for s in problem.stages}
            if name not in known and not unused and name not in problem.labels:
                raise Mistake(
                    f"{DASH}{option} {name}: the network has no '{name}'{did_you_mean(name, known)}"
                )
    every = network.given or network.scalars  # numbers where there is no array
    chosen = tuple(dict.fromkeys(asked)) or tuple(n for n in every if n not in data)
    if not chosen:
        raise Mistake(
            "there is no given array to differentiate by"
            + (f" but {listed(data)}, left out by {DASH}data" if data else "")
        )
    return chosen
