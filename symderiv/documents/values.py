"""Values: a derivation's quantities and answer at a point, as numbers.

Gives `numbers_at`, the block of a page, and `values_at`.

Floor 4: imports derivations and the blocks of documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import cast

from sympy import Expr, Float, Indexed, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.documents.blocks import Numbers, Values
from symderiv.letters import substitute
from symderiv.mistakes import Mistake
from symderiv.problem import Problem, name_of
from symderiv.sizes import written_out
from symderiv.terms import Quantity, component, release, subterms

DIGITS = 40  # of the arithmetic behind the values


def numbers_at(derivation: Derivation, point: Sequence[str]) -> Numbers:
    """The values of the named quantities and of the answer, as a block of the page."""
    found = values_at(derivation, point)
    name = name_of(derivation.problem.wrt[0])
    return Numbers(f"At {name} = ({', '.join(point)}), indices from 1", tuple(found.items()))


def values_at(derivation: Derivation, point: Sequence[str]) -> dict[Expr | str, Values]:
    """The values of every stage of one index, and of the answer, at a point.

    Parameters
    ----------
    point : the components of the variable, as decimal numbers

    Raises
    ------
    Mistake
        where the answer depends on more than the variable.
    """
    problem = derivation.problem
    variable = problem.wrt[0]
    name = name_of(variable)
    count = len(point)
    (size,) = (
        problem.shapes.get(name, (None,)) if len(problem.shapes.get(name, ())) == 1 else (None,)
    )
    if not isinstance(variable, Indexed) or size is None:
        raise Mistake(f"--at: {name} has no single axis; it takes the components of a vector")
    sizes = {size: Integer(count)} if isinstance(size, Symbol) else {}
    known: dict[Basic, Basic] = {
        component(name, Integer(n)): Float(typed, DIGITS) for n, typed in enumerate(point, 1)
    }
    found: dict[Expr | str, Values] = {}
    for stage in problem.stages:
        for indices in _all(stage.quantity.indices, problem.shapes[stage.name], count):
            body = written_out(stage.at(Quantity(stage.quantity.symbol, *indices)), dict(sizes))
            known[Quantity(stage.quantity.symbol, *indices)] = _number(body, known, problem)
        if len(stage.quantity.indices) == 1:
            label = Quantity(stage.quantity.symbol)
            found[cast(Expr, label.symbol)] = tuple(
                float(known[Quantity(stage.quantity.symbol, Integer(n))])
                for n in range(1, count + 1)
            )
    whole = replace(
        derivation, sizes={**derivation.sizes, **{size: count}} if sizes else derivation.sizes
    )
    lengths = _lengths(whole) or []

    def at(*indices: int) -> float:
        entry = whole.entry(*indices) if indices else whole.answer
        return float(_number(written_out(entry, dict(sizes)), known, problem))

    if not whole.axes:
        found[derivation.statement] = at()
    elif len(lengths) == 1:
        found[_name(whole)] = tuple(at(a) for a in range(1, lengths[0] + 1))
    elif len(lengths) == 2:
        rows = range(1, lengths[0] + 1)
        found[_name(whole)] = tuple(tuple(at(a, b) for b in range(1, lengths[1] + 1)) for a in rows)
    return found


def _all(
    letters: Sequence[Basic], shape: Sequence[Expr], count: int
) -> Iterator[tuple[Integer, ...]]:
    """Every choice of indices of a stage."""
    ends = [int(end) if end.is_Integer else count for end in shape]
    for chosen in product(*(range(1, end + 1) for end in ends[: len(letters)])):
        yield tuple(Integer(n) for n in chosen)


def _number(term: Expr, known: dict[Basic, Basic], problem: Problem) -> Expr:
    value = release(substitute(term, {t: known[t] for t in set(subterms(term)) if t in known}))
    value = value.doit().evalf(DIGITS)
    if not value.is_number:
        stages = {stage.name for stage in problem.stages}
        missing = sorted({str(name) for name in value.atoms(Symbol)} - stages)
        if problem.labels.intersection(missing):
            raise Mistake("--at: the answer depends on the label; --target chooses it")
        raise Mistake(f"--at: the answer depends on more than the point: {', '.join(missing)}")
    return cast(Expr, value)


def _lengths(derivation: Derivation) -> list[int] | None:
    """How far each axis of the answer runs, where all are chosen."""
    problem = derivation.problem
    ends = [
        derivation.sizes.get(cast(Symbol, end), end)
        for end in (problem.ranges.get(axis) for axis in derivation.axes)
    ]
    if not all(isinstance(end, int | Integer) for end in ends):
        return None
    return [int(cast(int, end)) for end in ends]


def _name(derivation: Derivation) -> str:
    if len(derivation.axes) == 1:
        return "∇"
    return "H" if len(derivation.problem.wrt) == 2 else "J"
