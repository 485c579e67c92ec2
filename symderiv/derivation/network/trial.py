"""The trial: all gradients of a network at a small size against differences of its value.

Gives `try_out`, which is made each time a network is backpropagated: whatever the proofs say of the
lemmas, the whole is held against the definition of the loss at random points.

Floor 2: imports floors 0 and 1 and the rest of this room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Indexed, Symbol

from symderiv.derivation.network.evaluation import (
    Definitions,
    Entry,
    Equation,
    Steps,
    World,
)
from symderiv.derivation.network.reach import reaches
from symderiv.derivation.network.steps import Block
from symderiv.mistakes import Unanswered
from symderiv.records import dataclass
from symderiv.terms import Quantity, subterms
from symderiv.terms.derived import Derived
from symderiv.terms.problem import name_of
from symderiv.terms.sizes import size_at

if TYPE_CHECKING:
    from symderiv.derivation.network.adjoints import Backpropagation

STEP = 1e-4
BOUND = 1e-6
Inputs = dict[str, dict[Entry, float]]


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
    random = Random(seed)
    sizes = sizes_of(made)
    forward, backward = definitions(made)
    worst, done = 0.0, 0
    for attempt in range(10 * points):
        if done == points:
            break
        if attempt == 5 * points and not done:  # a loss may be 0 throughout at the smallest sizes
            sizes = fitting({name: size + 1 for name, size in sizes.items()}, made)
        try:
            found = _at_a_point(made, forward, backward, sizes, random)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue  # a point outside the domain: log of a negative number
        if found.is_rough or (made.exceptions and found.is_a_kink):
            continue  # differences say nothing here
        worst, done = max(worst, found.far), done + 1
        if not found.far <= BOUND:
            at = ", ".join(f"{k} = {v}" for k, v in sizes.items())
            raise Wrong(
                f"at {at or 'a random point'} the gradients differ from finite differences of the "
                f"loss by {found.far:.2g}, relative to their size; nothing is claimed"
            )
    return Trial(sizes, done, worst)


@dataclass(frozen=True)
class _Slopes:
    """The slope of the loss in one direction: by the gradients, by differences, on either side."""

    claimed: float
    found: float
    sides: tuple[float, float]
    scale: float
    rough: float  # what rounding may make of the differences, relative to scale

    @property
    def far(self) -> float:
        return abs(self.found - self.claimed) / self.scale

    @property
    def is_rough(self) -> bool:
        """May rounding hide a difference, where there is none to be seen?"""
        return self.rough > BOUND and self.found != self.claimed

    @property
    def is_a_kink(self) -> bool:
        """Do the sides differ, with the claim between them?"""
        low, high = sorted(self.sides)
        return high - low > 1e-3 * self.scale and low <= self.claimed <= high


MOVES = (1.0, -1.0, 0.5, -0.5)


def _at_a_point(
    made: Backpropagation,
    forward: Definitions,
    backward: Definitions,
    sizes: Mapping[str, int],
    random: Random,
) -> _Slopes:
    inputs = inputs_of(made, sizes, random)
    world = backward.world(sizes, inputs)
    slope, scale = 0.0, 1e-8
    moved = [{name: dict(entries) for name, entries in inputs.items()} for _ in MOVES]
    for name, gradient in made.gradients.items():
        for at in inputs.get(name, ()):  # of a stage there is no input to move
            way = random.uniform(-1, 1)
            part = way * world.table(gradient.quantity.name)[at]
            slope, scale = slope + part, scale + abs(part)
            for move, there in zip(MOVES, moved, strict=True):
                there[name][at] += move * STEP * way
    loss = made.network.loss.name
    one, other, near, far = (forward.world(sizes, x).number(loss) for x in moved)
    here, inside = world.number(loss), largest(made, world)
    wide, narrow = (one - other) / (2 * STEP), (near - far) / STEP
    if not math.isfinite(wide + slope):
        raise OverflowError("the loss leaves the floats here")
    return _Slopes(
        claimed=slope,
        found=narrow + (narrow - wide) / 3,
        sides=((one - here) / STEP, (here - other) / STEP),
        scale=scale,
        rough=1e-14 * max(abs(one), inside) / STEP / scale,
    )


def largest(made: Backpropagation, world: World) -> float:
    """The largest entry of a stage: rounding in it may be all that a sum leaves."""
    return max(
        (abs(x) for name in made.network.stages for x in world.table(name).values()), default=0.0
    )


def definitions(made: Backpropagation) -> tuple[Definitions, Definitions]:
    """The equations of the stages alone, and with those of adjoints and gradients."""
    network, labels = made.network, made.network.problem.labels
    shapes = network.problem.shapes
    forward: list[Equation | Steps] = []
    backward: list[Equation | Steps] = []
    for group in network.order:
        block = network.block.get(group[0])
        stages = [network.stages[n] for n in group]
        forward += _grouped([(s.quantity, shapes[s.name], s.body) for s in stages], group, block)
    for group in reversed(network.order):
        block = network.block.get(group[0])
        lines = [made.adjoints[n] for n in reversed(group) if n in made.adjoints]
        own = [(a.quantity, shapes[a.of], a.term) for a in lines]
        backward += _grouped(own, [a.of for a in lines], block, back=True)
    for name, a in made.gradients.items():
        if name not in made.adjoints:
            backward.append((a.quantity, shapes.get(name, ()), a.term))
    return Definitions(tuple(forward), labels), Definitions((*forward, *backward), labels)


def _grouped(
    equations: Sequence[Equation], of: Sequence[str], block: Block | None, back: bool = False
) -> list[Equation | Steps]:
    """Equations one by one, or together where they are those of a recurrence."""
    if block is None or not equations:
        return list(equations)
    places = tuple(block.positions[name] for name in of)
    return [Steps(tuple(equations), places, back != block.back)]


def inputs_of(made: Backpropagation, sizes: Mapping[str, int], random: Random) -> Inputs:
    """Random numbers for the given arrays and numbers, and labels."""
    network = made.network
    problem = network.problem
    found: Inputs = {}
    for name in (*network.given, *network.scalars):
        entries = product(*(range(1, n + 1) for n in shape_at(problem.shapes.get(name, ()), sizes)))
        found[name] = {at: random.uniform(0.2, 1.2) * random.choice((1, -1, 1)) for at in entries}
        if Derived("inv", name).name in problem.shapes:  # far from singular
            far = 2 * len(found[name])
            found[name] = {at: x + far * (at[0] == at[1]) for at, x in found[name].items()}
    for name, high in labels_of(made):
        top = shape_at((high,), sizes)[0]
        entries = product(*(range(1, n + 1) for n in shape_at(problem.shapes.get(name, ()), sizes)))
        found[name] = {at: float(random.randint(1, top)) for at in entries}
    return found


def labels_of(made: Backpropagation) -> Iterator[tuple[str, Expr]]:
    """Each label, a letter or an array, with the size of the axis that it is an index of."""
    problem = made.network.problem
    found: dict[str, Expr] = {}
    for letter, high in problem.ranges.items():
        if letter.name in problem.labels:
            found[letter.name] = high
    for stage in made.network.stages.values():
        for t in subterms(stage.body):
            if isinstance(t, Indexed | Quantity):
                for a, high in zip(t.args[1:], problem.shapes.get(name_of(t), ()), strict=False):
                    if isinstance(a, Indexed):
                        found.setdefault(name_of(a), high)
    yield from found.items()


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
