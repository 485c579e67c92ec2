"""Tried before it is written: a made function against its formula, at points of an opponent.

Gives `check`, which compares every result of every function with the held terms, evaluated exactly,
and a derivative also with differences of the function itself; and `Inaccurate`, its refusal.

A value may be off by what the rounding of its arguments moves it by.  One that is off by more, yet
by no more than the rounding of the terms of its formula as they are written, loses digits: they
cancel there.  It is no wrong value and is written; the docstring says where, and how many are left.
A trial has so much work to do and no more; what it did not come to is said as well.

Imports exact, points, and emit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, Symbol

from symderiv.emit.program import Program
from symderiv.mistakes import Unanswered
from symderiv.numbers.evaluator import At, Beyond
from symderiv.numbers.exact import DIGITS, Exact
from symderiv.numbers.matrices import Undefined
from symderiv.numbers.work import Spent, allowed
from symderiv.records import dataclass
from symderiv.terms.derived import derived
from symderiv.terms.problem import Problem
from symderiv.terms.sizes import size_at
from symderiv.verification.places import place
from symderiv.verification.points import Point, farther, points, shown
from symderiv.verification.slopes import check_slope

TOLERANCE = 2e-13
LOSS = 1e-10  # of a value, beyond which a docstring says it
WORK = 4e5  # units for one function, some seconds; a formula as people write them takes 1e4
MOST = 24  # components of a result that are compared at a point
HUGE, TINY = mpmath.mpf(10) ** 307, mpmath.mpf(10) ** -300


class Inaccurate(Unanswered):
    """A function whose values are not those of the formula; it is not written."""

    lead = ""


class Trial:
    """The exact values that functions of one problem are held against, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Problem, Exact]] = {}

    def beside(self, problem: Problem, point: Point) -> Exact:
        given = ((n, np.shape(v), np.asarray(v).tobytes()) for n, v in point.given.items())
        key = id(problem), *given, *point.sizes.items()
        if key not in self._known:
            self._known[key] = problem, Exact(problem, point.given, point.sizes)
        return self._known[key][1]


@lru_cache(maxsize=1)  # one function after another is compared with the same
def trial_of(program: Program) -> Trial:
    """The exact values that functions of users are held against."""
    return Trial()


def check(
    made: Callable[..., Any], program: Program, trial: Trial | None = None, *, slopes: bool = False
) -> tuple[str, ...]:
    """Hold a function against its formula; sentences for its docstring.

    They say where the formula has no value, where digits are lost, and what was not tried.

    Parameters
    ----------
    trial : of the functions of one file
    slopes : of a function of which is said where it has no value, and has no slope

    Raises
    ------
    Inaccurate
        with the point and both values, where a result is wrong, or nan where the formula is finite,
        and where no point at all could be tried.
    """
    seen, trial = _Seen(), trial or Trial()
    every = [*tried(program)]
    every += farther(program.problem, every)
    left, whole = WORK, 0
    with mpmath.workdps(DIGITS), np.errstate(all="ignore"):
        for n, point in enumerate(every):
            share = left / min(4, len(every) - n)  # one point may be dear, all are begun
            with allowed(share) as rest, suppress(Spent):
                _at(made, program, point, seen, trial)
                whole += 1
            left -= share - max(rest[0], 0)
        if not whole:
            raise Inaccurate(
                f"{program.name} can be tried at no point within the limit of work; "
                "nothing was written"
            )
        sentences = seen.sentences(program.problem, slopes=slopes)
    if whole == len(every):
        return sentences
    return (*sentences, f"It was tried at {whole} of {len(every)} points, for want of time.")


def _at(
    made: Callable[..., Any], program: Program, point: Point, seen: _Seen, trial: Trial
) -> None:
    """Compare every result at one point."""
    try:
        results = made(**arguments(program, point))
    except np.linalg.LinAlgError:  # so it is at any singular matrix, as is said anyway
        _refused(program, point)
        return
    exact = trial.beside(program.problem, point)
    for value, term, axes in parts(program, results):
        _compare(program, point, exact, value, term, axes, seen)


@dataclass
class _Seen:
    """What a docstring is to say of a trial: points of each kind, the plainest of them."""

    without: list[tuple[int, Point, Expr, At, str]] = field(default_factory=list)
    lossy: list[tuple[int, int, Point]] = field(default_factory=list)
    beyond: list[tuple[int, Point, float]] = field(default_factory=list)
    turns: int = 0  # at how many points a component was held against differences

    def no_value(self, point: Point, term: Expr, at: At, found: float) -> None:
        self.without.append((_count(point), point, term, at, str(found)))

    def no_number(self, point: Point, found: float) -> None:
        self.beyond.append((_count(point), point, found))

    def lost(self, point: Point, off: mpmath.mpf) -> None:
        digits = 0 if off >= 1 else int(-mpmath.log10(off))
        self.lossy.append((digits, _count(point), point))

    def sentences(self, problem: Problem, *, slopes: bool) -> tuple[str, ...]:
        made = []
        if self.without and not slopes:
            _, point, term, at, found = min(self.without, key=lambda seen: seen[0])
            where = place(problem, point, term, at)
            made.append(f"The formula has no value at {where} (there it is {found}).")
        if self.beyond:
            _, point, off = min(self.beyond, key=lambda seen: seen[0])
            made.append(f"It is {off} where a part of it is beyond all floats ({shown(point)}).")
        if self.lossy:
            digits, _, point = min(self.lossy, key=lambda seen: seen[:2])
            right = f"{digits} digits are right" if digits else "no digit is right"
            made.append(f"Where its terms cancel, {right} ({shown(point)}).")
        return tuple(made)


def _count(point: Point) -> int:
    return sum(np.size(v) for v in point.given.values())


def tried(program: Program) -> Iterator[Point]:
    """The points that a program is tried at."""
    symbols = {
        s for name in program.order for size in program.shape(name) for s in size.free_symbols
    }
    symbols |= {
        s for axes in program.axes for a in axes for s in program.problem.ranges[a].free_symbols
    }
    symbols |= {*program.sizes, *_sizes(program.problem)}
    labels = [name for name in program.order if name in program.problem.labels]
    classes = {name: program.classes(name) for name in labels}
    needs = list(program.lowering.components.needs)
    yield from points(program.problem, program.order, sorted(symbols, key=str), classes, needs)


def _sizes(problem: Problem) -> set[Symbol]:
    """The sizes that a function mentions, where its slope may not."""
    terms = (problem.function, *(stage.body for stage in problem.stages))
    free = {s for t in terms for s in t.free_symbols if isinstance(s, Symbol) and s.is_integer}
    return {s for s in free if s not in problem.ranges and s.name not in problem.labels}


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


def shape(program: Program, point: Point, axes: Sequence[Symbol]) -> tuple[int, ...]:
    """The shape of an array of these axes."""
    return tuple(size_at(program.problem.ranges[a], point.sizes) for a in axes)


def components(
    program: Program, point: Point, axes: Sequence[Symbol], most: int = MOST
) -> Iterator[tuple[tuple[int, ...], Mapping[Symbol, int]]]:
    """Some components of a result: places counted from 0, and the letters from 1."""
    every = list(np.ndindex(*shape(program, point, axes)))
    step = max(1, len(every) * max(1, len(axes) - 1) // most)
    for index in every[::step]:
        yield index, {a: n + 1 for a, n in zip(axes, index, strict=True)}


def _compare(
    program: Program,
    point: Point,
    exact: Exact,
    value: Any,
    term: Expr,
    axes: tuple[Symbol, ...],
    seen: _Seen,
) -> None:
    """Compare the components of a result with those of its term."""
    wanted = shape(program, point, axes)
    if np.shape(value) != wanted:
        raise Inaccurate(
            f"{program.name} gives the shape {np.shape(value)} for {wanted}; nothing was written"
        )
    chosen = list(components(program, point, axes))
    slope = program.slope and term is program.results[-1] and point.kind == "ordinary"
    turn = seen.turns % max(len(chosen), 1) if slope else -1  # another component at each point
    seen.turns += slope
    for n, (index, at) in enumerate(chosen):
        found = float(np.asarray(value)[index])
        try:
            right = exact.value(term, at)
        except Beyond:
            if np.isnan(found):
                seen.no_number(point, found)
            continue
        except Undefined:
            seen.no_value(point, term, at, found)
            continue
        if abs(right) > HUGE:
            continue
        if n == turn:
            check_slope(program, point, exact, at, right)
        off = abs(found - right) if np.isfinite(found) else mpmath.inf
        if off <= TINY or off <= TOLERANCE * abs(right):
            continue
        if point.kind == "p = 1" and not np.isfinite(found):  # for 1 - p is 0 for floats
            seen.no_number(point, found)
            continue
        if off > TOLERANCE * exact.condition(term, at, right):
            if not _has_value(program.problem, exact):  # nor has it a slope
                seen.no_value(point, term, at, found)
                continue
            given = ", ".join(f"{n} = {np.asarray(v).tolist()}" for n, v in point.given.items())
            raise Inaccurate(
                f"{program.name} is {found:.17g} where its formula is {mpmath.nstr(right, 17)}, "
                f"at {given}; nothing was written"
            )
        by_arguments = exact.of_arguments(term, at, right)
        if off > LOSS * by_arguments:
            seen.lost(point, off / by_arguments if by_arguments else mpmath.inf)


def _has_value(problem: Problem, exact: Exact) -> bool:
    """Has the function itself a value there?  Not asked of one with indices."""
    with suppress(KeyError):
        return exact.known(problem.function, {}) is not None
    return True


def _refused(program: Program, point: Point) -> None:
    """Look whether there is a matrix without an inverse, where a function refuses."""
    exact = Exact(program.problem, point.given, point.sizes)
    for name in program.problem.shapes:
        found = derived(name)
        if found is not None and not exact.matrix(found.array).determinant:
            return
    given = ", ".join(f"{n} = {np.asarray(v).tolist()}" for n, v in point.given.items())
    raise Inaccurate(f"{program.name} finds a matrix singular at {given}; nothing was written")
