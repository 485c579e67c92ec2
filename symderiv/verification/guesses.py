"""Guesses: what a gradient would be with one of the usual mistakes in it.

Gives `values_at`; `guesses`, each mistake in words, with the values that it leads to, from the
formula itself: a factor, a label that counts from 1, entries that stand elsewhere; and `summands`,
the terms of which one may be wrong.  To add one: a line in a generator here.

Imports exact, points, and the text printer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

import numpy as np
from sympy import Expr, Sum, Symbol

from symderiv.emit.program import Program
from symderiv.printers.text import text
from symderiv.terms import ONE, Plus, summation
from symderiv.terms.factors import Factored, factored, terms_of
from symderiv.terms.sizes import size_at
from symderiv.verification.points import Point
from symderiv.verification.tried import components, shape, trial_of

Array = np.ndarray[Any, Any]
Values = Callable[[], Sequence[Array]]
Guess = tuple[str, Values]
Change = Callable[[Point], Any]  # what one of its arguments becomes
Moved = Callable[[str, Change], Sequence[Array]]
FEW = 8  # terms, or factors, of which each may be the one


def guesses(program: Program, points: Sequence[Point]) -> Iterator[Guess]:
    """Each mistake, with how the values at the points are worked out that it leads to."""
    (answer,), (axes,) = program.results, program.axes

    def at(term: Expr) -> Sequence[Array]:
        return [values_at(program, p, term, axes) for p in points]

    def moved(name: str, change: Change) -> Sequence[Array]:
        there = (replace(p, given={**p.given, name: change(p)}) for p in points)
        return [values_at(program, p, answer, axes) for p in there]

    exact = partial(at, answer)
    yield from _of_labels(program, moved)
    yield from _of_sizes(points, exact)
    yield from _of_factors(answer, at)
    yield from _of_matrices(program, points, moved)
    function = program.problem.function
    if program.slope and program.problem.axes(function) == axes:
        yield "it is the function itself, and not its derivative", partial(at, function)
    yield from _of_places(axes, exact)


def _of_labels(program: Program, moved: Moved) -> Iterator[Guess]:
    """The labels one place further on, as those are that count from 1."""

    def on(name: str, step: int, point: Point) -> Array:
        many = size_at(program.classes(name), point.sizes)
        return np.asarray((np.asarray(point.given[name]) + step) % many)

    for name in program.labels:
        for step, said in ((-1, "counts from 1"), (1, "is taken one place too far")):
            values = partial(moved, name, partial(on, name, step))
            yield f"{name} {said}; labels count from 0", values


def _of_matrices(program: Program, points: Sequence[Point], moved: Moved) -> Iterator[Guess]:
    """A matrix turned, where it is square."""

    def turned(name: str, point: Point) -> Array:
        return np.asarray(point.given[name].T)

    for name in program.inputs:
        shapes = {np.shape(p.given[name]) for p in points}
        if all(len(s) == 2 and s[0] == s[1] for s in shapes):
            yield f"{name} is taken transposed", partial(moved, name, partial(turned, name))


def summands(program: Program, points: Sequence[Point]) -> Iterator[Guess]:
    """The terms of the answer, where there are several, with their values."""
    (answer,), (axes,) = program.results, program.axes

    def at(term: Expr) -> Sequence[Array]:
        return [values_at(program, p, term, axes) for p in points]

    found = list(_multiplied_out(answer))
    for t in found if 1 < len(found) <= FEW else ():
        yield f"the term {text(t)}", partial(at, t)


def _of_factors(answer: Expr, at: Callable[[Expr], Sequence[Array]]) -> Iterator[Guess]:
    """A factor that is not there, or twice."""
    view = factored(answer)

    def twice(factor: Expr) -> Sequence[Array]:
        return [a * b for a, b in zip(at(answer), at(factor), strict=True)]

    for base, exponent in view.powers.items() if len(view.powers) <= FEW else ():
        factor = Factored(ONE, {base: exponent}).term()
        if len(view.powers) > 1:
            rest = view.without(base).term()
            yield f"the factor {text(factor)} is missing", partial(at, rest)
        yield f"the factor {text(factor)} is there twice", partial(twice, factor)


def _of_places(axes: Sequence[Symbol], exact: Values) -> Iterator[Guess]:
    """Entries that stand elsewhere, or are left out."""

    def each(change: Callable[[Array], Array]) -> Sequence[Array]:
        return [change(e) for e in exact()]

    for axis in range(len(axes)):
        where = f" along axis {axis}" if len(axes) > 1 else ""
        for step, said in ((1, "far on"), (-1, "early")):
            moved = partial(np.roll, shift=step, axis=axis)
            yield f"its entries stand one place too {said}{where}", partial(each, moved)
    if len(axes) == 2:
        yield "its entries off the diagonal are 0", partial(each, lambda e: e * np.eye(*e.shape))
        yield "its diagonal is 0", partial(each, lambda e: e * (1 - np.eye(*e.shape)))


def _of_sizes(points: Sequence[Point], exact: Values) -> Iterator[Guess]:
    """A size as a factor, or as a divisor."""

    def scaled(name: str, power: int) -> Sequence[Array]:
        sizes = [float(p.sizes[name]) for p in points]
        return [e * n**power for e, n in zip(exact(), sizes, strict=True)]

    for name in points[0].sizes if points else ():
        divided = f"it is what is wanted, divided by {name}; a mean for a sum?"
        yield divided, partial(scaled, name, -1)
        yield f"it is {name} times what is wanted; a sum for a mean?", partial(scaled, name, 1)


def _multiplied_out(term: Expr) -> Iterator[Expr]:
    """The terms of p (a - b), and of Σ p (a - b)."""
    if isinstance(term, Plus):
        for t in terms_of(term):
            yield from _multiplied_out(t)
        return
    view = factored(term)
    for base in [b for b, e in view.powers.items() if e == 1 and isinstance(b, Plus | Sum)]:
        body, limits = (base.function, base.limits) if isinstance(base, Sum) else (base, ())
        parts = list(_multiplied_out(cast(Expr, body)))
        for t in parts if len(parts) > 1 else ():
            for index, low, high in reversed(limits):
                t = summation(t, cast(Symbol, index), high, low)
            yield (view.without(base) * factored(t)).term()
        if len(parts) > 1:
            return
    yield term


def values_at(program: Program, point: Point, term: Expr, axes: Sequence[Symbol]) -> Array:
    """A term at every place of its axes; nan where it has no value."""
    exact = trial_of(program).beside(program.problem, point)
    made = np.full(shape(program, point, axes), np.nan)
    for place, at in components(program, point, axes, most=made.size * len(axes) + 1):
        if (value := exact.known(term, at)) is not None:
            made[place] = float(value)
    return made
