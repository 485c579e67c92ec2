"""Draws: the numbers an opponent would try.

`drawn(random, style, shape, hints)` is an array of numbers in one of the styles of `STYLES`:
plain, between 0 and 1, whole, mostly zeros, ties, large, far, tiny, and beside the numbers that
stand in the lines (`hints`).  All are exact binary fractions, so that a counterexample can be
written down.

Imports NumPy only.  To add a style: one function, and its share in `STYLES` or `FEW`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Draw = Callable[[np.random.Generator, tuple[int, ...], tuple[float, ...]], Any]


def _plain(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    numbers = random.integers(-12, 13, shape)
    return np.where(numbers == 0, 5, numbers) / 4.0


def _unit(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return random.integers(1, 16, shape) / 16.0


def _share(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    """Small and positive, so that several add up to less than 1."""
    return random.integers(1, 16, shape) / 128.0


def _positive(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return random.integers(1, 20, shape) / 4.0


def _whole(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return random.integers(-3, 4, shape).astype(float)


def _counting(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return random.integers(1, 5, shape).astype(float)


def _zeros(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return np.where(random.random(shape) < 0.5, 0.0, _plain(random, shape, hints))


def _ties(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    first, second = _plain(random, shape[-1:], hints), _plain(random, shape[-1:], hints)
    return np.where(random.random(shape) < 0.7, first, second)


def _large(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return np.round(10.0 ** random.uniform(1, 3.2, shape)) * random.choice((-1, 1), shape)


def _far(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return np.round(10.0 ** random.uniform(3, 8, shape)) * random.choice((-1, 1), shape)


def _one_far(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    """Near each other, and all far from 0: 700 000, 700 001."""
    offset = np.round(10.0 ** random.uniform(2, 7, shape[-1:])) * random.choice((-1, 1), shape[-1:])
    return offset + _plain(random, shape, hints)


def _tiny(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    return random.integers(1, 16, shape) * 2.0**-30 * random.choice((-1, 1), shape)


def _hinted(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    """A number of the lines, or its negative, or beside it, or twice or half of it."""
    if not hints:
        return _whole(random, shape, hints)
    values = random.choice(np.asarray(hints), shape) * random.choice((-1.0, 1.0), shape)
    values = values * random.choice((1.0, 1.0, 1.0, 2.0, 0.5), shape)
    return values + random.choice((0.0, 0.0, 0.25, -0.25, 1.0, -1.0), shape)


def _number(random: np.random.Generator, shape: tuple[int, ...], hints: Any) -> Any:
    """A number of the lines itself, or its negative."""
    if not hints:
        return _counting(random, shape, hints)
    return random.choice(np.asarray(hints), shape) * random.choice((-1.0, 1.0), shape)


# tried of every line
STYLES: tuple[Draw, ...] = (_plain, _unit, _whole, _positive, _ties)
# tried of claims besides
FEW: tuple[Draw, ...] = (
    _zeros, _hinted, _counting, _large, _far, _number, _one_far, _tiny, _hinted, _number, _share,
)  # fmt: skip
