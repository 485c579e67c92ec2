"""Draws: the numbers an opponent would try.

`drawn(dice, style, shape, hints)` is an array of numbers in one of the styles of `STYLES`:
plain, between 0 and 1, whole, mostly zeros, ties, large, far, tiny, and beside the numbers that
stand in the lines (`hints`).  All are exact binary fractions, so that a counterexample can be
written down.

Imports dice and NumPy.  To add a style: one function, and its share in `STYLES` or `FEW`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symderiv.judge.attack.dice import Dice

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
