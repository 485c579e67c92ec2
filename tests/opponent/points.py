"""Points: sizes, labels and values, drawn as by somebody who wants to see a formula fail.

Gives `drawn` (one point, or None where the facts could not be kept) and `Place` (what is laid down
of one).  Sizes are small and often equal; values come in styles: plain
fractions, whole numbers with ties, zeros, negatives, ones far out.

Imports facts and what is below it.  To add a style: a line in `STYLES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from mpmath import mpf

from tests.opponent.arithmetic import Disputed, NoValue
from tests.opponent.axes import Axes
from tests.opponent.evaluator import Evaluator, Point
from tests.opponent.facts import Facts
from tests.opponent.language import Key, Text


def fraction(low: float, high: float) -> Callable[[Random], Any]:
    """A fraction that no formula holds by chance."""
    return lambda random: (
        mpf(random.randint(int(low * 1024), int(high * 1024))) / 1024 + (mpf(1) / 3000)
    )


def one_of(*values: float) -> Callable[[Random], Any]:
    return lambda random: mpf(random.choice(values))


def far(random: Random) -> Any:
    return random.choice((1, -1)) * mpf(random.choice((700, 1500, 10**5, 10**8))) + fraction(0, 1)(
        random
    )


STYLES: dict[str, Callable[[Random], Any]] = {
    "plain": fraction(-1.5, 2),
    "positive": fraction(0, 2),
    "negative": fraction(-2, -0.001),
    "whole": one_of(-3, -2, -1, 1, 2, 3),
    "halves": one_of(-3, -2, -1, -0.5, 0.5, 1.5, 2),
    "ties": one_of(-1, 0, 1, 1),
    "zeros": one_of(0, 0, 0, 1, -2),
    "mixed": lambda random: random.choice((fraction(-1.5, 2), one_of(0, 1, -1, 2)))(random),
    "far": lambda random: random.choice((far, fraction(-1.5, 2), one_of(0, 1)))(random),
}


@dataclass(frozen=True)
class Place:
    """What is laid down of a point: its style, sizes by name, values, letters and labels."""

    style: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[Key, float] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)


def drawn(
    text: Text,
    axes: Axes,
    random: Random,
    facts: Facts | None = None,
    place: Place | None = None,
) -> Point | None:
    """A point, or None where the facts do not hold at it."""
    laid = place or Place()
    sizes, values, letters = laid.sizes, laid.values, laid.letters
    draw = STYLES[laid.style or random.choice(sorted(STYLES))]
    equal = random.choice((None, None, 1, 2, 3, 4))
    chosen: dict[Key, int] = {}

    def size(key: Key) -> int:
        root = axes.find(key)
        if isinstance(root[1], int):
            return root[1]
        if root not in chosen:
            wanted = sizes.get(root[1]) if root[0] == "size" else None
            chosen[root] = wanted or equal or random.randint(1, 4)
        return chosen[root]

    for key in list(axes.parents):
        size(key)
    whole = {
        name: letters.get(name) or random.randint(1, size(("free", name)))
        for name in sorted((axes.free | axes.labels) - axes.arrays)
    }
    declared = facts or Facts((), axes)

    def value(key: Key) -> Any:
        same = declared.key(key)
        if same != key:
            return point.at(same)
        if key[0] in axes.labels:
            return random.randint(1, size(("label", key[0])))
        number = draw(random)
        if declared.forces(key):
            return abs(number) if number else mpf(random.randint(1, 5)) / 2
        return number

    point = Point(chosen, whole, {k: mpf(v) for k, v in values.items()}, value)
    if declared.trees or declared.equations:
        try:
            if not declared.made(Evaluator(text, axes, point)):
                return None
        except (NoValue, Disputed):
            return None
    return point
