"""A user's own function against exact values: the gradient check.

Gives `check_gradient`, and `OwnReport`.  A formula is wrong if it is
wrong at ordinary points; one that is right there may lose digits, or fail, at hard ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import mpmath
import numpy as np

from symderiv import functions
from symderiv.catalogue import library
from symderiv.derivation.routes import Route
from symderiv.derivation.textbook import Textbook
from symderiv.emit.family import answer_program
from symderiv.emit.program import Program
from symderiv.mistakes import DASH, Mistake, check_positive, check_text, spelled
from symderiv.numbers.exact import DIGITS
from symderiv.reader import read, understand
from symderiv.records import dataclass
from symderiv.terms.aliases import without_aliases
from symderiv.verification.batches import at_rows, batch_of, in_rows, misjoined
from symderiv.verification.calls import ROWS, Calling, Outcome
from symderiv.verification.conventions import convention, outcome, said
from symderiv.verification.diagnosis import diagnosis, misshapen
from symderiv.verification.found import found
from symderiv.verification.guesses import guesses, summands, values_at
from symderiv.verification.measured import Far, measured
from symderiv.verification.points import Point, pasted, shown
from symderiv.verification.report import absent, identifier, program_of
from symderiv.verification.slopes import between
from symderiv.verification.tried import components, shape, tried

RTOL = 1e-6
MOST = 6  # kinds of input, one line each


@dataclass(frozen=True, repr=False)
class OwnReport:
    """How a user's function compares.

    far : the worst of each kind of input at which it gives numbers of the right shape
    problem : what is the matter at every input, where it is the same
    loss : how the loss compares that it gives beside a gradient, where that is wrong
    rows : what is the matter with the gradient of a batch, where its rows are right
    """

    function: str
    computes: str
    convention: str
    points: int
    rtol: float
    far: tuple[Far, ...]
    problem: str = ""
    advice: str = ""
    notes: tuple[str, ...] = ()
    loss: OwnReport | None = None
    rows: str = ""

    @property
    def wrong(self) -> tuple[Far, ...]:
        """Where it is off by more than is asked, relative to the answer and to what it adds up."""
        return tuple(f for f in self.far if not f.either <= self.rtol)

    @property
    def losing(self) -> tuple[Far, ...]:
        """Where it is right at the tolerance, and yet loses digits of the result."""
        right = (f for f in self.far if f.either <= self.rtol)
        return tuple(f for f in right if not max(f.largest, f.scale) <= self.rtol)

    @property
    def holds(self) -> bool:
        """Is it right at the tolerance that was asked, everywhere?"""
        return not self.problem and not self.wrong and self.loss is None and not self.rows

    @property
    def wrong_formula(self) -> tuple[Far, ...]:
        """Where it is wrong at ordinary input."""
        return tuple(f for f in self.wrong if f.point.kind == "ordinary")

    def __bool__(self) -> bool:
        """`assert check_gradient(…)` fails where it does not hold."""
        return self.holds

    @property
    def verdict(self) -> str:
        """The verdict in a sentence."""
        if self.problem:
            return f"wrong at every point: it {self.problem}"
        if self.wrong_formula:
            return f"wrong formula{f': {self.advice}' if self.advice else ''}"
        if self.rows:
            return f"wrong formula: {self.rows}"
        if self.loss is not None:
            return f"wrong loss{f': {self.loss.advice}' if self.loss.advice else ''}"
        if self.wrong:
            return f"right at ordinary input, and wrong at {_kinds(self.wrong)}"
        if self.losing:
            return f"right, and loses digits at {_kinds(self.losing)}"
        most = max((f.largest for f in self.far), default=0.0)
        return f"right to {min(15, int(-np.log10(max(most, 1e-16))))} digits everywhere"

    def __repr__(self) -> str:
        return f"<{self.function} as {self.computes}: {self.verdict}>"

    def __str__(self) -> str:
        return self.text()

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON: an error without end is null."""
        found = [
            {
                "kind": f.point.kind,
                "input": {k: np.asarray(v).astype(str).tolist() for k, v in f.point.given.items()},
                "found": [str(v) for v in f.found],
                "exact": [str(v) for v in f.exact],
                "error": f.either if np.isfinite(f.either) else None,
            }
            for f in self.far
        ]
        return {
            "schema": 2, "function": self.function, "computes": self.computes,
            "convention": self.convention, "points": self.points, "holds": self.holds,
            "verdict": self.verdict, "notes": list(self.notes), "findings": found,
        }  # fmt: skip

    def text(self, width: int | None = None) -> str:
        """For a terminal: the verdict, then the input that shows it, to try again."""
        head = f"{self.function} as {self.computes}, {self.convention}, {self.points} points"
        lines = [head, "", self.verdict]
        seen = self if self.wrong_formula or self.loss is None else self.loss
        for f in (seen.wrong_formula or seen.wrong or seen.losing)[:1]:
            lines += [f"at {pasted(f.point)}"]
            lines += [f"  yours  {_row(f.found)}", f"  exact  {_row(f.exact)}"]
        lines += ["", *(f"note: {note}" for note in self.notes)] if self.notes else []
        return "\n".join(lines)


def check_gradient(
    function: str | Callable[..., Any],
    of: str,
    *,
    wrt: str | Sequence[str] = (),
    assume: Sequence[str] = (),
    shape: str = "",
    rtol: float = RTOL,
    progress: Callable[[str, float], None] | None = None,
) -> OwnReport:
    """Compare a function with the gradient, or another part, of a function of the catalogue.

    For a test, `assert symderiv.check_gradient(mine, "cross-entropy").holds`; and with a formula,
    `check_gradient(mine, of="sum(x[i]**3, i)", wrt="x[j]")`, in any of the notations.

    Parameters
    ----------
    function : "module:function" or "file.py:function" (the working directory is searched), or the
        function; its arguments are matched by name where it has the names of ours, else by place;
        of several results, as a loss and a gradient, the one that fits is meant, and a loss beside
        a gradient is held against the function
    of : a name of the catalogue ("cross-entropy": its first derivative; "cross-entropy-value":
        itself) or of `symderiv.functions` ("cross_entropy_hessian"); with `wrt` a formula
    wrt, assume, shape : what the formula is differentiated by, facts, and shapes, as
        `symderiv.derive` takes them
    rtol : the tolerance, relative to the size of what a result adds up
    progress : called with what is being done and the share that is done

    Raises
    ------
    Mistake
        for an unknown name, or a function that cannot be found.
    """
    if not isinstance(function, str) and not callable(function):
        raise Mistake(f"the function: it takes one, or its name, not {spelled(function)}")
    check_text("of", of)
    check_positive("rtol", rtol, "a tolerance above 0")
    wanted, program = _wanted(of, [wrt] if isinstance(wrt, str) else [*wrt], assume, shape)
    call = found(function) if isinstance(function, str) else function
    whose = function if isinstance(function, str) else getattr(function, "__name__", "the function")
    if len(program.results) != 1:
        raise Mistake(f"{DASH}function {of}: give the value, gradient, Jacobian or Hessian instead")
    points = list(tried(program))
    how = convention(call, program, points)
    outcomes: list[tuple[Point, Outcome]] = []
    for n, point in enumerate(points):
        if progress is not None:
            progress(f"{whose}: {point.kind}", n / len(points))
        outcomes.append((point, outcome(call, program, point, how)))
    batch = batch_of(program, how, outcomes) if how.batch else None
    wrong_loss = _wrong_loss(whose, how, program, outcomes, rtol)
    if batch is not None:  # a mean's gradient is compared as one row's
        outcomes = [(p, o.divided(how.part, batch.found)) for p, o in outcomes]
    report = _report(whose, wanted, how, program, outcomes, rtol)
    if batch is None and report.holds and not how.batch:
        batch = at_rows(call, program, points, how)
    rows = "" if batch is None else batch.wrong
    if batch is not None and how.whole and not rows:
        rows = misjoined(call, program, points, how, batch.found)
    elif report.holds and not rows and (way := in_rows(call, program, points, how)) is not None:
        rows = misjoined(call, program, points, way, 1.0)
    return replace(report, loss=wrong_loss, rows=rows)


def _wrong_loss(
    whose: str,
    how: Calling,
    program: Program,
    outcomes: Sequence[tuple[Point, Outcome]],
    rtol: float,
) -> OwnReport | None:
    """How the loss compares that stands beside a gradient, where it is wrong at ordinary input.

    It is a result of the function's own shape, of a batch perhaps the sum; of several one is it.
    """
    function, found = program.problem.function, list[OwnReport]()
    axes = program.problem.axes(function)
    value = replace(program, results=(function,), axes=(axes,), columns=0, slope=False)
    given = [(p, o) for p, o in outcomes if not o.problem]
    least = min((len(o.values) for _, o in given), default=0)
    if not program.slope or least <= how.part or all(o.joined(how.part) for _, o in given):
        return None
    behind = range(how.part + 1, least) if (axes,) != program.axes else ()  # no second derivative
    parts = [n for n in (*range(how.part), *behind) if not _is_share_of_hits(given, n)]
    for part, rows in product(parts, (1, ROWS) if how.batch else (1,)):
        each = [(p, replace(o, values=tuple(v / rows for v in o.values))) for p, o in given]
        report = _report(whose, "the function", replace(how, part=part), value, each, rtol)
        if not report.problem:
            found.append(report)
    return found[0] if found and all(r.wrong_formula for r in found) else None


def _is_share_of_hits(given: Sequence[tuple[Point, Outcome]], part: int) -> bool:
    """Is a result an accuracy: of one row 0 at some points, and 1 at others?"""
    return {float(v) for _, o in given for v in np.ravel(o.values[part])} == {0.0, 1.0}


def _wanted(
    name: str, wrt: Sequence[str], assume: Sequence[str], shape: str
) -> tuple[str, Program]:
    """What is to be computed, in words and as a program."""
    if not wrt:
        if assume or shape:
            given = "assume: facts" if assume else "shape: shapes"
            raise Mistake(f"{given} go with a formula and what it is differentiated by, wrt")
        wanted = computes(name)
        return wanted, program_of(wanted)
    asked = understand(name, wrt, assume, shape=shape, library=library())
    with asked.blaming():
        problem = read(asked.formula, wrt=asked.wrt, assume=asked.assume, library=library())
    derivation = Textbook(without_aliases(problem), Route()).derive()
    derivation.trusted()
    return f"the derivative of {name} by {', '.join(wrt)}", answer_program(derivation)


def _report(
    whose: str,
    wanted: str,
    how: Calling,
    program: Program,
    outcomes: Sequence[tuple[Point, Outcome]],
    rtol: float,
) -> OwnReport:
    fitting, problems, turned = [], [], []
    for point, out in outcomes:
        right, value = shape(program, point, *program.axes), out.value(how.part)
        if value is None:
            problems.append(out.problem)
        elif value.shape != right:
            problems.append(f"returns shape {value.shape}, where {right} is right")
            turned += [(point, value)] if point.kind == "ordinary" else []
        else:
            fitting.append((point, value))
    values = {id(p): v for p, v in fitting}
    found: dict[str, Far] = {}
    kinks: list[Point] = []
    for far in measured(program, [p for p, _ in fitting], lambda p: values[id(p)]):
        if not far.either <= rtol and _at_a_kink(program, far.point, values[id(far.point)], rtol):
            kinks.append(far.point)
            continue
        kept = found.get(far.point.kind)
        if kept is None or _worse(far, kept):
            found[far.point.kind] = far
    every = sorted(found.values(), key=lambda f: (-f.either, -f.largest))
    notes = {note for _, o in outcomes for note in o.notes}
    notes |= {*said(how, program, max((len(o.values) for _, o in outcomes), default=0))}
    if kinks:
        where = f", as at {shown(kinks[0])}" if len(pasted(kinks[0])) < 60 else ""
        notes.add(
            f"at {len(kinks)} kinks{where}, it takes another slope between those of the sides"
        )
    problem = problems[-1] if problems and not fitting else ""  # at the sizes that differ
    if problems and not problem:
        notes.add(f"at {len(problems)} points it {problems[0]}")
    if problem and turned:
        why = misshapen(_beside(program, turned)) or _of_value(program, turned)
        problem = f"{problem}{f'; {why}' if why else ''}"
    ordinary = [(p, v) for p, v in fitting if p.kind == "ordinary"]
    wrong = any(not f.either <= rtol for f in every if f.point.kind == "ordinary")
    advice = ""
    if wrong:
        at = [p for p, _ in ordinary]
        pairs = _beside(program, ordinary)
        advice = diagnosis(pairs, guesses(program, at), summands(program, at))
    batch = "a batch of equal rows" if how.batch else "one row"
    return OwnReport(
        whose, wanted, f"called with {batch}", len(outcomes), rtol, tuple(every), problem, advice,
        tuple(sorted(notes)),
    )  # fmt: skip


def _beside(
    program: Program, given: Sequence[tuple[Point, Any]]
) -> list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """What was found at points, with what is exact there."""
    (answer,), (axes,) = program.results, program.axes
    return [(value, values_at(program, point, answer, axes)) for point, value in given]


def _of_value(program: Program, given: Sequence[tuple[Point, Any]]) -> str:
    """Is what was found the function itself?"""
    function = program.problem.function
    axes = program.problem.axes(function)
    values = [(v, values_at(program, p, function, axes)) for p, v in given]
    same = all(v.shape == e.shape and np.allclose(v, e, rtol=RTOL) for v, e in values)
    return "it is the function itself, and not its derivative" if same and program.slope else ""


def _at_a_kink(program: Program, point: Point, value: Any, rtol: float) -> bool:
    """Is it wrong only where the function has a kink, and then between the slopes of both sides?"""
    if not program.slope or (value.ndim and not value.size):
        return False
    (answer,), (axes,) = program.results, program.axes
    right = values_at(program, point, answer, axes)
    kinked = False
    with mpmath.workdps(DIGITS):
        for place, at in components(program, point, axes):
            found, exact = float(value[place]), float(right[place])
            if abs(found - exact) <= rtol * (1 + abs(exact)):
                continue
            slopes = between(program, point, at)
            slack = rtol * (1 + abs(exact))
            if slopes is None or not slopes[0] - slack <= found <= slopes[1] + slack:
                return False
            kinked = True
    return kinked


def _worse(a: Far, b: Far) -> bool:
    if a.either > RTOL or b.either > RTOL:
        return a.either > b.either
    return max(a.largest, a.scale) > max(b.largest, b.scale)


def computes(name: str) -> str:
    """The name in `symderiv.functions`: of a catalogue name its first derivative, or its value."""
    stem, every = identifier(name), functions.__all__
    value = identifier(stem.removesuffix("_value"))
    if value != stem and value in every:
        return value
    if stem not in every:
        hint = absent(name) or f"; a formula goes with {DASH}wrt"
        raise Mistake(f"{DASH}function {name}: no such function{hint}")
    for kind in ("gradient", "jacobian", "derivative"):
        found = [n for n in every if n == f"{stem}_{kind}" or n.startswith(f"{stem}_{kind}_")]
        found = [n for n in found if not n.endswith("_entry")]
        if found:  # of several, that by the weights
            return str(min(found, key=lambda n: n.lower()[-2:] != "_w"))
    return stem


def _kinds(far: Sequence[Far]) -> str:
    said = [f"{f.point.kind} ({shown(f.point)})" if n == 0 else f.point.kind
            for n, f in enumerate(far[:MOST])]  # fmt: skip
    return "; ".join(said)


def _row(a: Any) -> str:
    text = np.array2string(np.asarray(a) + 0.0, threshold=12, precision=9, max_line_width=400)
    return " ".join(text.split()).replace("[ ", "[")
