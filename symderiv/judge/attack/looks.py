"""One look: two lines at the points of one world after another.

`Look(...)`: `at(ground)` for each world, then `finish()`; gives a `Finding`.  Doubles say where the
sides seem to differ, or where only one has a value; the nicest of these points, and those that
differ most, are looked at with `Balls`, of which the errors are bounded.  Nothing is refuted by
doubles alone.

Imports points, values and what is below them.
"""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from mpmath import mp, mpf
from sympy import Expr

from symderiv.judge.attack.arithmetic import Balls
from symderiv.judge.attack.ground import Beyond
from symderiv.judge.attack.points import GENERIC, Points
from symderiv.judge.attack.values import Evaluator
from symderiv.judge.balls import Ball
from symderiv.patience import budget
from symderiv.records import dataclass
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import OUTSIDE, Counterexample

SUSPICIOUS = 1e-9  # a relative difference of doubles that is looked at more closely
ROUNDING = 1e-11  # an absolute one that rounding explains, where a step is looked at quickly
PRECISIONS = (50, 250, 1200)
CLOSE_LOOKS = {False: 4, True: 16}  # points looked at to 50 digits and more on little suspicion
IN_A_WORLD = 3  # and of one world
SECONDS = {False: 3.0, True: 8.0}


@dataclass
class Finding:
    """What an attack came to.

    Attributes
    ----------
    counterexample : a point at which the two sides differ
    points : the number of points at which they agree
    several : how many of these are at sizes of which none is 1, if nobody chose it
    gap : a point at which the left side is real and the right one is not
    bare : which letters are equal where neither side ever has a value ("i = j"), or ""
    trouble : why nothing, or not everything, could be evaluated
    """

    counterexample: Counterexample | None = None
    points: int = 0
    several: int = 0
    gap: Counterexample | None = None
    bare: str = ""
    trouble: str = ""


@dataclass(eq=False)
class Ground:
    """Points of one choice of sizes, with what was evaluated there."""

    points: Points
    evaluator: Evaluator
    exact: dict[tuple[int, int], Evaluator] = field(default_factory=dict)

    @cached_property
    def patterns(self) -> dict[str, Any]:
        """The points at which the same letters are equal: "i = j", or "" where all differ."""
        world, axes = self.points.world, self.points.axes.letters
        letters = list(world.letters.items())
        kind = int if len(letters) < 12 else object  # a bit for each pair, of any number of them
        alike, pairs = np.zeros(world.count, dtype=kind), list[str]()
        for (a, first), (b, second) in combinations(letters, 2):
            if axes.get(a) == axes.get(b):
                alike += (first == second).astype(kind) << len(pairs)
                pairs.append(f"{a.name} = {b.name}")
        return {
            ", ".join(pair for n, pair in enumerate(pairs) if which >> n & 1): alike == which
            for which in dict.fromkeys(alike.tolist())
        }

    @cached_property
    def _odd(self) -> Any:
        """How little a reader would like each: small positive quarters, shares of 1, are nice."""
        world = self.points.world
        odd = np.zeros(world.count, dtype=int)
        for name, table in world.arrays.items():
            values = table.reshape(-1, world.count)
            fine = (values * 16 % 1 == 0) & (np.abs(values) <= 4)
            odd += np.sum(np.where(fine, values * 4 % 1 != 0, 6), axis=0)
            odd += np.sum(values <= 0, axis=0)
            if name in self.points.shares:
                odd += 4 * np.sum((values <= 0) | (values >= 1), axis=0)
        return odd

    def plainness(self, p: int) -> tuple[int, int]:
        """Nice points first, and of these the ones drawn to be so."""
        return int(self._odd[p]), int(self.points.styles[p])


class Look:
    """Two lines, looked at in one world after another."""

    def __init__(
        self,
        problem: Problem,
        before: Expr,
        after: Expr,
        function: Expr | None,
        thorough: bool,
        doubted: bool,
    ) -> None:
        self.problem = problem
        self.before, self.after, self.function = before, after, function
        self.thorough = thorough
        # what is proved may differ by a fault of the proof, and not in its 1000th digit alone
        self.precisions = PRECISIONS if doubted else PRECISIONS[:2]
        self.doubted = 2 * doubted  # points to look at to many digits though the doubles agree
        self.finding = Finding()
        self.budget = budget(SECONDS[thorough])
        self.left = CLOSE_LOOKS[thorough]
        self.seen: dict[str, bool] = {}  # the patterns, and whether the sides ever agree at one
        self.agreed: list[Ground] = []  # where they do at every point
        self.found: list[Counterexample] = []
        self.refusal = ""  # why a point could not be looked at closely
        self.often = False  # is the right side without a value at many points of one size?
        self.first_lost: tuple[Ground, int] | None = None

    @property
    def settled(self) -> bool:
        """Is there a counterexample that a later size would not better?"""
        enough = [min(c.sizes.values(), default=2) >= 2 for c in self.found]
        return bool(enough) and (not self.thorough or any(enough) or len(enough) >= 3)

    def agrees(self, enough: int) -> bool:
        """Do the sides agree at so many points, and at some where letters are equal as well?"""
        return self.finding.several >= enough and not self._bare

    @property
    def _bare(self) -> set[str]:
        """Which letters are equal where the sides never agree."""
        bare = {name for name, known in self.seen.items() if not known}
        return bare.difference(*(ground.patterns for ground in self.agreed)) if bare else bare

    def finish(self) -> None:
        """Say what follows from all worlds."""
        finding = self.finding
        often = self.function is not None and self.often
        if finding.gap is None and often and self.first_lost is not None:
            finding.gap = self._gap(*self.first_lost)
        if self.found:
            finding.counterexample = min(self.found, key=_taste)
        if finding.points:
            finding.bare = min(self._bare, default="")
        if not finding.points and not finding.trouble:
            finding.trouble = self.refusal

    def at(self, ground: Ground) -> None:
        """Look at all points of a world."""
        evaluator = ground.evaluator
        whole: Any = 0.0
        try:
            with np.errstate(all="ignore"):
                left, right = evaluator.value(self.before), evaluator.value(self.after)
                if self.function is not None:
                    whole = evaluator.value(self.function)
                elif not self.thorough and np.abs(left - right).max(initial=0.0) <= ROUNDING:
                    self.finding.points += len(left)  # a step; no value is far from any other
                    self.agreed.append(ground)
                    return
        except (Beyond, KeyError, RecursionError) as error:
            self.finding.trouble = str(error)
            return
        real, there = np.isfinite(left), np.isfinite(right)
        both = real & there
        with np.errstate(all="ignore"):
            gap, scale = np.abs(left - right), np.maximum(np.abs(left), np.abs(right))
            off = both & (gap > SUSPICIOUS * scale)
            if not self.thorough:
                off &= gap > ROUNDING
        agree = both & ~off
        self.finding.points += int(agree.sum())
        for name, mine in ground.patterns.items():
            self.seen[name] = self.seen.get(name, False) or bool((agree & mine).any())
        if off.any():
            far = off & (gap > 1e-6 * (1 + scale))  # what no rounding explains comes first
            for which, free in ((far, True), (off & ~far, False)):
                order = [(*ground.plainness(int(p)), p) for p in np.flatnonzero(which)]
                if self._looked(ground, [int(p) for *_, p in sorted(order)], free):
                    return
        if self.thorough or not agree.any():
            beyond = np.flatnonzero(~both)
            self._looked(ground, [int(p) for p in beyond[:: max(1, len(beyond) // 2)]][:2])
        if self.function is not None and agree.any() and self.finding.gap is None:
            first = int(np.flatnonzero(agree)[0])
            self.finding.gap = self._gap(ground, first)  # doubles divide by sin(pi), which is 0
            if self.doubted:
                self.doubted -= 1  # what differs in its 40th digit differs
                verdict = self._closely(ground, first, PRECISIONS[-1:])
                if isinstance(verdict, Counterexample):
                    self.found.append(verdict)
                    return
        meant = np.isfinite(whole) & real
        generic = ground.points.styles < GENERIC
        lost = meant & ~there
        if lost.any():
            if (lost & generic).sum() * 3 > (meant & generic).sum():
                self.often = True  # at this size, if at no other
            if evaluator.left_an_axis or self.function is not None:
                self._note_gaps(ground, lost)

    def _looked(self, ground: Ground, points: list[int], free: bool = False) -> bool:
        """Look closely at some of the points; was one a counterexample?

        Those that promise little are not free: there are so many looks in all.
        """
        for p in points[:IN_A_WORLD]:
            if (self.left <= 0 and not free) or self.budget.spent:
                return False
            self.left -= not free
            verdict = self._closely(ground, p, self.precisions)
            if isinstance(verdict, Counterexample):
                self.found.append(verdict)
                return True
            if verdict:
                self.finding.points += 1
                self.seen |= {name: True for name, mine in ground.patterns.items() if mine[p]}
        return False

    def _note_gaps(self, ground: Ground, lost: Any) -> None:
        """Where only the right side has no value: outside an axis it is wrong."""
        generic = ground.points.styles < GENERIC
        if self.first_lost is None and np.any(lost & generic):
            self.first_lost = ground, int(np.flatnonzero(lost & generic)[0])
        whys = ("outside",) if self.function is None else ("outside", "unreal")
        likely = sorted(map(int, np.flatnonzero(lost)), key=ground.plainness)
        drawn = [p for p in likely if generic[p]]  # the plainest are zeros and ones, and alike
        for p in dict.fromkeys((*likely[:6], *drawn[:3])):
            if self.finding.gap is None and not self.found:
                self.finding.gap = self._gap(ground, p, whys)

    # -- with bounded errors ---------------------------------------------------------------------

    def _values(self, ground: Ground, p: int, digits: int, *lines: Expr) -> list[Ball]:
        evaluator = ground.exact.get((p, digits))
        if evaluator is None:
            evaluator = Evaluator(self.problem, ground.points.exact(p), Balls())
            ground.exact[p, digits] = evaluator
        return [_ball(evaluator.value(line)) for line in lines]

    def _closely(
        self, ground: Ground, p: int, precisions: tuple[int, ...]
    ) -> Counterexample | bool:
        """The two values where they surely differ; else whether they agree to 30 digits."""
        for digits in precisions:
            with mp.workdps(digits):
                try:
                    left, right = self._values(ground, p, digits, self.before, self.after)
                except (Beyond, KeyError, RecursionError) as error:
                    self.refusal = str(error)
                    return False
                if left.why or right.why:
                    return False
                gap, slack = abs(left.middle - right.middle), left.error + right.error
                scale = max(abs(left.middle), abs(right.middle))
                if gap > 1000 * slack:
                    places = max(6, int(mp.log10(scale / gap)) + 4)
                    shown = [_written(side.middle, places) for side in (left, right)]
                    return self._shown(ground, p, shown[0], shown[1], _written(gap, 6))
                if slack <= scale * mpf(10) ** -30:
                    return True
        return False

    def _gap(self, ground: Ground, p: int, whys: tuple[str, ...] = ()) -> Counterexample | None:
        """The point if the right side has no value there, for such a reason, and the left has."""
        lines = (self.before, self.after, self.function or self.before)
        for digits in PRECISIONS[:2]:
            with mp.workdps(digits):
                try:
                    left, right, whole = self._values(ground, p, digits, *lines)
                except (Beyond, KeyError, RecursionError):
                    return None
                if left.why or whole.why or not right.why or (whys and right.why not in whys):
                    return None
                shown = _written(left.middle, 6)
        found = self._shown(ground, p, shown, _SAYS[right.why], "")
        if right.why == "outside":
            self.found.append(found)
            return None
        return found

    def _shown(
        self, ground: Ground, p: int, left: str, right: str, difference: str
    ) -> Counterexample:
        points = ground.points
        used = ground.evaluator.names(self.before) | ground.evaluator.names(self.after)
        indices = {s.name: int(v[p]) for s, v in points.world.letters.items() if s.name in used}
        return Counterexample(
            sizes=dict(points.sizes),
            indices={**indices, **points.shown_labels(p, used)},
            point=points.shown(p, used),
            left=left,
            right=right,
            difference=difference,
        )


_SAYS = {
    "unreal": "not real",
    "outside": OUTSIDE,
    "undefined": "without a value",
}


def _written(x: Any, places: int) -> str:
    return str(mp.nstr(x, places)).removesuffix(".0")


def _ball(value: Any) -> Ball:
    found = value.reshape(-1)[0]
    return found if isinstance(found, Ball) else Ball(mpf(found))


def _taste(found: Counterexample) -> tuple[bool, int, int]:
    """A reader would rather see sizes of 2 or 3 and few numbers."""
    sizes = list(found.sizes.values())
    return any(n < 2 for n in sizes), sum(sizes), len(found.point)
