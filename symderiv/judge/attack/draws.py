"""Draws: the numbers an opponent would try.

Gives `STYLES` and `FEW`, functions from dice, a shape and hints to an array of numbers: plain,
between 0 and 1, whole, mostly zeros, ties, large, far, tiny, and beside the numbers that stand in
the lines (the hints).  All are exact binary fractions, so that a counterexample can be written
down.  `Dice` are the same for the same seed on every machine.

Imports NumPy only.  To add a style: one function, and its share in `STYLES` or `FEW`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np

Shape = int | tuple[int, ...]


class Dice:
    """What is drawn from a seed, which is anything that is written the same everywhere.

    Its bits are Python's own, which SymPy has loaded: NumPy's would load a library of ciphers to
    draw twenty numbers.
    """

    def __init__(self, *seed: object) -> None:
        self._random = Random(repr(seed))

    def integers(self, low: int, high: int, shape: Shape) -> Any:
        """Whole numbers from `low` to the one before `high`."""
        return low + self._bits(shape) % (high - low)

    def random(self, shape: Shape) -> Any:
        """Numbers from 0 to 1, without 1."""
        return self._bits(shape) * 2.0**-32

    def uniform(self, low: float, high: float, shape: Shape) -> Any:
        """Numbers from `low` to `high`."""
        return low + (high - low) * self.random(shape)

    def choice(self, values: Sequence[float], shape: Shape) -> Any:
        """Some of these, each as often as it stands there."""
        return np.asarray(values)[self.integers(0, len(values), shape)]

    def permutation(self, count: int) -> Any:
        """The numbers below `count`, mixed."""
        return np.argsort(self._bits(count), kind="stable")

    def _bits(self, shape: Shape) -> Any:
        """Whole numbers of 32 bits."""
        count = shape if isinstance(shape, int) else math.prod(shape)
        drawn = np.frombuffer(self._random.randbytes(4 * count), dtype="<u4")
        return drawn.astype(np.int64).reshape(shape)


Draw = Callable[[Dice, tuple[int, ...], tuple[float, ...]], Any]


def _plain(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    numbers = dice.integers(-12, 13, shape)
    return np.where(numbers == 0, 5, numbers) / 4.0


def _unit(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return dice.integers(1, 16, shape) / 16.0


def _share(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    """Small and positive, so that several add up to less than 1."""
    return dice.integers(1, 16, shape) / 128.0


def _positive(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return dice.integers(1, 20, shape) / 4.0


def _whole(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return dice.integers(-3, 4, shape).astype(float)


def _counting(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return dice.integers(1, 5, shape).astype(float)


def _zeros(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return np.where(dice.random(shape) < 0.5, 0.0, _plain(dice, shape, hints))


def _ties(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    first, second = _plain(dice, shape[-1:], hints), _plain(dice, shape[-1:], hints)
    return np.where(dice.random(shape) < 0.7, first, second)


def _large(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return np.round(10.0 ** dice.uniform(1, 3.2, shape)) * dice.choice((-1, 1), shape)


def _far(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return np.round(10.0 ** dice.uniform(3, 8, shape)) * dice.choice((-1, 1), shape)


def _one_far(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    """Near each other, and all far from 0: 700 000, 700 001."""
    offset = np.round(10.0 ** dice.uniform(2, 7, shape[-1:])) * dice.choice((-1, 1), shape[-1:])
    return offset + _plain(dice, shape, hints)


def _tiny(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    return dice.integers(1, 16, shape) * 2.0**-30 * dice.choice((-1, 1), shape)


def _hinted(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    """A number of the lines, or its negative, or beside it, or twice or half of it."""
    if not hints:
        return _whole(dice, shape, hints)
    values = dice.choice(hints, shape) * dice.choice((-1.0, 1.0), shape)
    values = values * dice.choice((1.0, 1.0, 1.0, 2.0, 0.5), shape)
    return values + dice.choice((0.0, 0.0, 0.25, -0.25, 1.0, -1.0), shape)


def _number(dice: Dice, shape: tuple[int, ...], hints: Any) -> Any:
    """A number of the lines itself, or its negative."""
    if not hints:
        return _counting(dice, shape, hints)
    return dice.choice(hints, shape) * dice.choice((-1.0, 1.0), shape)


# tried of every line
STYLES: tuple[Draw, ...] = (_plain, _unit, _whole, _positive, _ties)
# tried of claims besides
FEW: tuple[Draw, ...] = (
    _zeros, _hinted, _counting, _large, _far, _number, _one_far, _tiny, _hinted, _number, _share,
)  # fmt: skip
