"""Dice: random numbers in arrays, the same ones for the same seed on every machine.

Gives `Dice`, which has of NumPy's generators what draws need.  Its bits are Python's own, which
SymPy has loaded: NumPy's would load a library of ciphers to draw twenty numbers.

Imports NumPy and the standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

Shape = int | tuple[int, ...]


class Dice:
    """What is drawn from a seed, which is anything that is written the same everywhere."""

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
