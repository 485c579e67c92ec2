"""Points at which to attack: drawn to win, and such that the declared facts hold there.

`Points(problem, axes, letters, names, sizes, ...)` has a `world` of doubles; `exact(p)` is one of
its points with every number known to the working precision of mpmath.

Equations are solved for as many of the numbers as there are independent equations, by Newton's
method from the numbers drawn; inequalities are met by drawing until they are.

Imports evaluator, draws, worlds and floor 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import field
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from mpmath import mp, mpf
from sympy import Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.judge.attack import duals
from symderiv.judge.attack.arithmetic import Arithmetic, Balls, Floats
from symderiv.judge.attack.draws import FEW, STYLES, Draw
from symderiv.judge.attack.evaluator import Evaluator
from symderiv.judge.attack.ground import Beyond
from symderiv.judge.attack.worlds import World, size_at
from symderiv.judge.axes import Axes
from symderiv.judge.balls import Ball
from symderiv.records import dataclass
from symderiv.terms.derived import Derived
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Fact, Problem, name_of

Cell = tuple[str, tuple[int, ...]]  # a number: its array and its indices, from 0
SIGNS = {"StrictGreaterThan": 1, "GreaterThan": 1, "StrictLessThan": -1, "LessThan": -1}
OR_EQUAL = ("GreaterThan", "LessThan")
AT_ZERO = 0.1  # the share of what is declared not to be negative that is 0
SMALL = 6  # sizes up to which what was drawn is kept
GENERIC = 2  # the first two styles draw numbers of which none is special


@dataclass(eq=False)
class Points:
    """Points of one choice of sizes.

    `letters` are the free letters, `names` the arrays and scalars in the lines, `hints` numbers
    that stand in them.  `styles` says of each point how it was drawn.
    """

    problem: Problem
    axes: Axes
    letters: list[Symbol]
    names: frozenset[str]
    sizes: Mapping[str, int]
    count: int
    thorough: bool = False
    hints: tuple[float, ...] = ()
    seed: int = 0
    facts: tuple[Fact, ...] | None = None
    world: World = field(init=False)
    styles: Any = field(init=False)
    shares: frozenset[str] = field(init=False)
    _rows: Any = None  # the equations that were solved, among all
    _cells: list[Cell] = field(default_factory=list)  # the numbers they were solved for

    def __post_init__(self) -> None:
        facts = self.problem.facts if self.facts is None else self.facts
        self._equations = [f for f in facts if _kind(f) == "Equality" and not f.proved]
        self._conditions = [f for f in facts if _kind(f) != "Equality" and not f.proved]
        self.shares = frozenset(  # what equations are about: a reader expects shares of 1
            str(t.base.label) for f in self._equations for t in f.relation.atoms(Indexed)
        )
        wanted = self.count * (6 if self._conditions else 1)
        with np.errstate(all="ignore"):
            world = self._drawn(wanted)
            keep = np.arange(world.count)
            if self._equations:
                world, good = self._solved(world)
                keep = keep[good]
            if self._conditions:
                keep = keep[self._met(world)[keep]]
            keep = keep[: self.count]
            self.world = world if len(keep) == world.count else world.chosen(keep)
            if self._cells and len(keep) and not self._stands(0):  # exp(y) = 0 where it underflows
                keep = keep[[p for p in range(len(keep)) if self._stands(p)]]
                self.world = world.chosen(keep)
            self.styles = self._style[keep]

    # -- drawing -------------------------------------------------------------------------------

    def _drawn(self, count: int) -> World:
        seeds = (self.seed, *self.sizes.values())
        labels = tuple(
            (name, max(self._size(high), 1), self._shape(name))
            for name, high in self.axes.drawn(self.problem).items()
            if name in self.problem.labels
        )
        known = {name for name, _, _ in labels}
        arrays = tuple(
            (name, self._shape(name), Derived("inv", name).name in self.problem.shapes)
            for name in sorted(self.names)
            if name not in known and self.problem.definition(name) is None
        )
        few = max(self.sizes.values(), default=0) <= SMALL
        drawn = _drawn if few else _drawn.__wrapped__
        of_labels, of_arrays, state = drawn(seeds, count, self.thorough, self.hints, labels, arrays)
        self._style = np.arange(count) % len(_styles(self.thorough))
        random = np.random.default_rng(0)
        random.bit_generator.state = state
        world = World(
            self.sizes,
            count,
            self._indices(random, count),
            {name: table.copy() for name, table in of_labels.items()},
            {name: table.copy() for name, table in of_arrays.items()},
        )
        for fact in self._conditions:
            self._sign(fact, world, random)
        return world

    def _shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._size(high) for high in self.problem.shapes.get(name, ()))

    def _size(self, term: Basic) -> int:
        return size_at(term, self.sizes)

    def _high(self, letter: Symbol) -> int:
        size = self.axes.letters.get(letter)
        return self._size(size) if size is not None else max(self.sizes.values(), default=2)

    def _indices(self, random: np.random.Generator, count: int) -> dict[Symbol, Any]:
        """Every choice of indices, or many of them with equal ones among them."""
        if not self.letters:
            return {}
        highs = [max(self._high(s), 1) for s in self.letters]
        if math.prod(highs) <= count:
            choices = np.array(list(product(*(range(1, h + 1) for h in highs))), dtype=int)
            order = random.permutation(count) % max(len(choices), 1)
            table = choices.reshape(-1, len(highs))[order]
        else:
            table = np.stack([random.integers(1, h + 1, count) for h in highs], axis=1)
            for n in range(1, len(highs)):
                other = random.integers(0, n, count)
                same = (random.random(count) < 0.4) & (table[np.arange(count), other] <= highs[n])
                table[same, n] = table[same, other[same]]
        return {s: table[:, n] for n, s in enumerate(self.letters)}

    def _sign(self, fact: Fact, world: World, random: np.random.Generator) -> None:
        """Draw what is declared positive (or negative) by itself with its sign.

        What is not negative is 0 here and there.
        """
        left, right = fact.relation.args
        sign = SIGNS.get(_kind(fact), 0)
        if left == 0:
            left, right, sign = right, left, -sign
        name = name_of(left)
        if right != 0 or not sign or not isinstance(left, Indexed | Symbol):
            return
        table = world.arrays.get(name)
        if table is None:
            return
        cells = tuple(
            int(i) - 1 if getattr(i, "is_Integer", False) else slice(None)
            for i in getattr(left, "indices", ())
        )
        letters = [i for i in getattr(left, "indices", ()) if not i.is_Integer]
        if len(set(letters)) < len(letters) or any(
            isinstance(c, int) and c >= n for c, n in zip(cells, table.shape, strict=False)
        ):
            return
        part = np.abs(table[cells])
        if _kind(fact) in OR_EQUAL:
            table[cells] = sign * np.where(random.random(part.shape) < AT_ZERO, 0.0, part)
        else:
            table[cells] = sign * np.where(part == 0, 0.5, part)

    # -- facts ---------------------------------------------------------------------------------

    def _differences(self, facts: Iterable[Fact], world: World, arithmetic: Arithmetic) -> Any:
        """left − right of every fact at every value of its letters, shape (rows, points)."""
        evaluator = Evaluator(self.problem, world, arithmetic)
        rows = [np.zeros((0, world.count), dtype=object if arithmetic.exact else float)]
        for fact in facts:
            scope = evaluator.top
            shape = []
            for letter in sorted(free_letters(fact.relation), key=str):
                if letter.is_integer and letter.name not in self.sizes:
                    high = self._high(letter)
                    scope = scope.bound(letter, 1, high)
                    shape.append(high)
            left, right = (duals.plain(scope.value(t)) for t in fact.relation.args)
            value = np.asarray(left - right)
            whole = np.broadcast_to(value, (*reversed(shape), world.count))
            rows.append(whole.reshape(-1, world.count))
        return np.concatenate(rows)

    def _met(self, world: World) -> Any:
        """At which points do all inequalities hold?"""
        met = np.ones(world.count, dtype=bool)
        for fact in self._conditions:
            try:
                rows = self._differences([fact], world, Floats())
            except Beyond:
                continue
            holds = {
                "StrictGreaterThan": rows > 0, "GreaterThan": rows >= 0,
                "StrictLessThan": rows < 0, "LessThan": rows <= 0, "Unequality": rows != 0,
            }.get(_kind(fact))  # fmt: skip
            if holds is not None:
                met &= np.all(holds, axis=0)
        return met

    def _solved(self, world: World) -> tuple[World, Any]:
        """The world with its equations solved, and the points at which that went well."""
        names = sorted(
            frozenset().union(
                *(
                    Evaluator(self.problem, world, Floats()).names(f.relation)
                    for f in self._equations
                )
            )
            & world.arrays.keys()
        )
        cells = [(n, c) for n in names for c in np.ndindex(world.arrays[n].shape[:-1])]
        moving = np.zeros(world.count)  # how far the last step went
        residual = self._differences(self._equations, world, Floats())
        for _ in range(25):
            if self._rows is None:
                slopes = self._slopes(world, cells, residual)
                usual = np.argmax(np.sum(np.abs(np.nan_to_num(slopes)) > 1e-6, axis=(0, 1)))
                self._rows, columns = _pivots(slopes[..., usual])
                self._cells = [cells[c] for c in columns]
            rows = residual[self._rows]
            if not self._cells or np.nanmax(np.abs(rows), initial=0.0) == 0:
                moving = np.where(np.isfinite(rows).all(axis=0), 0.0, np.inf)
                break
            moving = np.zeros(world.count)
            slopes = self._slopes(world, self._cells, residual)[self._rows]
            steps = _quotients(slopes, rows)
            for (name, cell), step in zip(self._cells, steps, strict=True):
                table = world.arrays[name][cell]
                moved = table - step
                moving = np.maximum(moving, np.abs(step) / np.maximum(1.0, np.abs(moved)))
                near = np.round(moved * 1024) / 1024
                whole = np.abs(near - moved) < 1e-9 * np.maximum(1.0, np.abs(moved))
                world.arrays[name][cell] = np.where(whole, near, moved)
            residual = self._differences(self._equations, world, Floats())
        return world, np.all(np.abs(residual) <= 1e-9, axis=0) & (moving < 1e-6)

    def _slopes(self, world: World, cells: list[Cell], residual: Any) -> Any:
        """How every equation moves with every number: (rows, cells, points)."""
        columns = []
        for name, cell in cells:
            table = world.arrays[name]
            kept = table[cell].copy()
            step = np.maximum(1.0, np.abs(kept)) * 2.0**-20
            table[cell] = kept + step
            moved = self._differences(self._equations, world, Floats())
            table[cell] = kept
            columns.append((moved - residual) / step)
        return np.stack(columns, axis=1) if columns else np.zeros((len(residual), 0, world.count))

    # -- one point, to any precision -------------------------------------------------------------

    def exact(self, p: int) -> World:
        """One point, its numbers exact or to the working precision of mpmath."""
        world = self.world.chosen([p])
        arrays = {}
        for name, table in world.arrays.items():
            balls = np.empty(table.shape, dtype=object)
            for cell in np.ndindex(table.shape):
                balls[cell] = Ball(mpf(float(table[cell])))
            arrays[name] = balls
        exact = World(self.sizes, 1, world.letters, world.labels, arrays)
        if self._cells:
            self._polish(exact, world)
        return exact

    def _stands(self, p: int) -> bool:
        """Do the equations hold at a point when more digits are looked at?"""
        with mp.workdps(40):
            try:
                self.exact(p)
            except (Beyond, np.linalg.LinAlgError):
                return False
        return True

    def _polish(self, exact: World, near: World) -> None:
        """Newton's steps with the slopes of doubles until the equations hold to full precision."""
        with np.errstate(all="ignore"):
            residual = self._differences(self._equations, near, Floats())
            slopes = self._slopes(near, self._cells, residual)[self._rows, :, 0]
        inverse = np.linalg.pinv(slopes)
        for _ in range(6 + mp.dps // 5):
            rows = self._differences(self._equations, exact, Balls())[self._rows, 0]
            if all(not r.why and (abs(r.middle) <= r.error or r.middle == 0) for r in rows):
                return
            for n, (name, cell) in enumerate(self._cells):
                step = sum(
                    (mpf(float(inverse[n, m])) * r.middle for m, r in enumerate(rows)), mpf(0)
                )
                middle = exact.arrays[name][(*cell, 0)].middle - step
                error = abs(middle) * mp.eps * 16
                exact.arrays[name][(*cell, 0)] = Ball(middle, error)
        raise Beyond("a declared equation does not hold at this point")

    def shown(self, p: int, names: Iterable[str]) -> dict[str, str]:
        """The numbers of a point, by printed name."""
        found: dict[str, str] = {}
        for name in sorted(names):
            table = self.world.arrays.get(name)
            if table is None:
                continue
            for cell in np.ndindex(table.shape[:-1]):
                label = f"{name}[{','.join(str(c + 1) for c in cell)}]" if cell else name
                found[label] = _written(float(table[(*cell, p)]))
        return found

    def shown_labels(self, p: int, names: Iterable[str]) -> dict[str, int]:
        """The labels of a point, by printed name."""
        found: dict[str, int] = {}
        for name in sorted(set(names) & self.world.labels.keys()):
            table = self.world.labels[name]
            for cell in np.ndindex(table.shape[:-1]):
                found[f"{name}[{','.join(str(c + 1) for c in cell)}]"] = int(table[(*cell, p)])
        return found


def _kind(fact: Fact) -> str:
    return type(fact.relation).__name__


def _written(x: float) -> str:
    simple = Fraction(x).limit_denominator(1000)
    if float(simple) == x or abs(float(simple) - x) < 1e-12 * abs(x):
        return str(simple)
    exact = Fraction(x)
    return str(exact) if exact.denominator <= 2**20 else repr(x)


def _styles(thorough: bool) -> tuple[Draw, ...]:
    return (*STYLES, *FEW) if thorough else STYLES


@lru_cache(maxsize=128)
def _drawn(
    seeds: tuple[int, ...],
    count: int,
    thorough: bool,
    hints: tuple[float, ...],
    labels: tuple[tuple[str, int, tuple[int, ...]], ...],
    arrays: tuple[tuple[str, tuple[int, ...], bool], ...],
) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Labels and arrays at so many points, and how the drawing went on from there.

    A lemma has other letters than the line that cites it, and the same arrays of the same sizes.

    Parameters
    ----------
    labels : of each its name, its largest value and its shape
    arrays : of each its name, its shape, and whether its inverse is asked for
    """
    random = np.random.default_rng(list(seeds))
    styles = _styles(thorough)
    usual = np.arange(count) % len(styles)
    of_labels = {
        name: random.integers(1, high + 1, (*shape, count)) for name, high, shape in labels
    }
    for table in of_labels.values():  # some points with all labels alike
        alike = random.random(count) < 0.25
        table[..., alike] = table.reshape(-1, count)[:1, alike]
    of_arrays = {}
    for name, shape, regular in arrays:
        own = random.random(count) < 0.25  # drawn in a style of its own
        style = np.where(own, random.integers(0, len(styles), count), usual)
        numbers = np.empty((*shape, count))
        for n, draw in enumerate(styles):
            which = style == n
            numbers[..., which] = draw(random, (*shape, int(which.sum())), hints)
        if regular:
            _make_regular(numbers)
        of_arrays[name] = numbers
    return of_labels, of_arrays, random.bit_generator.state


def _pivots(matrix: Any) -> tuple[list[int], list[int]]:
    """Independent rows of a matrix, and a column to solve each for, the later ones first."""
    left = np.nan_to_num(np.array(matrix, dtype=float))
    rows: list[int] = []
    columns: list[int] = []
    for row in range(left.shape[0]):
        values = np.abs(left[row])
        values[columns] = 0
        if not values.size or values.max() < 1e-6:
            continue
        column = int(np.max(np.flatnonzero(values >= 0.5 * values.max())))
        rows.append(row)
        columns.append(column)
        pivot = left[row, column]
        for other in range(row + 1, left.shape[0]):
            left[other] = left[other] - left[row] * (left[other, column] / pivot)
    return rows, columns


def _quotients(slopes: Any, rows: Any) -> Any:
    """The step of Newton's method at every point: slopes (r, r, p), rows (r, p)."""
    matrices = np.moveaxis(np.nan_to_num(slopes), 2, 0)
    right = np.nan_to_num(np.moveaxis(rows, 1, 0))
    steps = np.einsum("pij,pj->pi", np.linalg.pinv(matrices), right)
    return np.moveaxis(steps, 0, 1)


def _make_regular(matrices: Any) -> None:
    """Square matrices [row, column, point], every other one made regular by its diagonal."""
    largest = np.abs(matrices[..., ::2]).max(axis=(0, 1))
    for n in range(len(matrices)):
        matrices[n, n, ::2] += len(matrices) * largest + 1
