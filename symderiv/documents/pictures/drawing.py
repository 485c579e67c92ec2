"""Drawings: the marks that a picture is made of, in points from its upper left corner.

Gives `Drawing` and its marks, `ticks`, `clipped` (a curve within a frame) and `dashed`.  How the
marks are spelled say `svg` and `tex`.

Imports the standard library, and SymPy's terms, which may stand in words.

To add a mark: a dataclass here, its name in `Mark`, and how each of the two spells it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import pairwise

from sympy import Expr

from symderiv.records import dataclass

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Segment:
    """A straight line, across or up."""

    a: Point
    b: Point
    faint: bool = False


@dataclass(frozen=True)
class Curve:
    """A curve through these points; `dashes` are a length drawn and one left out."""

    points: tuple[Point, ...]
    colour: str
    dashes: tuple[float, float] | None = None
    framed: bool = True  # is it clipped to the frame?


@dataclass(frozen=True)
class Cell:
    """A filled rectangle, its upper left corner at (x, y)."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Words:
    """Words, their base line at y; `term`, where they are the text of one."""

    x: float
    y: float
    text: str
    anchor: str = "middle"  # or "start", "end"
    colour: str = ""  # of the text round it
    term: Expr | None = None


Mark = Segment | Curve | Cell | Words


@dataclass
class Drawing:
    """A picture of this size; `name` tells its frame from that of others on a page."""

    width: float
    height: float
    name: str = "p"
    frame: Box | None = None  # what curves are clipped to
    marks: list[Mark] = field(default_factory=list)


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round numbers from low to high, about so many.

    >>> ticks(-4, 4), ticks(0, 1.1)
    ([-4.0, -2.0, 0.0, 2.0, 4.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    rough = (high - low) / about
    unit = 10.0 ** math.floor(math.log10(rough))
    step = unit * next(n for n in (1, 2, 5, 10) if n * unit >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{n * step:.10g}") for n in range(first, last + 1)]


def clipped(points: Sequence[Point], frame: Box) -> Iterator[list[Point]]:
    """The pieces of a curve that are within the frame.

    >>> list(clipped([(0, 0), (4, 4)], (1, 0, 3, 9)))
    [[(1.0, 1.0), (3.0, 3.0)]]
    """
    piece: list[Point] = []
    for a, b in pairwise(points):
        inside = _within(a, b, frame)
        if inside is None:
            continue
        start, end = inside
        if piece and piece[-1] != start:
            yield piece
            piece = []
        piece = piece or [start]
        piece.append(end)
    if piece:
        yield piece


def _within(a: Point, b: Point, frame: Box) -> tuple[Point, Point] | None:
    """The part of a straight line that is within the frame (Liang and Barsky 1984)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        start, way = a[axis], b[axis] - a[axis]
        low, high = frame[axis], frame[axis + 2]
        if way == 0:
            if not low <= start <= high:
                return None
            continue
        enters, leaves = sorted(((low - start) / way, (high - start) / way))
        first, last = max(first, enters), min(last, leaves)
    if first >= last:
        return None

    def at(share: float) -> Point:
        ends = {0.0: a, 1.0: b}
        return ends.get(share) or (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))

    return at(first), at(last)


def dashed(points: Sequence[Point], dashes: tuple[float, float]) -> Iterator[list[Point]]:
    """The pieces of a curve that are drawn, by its length.

    >>> list(dashed([(0, 0), (5, 0)], (2, 1)))
    [[(0, 0), (2.0, 0.0)], [(3.0, 0.0), (5, 0)]]
    """
    drawn, left = True, dashes[0]
    piece = [points[0]]
    for a, b in pairwise(points):
        length = math.dist(a, b)
        gone = 0.0
        while length - gone > left:
            gone += left
            here = (a[0] + (b[0] - a[0]) * gone / length, a[1] + (b[1] - a[1]) * gone / length)
            if drawn:
                yield [*piece, here]
            drawn = not drawn
            piece, left = [here], dashes[0] if drawn else dashes[1]
        left -= length - gone
        piece.append(b)
    if drawn and piece[0] != piece[-1]:
        yield piece
