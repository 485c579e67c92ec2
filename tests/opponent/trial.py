"""Trials: what symderiv says of a formula or a claim, held against the evaluator.

Gives `asked` (a derivation or how it ended), `compared` (an answer at points) and `Outcome`.
The only file of the opponent that imports symderiv, and of that only what a user has: `derive`,
and `formula`, which writes an answer in the formula language.
"""

from __future__ import annotations

import ast
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from mpmath import mp, mpf

import symderiv
from symderiv.reader import formula
from tests.opponent.evaluator import DIGITS, Disputed, Evaluator, NoValue, Point
from tests.opponent.formulas import Task
from tests.opponent.language import Axes, Text, parse, parse_one
from tests.opponent.points import Facts, drawn
from tests.opponent.slopes import slope

PATIENCE = 10.0  # seconds for one call of symderiv
ATTEMPTS = 30  # points drawn for one answer
WANTED = 10  # of them with a derivative


class Late(Exception):
    """It took too long."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class Said:
    """How a call ended: "answered", "refused", "late" or "crashed", and with what."""

    how: str
    derivation: Any = None
    words: str = ""

    @property
    def strength(self) -> str:
        return str(self.derivation.claim.verdict.strength) if self.derivation else self.how


def asked(task: Task, claim: str | None = None, patience: float = PATIENCE) -> Said:
    """What symderiv says; an exception that is not its own is a crash."""
    try:
        with within(patience):
            made = symderiv.derive(task.text, wrt=task.wrt, assume=task.assume, claim=claim)
            return Said("answered", made)
    except Late:
        return Said("late")
    except Exception as error:
        own = type(error).__module__.startswith("symderiv")
        words = f"{type(error).__name__}: {error}"
        return Said("refused" if own else "crashed", None, words)


@dataclass(frozen=True)
class Matter:
    """A task read by the opponent, with the names that symderiv gave the sizes."""

    task: Task
    text: Text
    axes: Axes
    wrt: tuple[ast.expr, ...]
    facts: Facts

    def read(self, claim: str) -> ast.expr:
        tree = parse_one(claim)
        self.axes.walk(tree, {}, {})
        return tree


def matter(task: Task, derivation: Any = None) -> Matter:
    """The task; a derivation adds its stages, which an answer may name, and names of sizes."""
    source = task.text
    shapes: dict[str, tuple[str, ...]] = {}
    if derivation is not None:
        problem = derivation.problem
        shapes = {name: tuple(map(str, shape)) for name, shape in problem.shapes.items()}
        known = {s.name for s in parse(source).stages}
        added = [s for s in problem.stages if s.name not in known]
        source = "; ".join([*(f"{formula(s.quantity)} = {formula(s.body)}" for s in added), source])
    text = parse(source)
    axes = Axes(shapes)
    axes.text(text)
    wrt = tuple(parse_one(v) for v in task.wrt)
    for variable in wrt:
        axes.walk(variable, {}, {})
    return Matter(task, text, axes, wrt, Facts(task.assume, axes))


@dataclass(frozen=True)
class Difference:
    """A point at which a derivative is one thing and what was said of it another."""

    point: str
    derivative: str
    said: str


@dataclass(frozen=True)
class Comparison:
    """`points` where both were compared; `holes` where what was said has no value."""

    points: int
    holes: int
    difference: Difference | None = None


def described(point: Point, evaluator: Evaluator) -> str:
    sizes = [f"{key[1] if key[0] == 'size' else key} = {n}" for key, n in point.sizes.items()]
    letters = [f"{name} = {n}" for name, n in point.letters.items()]
    values = [
        f"{name}{list(at) if at else ''} = {mp.nstr(mpf(v), 8)}"
        for (name, *at), v in sorted(point.values.items(), key=repr)
    ]
    return ", ".join([*sizes, *letters, *values])


def held_against(given: Matter, said: ast.expr, point: Point) -> tuple[Any, Any] | None:
    """Both values where they differ beyond doubt, None where they agree.

    Raises
    ------
    Disputed
        where the derivative is not certain.
    NoValue
        where the function has no value.
    Hole
        where what was said has none.
    """
    evaluator = Evaluator(given.text, given.axes, point)
    truth = slope(evaluator, given.text.function, given.wrt)
    evaluator.known = {}
    try:
        value = evaluator.value(said, {})
    except NoValue as error:
        raise Hole(str(error)) from error
    finally:
        evaluator.known = {}
    doubt = 1000 * truth.error + mpf(10) ** -50 * (1 + abs(truth.value) + abs(value))
    return (truth.value, value) if abs(truth.value - value) > doubt else None


class Hole(Exception):
    """What was said has no value where the derivative has one."""


def compared(
    given: Matter, said: ast.expr, random: Random, wanted: int = WANTED, attempts: int = ATTEMPTS
) -> Comparison:
    """What was said of a derivative, at points drawn to part them."""
    points = holes = 0
    for _ in range(attempts):
        if points >= wanted:
            break
        with mp.workdps(DIGITS):
            point = drawn(given.text, given.axes, random, given.facts)
            if point is None:
                continue
            try:
                apart = held_against(given, said, point)
            except Hole:
                holes += 1
                continue
            except (Disputed, NoValue):
                continue
            points += 1
            if apart is None:
                continue
        with mp.workdps(3 * DIGITS):  # more digits, and smaller steps: does it stand?
            try:
                apart = held_against(given, said, point)
            except (Hole, Disputed, NoValue):
                continue
        if apart is not None:
            left, right = (mp.nstr(v, 12) for v in apart)
            place = described(point, Evaluator(given.text, given.axes, point))
            return Comparison(points, holes, Difference(place, left, right))
    return Comparison(points, holes)
