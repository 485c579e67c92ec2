"""Contraction graphs: a product of components with its sums, as products of whole arrays.

Gives `Graph` and `reduced`.  Letters are vertices; a factor with two letters is an edge, with one a
weight, a delta an identity edge.  Series-parallel reduction: parallel edges multiply by components,
a bound vertex of degree 2 joins its edges to a product of matrices, of degree 1 makes a vector on
its neighbour, of degree 0 a number; a loop is a diagonal.  What is left over has no matrix form.

Imports expression.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

from symderiv.matrices import expression as e
from symderiv.matrices.expression import Whole
from symderiv.records import dataclass

Length = Callable[[str], Whole]


class NoForm(Exception):
    """There is no matrix form."""


@dataclass
class Graph:
    """Numbers, weights by letter, and edges between letters; `length` is the size of an axis."""

    length: Length
    numbers: list[Whole] = field(default_factory=list)
    weights: dict[str, list[Whole]] = field(default_factory=dict)
    below: dict[str, list[Whole]] = field(default_factory=dict)  # weights in the denominator
    edges: list[tuple[str, str, Whole]] = field(default_factory=list)

    def add(self, letters: Sequence[str], factor: Whole, *, inverse: bool = False) -> None:
        """A factor with the letters of its axes."""
        if not letters:
            self.numbers.append(e.over(e.ONE, factor) if inverse else factor)
        elif len(letters) == 1:
            (self.below if inverse else self.weights).setdefault(letters[0], []).append(factor)
        else:
            factor = e.over(e.ONE, factor) if inverse else factor
            self.edges.append((letters[0], letters[1], factor))

    def weight(self, letter: str) -> Whole | None:
        """The vector on a letter, taken from it; None for ones."""
        above = self.weights.pop(letter, [])
        below = self.below.pop(letter, [])
        if not above and not below:
            return None
        top = e.times(*above) if above else e.ONE
        return e.over(top, e.times(*below)) if below else top

    def degree(self, letter: str) -> int:
        return sum((a == letter) + (b == letter) for a, b, _ in self.edges)

    def parallel(self) -> None:
        """Edges between the same letters become one, loops a weight."""
        merged: dict[tuple[str, str], Whole] = {}
        for a, b, m in self.edges:
            if a == b:
                self.add((a,), e.ones(self.length(a)) if m.head == "eye" else _diagonal(m))
                continue
            if (b, a) in merged:
                a, b, m = b, a, e.transpose(m)
            merged[a, b] = _times(merged[a, b], m) if (a, b) in merged else m
        self.edges = [(a, b, m) for (a, b), m in merged.items()]

    def at(self, letter: str) -> list[tuple[str, Whole]]:
        """The edges at a letter, taken from the graph: (other end, matrix from it to here)."""
        found = [
            (a, m) if b == letter else (b, e.transpose(m))
            for a, b, m in self.edges
            if letter in (a, b)
        ]
        self.edges = [edge for edge in self.edges if letter not in edge[:2]]
        return found


def _diagonal(m: Whole) -> Whole:
    return e.whole_call("diagonal", m, 1)


def _times(a: Whole, b: Whole) -> Whole:
    """The product by components of two matrices; with the identity, the diagonal alone."""
    for one, other in ((a, b), (b, a)):
        if one.head == "eye":
            if other.head in ("eye", "whole") and other.word in ("", "diag"):
                return other
            return e.diag(_diagonal(other))
    return e.times(a, b)


def reduced(graph: Graph, bound: Sequence[str], free: Sequence[str]) -> Whole:
    """The whole array, its axes the free letters in their order.

    Raises
    ------
    NoForm
    """
    left = list(bound)
    while left:
        graph.parallel()
        chosen = min(left, key=lambda b: (graph.degree(b) > 1, graph.degree(b) == 0, left.index(b)))
        if graph.degree(chosen) > 2:
            raise NoForm
        _contract(graph, chosen)
        left.remove(chosen)
    graph.parallel()
    return _assembled(graph, free)


def _contract(graph: Graph, letter: str) -> None:
    weight = graph.weight(letter)
    found = graph.at(letter)
    if not found:
        total = graph.length(letter) if weight is None else _sum(weight)
        graph.numbers.append(total)
    elif len(found) == 1:
        ((other, matrix),) = found
        vector = e.ones(graph.length(letter)) if weight is None else weight
        graph.add((other,), e.matmul(matrix, vector))
    else:
        (a, one), (b, two) = found
        middle = [] if weight is None else [e.diag(weight)]
        joined = e.matmul(one, *middle, e.transpose(two))
        graph.edges.append((a, b, joined))


def _sum(weight: Whole) -> Whole:
    """The sum of a vector: an inner product, a trace, or the sum of its components."""
    if weight.head == "whole" and weight.word == "diagonal":
        return e.whole_call("trace", weight.parts[0], 0)
    if weight.head == "times":
        numbers = [p for p in weight.parts if p.rank == 0]
        vectors = [p for p in weight.parts if p.rank == 1]
        if len(vectors) >= 2:
            return e.times(*numbers, e.dot(vectors[0], e.times(*vectors[1:])))
        return e.times(*numbers, _sum(e.times(*vectors)))
    if weight.head == "ones":
        return weight.parts[0]
    return e.whole_call("sum", weight, 0)


def _assembled(graph: Graph, free: Sequence[str]) -> Whole:
    if not free:
        made: Whole | None = None
    elif len(free) == 1:
        made = graph.weight(free[0])
        made = e.ones(graph.length(free[0])) if made is None else made
    else:
        made = _matrix(graph, free[0], free[1])
    if graph.weights or graph.below or graph.edges:
        raise NoForm
    numbers = list(graph.numbers)
    above = [n for n in numbers if not _is_inverse(n)]
    below = [n.parts[1] for n in numbers if _is_inverse(n)]
    total = e.times(*above, *([] if made is None else [made]))
    return e.over(total, e.times(*below)) if below else total


def _is_inverse(n: Whole) -> bool:
    return n.head == "over" and n.parts[0] == e.ONE


def _matrix(graph: Graph, row: str, column: str) -> Whole:
    one, two = graph.weight(row), graph.weight(column)
    between = graph.at(row)
    if not between:
        one = e.ones(graph.length(row)) if one is None else one
        two = e.ones(graph.length(column)) if two is None else two
        return e.outer(one, two)
    if len(between) > 1 or between[0][0] != column:
        raise NoForm
    matrix = e.transpose(between[0][1])
    if matrix.head == "eye":
        weights = [w for w in (one, two) if w is not None]
        return e.diag(e.times(*weights)) if weights else matrix
    if one is not None:
        matrix = e.matmul(e.diag(one), matrix)
    if two is not None:
        matrix = e.matmul(matrix, e.diag(two))
    return matrix
