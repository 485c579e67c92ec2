"""Points: sizes, labels and values, drawn as by somebody who wants to see a formula fail.

Gives `Facts` (declared assumptions, kept at every point) and `drawn` (one point, or None where
the facts could not be kept).  Sizes are small and often equal; values come in styles: plain
fractions, whole numbers with ties, zeros, negatives, ones far out.

Imports language and evaluator.  To add a style: a line in `STYLES`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

from mpmath import mpf

from tests.opponent.evaluator import Disputed, Evaluator, NoValue, Point
from tests.opponent.language import (
    LETTERS,
    Axes,
    Key,
    Text,
    binds,
    indices_of,
    name_of,
    parse_one,
    subscripting,
)


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
    "ties": one_of(-1, 0, 1, 1),
    "zeros": one_of(0, 0, 0, 1, -2),
    "mixed": lambda random: random.choice((fraction(-1.5, 2), one_of(0, 1, -1, 2)))(random),
    "far": lambda random: random.choice((far, fraction(-1.5, 2), one_of(0, 1)))(random),
}


class Facts:
    """Assumptions as texts: positivity, symmetry and equations are made true, others awaited."""

    def __init__(self, texts: tuple[str, ...], axes: Axes) -> None:
        self.trees: list[ast.Compare] = []
        self.positive: list[ast.expr] = []
        self.turned: dict[str, tuple[int, ...]] = {}
        self.equations: list[ast.Compare] = []
        for text in texts:
            tree = parse_one(text if set("<>") & set(text) else text.replace("=", "=="))
            assert isinstance(tree, ast.Compare)
            axes.walk(tree, {n: (id(tree), n) for n in own_letters(tree)}, {})
            left, right = tree.left, tree.comparators[0]
            if isinstance(tree.ops[0], ast.Gt | ast.GtE) and ast.unparse(right) == "0":
                self.positive.append(left)
            elif isinstance(left, ast.Subscript) and isinstance(right, ast.Subscript):
                names = [ast.unparse(i) for i in indices_of(left)]
                there = [ast.unparse(i) for i in indices_of(right)]
                self.turned[name_of(left.value)] = tuple(names.index(n) for n in there)
            elif isinstance(tree.ops[0], ast.Eq):
                self.equations.append(tree)
                continue
            self.trees.append(tree)

    def key(self, key: Key) -> Key:
        """A component and its mirror image are one."""
        order = self.turned.get(key[0])
        if order is None:
            return key
        return (key[0], *min(key[1:], tuple(key[1 + n] for n in order)))

    def forces(self, key: Key) -> bool:
        """Is that component declared positive?"""
        for term in self.positive:
            at = indices_of(term) if isinstance(term, ast.Subscript) else []
            name = name_of(term.value if isinstance(term, ast.Subscript) else term)
            if name != key[0]:
                continue
            seen: dict[str, int] = {}
            if all(
                i.value == n if isinstance(i, ast.Constant) else seen.setdefault(name_of(i), n) == n
                for i, n in zip(at, key[1:], strict=True)
            ):
                return True
        return False

    def made(self, evaluator: Evaluator) -> bool:
        """Make the equations true, if each has a component in which it is linear; do all hold?"""
        for tree in self.equations:
            for letters in valuations(tree, evaluator):
                if not solved(tree, evaluator, letters):
                    return False
        return all(
            evaluator.holds(tree, scope)
            for tree in self.trees
            for scope in valuations(tree, evaluator)
        )


Scope = Mapping[str, tuple[int, Key]]


def own_letters(tree: ast.expr) -> list[str]:
    """The letters of a fact that nothing binds: they stand for every value."""
    bound = {
        name_of(end.elts[0] if isinstance(end, ast.Tuple) else end)
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and binds(n)
        for end in n.args[1:]
    }
    return sorted(subscripting(tree) & LETTERS - bound)


def valuations(tree: ast.expr, evaluator: Evaluator) -> Iterator[Scope]:
    """Every value of the letters of a fact."""
    keys = {n: (id(tree), n) for n in own_letters(tree)}
    for numbers in product(*(range(1, evaluator.size(k) + 1) for k in keys.values())):
        yield {n: (i, keys[n]) for n, i in zip(keys, numbers, strict=True)}


def solved(tree: ast.Compare, evaluator: Evaluator, scope: Scope) -> bool:
    """Change one component so that both sides are equal, where one is found that is linear."""

    def gap() -> Any:
        evaluator.known.clear()
        return evaluator.value(tree.left, scope) - evaluator.value(tree.comparators[0], scope)

    values = evaluator.point.values
    gap()
    named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for key in [k for k in reversed(list(values)) if k[0] in named]:
        start, apart = values[key], gap()
        if abs(apart) < mpf(10) ** -90:
            return True
        try:
            values[key] = start + 1
            slope = gap() - apart
            values[key] = start + 2
            bent = gap() - apart - 2 * slope
            if slope != 0 and abs(bent) < mpf(10) ** -60:
                values[key] = start - apart / slope
                # what is left is a rounding error: the fact holds to the last digits
                if abs(gap()) < mpf(10) ** -90:
                    return True
        except (NoValue, Disputed):
            pass
        values[key] = start
    return False


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
