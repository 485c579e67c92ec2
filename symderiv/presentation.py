"""Presentation: what a derivation's page shows beside its lines.

Gives `present`, the page of a derivation with its entries worked one by one, its cases, its
matrix or vector and its values at a point, and `values_at`, those values.

Floor 4: imports derivations and documents.

To show one more thing: make its block in `present`, in the order of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import cast

import sympy
from sympy import Expr, Float, Indexed, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.documents import Matrix, Numbers, Page, page
from symderiv.documents.blocks import Block, Cases, Chain
from symderiv.letters import substitute
from symderiv.mistakes import Mistake
from symderiv.problem import name_of
from symderiv.sizes import written_out
from symderiv.terms import Quantity, component, release, subterms

DIGITS = 40  # of the arithmetic behind the values at a point


def present(
    derivation: Derivation,
    *,
    detail: str = "textbook",
    style: str = "delta",
    point: Sequence[str] | None = None,
    command: str = "",
) -> Page:
    """The whole page of a derivation.

    Parameters
    ----------
    detail, style : as `symderiv.documents.page` takes them
    point : values of the variable's components, as typed, to show values at
    command : the command that made the page
    """
    worked = [case for case in derivation.cases if derivation.sizes and case.derivation.steps]
    parts = [(f"Where {_said(case.condition)}", case.derivation) for case in worked]
    rows = [(case.value, case.condition) for case in derivation.cases]
    shown = _written_out(derivation, [d for _, d in parts])
    made = page(
        shown,
        detail=detail,
        style=style,
        parts=parts,
        cases=rows if len(rows) > 1 else (),
        matrix=matrix_of(derivation),
        numbers=None if point is None else numbers_at(derivation, point),
        command=command,
    )
    return replace(made, blocks=_entries_first(made.blocks)) if parts else made


def _said(condition: Basic | str) -> str:
    match condition:
        case sympy.Eq():
            return f"{condition.lhs} = {condition.rhs}"
        case sympy.Ne():
            return f"{condition.lhs} ≠ {condition.rhs}"
    return str(condition)


def _written_out(derivation: Derivation, parts: Sequence[Derivation]) -> Derivation:
    """The derivation, its definitions written out where its parts have them so."""
    if not parts:
        return derivation
    general, chosen = derivation.problem, parts[0].problem
    return replace(derivation, problem=replace(general, stages=chosen.stages, shapes=chosen.shapes))


def _entries_first(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The entries worked one by one, then the cases, then the line that joins them."""
    chains = [b for b in blocks if isinstance(b, Chain)]
    joined = next(b for b in chains if b.heading == "The derivation")
    after = next((b for b in blocks if isinstance(b, Cases)), chains[-1])
    order: list[Block] = []
    for block in blocks:
        if block is not joined:
            order.append(block)
        if block is after:
            order.append(replace(joined, heading="In one formula"))
    return tuple(order)


# -- matrices ----------------------------------------------------------------------------------


def matrix_of(derivation: Derivation) -> Matrix | None:
    """The Jacobian or Hessian as a matrix, the gradient as a row; None where neither fits."""
    lengths = _lengths(derivation)
    if lengths is None or not 1 <= len(lengths) <= 2:
        return None
    if len(lengths) == 1:
        return Matrix(_name(derivation), 1, lengths[0], lambda _, b: derivation.entry(b))
    return Matrix(_name(derivation), lengths[0], lengths[1], derivation.entry)


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


# -- values at a point -------------------------------------------------------------------------


def numbers_at(derivation: Derivation, point: Sequence[str]) -> Numbers:
    """The values of the named quantities and of the answer, as a block of the page."""
    found = values_at(derivation, point)
    name = name_of(derivation.problem.wrt[0])
    return Numbers(f"At {name} = ({', '.join(point)}), indices from 1", tuple(found.items()))


Values = float | tuple[float, ...] | tuple[tuple[float, ...], ...]


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
            known[Quantity(stage.quantity.symbol, *indices)] = _number(body, known)
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
        return float(_number(written_out(entry, dict(sizes)), known))

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


def _number(term: Expr, known: dict[Basic, Basic]) -> Expr:
    value = release(substitute(term, {t: known[t] for t in set(subterms(term)) if t in known}))
    value = value.doit().evalf(DIGITS)
    if not value.is_number:
        missing = sorted({str(t) for t in value.atoms(Indexed, Symbol)})
        raise Mistake(f"--at: the answer depends on more than the point: {', '.join(missing)}")
    return cast(Expr, value)
