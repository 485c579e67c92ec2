"""Labels: names that are compared with an index, [k = y], are indices themselves.

Gives `labelled`, and `classes`, how many a label has.  The page leaves open what y is in
Σ_k [k = y] x_k; in a program it is a label, which counts from 0 as the places of an array do.

Imports names and floor 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import sympy
from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.emit.names import Hostile
from symderiv.terms import Iverson
from symderiv.terms.letters import BINDERS
from symderiv.terms.problem import Problem, name_of


def labelled(problem: Problem) -> Problem:
    """The problem with such names as labels, each with a range: its classes."""
    found: dict[str, Expr] = {}
    given = {s: high for s, high in problem.ranges.items() if s.name not in problem.labels}
    for stage in problem.stages:
        shape = problem.shapes.get(stage.name, ())
        own = dict(zip(stage.quantity.indices, shape, strict=False))
        found.update(_compared(stage.body, {**given, **own}, problem))
    found.update(_compared(problem.function, given, problem))
    if not found:
        return problem
    ranges = {**problem.ranges, **{Symbol(n): high for n, high in found.items()}}
    return replace(problem, labels=frozenset(problem.labels | found.keys()), ranges=ranges)


def classes(label: str, problem: Problem, *terms: Expr) -> Expr:
    """The size of the axis on which a label is an index.

    Raises
    ------
    Hostile
        where nothing says it.
    """
    found = problem.classes(label, *terms)
    if found is None:
        raise Hostile(f"the number of classes of the label {label} is not known")
    return found


def _compared(
    term: Basic, ranges: Mapping[Basic, Expr], problem: Problem
) -> Iterator[tuple[str, Expr]]:
    """Names on the other side of a letter in [k = y] and [k ≠ y], with where the letter ends."""
    if isinstance(term, BINDERS):
        ranges = {**ranges, **{t[0]: t[2] for t in term.args[1:]}}
    if isinstance(term, Iverson) and isinstance(term.condition, sympy.Eq | sympy.Ne):
        left, right = term.condition.args
        for letter, other in ((left, right), (right, left)):
            if letter in ranges and other not in ranges and isinstance(other, Symbol | Indexed):
                name, size = name_of(other), other.is_integer and other.is_positive
                if not size and name not in problem.labels:
                    yield name, ranges[letter]
    if not isinstance(term, Indexed):
        for a in term.args:
            yield from _compared(a, ranges, problem)
