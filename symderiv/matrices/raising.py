"""Raising: a held line with its letters as an expression of whole arrays.

Gives `Raising`, whose `whole(term, letters)` is the array with the term as its component at these
letters, and `whole_of`, which is None where there is none.

Imports expression, graph, problem and terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.elementwise import of_head
from symderiv.matrices import expression as e
from symderiv.matrices.expression import Whole
from symderiv.matrices.graph import Graph, NoForm, reduced
from symderiv.records import dataclass
from symderiv.terms import (
    Iverson,
    Maximum,
    Minimum,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    subterms,
    summation,
    times,
)
from symderiv.terms.derived import derived
from symderiv.terms.letters import all_letters, free_letters, fresh, substitute
from symderiv.terms.problem import Problem, name_of, symmetry_of

_HALF = Quotient(Integer(1), Integer(2))
MOST_TERMS = 40
MOST_PARTS = 1500


@dataclass
class Factors:
    """What is multiplied, what divides, and the letters that are summed over."""

    above: list[Expr] = field(default_factory=list)
    below: list[Expr] = field(default_factory=list)
    bound: list[Symbol] = field(default_factory=list)


@dataclass
class Raising:
    """Raises the lines of one problem.

    `symmetric` holds the matrices that are their own transposes, `open` the stages, by name, that
    are written as what they are defined as.
    """

    problem: Problem
    symmetric: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    ranges: dict[Symbol, Expr] = field(default_factory=dict)
    _known: dict[tuple[Expr, tuple[Symbol, ...]], tuple[Whole, int]] = field(default_factory=dict)
    _left: int = MOST_PARTS

    def whole(self, term: Expr, letters: Sequence[Symbol]) -> Whole:
        """The array whose component at these letters is the term.

        Raises
        ------
        NoForm
            where there is none.
        """
        self.learn(term)
        return self._whole(term, tuple(letters))

    # -- sizes ---------------------------------------------------------------------------------

    def learn(self, term: Basic) -> None:
        """The sizes of the axes that the letters of a term run over."""
        self.ranges.update(self.problem.ranges)
        for t in subterms(term):
            if isinstance(t, Sum):
                ((index, low, high),) = t.limits
                if low != 1:
                    raise NoForm
                self.ranges[cast(Symbol, index)] = high
            elif isinstance(t, Indexed | Quantity):
                shape = self.problem.shapes.get(name_of(t), ())
                for index, high in zip(t.args[1:], shape, strict=False):
                    if isinstance(index, Symbol):
                        self.ranges.setdefault(index, high)

    def length(self, letter: str) -> Whole:
        """The size of the axis of a letter."""
        high = next((h for s, h in self.ranges.items() if s.name == letter), None)
        if high is None:
            raise NoForm
        return self._size(high)

    def _size(self, high: Expr) -> Whole:
        if isinstance(high, Integer):
            return e.number(int(high))
        given = [n for n in self.problem.shapes if self.problem.definition(n) is None]
        for owner in sorted(given, key=lambda n: len(self.problem.shapes[n])):
            shape = self.problem.shapes[owner]
            if high in shape:
                return e.size(str(high), owner, shape.index(high), len(shape))
        raise NoForm

    # -- terms ---------------------------------------------------------------------------------

    def free(self, term: Basic) -> tuple[Symbol, ...]:
        """The index letters of a term, as they first appear, rows of a matrix before columns."""
        free = free_letters(term)
        found: dict[Symbol, None] = {}
        for t in subterms(term):
            if isinstance(t, Indexed | Quantity | KroneckerDelta):
                indices = t.args if isinstance(t, KroneckerDelta) else t.args[1:]
                for index in indices:
                    if isinstance(index, Symbol) and index in free:
                        found.setdefault(index)
        for s in free:
            if s in self.ranges and s not in found and s.name not in self.problem.labels:
                found.setdefault(s)
        return tuple(found)

    def _whole(self, term: Expr, letters: tuple[Symbol, ...]) -> Whole:
        key, left = (term, letters), self._left
        whole, parts = self._known.get(key, (None, 1))
        self._left -= parts
        if self._left < 0:
            raise NoForm  # longer than anybody reads
        if whole is None:
            whole = self._raised(term, letters)
            self._known[key] = whole, left - self._left
        return whole

    def _raised(self, term: Expr, letters: tuple[Symbol, ...]) -> Whole:
        own = self.free(term)
        if set(own) - set(letters) or len(letters) > 2:
            raise NoForm
        match term:
            case Plus():
                return self._sum(term, letters)
            case Neg(inner):
                return e.neg(self._whole(inner, letters))
            case Times() | Sum() | Quotient() | KroneckerDelta() | Indexed() | Quantity():
                return self._product(term, letters)
        if set(own) != set(letters):
            return self._product(term, letters)
        return self._atom(term, letters)

    def _sum(self, term: Plus, letters: tuple[Symbol, ...]) -> Whole:
        if len(term.args) > MOST_TERMS:
            raise NoForm
        if letters and not self.free(term):
            return self._product(term, letters)  # the same number at each component
        if len(letters) == 2:
            return e.add(*(self._whole(cast(Expr, a), letters) for a in term.args))
        # a number goes with a vector as it is
        return e.add(
            *(self._whole(cast(Expr, a), letters if self.free(a) else ()) for a in term.args)
        )

    def _atom(self, term: Expr, letters: tuple[Symbol, ...]) -> Whole:
        """A term that is no product, all of whose axes are these letters."""
        match term:
            case Integer():
                return e.number(int(term))
            case Symbol():
                if term.is_positive and term.is_integer:
                    return self._size(term)
                if term.is_integer:
                    raise NoForm  # a letter as a number
                if (found := derived(term.name)) is not None:
                    return e.whole_call(found.function, self._matrix(found.array), 0)
                return e.name(term.name, 0)
            case Power(base, exponent) if exponent == _HALF:
                return self._root(self._whole(base, letters))
            case Power(base, exponent):
                if self.free(exponent):
                    raise NoForm
                return e.power(self._whole(base, letters), self._whole(exponent, ()))
            case Iverson(condition):
                return self._where(condition, letters)
            case Maximum():
                return self._extreme(term, letters)
            case sympy.Max() | sympy.Min():
                return self._larger(term, letters)
        if term == sympy.pi:
            return e.name("pi", 0)
        function = of_head(type(term))
        if function is None:
            raise NoForm
        return e.call(function.name, self._whole(cast(Expr, term.args[0]), letters))

    def _root(self, inner: Whole) -> Whole:
        """The root; of a sum of squares it is the norm."""
        if inner.head == "dot" and inner.parts[0] == inner.parts[1]:
            return e.whole_call("norm", inner.parts[0], 0)
        if inner.head == "whole" and inner.word == "sum" and inner.parts[0].head == "power":
            base, exponent = inner.parts[0].parts
            if exponent.number == 2:
                return e.whole_call("norm", base, 0)
        return e.call("sqrt", inner)

    def _where(self, condition: Relational, letters: tuple[Symbol, ...]) -> Whole:
        left, right = (cast(Expr, a) for a in condition.args)
        sides = [self._whole(a, letters if self.free(a) else ()) for a in (left, right)]
        if max(s.rank for s in sides) != len(letters):
            raise NoForm
        return e.where(condition.rel_op, sides[0], sides[1])

    def _larger(self, term: Expr, letters: tuple[Symbol, ...]) -> Whole:
        if len(term.args) != 2:
            raise NoForm
        sides = [self._whole(cast(Expr, a), letters if self.free(a) else ()) for a in term.args]
        name = "maximum" if isinstance(term, sympy.Max) else "minimum"
        return Whole("pair", tuple(sides), len(letters), name)

    def _extreme(self, term: Maximum, letters: tuple[Symbol, ...]) -> Whole:
        ((index, low, _),) = term.limits
        if letters or low != 1:
            raise NoForm
        self.learn(term.function)
        inner = self._whole(term.function, (index,))
        return e.whole_call("min" if isinstance(term, Minimum) else "max", inner, 0)

    # -- products --------------------------------------------------------------------------------

    def _product(self, term: Expr, letters: tuple[Symbol, ...]) -> Whole:
        found = self.opened(term, letters, Factors())
        spread = self._spread(found, letters)
        if spread is not None:
            return spread
        graph = Graph(self.length)
        for factors, inverse in ((found.above, False), (found.below, True)):
            for factor in factors:
                self._add(graph, factor, inverse=inverse)
        return reduced(graph, [s.name for s in found.bound], [s.name for s in letters])

    def opened(self, term: Expr, letters: Sequence[Symbol], found: Factors) -> Factors:
        """What a term adds to the factors found so far, each bound letter of its own name."""
        taken = {*all_letters(term), *letters, *found.bound}

        def open(t: Expr, into: list[Expr], other: list[Expr]) -> None:
            match t:
                case Times():
                    for a in t.args:
                        open(cast(Expr, a), into, other)
                case Neg(inner):
                    found.above.append(Integer(-1))
                    open(inner, into, other)
                case Quotient(numerator, denominator):
                    open(numerator, into, other)
                    open(denominator, other, into)
                case Sum() if into is found.above:
                    index, _, high = t.limits[0]
                    own, body = cast(Symbol, index), t.function
                    if own in found.bound or own in letters:
                        own = fresh(own, taken)
                        body = substitute(body, {index: own})
                    taken.add(own)
                    found.bound.append(own)
                    self.ranges[own] = high
                    open(body, into, other)
                case _:
                    into.append(t)

        open(term, found.above, found.below)
        return found

    def _spread(self, found: Factors, letters: tuple[Symbol, ...]) -> Whole | None:
        """The product multiplied out, where a bracket holds a delta or lacks one of two letters."""
        for n, factor in enumerate(found.above):
            if not isinstance(factor, Plus) or len(factor.args) > MOST_TERMS:
                continue
            own = set(self.free(factor))
            ragged = len(own) > 2 or (
                len(own) == 2
                and any(set(self.free(a)) != own or _has_delta(a) for a in factor.args)
            )
            if not ragged:
                continue
            terms: list[Whole] = []
            for a in factor.args:
                whole: Expr = times(*found.above[:n], cast(Expr, a), *found.above[n + 1 :])
                if found.below:
                    whole = Quotient(whole, times(*found.below))
                for index in reversed(found.bound):
                    whole = _sum_over(whole, index, self.ranges[index])
                terms.append(self._whole(whole, letters))
            return e.add(*terms)
        return None

    def _add(self, graph: Graph, factor: Expr, *, inverse: bool) -> None:
        match factor:
            case KroneckerDelta() if not inverse:
                a, b = factor.args
                if not (isinstance(a, Symbol) and isinstance(b, Symbol)):
                    raise NoForm
                if {a.name, b.name} & self.problem.labels or not {a, b} <= self.ranges.keys():
                    raise NoForm
                graph.add((a.name, b.name), e.eye(self.length(a.name)))
            case Indexed() | Quantity():
                letters = [i for i in factor.args[1:] if isinstance(i, Symbol)]
                plain = len(letters) == len(factor.args) - 1 <= 2
                if not plain or any(x.name in self.problem.labels for x in letters):
                    raise NoForm
                array = self._array(factor)
                graph.add([x.name for x in letters], array, inverse=inverse)
            case Power(base, exponent) if (
                exponent == Integer(2)
                and isinstance(base, Indexed | Quantity)
                and len(self.free(base)) == 1
            ):
                self._add(graph, base, inverse=inverse)
                self._add(graph, base, inverse=inverse)
            case _:
                own = self.free(factor)
                if len(own) > 2:
                    raise NoForm
                if isinstance(factor, Sum | Plus | Quotient | Times | Neg):
                    whole = self._whole(factor, own)
                else:
                    whole = self._atom(factor, own)
                graph.add([x.name for x in own], whole, inverse=inverse)

    def _matrix(self, name: str) -> Whole:
        """The matrix of that name, or what a stage is defined as."""
        stage = self.problem.definition(name)
        if stage is None or name not in self.open:
            return e.name(name, 2, symmetric=name in self.symmetric)
        return replace(self._array(stage.quantity), symmetric=name in self.symmetric)

    def _array(self, component: Indexed | Quantity) -> Whole:
        """The array, or what a stage is defined as."""
        name = name_of(component)
        if (found := derived(name)) is not None:
            return e.whole_call(found.function, self._matrix(found.array), len(component.args) - 1)
        rank = len(component.args) - 1
        stage = self.problem.definition(name)
        if stage is None or name not in self.open:
            return e.name(name, rank, symmetric=name in self.symmetric)
        if (inner := softmax_of(stage.body, stage.quantity.indices)) is not None:
            self.learn(inner)
            return e.whole_call("softmax", self._whole(inner, stage.quantity.indices), 1)
        self.learn(stage.body)
        return self._whole(stage.body, stage.quantity.indices)


def whole_of(
    problem: Problem,
    term: Expr,
    letters: Sequence[Symbol],
    symmetric: frozenset[str] = frozenset(),
) -> Whole | None:
    """The array whose component at these letters is the term; None where there is none."""
    try:
        return Raising(problem, symmetric).whole(term, letters)
    except (NoForm, RecursionError):
        return None


def symmetric_in(problem: Problem) -> frozenset[str]:
    """The matrices that are declared symmetric, or defined so that they are."""
    declared = (symmetry_of(fact) for fact in problem.facts)
    found = {s.array for s in declared if s is not None and s.order == (1, 0) and s.sign == 1}
    for stage in problem.stages:
        if len(stage.quantity.indices) == 2:
            body = whole_of(problem, stage.body, stage.quantity.indices)
            found |= {stage.name} if body is not None and e.is_symmetric(body) else set()
    return frozenset(found)


def softmax_of(body: Expr, indices: Sequence[Expr]) -> Expr | None:
    """The logits u_i, where a body is e^{u_i} / Σ_k e^{u_k}."""
    match body:
        case Quotient(sympy.exp(args=(top,)), Sum(function=sympy.exp(args=(bottom,))) as total):
            if len(indices) == 1:
                moved = substitute(top, {indices[0]: total.limits[0][0]})
                return cast(Expr, top) if moved == bottom else None
    return None


def _sum_over(body: Expr, index: Symbol, high: Expr) -> Expr:
    """A sum with the constants of the graph; a delta in it is sifted."""
    factors = list(body.args) if isinstance(body, Times) else [body]
    for n, factor in enumerate(factors):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            (other,) = [a for a in factor.args if a != index] or (index,)
            rest = times(*factors[:n], *factors[n + 1 :])
            return substitute(rest, {index: other})
    return summation(body, index, high)


def _has_delta(term: Basic) -> bool:
    return any(isinstance(t, KroneckerDelta) for t in subterms(term))
