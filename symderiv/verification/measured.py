"""Measured: how far a function is from exact values, point by point.

Gives `Far` and `measured`.  An error is relative to the value itself; where terms of a value cancel
it is given relative to what rounding of the arguments and of the terms may move it by, as well.

Imports exact, points and tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import mpmath
import numpy as np

from symderiv.emit.program import Program
from symderiv.numbers.exact import DIGITS
from symderiv.records import dataclass
from symderiv.verification.points import Point
from symderiv.verification.tried import components, parts, trial_of

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Far:
    """The worst component of one result at one point.

    value : how far off it is, relative to its value
    scale : the same relative to the terms that it is the sum of
    largest : the same relative to the largest exact component, or the least number that is held to
    either : the same relative to the larger of these two
    """

    point: Point
    value: float
    scale: float
    largest: float
    either: float
    found: Array
    exact: Array


def measured(
    program: Program,
    given: Iterable[Point],
    call: Callable[[Point], Any],
    *,
    least: float = 1e-300,
    most: float = 1e307,
) -> Iterator[Far]:
    """How far a call is off at points.

    Components that are not finite, or above `most`, are not looked at; one below `least` is held to
    the bound relative to that: a subnormal number has fewer digits.
    """
    with mpmath.workdps(DIGITS):
        for point in given:
            exact = trial_of(program).beside(program.problem, point)
            for value, term, axes in parts(program, call(point)):
                rows = []
                for place, at in components(program, point, axes):
                    right = exact.known(term, at)
                    if right is not None and abs(right) < most:
                        found = float(np.asarray(value)[place])
                        scale = exact.condition(term, at, right)
                        rows.append((found, right, max(scale, abs(right), mpmath.mpf(least))))
                if rows:
                    yield _far(point, rows, least)


def _far(point: Point, rows: list[tuple[float, Any, Any]], least: float) -> Far:
    def relative(off: Any, to: Any) -> float:
        return float(off / to) if to else (0.0 if off == 0 else float("inf"))

    offs = [abs(f - r) if np.isfinite(f) else mpmath.inf for f, r, _ in rows]
    largest = max(mpmath.mpf(least), *(abs(r) for _, r, _ in rows))
    return Far(
        point,
        max(relative(off, abs(r)) for off, (_, r, _) in zip(offs, rows, strict=True)),
        max(relative(off, s) for off, (_, _, s) in zip(offs, rows, strict=True)),
        max(relative(off, largest) for off in offs),
        max(relative(off, max(s, largest)) for off, (_, _, s) in zip(offs, rows, strict=True)),
        np.array([f for f, _, _ in rows]),
        np.array([float(r) for _, r, _ in rows]),
    )
