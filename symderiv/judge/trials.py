"""Trials at concrete sizes: a counterexample, an exact check, or digits.

`Trials(problem, before, after, chosen)` gives

    counterexample()   the smallest size and nicest point found at which two lines differ, or None
    exact()            the sizes at which the lines are exactly equal, or None
    digits()           the number of points at which they agree to 40 digits of 50, or None

Imports axes, sizes, exact, digits and floor 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from random import Random
from time import monotonic
from typing import Any, cast

import sympy
from mpmath import mp, mpf
from sympy import Expr, Symbol

from symderiv.judge.axes import axes_of, symmetric
from symderiv.judge.digits import Outside, Point, value
from symderiv.judge.digits import points as drawn
from symderiv.judge.exact import NotRational, is_exactly_zero
from symderiv.judge.sizes import Letters, Positive, TooLarge, World, choices, sizes_for
from symderiv.terms.letters import letters_of
from symderiv.terms.problem import Fact, Problem, name_of
from symderiv.terms.verdict import Counterexample

LARGEST = 4
FEW_CHOICES, MANY_CHOICES = 30, 300
QUICK = (0, 1, 2)  # the draws of digits.DRAWS that a first look takes
ALL = (0, 1, 2, 3, 4, 5, 6)
AGREE = mpf(10) ** -40
PATIENCE = 8.0  # seconds for each of the three questions; then the line is undecided


@dataclass
class Case:
    """Both sides written out in one world at one choice of indices."""

    world: World
    letters: Letters
    left: Expr
    right: Expr
    solved: dict[Symbol, Expr]
    conditions: list[Expr]  # declared to be positive
    whole: bool  # were all choices of indices taken?


class Trials:
    """Two lines, tried at sizes 1 to 4 and at the chosen one."""

    def __init__(
        self, problem: Problem, before: Expr, after: Expr, chosen: Mapping[str, int]
    ) -> None:
        self.problem = problem
        self.before, self.after = before, after
        self.chosen = chosen
        self.facts = problem.facts  # those taken to hold; fewer can be set
        self.trouble = ""  # why nothing could be said
        stages = [t for s in problem.stages for t in (s.body, s.quantity)]
        facts = [t for f in problem.facts for t in f.relation.args]
        bodies = [s.body for s in problem.stages]
        self.alike = all(map(symmetric, [before, after, *bodies, *facts]))
        self.axes = axes_of(problem, [before, after, *stages, *facts])
        own = {s for s in letters_of([before, after]) if s.is_integer}
        named = {s for s in letters_of(stages) if s.name in problem.labels}
        sizes = self.axes.sizes
        self.free = sorted((s for s in own | named if s.name not in sizes), key=str)
        self.positive = frozenset(
            name_of(f.relation.args[0])
            for f in problem.facts
            if type(f.relation).__name__ == "StrictGreaterThan" and f.relation.args[1] == 0
        )

    # -- the three questions ---------------------------------------------------------------

    def counterexample(self, draws: tuple[int, ...] = QUICK) -> Counterexample | None:
        """A point at which the two lines differ, at the smallest size that shows one."""
        for case in self.cases(3, FEW_CHOICES):
            if case.left == case.right:
                continue
            for point in self.points(case, draws):
                found = self._difference(case, point)
                if found is not None:
                    return found
        return None

    def exact(self) -> tuple[int, ...] | None:
        """The sizes at which the lines are equal as rational functions, None if not at all."""
        sizes: set[int] = set()
        try:
            for case in self.cases(LARGEST, MANY_CHOICES, quiet=False):
                if not case.whole:
                    return None
                difference = sympy.Add(case.left, -case.right)
                if difference != 0 and not is_exactly_zero(difference.xreplace(case.solved)):
                    return None
                sizes.add(self._least(case))
        except (NotRational, TooLarge, RecursionError) as error:
            self.trouble = str(error)
            return None
        return tuple(sorted(sizes))

    def digits(self) -> int | Counterexample | None:
        """At how many points the lines agree; None where too few could be evaluated.

        A condition in one of the lines only must have been met and not met, or nothing is said.
        """
        count = 0
        outcomes: dict[Any, set[bool]] = {}
        for case in self.cases(3, FEW_CHOICES):
            conditions = case.left.atoms(Positive) ^ case.right.atoms(Positive)
            for point in self.points(case, ALL):
                found = self._difference(case, point)
                if isinstance(found, Counterexample):
                    return found
                count += self._evaluated
                for condition in conditions if self._evaluated else ():
                    with suppress(Outside):
                        outcomes.setdefault(condition, set()).add(value(condition, point, {}) > 0)
        if any(len(seen) < 2 for seen in outcomes.values()):
            self.trouble = "a condition was always met, or never, at the points tried"
            return None
        return count if count >= 20 else None

    # -- cases -----------------------------------------------------------------------------

    def cases(self, largest: int, most: int, quiet: bool = True) -> Iterator[Case]:
        end = monotonic() + PATIENCE
        for world in self._worlds(largest):
            try:
                solved = self._solved(world)
                conditions = self._conditions(world)
                for letters, whole in choices(
                    self.problem, self.axes, world.sizes, self.free, most, self.alike
                ):
                    if monotonic() > end:
                        raise TooLarge("it takes too long to write out")
                    left = world.plain(self.before, letters)
                    right = world.plain(self.after, letters)
                    yield Case(world, letters, left, right, solved, conditions, whole)
            except (TooLarge, ValueError, TypeError, AttributeError, RecursionError) as error:
                self.trouble = str(error)
                if not quiet:
                    raise TooLarge(str(error)) from None

    def _worlds(self, largest: int) -> Iterator[World]:
        seen = set()
        chosen = max(self.chosen.values(), default=0)
        for least in [*range(1, largest + 1), *([chosen] if chosen > largest else [])]:
            for falling in (False, True):
                sizes = sizes_for(self.axes, least, self.chosen, falling)
                key = tuple(sizes.items())
                if key not in seen:
                    seen.add(key)
                    yield World(self.problem, sizes, self._labels(sizes), self.positive)

    def _labels(self, sizes: Mapping[str, int]) -> dict[tuple[str, tuple[int, ...]], int]:
        """Values for the components of label arrays."""
        random = Random(5)
        world = World(self.problem, sizes)
        values = {}
        for name, high in self.axes.labels.items():
            top = world.index(high, {})
            shape = self.problem.shapes.get(name, ())
            for index in product(*(range(1, world.index(s, {}) + 1) for s in shape)):
                values[name, index] = random.randint(1, top)
        return values

    def _least(self, case: Case) -> int:
        return min(case.world.sizes.values(), default=1)

    # -- facts -----------------------------------------------------------------------------

    def _solved(self, world: World) -> dict[Symbol, Expr]:
        """Declared equations at every value of their letters, each solved for one symbol."""
        solved: dict[Symbol, Expr] = {}
        for fact in self.facts:
            if type(fact.relation).__name__ == "Equality":
                for equation in self._instances(world, fact):
                    equation = sympy.expand(equation.xreplace(solved))
                    for symbol in sorted(equation.free_symbols, key=str, reverse=True):
                        slope = equation.coeff(symbol, 1)
                        rest = equation - slope * symbol
                        if slope.is_Rational and slope != 0 and not rest.has(symbol):
                            solution = sympy.expand(-rest / slope)
                            solved = {s: e.xreplace({symbol: solution}) for s, e in solved.items()}
                            solved[cast(Symbol, symbol)] = solution
                            break
                    else:
                        if equation != 0:
                            self.trouble = "a declared equation that could not be solved"
        return solved

    def _instances(self, world: World, fact: Fact) -> Iterator[Expr]:
        free = [
            s
            for s in sorted(letters_of(fact.relation.args), key=str)
            if s.is_integer and s.name not in world.sizes
        ]
        for letters, _ in choices(self.problem, self.axes, world.sizes, free, 64):
            left, right = (world.plain(t, letters) for t in fact.relation.args)
            yield sympy.Add(left, -right)

    def _conditions(self, world: World) -> list[Expr]:
        """Declared inequalities at every value of their letters, as what is then positive."""
        found: list[Expr] = []
        for fact in self.facts:
            name = type(fact.relation).__name__
            sign = {"StrictGreaterThan": 1, "GreaterThan": 1, "StrictLessThan": -1, "LessThan": -1}
            if name in sign:
                found += (sign[name] * difference for difference in self._instances(world, fact))
        return [c for c in found if not c.is_positive]

    # -- points ----------------------------------------------------------------------------

    def points(self, case: Case, draws: tuple[int, ...]) -> Iterator[Point]:
        used = case.left.free_symbols | case.right.free_symbols
        for solution in case.solved.values():
            used |= solution.free_symbols
        used |= case.solved.keys()
        for condition in case.conditions:
            used |= condition.free_symbols
        symbols = sorted((cast(Symbol, s) for s in used), key=lambda s: s.name)
        rounds = 6 if self.alike or not case.world.sizes else 2
        for _ in range(4 * rounds if case.conditions else rounds):  # some points do not meet them
            self._seed += 1
            for point in drawn(symbols, case.solved, draws, self._seed):
                if all(_is_met(condition, point) for condition in case.conditions):
                    yield point

    _evaluated = 0
    _seed = 0

    def _difference(self, case: Case, point: Point) -> Counterexample | None:
        """The two values where they differ at this point.

        A difference that is only rounding shrinks when there are more digits; a true one stays.
        """
        self._evaluated = 0
        before = None
        for places in (60, 240, 900):
            with mp.workdps(places):
                memo: dict[Expr, Any] = {}
                try:
                    left = value(case.left, point, memo)
                    right = value(case.right, point, memo)
                except Outside as error:
                    self.trouble = self.trouble or str(error)
                    return None
                self._evaluated = 1
                difference = left - right
                scale = max(abs(left), abs(right))
                if abs(difference) <= AGREE * scale:
                    return None
                if before is not None and abs(difference - before) <= abs(difference) / 1000:
                    close = mp.log10(max(abs(left), abs(right)) / abs(left - right))
                    places = max(12, int(close) + 4)  # so many that the two look different
                    return self.shown(case, point, mp.nstr(left, places), mp.nstr(right, places))
                before = difference
        return None

    def shown(self, case: Case, point: Point, left: str, right: str) -> Counterexample:
        """The point as a counterexample, with both values."""
        used = case.left.free_symbols | case.right.free_symbols
        return Counterexample(
            sizes=dict(case.world.sizes),
            indices={s.name: n for s, n in case.letters.items()},
            point={s.name: str(n) for s, n in point.items() if s in used},
            left=left,
            right=right,
        )


def _is_met(condition: Expr, point: Point) -> bool:
    """Is a condition met at a point, so far as it has a value there?"""
    with mp.workdps(60), suppress(Outside):
        return bool(value(condition, point, {}) > 0)
    return False
