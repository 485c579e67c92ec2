"""Points at which to attack: drawn to win, and such that the declared facts hold there.

`Points(problem, axes, wanted, count)` has a `world` of doubles; `exact(p)` is one of
its points with every number known to the working precision of mpmath.

Equations are solved for as many of the numbers as there are independent equations, by Newton's
method from the numbers drawn; inequalities are met by drawing until they are.

Imports values, draws, drawing, worlds and floor 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from fractions import Fraction
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from mpmath import mp, mpf
from sympy import Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.judge.attack import duals
from symderiv.judge.attack.arithmetic import Arithmetic, Balls, Floats
from symderiv.judge.attack.drawing import Asked, drawn
from symderiv.judge.attack.draws import Dice
from symderiv.judge.attack.ground import Beyond
from symderiv.judge.attack.values import COMPARED, Evaluator
from symderiv.judge.attack.worlds import World
from symderiv.judge.axes import Axes
from symderiv.judge.balls import Ball
from symderiv.records import dataclass
from symderiv.terms.derived import Derived
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Fact, Problem, name_of
from symderiv.terms.sizes import size_at

Cell = tuple[str, tuple[int, ...]]  # a number: its array and its indices, from 0
SIGNS = {"StrictGreaterThan": 1, "GreaterThan": 1, "StrictLessThan": -1, "LessThan": -1}
OR_EQUAL = ("GreaterThan", "LessThan")
AT_ZERO = 0.1  # the share of what is declared not to be negative that is 0
TOGETHER = 4096  # points at which equations are evaluated side by side
GENERIC = 2  # the first two styles draw numbers of which none is special


class Wanted(NamedTuple):
    """What points are for.

    Attributes
    ----------
    letters, names : the free letters, and the arrays and scalars, in the lines
    chosen : the sizes of the axes, by name
    hints : numbers that stand in the lines
    thorough : are they drawn in all styles?
    facts : what holds there, all facts of the problem where None
    """

    letters: tuple[Symbol, ...]
    names: frozenset[str]
    chosen: tuple[tuple[str, int], ...]
    hints: tuple[float, ...] = ()
    thorough: bool = False
    facts: tuple[Fact, ...] | None = None


@dataclass(eq=False)
class Points:
    """Points of one choice of sizes; `styles` says of each how it was drawn."""

    problem: Problem
    axes: Axes
    wanted: Wanted
    count: int
    sizes: Mapping[str, int] = field(init=False)
    world: World = field(init=False)
    styles: Any = field(init=False)
    shares: frozenset[str] = field(init=False)
    _rows: Any = None  # the equations that were solved, among all
    _cells: list[Cell] = field(default_factory=list)  # the numbers they were solved for

    def __post_init__(self) -> None:
        self.sizes = dict(self.wanted.chosen)
        facts = self.problem.facts if self.wanted.facts is None else self.wanted.facts
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
        high = self.axes.drawn(self.problem)
        labels = {
            name: (self._size(high[name]), self._shape(name))
            for name in high
            if name in self.problem.labels
        }
        arrays = {
            name: (self._shape(name), Derived("inv", name).name in self.problem.shapes)
            for name in sorted(self.wanted.names - labels.keys())
            if self.problem.definition(name) is None
        }
        letters, thorough, hints = self.wanted.letters, self.wanted.thorough, self.wanted.hints
        seed, ends = (0, *self.sizes.values()), tuple(map(self._high, letters))
        asked = tuple(labels.values()), tuple(arrays.values())
        found = drawn(Asked(seed, count, ends, *asked, thorough, hints))
        self._style = found.styles
        indices = dict(zip(letters, found.indices, strict=True))
        own = dict(zip(arrays, found.arrays, strict=True))
        if self._conditions or self._equations:  # which move the numbers
            own = {name: table.copy() for name, table in own.items()}
        world = World(self.sizes, count, indices, dict(zip(labels, found.labels, strict=True)), own)
        if self._conditions:
            dice = Dice("signs", *seed)
            for fact in self._conditions:
                self._sign(fact, world, dice)
        return world

    def _shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._size(high) for high in self.problem.shapes.get(name, ()))

    def _size(self, term: Basic) -> int:
        return size_at(term, self.sizes)

    def _high(self, letter: Symbol) -> int:
        size = self.axes.letters.get(letter)
        return self._size(size) if size is not None else max(self.sizes.values(), default=2)

    def _sign(self, fact: Fact, world: World, dice: Dice) -> None:
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
            table[cells] = sign * np.where(dice.random(part.shape) < AT_ZERO, 0.0, part)
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
            for letter in sorted(free_letters(fact.relation), key=attrgetter("name")):
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
            met &= np.all(COMPARED[_kind(fact)](rows, 0), axis=0)
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
            slopes = None
            if self._rows is None:
                slopes = self._slopes(world, cells, residual)
                usual = np.argmax(np.sum(np.abs(np.nan_to_num(slopes)) > 1e-6, axis=(0, 1)))
                self._rows, columns = _pivots(slopes[..., usual])
                self._cells, slopes = [cells[c] for c in columns], slopes[:, columns]
            rows = residual[self._rows]
            if not self._cells or np.nanmax(np.abs(rows), initial=0.0) == 0:
                moving = np.where(np.isfinite(rows).all(axis=0), 0.0, np.inf)
                break
            moving = np.zeros(world.count)
            if slopes is None:
                slopes = self._slopes(world, self._cells, residual)
            steps = _quotients(slopes[self._rows], rows)
            for (name, cell), step in zip(self._cells, steps, strict=True):
                table = world.arrays[name][cell]
                moved = table - step
                moving = np.maximum(moving, np.abs(step) / np.maximum(1.0, np.abs(moved)))
                near = np.round(moved * 1024) / 1024
                whole = np.abs(near - moved) < 1e-9 * np.maximum(1.0, np.abs(moved))
                world.arrays[name][cell] = np.where(whole, near, moved)
            before, residual = residual, self._differences(self._equations, world, Floats())
            if np.array_equal(residual, before, equal_nan=True):  # what is left is rounding
                break
        return world, np.all(np.abs(residual) <= 1e-9, axis=0) & (moving < 1e-6)

    def _slopes(self, world: World, cells: list[Cell], residual: Any) -> Any:
        """How every equation moves with every number: (rows, cells, points)."""
        count, some = world.count, max(1, TOGETHER // max(1, world.count))
        columns = [np.zeros((len(residual), 0, count))]
        for start in range(0, len(cells), some):
            moving = cells[start : start + some]
            beside = world.chosen(np.tile(np.arange(count), len(moving)))  # each moves one number
            steps = []
            for n, (name, cell) in enumerate(moving):
                number = beside.arrays[name][cell][n * count : (n + 1) * count]
                steps.append(np.maximum(1.0, np.abs(number)) * 2.0**-20)
                number += steps[-1]
            moved = self._differences(self._equations, beside, Floats())
            moved = moved.reshape(len(residual), len(moving), count)
            columns.append((moved - residual[:, None]) / np.stack(steps))
        return np.concatenate(columns, axis=1)

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
