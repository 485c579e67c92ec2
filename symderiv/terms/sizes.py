"""Chosen sizes: a problem with its sums written out, e^{z_1} + e^{z_2} + e^{z_3}.

Gives `written_out` (a term) and `at_sizes` (a problem) for sizes and indices that are numbers, and
`kinds`, the ways in which the letters of a statement can be equal or not: entries of one kind
differ only in the names of their indices; `written_length`, how much there would be to write;
`size_at`, the number that an expression of sizes is.

Floor 0: imports heads, letters, factors and problem only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.terms import (
    ONE,
    ZERO,
    Iverson,
    Maximum,
    Neg,
    Plus,
    Quantity,
    Times,
    bottom_up,
    function_of,
    plus,
    rebuild,
    release,
    subterms,
    times,
)
from symderiv.terms.factors import tidy
from symderiv.terms.letters import substitute
from symderiv.terms.omitted import conditions
from symderiv.terms.problem import Definition, Fact, Problem


def size_at(term: Basic, sizes: Mapping[str, int]) -> int:
    """The value of an expression of sizes.

    Raises
    ------
    KeyError
        for a size of which nothing is known.
    """
    match term:
        case sympy.Integer():
            return int(term)
        case Symbol():
            return sizes[term.name]
        case Plus() | sympy.Add():
            return sum(size_at(a, sizes) for a in term.args)
        case Neg():
            return -size_at(term.term, sizes)
        case Times() | sympy.Mul():
            return prod(size_at(a, sizes) for a in term.args)
        case _:
            raise KeyError(str(term))


def written_out(term: Basic, values: Mapping[Basic, Basic]) -> Expr:
    """The term with sizes and letters replaced by numbers, every sum over numbers written out."""
    return cast(Expr, _expand(substitute(term, dict(values))))


def _expand(term: Basic) -> Basic:
    if isinstance(term, KroneckerDelta):
        a, b = term.args
        if isinstance(a, Integer) and isinstance(b, Integer):
            return ONE if a == b else ZERO
        return term
    if isinstance(term, sympy.Indexed | Quantity) or not term.args:
        return term
    if isinstance(term, Sum | Product | Maximum):
        *outer, (index, low, high) = term.args[1:]
        if isinstance(low, Integer) and isinstance(high, Integer):
            body = term.args[0]
            copies = [
                cast(Expr, _expand(substitute(body, {index: Integer(n)})))
                for n in range(int(low), int(high) + 1)
            ]
            made: Expr
            if isinstance(term, Sum):
                made = plus(*copies)
            elif isinstance(term, Product):
                made = times(*copies)
            else:
                made = copies[0] if len(copies) == 1 else function_of(term.of_terms, *copies)
            return _expand(rebuild(term, (made, *outer))) if outer else made
    return rebuild(term, tuple(_expand(a) for a in term.args))


def written_length(problem: Problem, values: Mapping[Symbol, int]) -> int:
    """How many components and numbers the function has when it is written out, stages put in.

    softmax has 1 + K, a variance, whose mean stands in each of its terms, some K²: the length of
    the lines that the judge sees.  Sizes that are not chosen count as 1.
    """
    lengths: dict[str, int] = {}
    sizes: dict[Basic, Basic] = {size: Integer(n) for size, n in values.items()}

    def of(term: Basic) -> int:
        if isinstance(term, Quantity):
            return lengths.get(term.name, 1)
        if isinstance(term, sympy.Indexed) or not term.args:
            return 1
        if isinstance(term, Sum | Product | Maximum):
            body, *limits = term.args
            total = of(body)
            for _, low, high in (limit.args for limit in limits):
                ends = [substitute(end, sizes) for end in (low, high)]
                if all(isinstance(end, Integer) for end in ends):
                    total *= max(0, int(ends[1]) - int(ends[0]) + 1)
            return total
        return sum(map(of, term.args))

    for stage in problem.stages:
        lengths[stage.name] = of(stage.body)
    return of(problem.function)


FEW = 6  # factors of a product without a place that are written out


def decided(term: Expr) -> Expr:
    """The term with every bracket and delta between numbers, [4 ≥ 2] or δ₁₁, worked out.

    So is a short product that leaves out a place, Π_{k ≠ 1} x_k over 1 to 3: it is x₂ x₃.
    """
    if not any(isinstance(t, Iverson | KroneckerDelta) for t in subterms(term)):
        return term
    made = bottom_up(term, _decided)
    return term if made == term else tidy(made)


def _decided(term: Basic) -> Basic:
    if isinstance(term, KroneckerDelta):
        return _expand(term)
    if isinstance(term, Iverson) and not term.condition.has(Symbol, sympy.Indexed, sympy.Sum):
        known = release(term.condition).doit()
        return ONE if known == sympy.true else ZERO if known == sympy.false else term
    if isinstance(term, Product):
        return _factors(term)
    if isinstance(term, Times) and ZERO in term.args:
        return ZERO
    if isinstance(term, Plus):
        return plus(*(cast(Expr, a) for a in term.args if a not in (ZERO, Neg(ZERO))))
    return term


def _factors(term: Product) -> Expr:
    """A product that leaves places out, written out where it is short and between numbers."""
    body, asked = conditions(term)
    (letter, low, high), *more = term.limits
    if not asked or more or not (high - low).is_Integer or high - low >= FEW:
        return term
    factors: list[Expr] = []
    for n in range(int(low), int(high) + 1):
        here = [substitute(c, {letter: Integer(n)}) for c in asked]
        if any(not isinstance(a, Integer) for c in here for a in c.args):
            return term
        if all(release(c).doit() for c in here):
            factors.append(cast(Expr, _expand(substitute(body, {letter: Integer(n)}))))
    return times(*factors)


def at_sizes(
    problem: Problem,
    values: Mapping[Symbol, int],
    letters: Mapping[Symbol, int],
    put: Callable[[Basic, Mapping[Basic, Basic]], Expr] = written_out,
) -> Problem:
    """The problem for chosen sizes, its free letters (of function and variables) chosen too.

    put : how numbers are put into a term, sums written out or not
    """
    sizes: dict[Basic, Basic] = {k: Integer(v) for k, v in values.items()}
    chosen: dict[Basic, Basic] = {**sizes, **{k: Integer(v) for k, v in letters.items()}}
    ranges = {k: substitute(v, sizes) for k, v in problem.ranges.items() if k not in letters}
    return replace(
        problem,
        stages=tuple(
            Definition(s.quantity, put(s.body, sizes if s.quantity.indices else chosen))
            for s in problem.stages
        ),
        function=put(problem.function, chosen),
        wrt=tuple(substitute(x, chosen) for x in problem.wrt),
        facts=tuple(Fact(problem_relation(f.relation, sizes), f.proved) for f in problem.facts),
        shapes={n: tuple(substitute(s, sizes) for s in own) for n, own in problem.shapes.items()},
        ranges=ranges,
    )


def problem_relation(
    relation: Basic, sizes: Mapping[Basic, Basic]
) -> sympy.core.relational.Relational:
    """A fact with its sums written out."""
    return Basic.__new__(relation.func, *(written_out(a, sizes) for a in relation.args))


def kinds(letters: Sequence[Symbol], ranges: Mapping[Symbol, Basic]) -> Iterator[dict[Symbol, int]]:
    """One choice of indices for each way in which letters of one size can be equal or not.

    (i, j) of size K gives {i: 1, j: 1} and {i: 1, j: 2}; the equal ones come first.
    """

    def extend(position: int, chosen: dict[Symbol, int]) -> Iterator[dict[Symbol, int]]:
        if position == len(letters):
            yield dict(chosen)
            return
        letter = letters[position]
        used = [v for k, v in chosen.items() if ranges.get(k) == ranges.get(letter)]
        highest = max(used, default=0)
        for value in range(1, highest + 2):
            yield from extend(position + 1, {**chosen, letter: value})

    yield from extend(0, {})
