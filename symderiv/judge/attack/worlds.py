"""Worlds: sizes, indices, labels and numbers, many points of them side by side.

`World` is what an evaluator looks up.  `sizes_tried` gives the sizes of the axes, equal ones and
different ones, in the order in which a reader would like to see a counterexample.

Imports floor 0 and the judge's axes and counting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from itertools import combinations, islice, product
from typing import Any

from sympy import Symbol
from sympy.core.basic import Basic

from symderiv.judge.axes import Axes
from symderiv.judge.counting import FURTHEST, MOST_STANDING
from symderiv.records import dataclass
from symderiv.terms.sizes import size_at


@dataclass(frozen=True, eq=False)
class World:
    """Points with one choice of sizes.

    Attributes
    ----------
    sizes : of the axes, by name
    count : how many points; every array's last axis has that length
    letters : the free letters' values, from 1, shape (count,)
    labels : label arrays, whole numbers from 1, shape (*axes, count)
    arrays : given arrays and scalars, shape (*axes, count)
    """

    sizes: Mapping[str, int]
    count: int
    letters: dict[Symbol, Any] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)

    def size(self, term: Basic) -> int:
        """The value of a size, or of an expression of sizes."""
        return size_at(term, self.sizes)

    def chosen(self, points: Any) -> World:
        """Some of the points."""
        return World(
            self.sizes,
            len(points),
            {letter: values[points] for letter, values in self.letters.items()},
            {name: table[..., points] for name, table in self.labels.items()},
            {name: table[..., points] for name, table in self.arrays.items()},
        )


MOST_PAIRS = 3  # of sizes that are held against each other
# sizes of all axes alike, in the order in which a counterexample convinces
QUICK = (3, 1, 2)
THOROUGH = (2, 3, 1, 4, 5, 6, 9)


def sizes_tried(
    axes: Axes,
    chosen: Mapping[str, int],
    thorough: bool,
    numbers: frozenset[int],
    largest: int,
    counted: Collection[str] = (),
    furthest: int = FURTHEST + 2,
) -> Iterator[dict[str, int]]:
    """The choices of sizes: all alike, rising, falling, and near the whole numbers in the lines.

    Those that nobody chose are at most `largest`.  Of the sizes that are `counted` with, every two
    take all values up to `furthest`.
    """
    names = list(axes.sizes)
    last = len(names) - 1
    tried: list[dict[str, int]] = []

    def choice(of: list[int], largest: int = largest) -> Iterator[dict[str, int]]:
        sizes = {name: chosen.get(name, n) for name, n in zip(names, of, strict=True)}
        if sizes not in tried and (max(of, default=0) <= largest or not tried):
            tried.append(sizes)
            yield sizes

    rising, falling = range(last + 1), range(last, -1, -1)
    if not thorough and last > 0:
        yield from choice([2 + k for k in rising])
        yield from choice([1 + k for k in falling])
        # of two axes the first has had length 2 twice, and is no axis of two
        yield from choice([3 if last == 1 else 2] * len(names))
        return
    for n in THOROUGH if thorough else QUICK:
        yield from choice([n] * len(names))
        if last > 0 and n <= 3:
            yield from choice([n + k for k in rising])
            yield from choice([n + k for k in falling])
    if thorough and last > 0:
        for k in range(last + 1):  # one axis of length 1 or longer than all others
            yield from choice([1 if m == k else 2 for m in range(last + 1)])
            yield from choice([4 if m == k else 2 for m in range(last + 1)])
    if thorough:
        standing = [name for name in names if name in counted]
        together = min(len(standing), MOST_STANDING)
        for some in islice(combinations(standing, together), MOST_PAIRS):
            for values in product(range(1, furthest + 1), repeat=together):
                at = dict(zip(some, values, strict=True))
                yield from choice([at.get(name, 2) for name in names], furthest)
        near = sorted({m + d for m in numbers for d in (-1, 0, 1) if m + d >= 1})
        for n in near:
            yield from choice([n] * len(names))
