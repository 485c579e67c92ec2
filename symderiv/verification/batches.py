"""Batches: is a gradient that of the loss beside it, where that is the sum or the mean over rows?

Gives `Batch`, `batch_of` (what a batch's gradient is, as a multiple of one row's), `at_rows`, the
same of a function that was called with one row, `misjoined`, of rows that differ, and `in_rows`,
how it is called with such.

Imports calls, conventions, guesses and points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symderiv.emit.program import Program
from symderiv.records import dataclass
from symderiv.verification.calls import ROWS, Calling, Outcome
from symderiv.verification.conventions import batched, outcome
from symderiv.verification.guesses import values_at
from symderiv.verification.points import Point

FEW = 3  # points at which a function is called with a batch besides
CLOSE = 1e-4  # what a multiple is told by; how good the digits are is measured


@dataclass(frozen=True)
class Batch:
    """How often one row's gradient a batch's is, and how often that of the loss beside it is.

    `mean`: is that loss the mean over the rows?
    """

    found: float
    wanted: float
    mean: bool

    @property
    def wrong(self) -> str:
        """What is the matter, in words."""
        if self.found == self.wanted:
            return ""
        loss = "mean" if self.mean else "sum"
        times = "N times" if self.found > self.wanted else "1/N of"
        return (
            f"of a batch of N rows it is {times} what is wanted: the loss beside it is the {loss}"
        )


def batch_of(
    program: Program, how: Calling, outcomes: Sequence[tuple[Point, Outcome]]
) -> Batch | None:
    """What a function's results for a batch are; None where no number beside them is its loss.

    The gradient by weights may be that of the sum or of the mean where no loss says which.
    """
    function, (answer,), (axes,) = program.problem.function, program.results, program.axes
    if not program.slope or program.problem.axes(function):
        return None
    given = [(p, o) for p, o in outcomes if p.kind == "ordinary" and not o.problem]
    slopes = [values_at(program, p, answer, axes) for p, _ in given]
    found = _times([(o.value(how.part), s) for (_, o), s in zip(given, slopes, strict=True)])
    losses = [values_at(program, p, function, ()) for p, _ in given]
    for part in range(min((len(o.values) for _, o in given), default=0)):
        if found is None or part == how.part or any(o.rowed(part) for _, o in given):
            continue
        loss = _times([(o.value(part), v) for (_, o), v in zip(given, losses, strict=True)])
        if loss in (1, ROWS):
            return Batch(found, loss if how.whole else loss / ROWS, loss == 1)
    return Batch(found, found, False) if found is not None and how.whole else None


def at_rows(
    call: Callable[..., Any], program: Program, points: Sequence[Point], how: Calling
) -> Batch | None:
    """What a function that takes one row gives for a batch, where it takes one."""
    apart = [p for p in points if p.kind == "ordinary" and ROWS not in p.sizes.values()][:FEW]
    for way in _ways(program, how):
        batch = batch_of(program, way, [(p, outcome(call, program, p, way)) for p in apart])
        if batch is not None:
            return batch
    return None


def misjoined(
    call: Callable[..., Any], program: Program, points: Sequence[Point], how: Calling, found: float
) -> str:
    """What is the matter with the gradient of a batch whose rows differ, in words.

    By weights a product of means is the mean of the products where all rows are equal; by what has
    rows, one row may stand for another there.
    """
    apart = [p for p in points if p.kind == "ordinary"]
    largest = max((p.sizes for p in apart), key=lambda s: sum(s.values()), default={})
    apart = [p for p in apart if p.sizes == largest][:ROWS]  # of one class all slopes are 0
    if len(apart) < 2 or (how.whole and program.problem.facts):
        return ""
    same = {name: apart[0].given[name] for name in how.whole | how.once if name not in largest}
    rows = [replace(p, given={**p.given, **same}) for p in apart]
    rows += rows[:1] * (ROWS - len(rows))
    (answer,), (axes,) = program.results, program.axes
    each = np.array([values_at(program, p, answer, axes) for p in rows])
    right = each.mean(0) if how.whole else each
    made = outcome(call, program, rows[0], how, *rows[1:]).value(how.part)
    if made is not None and _alike(made, found * right):
        return ""
    own = "what these add up to" if how.whole else "each row's own"
    return f"of a batch whose rows differ it is not {own}"


def in_rows(
    call: Callable[..., Any], program: Program, points: Sequence[Point], how: Calling
) -> Calling | None:
    """How a function is called with a batch of which it gives each row's own; None of another.

    One that was called with one row may take a batch: of equal rows it gives the same then.
    """
    apart = [p for p in points if p.kind == "ordinary" and ROWS not in p.sizes.values()][:FEW]
    (answer,), (axes,) = program.results, program.axes
    right = [values_at(program, p, answer, axes) for p in apart]
    for way in [how] if how.batch else [w for w in _ways(program, how) if not w.whole]:
        made = [outcome(call, program, p, way) for p in apart]
        if all(o.rowed(way.part) for o in made) and all(
            _alike(o.values[way.part], r) for o, r in zip(made, right, strict=True)
        ):
            return way
    return None


def _ways(program: Program, how: Calling) -> Iterator[Calling]:
    for whole, once in batched(program):
        yield replace(how, batch=True, whole=whole, once=once)


def _times(pairs: Sequence[tuple[Any, Any]]) -> float | None:
    """The one of a few numbers by which all values are multiples of others."""
    if all(v is None or v.shape != e.shape or not np.any(e) for v, e in pairs):
        return None
    for times in (1.0, float(ROWS), 1 / ROWS):
        if all(v is not None and _alike(v, times * e) for v, e in pairs):
            return times
    return None


def _alike(found: Any, exact: Any) -> bool:
    least = CLOSE * np.abs(exact).max(initial=0)
    return found.shape == exact.shape and np.allclose(found, exact, CLOSE, least)
