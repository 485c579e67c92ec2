"""The attack: an evaluator that tries to break a line, and shares nothing with the normal form.

    Attack(problem, chosen).on(before, after)                 what a step is tried with
    Attack(problem, chosen).on(before, after, thorough=True)  what a claim is tried with

It gives a `Finding`: a counterexample, or at how many points the two sides agree and where they
have no value.  Doubles raise suspicion; a refutation rests on numbers with bounds on their errors.

A line that is proved by normal forms must survive this too (`judge/__init__`).

Imports looks, points, evaluator and what is below them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from time import monotonic
from typing import Any, cast

import numpy as np
import sympy
from sympy import Expr, Symbol

from symderiv.judge.attack.arithmetic import Floats
from symderiv.judge.attack.evaluator import Beyond, Evaluator
from symderiv.judge.attack.looks import Finding, Ground
from symderiv.judge.attack.looks import Look as _Look
from symderiv.judge.attack.points import Points
from symderiv.judge.attack.worlds import sizes_tried
from symderiv.judge.axes import Axes, axes_of
from symderiv.letters import letters_of
from symderiv.problem import Fact, Problem
from symderiv.terms import subterms

__all__ = ["Attack", "Finding"]

COUNT = {False: 40, True: 160}
MANY, FEW_POINTS = 20, 16  # sizes beyond the first are tried at so few points


class Attack:
    """Tries lines of one problem at points that are drawn to win."""

    def __init__(self, problem: Problem, chosen: Mapping[str, int]) -> None:
        self.problem, self.chosen = problem, chosen
        self._grounds: dict[tuple[Any, ...], list[Ground]] = {}

    # -- the question ----------------------------------------------------------------------------

    def on(
        self, before: Expr, after: Expr, thorough: bool = False, function: Expr | None = None
    ) -> Finding:
        """What is found against `before = after`.

        `function`: where it is not real, nothing is missed if the right side is not real either.
        """
        look = _Look(self, before, after, function, thorough)
        for ground in self._on(before, after, thorough):
            if monotonic() > look.end:
                look.finding.trouble = "it takes too long to try more points"
                break
            look.at(ground)
            if look.settled:
                break
        finding = look.finished()
        if not finding.points and finding.counterexample is None and not finding.trouble:
            finding.trouble = self._why_none(before, after)
        return finding

    # -- points ----------------------------------------------------------------------------------

    def _on(self, before: Expr, after: Expr, thorough: bool) -> Iterator[Ground]:
        problem = self.problem
        stages = [t for s in problem.stages for t in (s.body, s.quantity)]
        facts = [t for f in problem.facts for t in f.relation.args]
        axes = axes_of(problem, [before, after, problem.function, *stages, *facts])
        own = letters_of([before, after, *problem.wrt])
        labels = {s for s in letters_of([problem.function, *stages]) if s.name in problem.labels}
        letters = sorted(
            (s for s in own | labels if s.is_integer and s.name not in axes.sizes), key=str
        )
        names = self._names(before, after, axes, letters)
        hints, whole = _numbers([before, after]) if thorough else ((), frozenset())
        equations = any(type(f.relation).__name__ == "Equality" for f in problem.facts)
        key = (tuple(letters), names, tuple(axes.sizes), hints, thorough)
        known = self._grounds.setdefault(key, [])
        yield from known
        sizes = sizes_tried(axes, self.chosen, thorough, whole, 4 if equations else 1001)
        for n, choice in enumerate(sizes):
            if n < len(known):
                continue
            made = self._ground(axes, letters, names, choice, hints, thorough)
            if made is not None:
                known.append(made)
                yield made

    def _ground(
        self,
        axes: Axes,
        letters: list[Symbol],
        names: frozenset[str],
        sizes: Mapping[str, int],
        hints: tuple[float, ...],
        thorough: bool,
        facts: tuple[Fact, ...] | None = None,
    ) -> Ground | None:
        count = FEW_POINTS if max(sizes.values(), default=0) > MANY else COUNT[thorough]
        try:
            points = Points(
                self.problem, axes, letters, names, sizes, count, thorough, hints, facts=facts
            )
        except (Beyond, KeyError, MemoryError, np.linalg.LinAlgError):
            return None
        return Ground(points, Evaluator(self.problem, points.world, Floats()))

    def _names(
        self, before: Expr, after: Expr, axes: Axes, letters: list[Symbol]
    ) -> frozenset[str]:
        problem = self.problem
        known = {*axes.sizes, *(s.name for s in letters), *(s.name for s in problem.stages)}
        found: set[str] = set()
        lines: list[Any] = [before, after, problem.function, *problem.wrt]
        lines += [s.body for s in problem.stages]
        lines += [f.relation for f in problem.facts]
        for line in lines:
            for t in subterms(line):
                if isinstance(t, sympy.Indexed):
                    found.add(str(t.base.label))
                elif isinstance(t, Symbol) and not t.is_integer:
                    found.add(t.name)
        return frozenset(found - known)

    # -- why there is no point -------------------------------------------------------------------

    def _why_none(self, before: Expr, after: Expr) -> str:
        grounds = list(self._on(before, after, thorough=True))
        facts = tuple(f for f in self.problem.facts if not f.proved)
        if facts and not any(g.points.world.count for g in grounds):
            for count in range(1, len(facts) + 1):
                for some in combinations(facts, count):
                    if not self._possible(some, before, after):
                        listed = " and ".join(str(f.relation) for f in some)
                        return f"no point was found at which {listed} holds"
        return "neither side has a value at any point tried"

    def _possible(self, facts: tuple[Fact, ...], before: Expr, after: Expr) -> bool:
        for known in list(self._grounds.values()):
            for ground in known[:4]:
                p = ground.points
                made = self._ground(p.axes, p.letters, p.names, p.sizes, p.hints, True, facts)
                if made is not None and made.points.world.count:
                    return True
        return False


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
