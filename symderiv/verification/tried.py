"""Tried before it is written: a made function against its formula, at points of an opponent.

Gives `check`, which compares every result of every function with the held terms, evaluated exactly,
and a derivative also with differences of the function itself; and `Inaccurate`, its refusal.

Imports exact, points, and emit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, Symbol

from symderiv.emit.program import Program
from symderiv.mistakes import Unanswered
from symderiv.terms.derived import derived
from symderiv.verification.evaluator import Beyond
from symderiv.verification.exact import DIGITS, Exact
from symderiv.verification.matrices import Undefined
from symderiv.verification.places import place
from symderiv.verification.points import Point, points, size_of
from symderiv.verification.slopes import check_slope

TOLERANCE = 2e-13
MOST = 24  # components of a result that are compared at a point
HUGE, TINY = mpmath.mpf(10) ** 307, mpmath.mpf(10) ** -300


class Inaccurate(Unanswered):
    """A function whose values are not those of the formula; it is not written."""

    lead = ""


def check(made: Callable[..., Any], program: Program) -> str:
    """Hold a function against its formula; a point at which the formula has no value, in words.

    Raises
    ------
    Inaccurate
        with the point and both values, where a result is wrong, or nan where the formula is finite.
    """
    without: list[tuple[int, Point, Expr, Mapping[Symbol, int], str]] = []
    with mpmath.workdps(DIGITS), np.errstate(all="ignore"):
        for point in tried(program):
            try:
                results = made(**arguments(program, point))
            except np.linalg.LinAlgError:  # so it is at any singular matrix, as is said anyway
                _refused(program, point)
                continue
            exact = Exact(program.problem, point.given, point.sizes)
            for value, term, axes in parts(program, results):
                for at, lost in _compare(program, point, exact, value, term, axes):
                    count = sum(np.size(v) for v in point.given.values())
                    without.append((count, point, term, at, lost))
        if not without:
            return ""
        _, point, term, at, lost = min(without, key=lambda found: found[0])
        return f"{place(program.problem, point, term, at)} (there it is {lost})"


def tried(program: Program) -> Iterator[Point]:
    """The points that a program is tried at."""
    symbols = {
        s for name in program.order for size in program.shape(name) for s in size.free_symbols
    }
    symbols |= {
        s for axes in program.axes for a in axes for s in program.problem.ranges[a].free_symbols
    }
    symbols |= set(program.sizes)
    labels = [name for name in program.order if name in program.problem.labels]
    classes = {name: program.classes(name) for name in labels}
    needs = list(program.lowering.components.needs)
    yield from points(program.problem, program.order, sorted(symbols, key=str), classes, needs)


def arguments(program: Program, point: Point) -> dict[str, Any]:
    """What a function is called with at a point."""
    given = {name: point.given[name] for name in program.inputs}
    return given | {s: point.sizes[s] for s in program.given_sizes}


def parts(program: Program, results: Any) -> Iterator[tuple[Any, Expr, tuple[Symbol, ...]]]:
    """Each result with its term and its axes."""
    if program.columns:
        flat = np.asarray(results).reshape(*np.shape(results)[:-2], -1)
        for n, term in enumerate(program.results):
            yield flat[..., n], term, ()
        return
    several = results if len(program.results) > 1 else (results,)
    yield from zip(several, program.results, program.axes, strict=True)


def components(
    program: Program, point: Point, axes: Sequence[Symbol]
) -> Iterator[tuple[tuple[int, ...], Mapping[Symbol, int]]]:
    """Some components of a result: places counted from 0, and the letters from 1."""
    lengths = [size_of(program.problem.ranges[a], point.sizes) for a in axes]
    every = list(product(*(range(n) for n in lengths)))
    step = max(1, len(every) * max(1, len(axes) - 1) // MOST)
    for index in every[::step]:
        yield index, {a: n + 1 for a, n in zip(axes, index, strict=True)}


def _compare(
    program: Program,
    point: Point,
    exact: Exact,
    value: Any,
    term: Expr,
    axes: tuple[Symbol, ...],
) -> Iterator[tuple[Mapping[Symbol, int], str]]:
    """The letters at which the term has no value, with what is returned there."""
    lengths = tuple(size_of(program.problem.ranges[a], point.sizes) for a in axes)
    if np.shape(value) != lengths:
        raise Inaccurate(
            f"{program.name} gives the shape {np.shape(value)} for {lengths}; nothing was written"
        )
    for index, at in components(program, point, axes):
        found = float(np.asarray(value)[index])
        try:
            right = exact.value(term, at)
        except Beyond:
            continue
        except Undefined:
            yield at, str(found)
            continue
        if abs(right) > HUGE:
            continue
        if program.slope and point.kind == "ordinary":
            check_slope(program, point, exact, at, right)
        off = abs(found - right) if np.isfinite(found) else mpmath.inf
        if off <= TINY or off <= TOLERANCE * abs(right):
            continue
        if not np.isfinite(found) or off > TOLERANCE * exact.condition(term, at, right):
            given = ", ".join(f"{n} = {np.asarray(v).tolist()}" for n, v in point.given.items())
            raise Inaccurate(
                f"{program.name} is {found:.17g} where its formula is {mpmath.nstr(right, 17)}, "
                f"at {given}; nothing was written"
            )


def _refused(program: Program, point: Point) -> None:
    """Look whether there is a matrix without an inverse, where a function refuses."""
    exact = Exact(program.problem, point.given, point.sizes)
    for name in program.problem.shapes:
        found = derived(name)
        if found is not None and not exact.matrix(found.array).determinant:
            return
    given = ", ".join(f"{n} = {np.asarray(v).tolist()}" for n, v in point.given.items())
    raise Inaccurate(f"{program.name} finds a matrix singular at {given}; nothing was written")
