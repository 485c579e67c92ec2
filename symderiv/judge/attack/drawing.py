"""Drawing: the numbers, labels and indices of the points of a world, as an opponent draws them.

`drawn(asked)` is all of them for what is `Asked`: shapes and counts, and no terms.  What is asked
again is not drawn again, for the lines of a derivation, its lemmas and its claims are tried in
worlds of the same arrays; a world of many numbers is not kept.

Imports draws and NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from symderiv.judge.attack.draws import FEW, STYLES, Dice

Shape = tuple[int, ...]
WORLDS = 256  # that are kept
NUMBERS = 4096  # in a world that is kept


class Asked(NamedTuple):
    """What is to be drawn.

    `seed` of the dice; `points`, how many; `ends` of the free letters; of `labels` the number of
    their classes; of `arrays` whether each has to have an inverse; with `thorough` in all styles,
    near the numbers `hints` in some.  What they are called does not matter.
    """

    seed: tuple[int, ...]
    points: int
    ends: tuple[int, ...]
    labels: tuple[tuple[int, Shape], ...]
    arrays: tuple[tuple[Shape, bool], ...]
    thorough: bool
    hints: tuple[float, ...]

    @property
    def numbers(self) -> int:
        """How many there are to be."""
        return self.points * sum(math.prod(shape) for shape, _ in self.arrays)


class Drawn(NamedTuple):
    """What was drawn, not to be changed: shapes end with the points."""

    styles: Any
    indices: tuple[Any, ...]
    labels: tuple[Any, ...]
    arrays: tuple[Any, ...]


def drawn(asked: Asked) -> Drawn:
    """What is asked, or what was drawn when it was asked before."""
    draw: Callable[[Asked], Drawn] = _kept if asked.numbers <= NUMBERS else _drawn
    found = draw(asked._replace(ends=()))
    if not asked.ends:
        return found
    dice = Dice("indices", *asked.seed)
    return found._replace(indices=_indices(dice, asked.points, [max(e, 1) for e in asked.ends]))


def _drawn(asked: Asked) -> Drawn:
    """All but the indices."""
    dice, count = Dice("numbers", *asked.seed), asked.points
    styles = (*STYLES, *FEW) if asked.thorough else STYLES
    turn = np.arange(count) % len(styles)
    labels = tuple(
        dice.integers(1, max(classes, 1) + 1, (*shape, count)) for classes, shape in asked.labels
    )
    for table in labels:  # some points with all labels alike
        alike = dice.random(count) < 0.25
        table[..., alike] = table.reshape(-1, count)[:1, alike]
    arrays = []
    for shape, regular in asked.arrays:
        own = dice.random(count) < 0.25  # drawn in a style of its own
        style = np.where(own, dice.integers(0, len(styles), count), turn)
        numbers = np.empty((*shape, count))
        for n, draw in enumerate(styles):
            which = style == n
            numbers[..., which] = draw(dice, (*shape, int(which.sum())), asked.hints)
        if regular:
            _make_regular(numbers)
        arrays.append(numbers)
    for table in (*labels, *arrays):
        table.flags.writeable = False
    return Drawn(turn, (), labels, tuple(arrays))


_kept = lru_cache(maxsize=WORLDS)(_drawn)


def _indices(dice: Dice, count: int, highs: list[int]) -> tuple[Any, ...]:
    """Every choice of indices, or many of them with equal ones among them."""
    if not highs:
        return ()
    if math.prod(highs) <= count:
        choices = np.array(list(product(*(range(1, h + 1) for h in highs))), dtype=int)
        order = dice.permutation(count) % max(len(choices), 1)
        table = choices.reshape(-1, len(highs))[order]
    else:
        table = np.stack([dice.integers(1, h + 1, count) for h in highs], axis=1)
        for n in range(1, len(highs)):
            other = dice.integers(0, n, count)
            same = (dice.random(count) < 0.4) & (table[np.arange(count), other] <= highs[n])
            table[same, n] = table[same, other[same]]
    return tuple(table[:, n] for n in range(len(highs)))


def _make_regular(matrices: Any) -> None:
    """Square matrices [row, column, point], every other one made regular by its diagonal."""
    largest = np.abs(matrices[..., ::2]).max(axis=(0, 1))
    for n in range(len(matrices)):
        matrices[n, n, ::2] += len(matrices) * largest + 1
