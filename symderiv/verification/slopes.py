"""Slopes: the answer of a derivation beside differences of the function itself.

Gives `check_slope`; `sides`, the slopes from left and right, and `between`, those of a kink.  The
answer was judged line by line; this looks at it once more from outside, with the exact function at
points a little apart, and knows no rule of differentiation.

Imports exact and points.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import mpmath
from sympy import Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.emit.program import Program
from symderiv.mistakes import Unanswered
from symderiv.numbers.exact import Exact, Nudged
from symderiv.numbers.matrices import Undefined
from symderiv.terms.problem import name_of
from symderiv.verification.points import Point

STEP = mpmath.mpf(10) ** -15
CLOSE = 1e-9


class WrongSlope(Unanswered):
    """An answer that is not the slope of its function."""

    lead = ""


def check_slope(
    program: Program, point: Point, exact: Exact, at: Mapping[Symbol, int], right: mpmath.mpf
) -> None:
    """Compare an exact component of the answer with differences of the function, exact there.

    Raises
    ------
    WrongSlope
        where the two have nothing in common.
    """
    problem = program.problem
    places = [_places(x, at) for x in problem.wrt]
    if any(p is None for p in places):
        return
    total = mpmath.mpf(0)
    try:
        for signs in product((1, -1), repeat=len(places)):
            moved: dict[Any, Any] = {}
            for sign, place in zip(signs, places, strict=True):
                moved[place] = moved.get(place, 0) + sign * STEP
            nudged = Nudged(problem, point.given, point.sizes, moved)
            total += mpmath.fprod(signs) * nudged.value(problem.function, at)
        value = exact.value(problem.function, at)
    except Undefined:
        return
    slope = total / (2 * STEP) ** len(places)
    if abs(slope - right) > CLOSE * (1 + abs(right) + abs(value)):
        raise WrongSlope(
            f"{program.name} would be {mpmath.nstr(right, 12)} where the function has the slope "
            f"{mpmath.nstr(slope, 12)}; nothing was written"
        )


def between(
    program: Program, point: Point, at: Mapping[Symbol, int]
) -> tuple[mpmath.mpf, mpmath.mpf] | None:
    """The smaller and the larger slope at a kink of the function; None where it has one slope."""
    both = sides(program, point, at)
    if both is None:
        return None
    least, most = sorted(both)
    return (least, most) if most - least > CLOSE * (1 + abs(least) + abs(most)) else None


def sides(
    program: Program, point: Point, at: Mapping[Symbol, int]
) -> tuple[mpmath.mpf, mpmath.mpf] | None:
    """The slopes from the left and from the right, where the function has values there."""
    problem = program.problem
    place = _places(problem.wrt[0], at) if len(problem.wrt) == 1 else None
    if place is None:
        return None
    try:
        left, here, right = (
            Nudged(problem, point.given, point.sizes, moved).value(problem.function, at)
            for moved in ({place: s * STEP} for s in (-1, 0, 1))
        )
    except Undefined:
        return None
    return (here - left) / STEP, (right - here) / STEP


def _places(x: Basic, at: Mapping[Symbol, int]) -> tuple[str, tuple[int, ...]] | None:
    """Which component a variable is at some indices; None for a stage."""
    if isinstance(x, Symbol):
        return x.name, ()
    if not isinstance(x, Indexed):
        return None
    indices = [at.get(i, i) for i in x.indices]
    if not all(isinstance(i, int) or getattr(i, "is_Integer", False) for i in indices):
        return None
    return name_of(x), tuple(map(int, indices))
