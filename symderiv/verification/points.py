"""The rows of logits at which functions are tried: random ones of every size, and the hard ones.

Gives `Point` and `points`.  Imports NumPy only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SCALES = (0.001, 0.1, 1.0, 10.0, 30.0, 1000.0)
OFFSETS = (0.0, 1e4, -300.0)
WIDTHS = {1: 1, 2: 4, 3: 4, 10: 3, 200: 1}  # classes: rows of each kind
WIDE = ((1.0, 1e4), (30.0, 0.0), (1000.0, 0.0))  # of the widest rows: scale, offset


@dataclass(frozen=True)
class Point:
    """One row of logits, with the labels worth trying there, target probabilities, a direction."""

    kind: str
    z: Array
    labels: tuple[int, ...]
    target: Array
    direction: Array


_HARD: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("p near 1", (37.43, 0.0)),
    ("p near 1", (40.0, 0.0, 0.3)),
    ("p near 1", (700.0, 0.1, 0.0)),
    ("p near 1", (0.0, -50.0, -60.0)),
    ("p near 1", (0.0, -87.0, -103.0)),
    ("p near 1/2", (0.1, 0.1000001)),
    ("all equal", (0.0,) * 3),
    ("all equal", (1e4,) * 7),
    ("ties", (5.0, 5.0, -5.0, -5.0, 5.0)),
    ("offset 1e4", (10000.5, 10001.25, 9999.0)),
    ("±1e4", (1e4, -1e4, 0.0)),
    ("one huge", (1e30, 0.0, -1e30)),
    ("-inf", (0.0, float("-inf"), 1.0)),
    ("-inf", (float("-inf"), -800.0, -801.0)),
    ("below overflow", (88.5, 88.0, 60.0)),
    ("below overflow", (709.5, 709.0, 600.0)),
    ("beyond overflow", (89.0, 20.0, 0.0)),
    ("beyond overflow", (711.0, 700.0, 2.5)),
    ("all far below 0", (-90.0, -91.5, -100.0)),
    ("all far below 0", (-744.0, -745.0, -700.0)),
    ("mixed far below 0", (-300.0, -740.0, -301.0)),
    ("mixed far below 0", (-50.0, -100.0, -51.0)),
    ("one class", (3.0,)),
    ("one class", (-1000.0,)),
)

# of a little more than half the largest float
_ENDS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("±1e308", (1.0, 1.0, -1.0, -0.9)),
    ("±1e308", (-1.0, -0.9, -1.0, -0.9)),
    ("-inf and ±1e308", (1.0, float("-inf"), 0.0, -1.0)),
    ("-inf and ±1e308", (float("-inf"), -1.0, float("-inf"), -1.0)),
    ("-inf", (float("-inf"), 0.0, float("-inf"))),
)


def points(dtype: Any, *, widest: int = 10_000, seed: int = 20_240_229) -> Iterator[Point]:
    """The points in a fixed order, as rows of a dtype."""
    rng = np.random.default_rng(seed)
    for kind, row in _HARD:
        yield _point(kind, np.array(row, dtype), rng)
    largest = float(np.finfo(dtype).max) * 0.55
    yield _point("±1e308", np.array((largest, -largest, 0.0), dtype), rng)
    yield _point("±1e308", np.array((-largest, -largest), dtype), rng)
    for width, count in WIDTHS.items():
        for scale in SCALES:
            for offset in OFFSETS:
                for _ in range(count):
                    z = (rng.normal(size=width) * scale + offset).astype(dtype)
                    yield _point(f"scale {scale:g}, offset {offset:g}, K = {width}", z, rng)
    for scale, offset in WIDE:
        z = (rng.normal(size=widest) * scale + offset).astype(dtype)
        yield _point(f"scale {scale:g}, offset {offset:g}, K = {widest}", z, rng)
    for kind, row in _ENDS:
        yield _point(kind, (np.array(row) * largest).astype(dtype), rng)


def _point(kind: str, z: Array, rng: np.random.Generator) -> Point:
    width = len(z)
    labels = {int(np.argmax(z)), int(np.argmin(z)), int(rng.integers(width))}
    target = rng.dirichlet(np.ones(width)) if width > 1 else np.ones(1)
    target[np.isneginf(z)] = 0
    target[rng.random(width) < 0.2] = 0
    if not target.sum():
        target[int(np.argmax(z))] = 1
    target /= target.sum()
    return Point(
        kind,
        z,
        tuple(sorted(labels)),
        target.astype(z.dtype),
        rng.normal(size=width).astype(z.dtype),
    )
