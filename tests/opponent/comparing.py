"""Comparing what was said of a derivative with what it is, at points drawn to part them.

Gives `Matter` (a task as the opponent reads it), `matter`, `compared` and what it finds:
`Comparison` and `Difference`.  Imports asking and the evaluator's files.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.opponent.arithmetic import DIGITS, Disputed, NoValue
from tests.opponent.asking import sizes_of, stages_of
from tests.opponent.axes import Axes
from tests.opponent.evaluator import Evaluator, Point
from tests.opponent.facts import Facts
from tests.opponent.formulas import Task
from tests.opponent.language import Text, parse, parse_one
from tests.opponent.points import Place, drawn
from tests.opponent.slopes import slope

ATTEMPTS = 30  # points drawn for one answer
WANTED = 10  # of them with a derivative


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
        shapes = sizes_of(derivation)
        known = {s.name for s in parse(source).stages}
        added = [text for name, text in stages_of(derivation).items() if name not in known]
        source = "; ".join([*added, source])
    text = parse(source)
    axes = Axes(shapes)
    axes.text(text)
    wrt = tuple(parse_one(v) for v in task.wrt)
    for variable in wrt:
        axes.walk(variable, {}, {})
    return Matter(task, text, axes, wrt, Facts(task.assume, axes))


@dataclass(frozen=True)
class Difference:
    """A point at which a derivative is one thing and what was said of it another.

    `open`: it is so at neighbouring points too, and not on a tie or a zero alone.
    """

    where: str
    derivative: str
    said: str
    open: bool


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
    given: Matter,
    said: ast.expr,
    random: Random,
    wanted: int = WANTED,
    attempts: int = ATTEMPTS,
    place: Place | None = None,
) -> Comparison:
    """What was said of a derivative, at points drawn to part them, or at a place laid down."""
    points = holes = 0
    for _ in range(attempts):
        if points >= wanted:
            break
        with mp.workdps(DIGITS):
            point = drawn(given.text, given.axes, random, given.facts, place)
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
            where = described(point, Evaluator(given.text, given.axes, point))
            nearby = spreads(given, said, point, random)
            return Comparison(points, holes, Difference(where, left, right, nearby))
    return Comparison(points, holes)


def spreads(given: Matter, said: ast.expr, point: Point, random: Random) -> bool:
    """Do they differ at neighbours too?  Where equations tie values, it is believed."""
    if given.facts.equations or given.facts.turned:
        return True
    for _ in range(5):
        values = {
            key: v if key[0] in given.axes.labels else v + mpf(random.randint(-999, 999)) / 10**5
            for key, v in point.values.items()
        }
        near = Point(point.sizes, point.letters, values, point.drawn)
        with mp.workdps(DIGITS):
            try:
                if not given.facts.made(Evaluator(given.text, given.axes, near)):
                    continue
                return held_against(given, said, near) is not None
            except (Hole, Disputed, NoValue):
                continue
    return True
