"""The trial: all gradients of a network at a small size against differences of its value.

Gives `try_out`, which is made each time a network is backpropagated: whatever the proofs say of the
lemmas, the whole is held against the definition of the loss at random points.

Floor 2: imports floors 0 and 1 and the rest of this room.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from math import isfinite, prod
from random import Random
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
import sympy
from sympy import Expr, Symbol

from symderiv.derivation.network.reach import reaches
from symderiv.mistakes import Unanswered
from symderiv.numbers.evaluator import Beyond, Evaluator
from symderiv.numbers.exact import Nudged
from symderiv.numbers.facts import hold, kept
from symderiv.records import dataclass
from symderiv.terms.derived import Derived
from symderiv.terms.sizes import size_at

if TYPE_CHECKING:
    from symderiv.derivation.network.adjoints import Backpropagation

DIGITS = 60
STEP = mpmath.mpf(10) ** -20
BOUND = 1e-12
Inputs = dict[str, np.ndarray[Any, Any]]


class Wrong(Unanswered):
    """A gradient that is not the derivative of the loss: nothing of it is handed out."""

    lead = ""


@dataclass(frozen=True)
class Trial:
    """What was tried: the sizes, how many points, and the largest difference relative to scale."""

    sizes: Mapping[str, int]
    points: int
    difference: float


def try_out(made: Backpropagation, points: int = 2, seed: int = 0) -> Trial:
    """Hold the gradients against central differences along a random direction.

    Raises
    ------
    Wrong
        where they differ.
    """
    random, sizes = Random(seed), sizes_of(made)
    worst, done = 0.0, 0
    for attempt in range(10 * points):
        if done == points:
            break
        if attempt == 5 * points and not done:  # a loss may be 0 throughout at the smallest sizes
            sizes = fitting({name: size + 1 for name, size in sizes.items()}, made)
        far = None
        with mpmath.workdps(DIGITS), suppress(Beyond):
            far = _at_a_point(made, sizes, random)
        if far is None:
            continue
        worst, done = max(worst, far), done + 1
        if not far <= BOUND:
            at = ", ".join(f"{k} = {v}" for k, v in sizes.items())
            raise Wrong(
                f"at {at or 'a random point'} the gradients differ from finite differences of the "
                f"loss by {far:.2g}, relative to their size; nothing is claimed"
            )
    return Trial(sizes, done, worst)


def _at_a_point(made: Backpropagation, sizes: Mapping[str, int], random: Random) -> float | None:
    """How far the slope in one direction is off; None outside the domain, and at a kink.

    None beyond the floats too, where a step is no small one any more, and where a fact is false.
    """
    problem, inputs = made.problem, inputs_of(made, sizes, random)
    here, ways = Evaluator(problem, inputs, sizes), dict[tuple[str, tuple[int, ...]], float]()
    slope, scale = mpmath.mpf(0), mpmath.mpf(1e-8)
    if not kept(here):
        return None
    for name, gradient in made.gradients.items():
        letters = gradient.quantity.indices
        for place in here.places(name) if name in inputs else ():  # a stage is no input to move
            way = ways[name, place] = random.uniform(-1, 1)
            at = dict(zip(letters, place, strict=True))
            part = way * here.at_digits(DIGITS, gradient.quantity, at)
            slope, scale = slope + part, scale + abs(part)
    moved = ({where: step * way for where, way in ways.items()} for step in (-STEP, STEP))
    beside = (Nudged(problem, inputs, sizes, m) for m in moved)
    loss = made.network.loss.definition.quantity
    middle, below, above = (e.at_digits(DIGITS, loss, {}) for e in (here, *beside))
    left, right = (middle - below) / STEP, (above - middle) / STEP
    if not isfinite(float(left + right + slope)):
        return None
    low, high = sorted((left, right))
    if made.exceptions and high - low > BOUND * scale and low <= slope <= high:
        return None
    return float(abs((left + right) / 2 - slope) / scale)


def inputs_of(made: Backpropagation, sizes: Mapping[str, int], random: Random) -> Inputs:
    """Random numbers for the given arrays and numbers, and labels, which count from 0.

    Facts hold at them that are of the usual forms.
    """
    network, problem, shapes = made.network, made.problem, made.network.problem.shapes
    found: Inputs = {}
    for name in (*network.given, *network.scalars):
        shape = shape_at(shapes.get(name, ()), sizes)
        entries = [random.uniform(0.2, 1.2) * random.choice((1, -1, 1)) for _ in range(prod(shape))]
        found[name] = np.array(entries).reshape(shape)
        if Derived("inv", name).name in shapes:  # far from singular
            found[name] += 2 * prod(shape) * np.eye(len(found[name]))
    for name in sorted(problem.labels):
        high = problem.classes(name)
        if high is None:  # it is in no formula
            continue
        shape, top = shape_at(shapes.get(name, ()), sizes), size_at(high, sizes)
        labels = [random.randint(1, top) - 1 for _ in range(prod(shape))]
        found[name] = np.array(labels).reshape(shape)
    hold(problem, found)
    return found


def shape_at(shape: tuple[Expr, ...], sizes: Mapping[str, int]) -> list[int]:
    """A shape in numbers."""
    return [size_at(end, sizes) for end in shape]


def sizes_of(made: Backpropagation) -> dict[str, int]:
    """Small sizes, such that every index stays on its axis."""
    network = made.network
    problem = network.problem
    found: dict[str, int] = {}
    for shape in problem.shapes.values():
        for end in shape:
            for s in sorted(end.free_symbols, key=str):
                found.setdefault(s.name, 2 + len(found) % 3)
    for stage in network.stages.values():
        for t in sympy.preorder_traversal(stage.body):
            if isinstance(t, Symbol) and t.is_integer and t.is_positive:
                found.setdefault(t.name, 2 + len(found) % 3)
    return fitting(found, made)


def fitting(sizes: dict[str, int], made: Backpropagation) -> dict[str, int]:
    """The sizes, axes made longer until every index is on its axis."""
    bounds = [b for s in made.network.stages.values() for b in reaches(s, made.network.problem)]
    for _ in range(20):
        short = [b for b in bounds if not b.holds(sizes)]
        if not short:
            return sizes
        for b in short:
            b.lengthen(sizes)
    return sizes
