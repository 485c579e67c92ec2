"""Lemmas: one edge of the graph, derived and judged with every other stage an array.

Gives `Lemma` (what a node contributes to the adjoint of something it mentions, derived or cited)
and `Lemmas`, which makes them.  The contribution of a node c to the adjoint of s is

    d/ds_a  sum_b cbar_b c_b

with c (and the stages taken together with it) defined, and cbar and all other stages arrays of
which nothing is known but their shapes; of the loss itself it is dL/ds_a.  The engine derives it
and the judge passes each line, as for any function.  A lemma that differs from an earlier one in
names only is that one, renamed.

Floor 2: imports floors 0 and 1, the textbook and the rest of this room.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from itertools import count
from typing import cast

import sympy
from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.derivation.chain import Refusal, Stuck
from symderiv.derivation.network.graph import Network, Node, mentions, opaque
from symderiv.derivation.network.pattern import Pattern, pattern_of, with_names
from symderiv.derivation.step import said
from symderiv.derivation.textbook import Textbook
from symderiv.records import dataclass
from symderiv.rules.kinks import Place
from symderiv.terms import (
    D,
    Maximum,
    Power,
    Quantity,
    Quotient,
    component,
    letter,
    subterms,
    summation,
    times,
)
from symderiv.terms.derived import derived
from symderiv.terms.letters import all_fresh, all_letters, rename_bound
from symderiv.terms.pickled import Pickled
from symderiv.terms.problem import Definition, Fact, Problem, name_of
from symderiv.terms.renaming import as_quantities
from symderiv.terms.verdict import Strength

Settled = Callable[[Derivation], Derivation]


@dataclass(frozen=True, eq=False, repr=False)
class Lemma(Pickled):
    """What a node adds to the adjoint of a stage, an array or a number that it mentions.

    Attributes
    ----------
    of : the name of what the loss is differentiated by
    through : the name of the node
    problem : the small problem that says it: c's body, all else arrays
    term : the answer, in the names of the network, its stages and adjoints named quantities
    derivation : of this lemma, or of the one that it is a renaming of
    like : that lemma, where this one is cited and not derived
    """

    of: str
    through: str
    problem: Problem
    term: Expr
    derivation: Derivation
    like: Lemma | None = None

    @property
    def variable(self) -> Expr:
        """What is differentiated by, at general letters."""
        return self.problem.wrt[0]

    @property
    def statement(self) -> Expr:
        """The derivative that the lemma works out."""
        return D(self.problem.function, self.variable)

    @property
    def strength(self) -> Strength:
        return self.derivation.strength

    def __repr__(self) -> str:
        whole = said(self.statement, self.term, self.strength)
        return f"<{self.of} through {self.through}: {whole}>"

    @property
    def exceptions(self) -> tuple[Place, ...]:
        """Where the derivative does not exist, in this lemma's names."""
        return tuple(self.conventions)

    @cached_property
    def conventions(self) -> dict[Place, str]:
        """The same places, and what is taken there instead, in words; "" where that is nothing."""
        places, said = self.derivation.exceptions, self.derivation.conventions
        if self.like is None or not places:
            return {place: said.get(place, "") for place in places}
        names = pattern_of(self.like.problem).onto(pattern_of(self.problem))
        return {
            tuple(
                p if isinstance(p, str) else with_names(cast(Expr, p), names) for p in place
            ): said.get(place, "")
            for place in places
        }


@dataclass
class Lemmas:
    """The lemmas of one network, each kind derived once.

    `worked` are the derivations made so far, for whoever asks the same of another network.
    """

    network: Network
    adjoints: Mapping[str, str]
    settled: Settled
    known: dict[Hashable, tuple[Pattern, Lemma]] = field(default_factory=dict)
    worked: dict[Pattern, Derivation] = field(default_factory=dict)
    _variables: dict[str, Expr] = field(default_factory=dict)

    def of(self, network: Network) -> Lemmas:
        """The lemmas of another graph of the same stages."""
        return replace(self, network=network, known={})

    def variable(self, name: str) -> Expr:
        """A stage, array or number at general letters: its own, or those of its first mention."""
        if name not in self._variables:
            self._variables[name] = self._at_letters(name)
        return self._variables[name]

    def _at_letters(self, name: str) -> Expr:
        problem = self.network.problem
        stage = problem.definition(name)
        if stage is not None:
            indices: tuple[Expr, ...] = stage.quantity.indices
            return component(name, *indices) if indices else Symbol(name)
        shape = problem.shapes.get(name, ())
        if not shape:
            return Symbol(name)
        for t in self._bodies(name):
            plain = all(_is_letter(a, problem) for a in t.indices)
            if plain and len(set(t.indices)) == len(t.indices):
                return component(name, *t.indices)
        letters = _plain_letters(problem)
        return component(name, *(next(letters) for _ in shape))

    def _bodies(self, name: str) -> Iterator[Indexed]:
        for node in self.network.consumers.get(name, ()):
            for stage in (node.definition, *node.inner):
                for t in subterms(stage.body):
                    if isinstance(t, Indexed) and name_of(t) == name:
                        yield t

    def lemma(self, name: str, node: Node) -> Lemma:
        """What the node adds to the adjoint of what it mentions under that name.

        Raises
        ------
        Stuck, Refusal
            where no rule derives it or a line does not pass the judge; the edge is named.
        """
        problem = self.problem(name, node)
        pattern = pattern_of(problem)
        if pattern.key in self.known:
            first, like = self.known[pattern.key]
            names = first.onto(pattern)
            term = with_names(like.derivation.answer, names)
            return Lemma(name, node.name, problem, self._named(term), like.derivation, like)
        if pattern not in self.worked:
            self.worked[pattern] = self._worked_out(name, node, problem)
        derivation = self.worked[pattern]
        lemma = Lemma(name, node.name, problem, self._named(derivation.answer), derivation)
        self.known[pattern.key] = pattern, lemma
        return lemma

    def _worked_out(self, name: str, node: Node, problem: Problem) -> Derivation:
        try:
            return self.settled(Textbook(problem).derive())
        except Stuck as error:
            raise Stuck(f"from {node.name} to {name}: {error}") from error
        except Refusal as error:
            rule = f"from {node.name} to {name}, {error.rule}"
            raise Refusal(rule, error.before, error.after, error.verdict, error.lacks) from error

    def _named(self, term: Expr) -> Expr:
        """Stages and adjoints as named quantities again."""
        return as_quantities(term, self._quantities)

    @cached_property
    def _quantities(self) -> frozenset[str]:
        return frozenset({*self.network.stages, *self.adjoints.values()})

    @cached_property
    def _arrays(self) -> frozenset[Symbol]:
        """Letters that are called as an array is."""
        return frozenset(map(letter, self.network.problem.shapes))

    @cached_property
    def _own_letters(self) -> frozenset[Symbol]:
        """The letters of the stages, each of which a reader knows by its axis."""
        stages = self.network.problem.stages
        return frozenset(a for s in stages for a in s.quantity.indices if isinstance(a, Symbol))

    @cached_property
    def _derived(self) -> Mapping[str, str]:
        """The inverses and determinants, each with its matrix."""
        every = ((name, derived(name)) for name in self.network.problem.shapes)
        return {name: found.array for name, found in every if found is not None}

    # -- the small problem -------------------------------------------------------------------

    def problem(self, name: str, node: Node) -> Problem:
        """The problem of one edge: a number, to be differentiated by an array of no definition."""
        whole = self.network.problem
        variable = self.variable(name)
        free = {a for a in variable.args[1:] if isinstance(a, Symbol)}
        taken = self._arrays | free
        seen = {s.name for s in node.inner}
        own = Definition(node.definition.quantity, opaque(node.definition.body, seen))
        stages = [Definition(s.quantity, opaque(s.body, seen)) for s in node.inner]
        shapes: dict[str, tuple[Expr, ...]] = {}
        if node is self.network.loss:
            function = cast(Expr, rename_bound(own.body, taken))
        else:
            if _keeps_its_name(own.body):
                stages.append(own)
            letters = _beside(own.quantity.indices, free, taken | self._own_letters)
            at = Quantity(own.quantity.symbol, *letters)
            bar = self.adjoints[node.name]
            weight: Expr = component(bar, *letters) if letters else Symbol(bar)
            inner = at if own in stages else own.at(at)
            function = times(weight, cast(Expr, rename_bound(inner, {*taken, *letters})))
            shape = whole.shapes[node.name]
            for index, high in zip(reversed(letters), reversed(shape), strict=True):
                function = summation(function, index, high)
            shapes |= {bar: shape, node.name: shape}
        used = {*mentions(function), *(n for s in stages for n in mentions(s.body)), name}
        used |= {s.name for s in stages}
        labels = self._labels([function, *(s.body for s in stages)])
        used |= {name for name, array in self._derived.items() if array in used}
        shapes |= {n: whole.shapes[n] for n in (*used, *labels) if n in whole.shapes}
        return Problem(
            function=function,
            wrt=(variable,),
            stages=tuple(stages),
            facts=tuple(f for f in whole.facts if self._concerns(f, used)),
            shapes=shapes,
            ranges={
                s: high
                for s, high in whole.ranges.items()
                if s.name in labels or (s in free and s.name not in whole.labels)
            },
            labels=labels,
        )

    def _labels(self, terms: Sequence[Expr]) -> frozenset[str]:
        """The labels that occur in terms: letters, and arrays in a subscript."""
        labels = self.network.problem.labels
        found = {s.name for t in terms for s in all_letters(t)} & labels
        found |= {
            name_of(u)
            for t in terms
            for v in subterms(t)
            if isinstance(v, Indexed | Quantity | sympy.KroneckerDelta)
            for a in v.args
            for u in sympy.preorder_traversal(a)
            if isinstance(u, Indexed)
        } & labels
        return frozenset(found)

    def _concerns(self, fact: Fact, used: set[str]) -> bool:
        """Is a fact about given arrays that are all here?  Of stages nothing is known here."""
        names = set(mentions(fact.relation))
        return names <= used and names.isdisjoint(self.network.stages)


def _keeps_its_name(body: Expr) -> bool:
    """Is a body one whose derivative may be said in terms of itself, as that of e^x or tanh x?"""
    return any(
        isinstance(t, sympy.Function | Power | Maximum | sympy.Product)
        or (isinstance(t, Quotient) and any(mentions(t.denominator)))
        for t in subterms(body)
    )


def _beside(indices: Sequence[Expr], free: set[Symbol], taken: frozenset[Symbol]) -> list[Symbol]:
    """The letters, those that are free exchanged for ones that are not taken."""
    used = {*taken, *(cast(Symbol, i) for i in indices if i not in free)}
    others = iter(all_fresh((i for i in indices if i in free), used))
    return [next(others) if i in free else cast(Symbol, i) for i in indices]


def _is_letter(index: Basic, problem: Problem) -> bool:
    return isinstance(index, Symbol) and not index.is_positive and index.name not in problem.labels


def _plain_letters(problem: Problem) -> Iterator[Symbol]:
    taken = {*problem.labels, *problem.shapes}
    names = (*"ijklmn", *(f"i{n}" for n in range(1, 10)))
    yield from (letter(x) for x in names if x not in taken)
    yield from (letter(f"i{n}") for n in count(10))


__all__ = ["Lemma", "Lemmas", "Settled"]
