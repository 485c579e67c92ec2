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
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from mpmath import mp, mpf

import symderiv
from symderiv.reader import formula
from tests.opponent.claims import Claim, broken, pretended, rewritten
from tests.opponent.evaluator import DIGITS, Disputed, Evaluator, NoValue, Point
from tests.opponent.formulas import Task, mentions, task
from tests.opponent.language import Axes, Text, Unreadable, parse, parse_one
from tests.opponent.points import Facts, Place, drawn
from tests.opponent.pretenders import Pretender
from tests.opponent.shrink import shrunk
from tests.opponent.slopes import slope

PATIENCE = 10.0  # seconds for one call of symderiv
REFUSALS = {"Mistake", "ReadError", "Refusal", "Stuck"}  # wherever they live
ATTEMPTS = 30  # points drawn for one answer
SHORT = 100  # letters of a formula that claims are made about
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
        own = {c.__name__ for c in type(error).__mro__} & REFUSALS
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
    """Do they differ at neighbours too?  Where facts tie values together, it is believed."""
    if given.task.assume:
        return True
    for _ in range(5):
        values = {
            key: v if key[0] in given.axes.labels else v + mpf(random.randint(-999, 999)) / 10**5
            for key, v in point.values.items()
        }
        near = Point(point.sizes, point.letters, values, point.drawn)
        with mp.workdps(DIGITS):
            try:
                return held_against(given, said, near) is not None
            except (Hole, Disputed, NoValue):
                continue
    return True


# -- claims ----------------------------------------------------------------------------------------


def names_in(given: Matter, derivation: Any) -> dict[str, tuple[str, ...]]:
    """What a claim may speak of, by the words of `pretenders`."""
    text, free = given.task.text, given.axes.free
    shapes = {name: tuple(map(str, s)) for name, s in derivation.problem.shapes.items()}
    k_sizes = {shapes[a][0] for a in "zcq" if a in shapes}
    n_sizes = {shapes[a][0] for a in "xW" if a in shapes}
    in_answer = {n.id for v in given.wrt for n in ast.walk(v) if isinstance(n, ast.Name)}
    letters = tuple(sorted(n for n in free & set("ijkl") if n in in_answer or f"[{n}]" in text))
    known = given.axes.labels
    return {
        "S": tuple(n for n in ("a", "b", "s") if mentions(text, n)),
        "V": tuple(a for a in ("z", "c", "q") if a in shapes),
        "K": tuple(sorted(n for n in k_sizes if n.isidentifier())),
        "N": tuple(sorted(n for n in n_sizes - k_sizes if n.isidentifier())),
        "I": letters,
        "J": letters,
        "T": tuple(n for n in ("t", "r") if n in known),
        "R": tuple(n for n in ("t", "r") if n in known),
        "Y": ("y",) if "y" in known else (),
    }


def false(given: Matter, claim: Claim, random: Random) -> Comparison | None:
    """Where a claim is shown to be false, None where it was not."""
    try:
        tree = given.read(claim.text)
    except Unreadable:
        return None
    found = compared(given, tree, random, 6, 12, claim.place)
    return found if found.difference or (claim.hole and found.holes) else None


# -- trials ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What came of one trial: one word to count, and of a failure all that is needed to see it."""

    word: str
    kind: str = ""
    report: str = ""
    task: Task | None = None  # of a formula that failed


FAILURES = frozenset({"wrong", "crashed", "accepted", "refuted wrongly"})


def formula_trial(seed: int, patience: float = PATIENCE) -> Outcome:
    """One formula: answered, refused, late, wrong or crashed.

    "at an exception": different at a tie or a zero only, which the derivation names as one.
    """
    random = Random(seed)
    drawn_task = task(random)
    said = asked(drawn_task, patience=patience)
    if said.how == "crashed":
        return Outcome("crashed", "", f"{drawn_task}: {said.words}", drawn_task)
    if said.how != "answered":
        return Outcome(said.how, said.words.split(":")[0])
    return answered(drawn_task, said.derivation, random)


def answered(given_task: Task, derivation: Any, random: Random) -> Outcome:
    """An answer at points."""
    given, answer = matter(given_task, derivation), formula(derivation.answer)
    found = compared(given, given.read(answer), random)
    report = f"{given_task}: {answer}; {found.difference or 'no value where there is one'}"
    if found.difference is not None:
        stated = derivation.exceptions and not found.difference.open
        return Outcome("at an exception" if stated else "wrong", "", report, given_task)
    if found.holes and not found.points:
        return Outcome("wrong", "", report, given_task)
    return Outcome("answered", "compared" if found.points else "no point to compare at")


def cut_down(failed: Outcome) -> str:
    """The report on the smallest formula that fails in the same way; nothing for a claim."""
    if failed.task is None:
        return ""
    found = failed

    def fails(text: str) -> bool:
        nonlocal found
        smaller = replace(found.task or Task("", ()), text=text)
        said = asked(smaller, patience=2.0)
        if said.how == "crashed" == failed.word:
            found = Outcome("crashed", "", f"{smaller}: {said.words}", smaller)
            return True
        if said.derivation is None:
            return False
        try:
            outcome = answered(smaller, said.derivation, Random(1))
        except (Unreadable, KeyError, SyntaxError):  # a cut that makes no sense
            return False
        if outcome.word != failed.word:
            return False
        found = outcome
        return True

    shrunk(failed.task.text, fails)
    return found.report


def claim_trials(
    seed: int, pretenders: Iterator[Pretender], *, true: bool = False, patience: float = PATIENCE
) -> Iterator[Outcome]:
    """Three claims about one short formula whose derivative symderiv has right.

    A false claim that holds is "accepted", a true one that does not "refuted wrongly".
    """
    random = Random(seed)
    base = task(random)
    if len(base.text) > SHORT:
        return
    said = asked(base, patience=patience)
    if said.derivation is None:
        return
    given, answer = matter(base, said.derivation), formula(said.derivation.answer)
    if answer.isdigit():  # little can be said of it
        return
    found = compared(given, given.read(answer), random)
    if found.difference is not None or not found.points:
        return
    names = names_in(given, said.derivation)
    letters = tuple(sorted((given.axes.free | given.axes.labels) - given.axes.arrays))
    for _ in range(3):
        if true:
            claim: Claim | None = rewritten(answer, names, random)
        elif random.random() < 0.75:
            claim = pretended(answer, names, random, next(pretenders))
        else:
            claim = broken(answer, letters, random)
        if claim is not None:
            yield from judged(base, said.derivation, claim, random, true, patience)


def judged(
    base: Task, derivation: Any, claim: Claim, random: Random, true: bool, patience: float
) -> Iterator[Outcome]:
    """What is said of one claim; nothing where its falsehood (or its truth) did not show."""
    declared = replace(base, assume=(*base.assume, *claim.assume))
    shown = false(matter(declared, derivation), claim, random)
    if (shown is None) != true:
        return
    said = asked(declared, claim.text, patience)
    report = f"{declared} claim {claim.text}: {said.words or said.strength}; {shown}"
    if said.derivation is None:
        yield Outcome(said.how, claim.kind, report)
    elif true and said.strength == "refuted":
        yield Outcome("refuted wrongly", claim.kind, report)
    elif not true and said.derivation.claim.verdict.holds:
        yield Outcome("accepted", claim.kind, report)
    else:
        holds = said.derivation.claim.verdict.holds
        yield Outcome(said.strength if not holds else "holds", claim.kind, report)
