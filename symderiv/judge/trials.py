"""Exactly at sizes: both lines written out at sizes 1 to 4 and compared as polynomials.

`Trials(problem, before, after, chosen).exact()` gives the sizes at which the lines are exactly
equal, for every choice of indices and many of labels, equal sizes and different ones; or None.

Imports axes, sizes, exact and floor 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from random import Random
from typing import cast

import sympy
from sympy import Expr, Symbol

from symderiv.judge.axes import axes_of, symmetric
from symderiv.judge.exact import NotRational, is_exactly_zero
from symderiv.judge.sizes import Letters, TooLarge, World, choices, sizes_for
from symderiv.patience import Budget, budget
from symderiv.records import dataclass
from symderiv.terms.letters import letters_of
from symderiv.terms.problem import Fact, Problem, name_of

LARGEST = 4
MANY_CHOICES = 300
LABELLINGS = 6  # choices of label arrays at each size
PATIENCE = 5.0  # seconds; then nothing is said
EARLY = 0.2  # of them, after which it is seen how many it would take


@dataclass
class Case:
    """Both sides written out in one world at one choice of indices."""

    world: World
    left: Expr
    right: Expr
    solved: dict[Symbol, Expr]
    zero: list[Expr]  # what is 0 by the declared equations, where it was not solved
    whole: bool  # were all choices of indices taken?


class Trials:
    """Two lines, tried at sizes 1 to 4 and at the chosen one."""

    def __init__(
        self, problem: Problem, before: Expr, after: Expr, chosen: Mapping[str, int]
    ) -> None:
        self.problem = problem
        self.before, self.after = before, after
        self.chosen = chosen
        self.patience = PATIENCE
        self.facts = problem.facts  # those taken to hold; fewer can be set
        stages = [t for s in problem.stages for t in (s.body, s.quantity)]
        facts = [t for f in problem.facts for t in f.relation.args]
        bodies = [s.body for s in problem.stages]
        self.alike = all(map(symmetric, [before, after, *bodies, *facts]))
        self.axes = axes_of(problem, [before, after, *stages, *facts])
        own = {s for s in letters_of([before, after]) if s.is_integer}
        named = {s for s in letters_of(stages) if s.name in problem.labels}
        sizes = self.axes.sizes
        self.free = sorted((s for s in own | named if s.name not in sizes), key=str)

    def exact(self) -> tuple[int, ...] | None:
        """The sizes at which the lines are equal as rational functions, None if not at all."""
        sizes: dict[int, bool] = {}  # is there a world of that size in which the facts hold?
        work = budget(self.patience)
        try:
            every = self._count()
            for done, case in enumerate(self._cases(work)):
                used = self.patience - work.left
                if used > EARLY * self.patience and used * every > 2 * self.patience * (done + 1):
                    return None  # the cases that are left are of larger sizes, and take longer
                least = min(case.world.sizes.values(), default=1)
                possible = not any(e.is_number for e in case.zero)  # what is left is not 0
                sizes[least] = sizes.get(least, False) or possible
                if not possible:
                    continue
                if not case.whole:
                    return None
                difference = sympy.Add(case.left, -case.right)
                left_over = difference.xreplace(case.solved)
                if left_over != 0 and not is_exactly_zero(left_over, case.zero, case.world.budget):
                    return None
        except (NotRational, TooLarge, RecursionError, ValueError, TypeError, AttributeError):
            return None
        return tuple(sorted(sizes)) if all(sizes.values()) else None

    # -- cases -----------------------------------------------------------------------------

    def _count(self) -> int:
        """How many cases there are."""
        return sum(
            len([*self._labellings(sizes)]) * len([*self._choices(sizes)])
            for sizes in self._sizes()
        )

    def _choices(self, sizes: Mapping[str, int]) -> Iterator[tuple[Letters, bool]]:
        return choices(self.problem, self.axes, sizes, self.free, MANY_CHOICES, self.alike)

    def _cases(self, work: Budget) -> Iterator[Case]:
        for world in self._worlds(work):
            solved, zero = self._solved(world)
            for letters, whole in self._choices(world.sizes):
                left = world.plain(self.before, letters)
                right = world.plain(self.after, letters)
                yield Case(world, left, right, solved, zero, whole)

    def _worlds(self, work: Budget) -> Iterator[World]:
        positive = frozenset(self._positive())
        for sizes in self._sizes():
            for labels in self._labellings(sizes):
                yield World(self.problem, sizes, labels, positive, budget=work)

    def _sizes(self) -> Iterator[dict[str, int]]:
        seen = set()
        chosen = max(self.chosen.values(), default=0)
        for least in [*range(1, LARGEST + 1), *([chosen] if chosen > LARGEST else [])]:
            for order in ("alike", "rising", "falling"):
                sizes = sizes_for(self.axes, least, self.chosen, order)
                key = tuple(sizes.items())
                if key not in seen:
                    seen.add(key)
                    yield sizes

    def _positive(self) -> Iterator[str]:
        """What is declared positive: a scalar, a component, or an array with all of them."""
        for fact in self.facts:
            left, right = fact.relation.args
            if type(fact.relation).__name__ == "StrictGreaterThan" and right == 0:
                indices = getattr(left, "indices", ())
                letters = [i for i in indices if isinstance(i, Symbol)]
                if len(set(letters)) == len(indices):
                    yield name_of(left)
                elif not letters:
                    yield f"{name_of(left)}[{','.join(map(str, indices))}]"

    def _labellings(
        self, sizes: Mapping[str, int]
    ) -> Iterator[dict[tuple[str, tuple[int, ...]], int]]:
        """Values for the components of label arrays: all choices, or some of them."""
        world = World(self.problem, sizes)
        cells: list[tuple[str, tuple[int, ...]]] = []
        tops: list[int] = []
        for name, high in self.axes.drawn(self.problem).items():
            shape = self.problem.shapes.get(name, ())
            for index in product(*(range(1, world.index(s, {}) + 1) for s in shape)):
                cells.append((name, index))
                tops.append(world.index(high, {}))
        every = list(islice(product(*(range(1, top + 1) for top in tops)), 200))
        random = Random(5)
        if len(every) > LABELLINGS:
            ones, last = tuple(1 for _ in tops), tuple(tops)
            drawn = [tuple(random.randint(1, top) for top in tops) for _ in range(LABELLINGS - 2)]
            every = [ones, last, *drawn]
        for values in every:
            yield dict(zip(cells, values, strict=True))

    # -- facts -----------------------------------------------------------------------------

    def _solved(self, world: World) -> tuple[dict[Symbol, Expr], list[Expr]]:
        """Declared equations at every value of their letters, each solved for one symbol.

        Those that cannot be are given as they are.
        """
        solved: dict[Symbol, Expr] = {}
        left: list[Expr] = []
        for fact in self.facts:
            if type(fact.relation).__name__ == "Equality":
                for equation in self._instances(world, fact):
                    equation = sympy.expand(equation.xreplace(solved))
                    for symbol in sorted(equation.free_symbols, key=str, reverse=True):
                        slope = equation.coeff(symbol, 1)
                        rest = equation - slope * symbol
                        if slope == 0 or rest.has(symbol):
                            continue
                        # a slope that is no number is not 0 where slope * symbol is not
                        if slope.is_Rational or (rest.is_Rational and rest != 0):
                            solution = sympy.expand(-rest / slope)
                            solved = {s: e.xreplace({symbol: solution}) for s, e in solved.items()}
                            solved[cast(Symbol, symbol)] = solution
                            break
                    else:
                        left.append(equation)
        return solved, [e for e in (x.xreplace(solved) for x in left) if e != 0]

    def _instances(self, world: World, fact: Fact) -> Iterator[Expr]:
        free = [
            s
            for s in sorted(letters_of(fact.relation.args), key=str)
            if s.is_integer and s.name not in world.sizes
        ]
        for letters, _ in choices(self.problem, self.axes, world.sizes, free, 64):
            left, right = (world.plain(t, letters) for t in fact.relation.args)
            yield sympy.Add(left, -right)
