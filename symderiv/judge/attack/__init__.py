"""The attack: an evaluator that tries to break a line, and shares nothing with the normal form.

    Attack(problem, chosen).on(before, after)                 what a step is tried with
    Attack(problem, chosen).on(before, after, thorough=True)  what a claim is tried with

It gives a `Finding`: a counterexample, or at how many points the two sides agree and where they
have no value.  Doubles raise suspicion; a refutation rests on numbers with bounds on their errors.

A line that is proved by normal forms must survive this too (`judge/__init__`).

Imports looks, points, values and what is below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, islice
from typing import Any, cast

import numpy as np
import sympy
from sympy import Expr
from sympy.core.basic import Basic

from symderiv.judge.attack.arithmetic import Floats
from symderiv.judge.attack.ground import Beyond
from symderiv.judge.attack.looks import Finding, Ground
from symderiv.judge.attack.looks import Look as _Look
from symderiv.judge.attack.matrices import LARGEST
from symderiv.judge.attack.points import OR_EQUAL, Points, Wanted
from symderiv.judge.attack.values import Evaluator
from symderiv.judge.attack.worlds import sizes_tried
from symderiv.judge.axes import Axes, axes_of
from symderiv.judge.counting import FURTHEST, standing
from symderiv.terms import subterms
from symderiv.terms.contents import contents
from symderiv.terms.derived import derived
from symderiv.terms.letters import letters_of
from symderiv.terms.problem import Fact, Problem
from symderiv.terms.verdict import ENOUGH

__all__ = ["Attack", "Finding"]

COUNT = {False: 36, True: 170}
BOUNDED = 3  # up to this size what is declared is also tried with its >= as =
MANY = 20  # sizes beyond it are tried at so few points, a step at enough to be passed by them
FEW_POINTS = {False: ENOUGH + 8, True: 16}


class Attack:
    """Tries lines of one problem at points that are drawn to win."""

    def __init__(self, problem: Problem, chosen: Mapping[str, int]) -> None:
        self.problem, self.chosen = problem, chosen
        self._grounds: dict[tuple[Any, ...], list[Ground | None]] = {}
        self._worlds: dict[Wanted, Ground | None] = {}
        self._given = [t for s in problem.stages for t in (s.body, s.quantity)]
        self._given += [t for f in problem.facts for t in f.relation.args]
        self._given += [problem.function, *problem.wrt]
        self._stages = {s.name for s in problem.stages}
        self._axes = axes_of(problem, self._given)
        labels = {s for s in letters_of(self._given) if s.name in problem.labels}
        self._letters = frozenset(problem.ranges) | labels
        self._bounds = _bounds(problem.facts)
        self._names = self._named(self._given, frozenset())

    # -- the question ----------------------------------------------------------------------------

    def on(
        self,
        before: Expr,
        after: Expr,
        thorough: bool = False,
        function: Expr | None = None,
        doubted: bool = True,
        enough: int | None = None,
    ) -> Finding:
        """What is found against `before = after`.

        `function`: where it is not real, nothing is missed if the right side is not real either.
        `doubted`: is there no proof?  Then agreement is looked at to many digits.  `enough`: after
        how many points at several sizes no more are tried; all are where None.
        """
        look = _Look(self.problem, before, after, function, thorough, doubted)
        finding = look.finding
        for ground in self._on(before, after, thorough):
            if look.budget.spent:
                finding.trouble = "it takes too long to try more points"
                break
            known = finding.points
            look.at(ground)
            if all(n > 1 or name in self.chosen for name, n in ground.points.sizes.items()):
                finding.several += finding.points - known
            if look.settled or (enough is not None and look.agrees(enough)):
                break
        look.finish()
        if not finding.points and finding.counterexample is None and not finding.trouble:
            finding.trouble = self._why_none(before, after)
        return finding

    def _named(self, terms: Iterable[Basic], known: frozenset[str]) -> frozenset[str]:
        """The arrays and scalars known and in these terms, which are given and have to be drawn."""
        new = frozenset[str]().union(*(contents(t).names for t in terms)) - known - self._stages
        return known.union(name for name in new if derived(name) is None) if new else known

    # -- points ----------------------------------------------------------------------------------

    def _on(self, before: Expr, after: Expr, thorough: bool) -> Iterator[Ground]:
        axes, letters = self._axes, self._letters
        more = [s for s in letters_of([before, after]) - letters if s.is_integer]
        if any(s.name not in axes.sizes for s in more):
            axes = axes_of(self.problem, [before, after, *self._given])
            letters = letters.union(s for s in more if s.name not in axes.sizes)
        names = self._named((before, after), self._names)
        hints, whole = _numbers([before, after]) if thorough else ((), frozenset())
        equations = any(type(f.relation).__name__ == "Equality" for f in self.problem.facts)
        counted: frozenset[str] = frozenset()
        if thorough:
            lines = (before, after, *(s.body for s in self.problem.stages))
            counted = frozenset().union(*(standing(self.problem, axes, t) for t in lines))
        least = self.problem.least_sizes(before, after)  # z_3 presumes K >= 3
        key = (letters, names, hints, thorough, counted, *least.items())
        known = self._grounds.setdefault(key, [])
        yield from (ground for ground in known if ground is not None)
        free = (s for s in letters if s.name not in axes.sizes)
        listed = tuple(sorted(free, key=lambda s: s.name))
        largest = LARGEST if equations or self.problem.inverts else 1001
        furthest = largest if self.problem.inverts else FURTHEST + 2
        sizes = sizes_tried(axes, self.chosen, thorough, whole, largest, counted, furthest)
        bounds = self._bounds if thorough else []
        worlds = (
            (choice, facts)
            for choice in sizes
            for facts in (None, *(bounds if max(choice.values(), default=0) <= BOUNDED else ()))
        )
        for choice, facts in islice(worlds, len(known), None):
            large = {n: self.chosen.get(n, max(k, least.get(n, 1))) for n, k in choice.items()}
            sized = tuple(large.items())
            made = self._ground(axes, Wanted(listed, names, sized, hints, thorough, facts))
            known.append(made)
            if made is not None:
                yield made

    def _ground(self, axes: Axes, wanted: Wanted) -> Ground | None:
        if axes is not self._axes:
            return self._made(axes, wanted)
        # lines that presume K >= 2 are tried at K = 3 where those that presume nothing are
        if wanted not in self._worlds:
            self._worlds[wanted] = self._made(axes, wanted)
        return self._worlds[wanted]

    def _made(self, axes: Axes, wanted: Wanted) -> Ground | None:
        largest = max((n for _, n in wanted.chosen), default=0)
        try:
            count = (FEW_POINTS if largest > MANY else COUNT)[wanted.thorough]
            points = Points(self.problem, axes, wanted, count)
        except (Beyond, KeyError, MemoryError, np.linalg.LinAlgError):
            return None
        return Ground(points, Evaluator(self.problem, points.world, Floats()))

    # -- why there is no point -------------------------------------------------------------------

    def _why_none(self, before: Expr, after: Expr) -> str:
        grounds = list(self._on(before, after, thorough=True))
        facts = [(n, f) for n, f in enumerate(self.problem.facts, 1) if not f.proved]
        if facts and not any(g.points.world.count for g in grounds):
            for count in range(1, len(facts) + 1):
                for some in combinations(facts, count):
                    if not self._possible(tuple(f for _, f in some)):
                        listed = " and ".join(str(n) for n, _ in some)
                        if count == 1:
                            return f"no point was found at which assumption {listed} holds"
                        return f"no point was found at which assumptions {listed} hold together"
        return "neither side has a value at any point tried"

    def _possible(self, facts: tuple[Fact, ...]) -> bool:
        for known in list(self._grounds.values()):
            for ground in (g for g in known[:4] if g is not None):
                p = ground.points
                made = self._ground(p.axes, p.wanted._replace(thorough=True, facts=facts))
                if made is not None and made.points.world.count:
                    return True
        return False


def _bounds(facts: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    """The facts with one >= after another taken as =, and with all."""
    ends = {n: f for n, f in enumerate(facts) if type(f.relation).__name__ in OR_EQUAL}
    at_end = {
        n: replace(f, relation=sympy.Eq(*f.relation.args, evaluate=False)) for n, f in ends.items()
    }
    chosen = [{n} for n in ends] + ([set(ends)] if len(ends) > 1 else [])
    return [tuple(at_end[n] if n in some else f for n, f in enumerate(facts)) for some in chosen]


def _numbers(lines: list[Expr]) -> tuple[tuple[float, ...], frozenset[int]]:
    """The numbers that stand in lines, and the whole ones that a size may be near to."""
    hints: set[float] = set()
    whole: set[int] = set()
    for line in lines:
        for t in subterms(line):
            if isinstance(t, sympy.Rational) and t != 0:
                value = abs(float(t))
                if 1e-12 < value < 1e12:
                    hints.add(value)
                if t.is_Integer and 1 < abs(int(t)) <= 1000:
                    whole.add(abs(int(t)))
            elif isinstance(t, sympy.Pow) or type(t).__name__ == "Quotient":
                numbers = [a for a in t.args if isinstance(a, sympy.Rational)]
                if len(numbers) == len(t.args) == 2 and numbers[1] != 0:
                    hints.add(abs(float(cast(Any, numbers[0]) / numbers[1])))
    return tuple(sorted(hints))[:12], frozenset(sorted(whole)[-6:])
