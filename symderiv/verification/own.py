"""A user's own function against exact values: the gradient check.

Gives `check_user_function` and `check_gradient`, and `OwnReport`.  A formula is wrong if it is
wrong at ordinary points; one that is right there may lose digits, or fail, at hard ones.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symderiv import functions
from symderiv.emit.program import Program
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.records import dataclass
from symderiv.verification.calls import Outcome, called
from symderiv.verification.diagnosis import diagnosis
from symderiv.verification.found import found
from symderiv.verification.measured import Far, measured
from symderiv.verification.points import Point, pasted, shown, size_of
from symderiv.verification.report import identifier, program_of
from symderiv.verification.tried import arguments, tried

RTOL = 1e-6
MOST = 6  # kinds of input, one line each


@dataclass(frozen=True)
class OwnReport:
    """How a user's function compares.

    far : the worst of each kind of input at which it gives numbers of the right shape
    problem : what is the matter at every input, where it is the same
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

    @property
    def wrong(self) -> tuple[Far, ...]:
        """Where it is off by more than is asked, relative to the size of what it adds up."""
        return tuple(f for f in self.far if not f.scale <= self.rtol)

    @property
    def losing(self) -> tuple[Far, ...]:
        """Where it is right at the tolerance, and yet loses digits of the result."""
        right = (f for f in self.far if f.scale <= self.rtol)
        return tuple(f for f in right if not f.largest <= self.rtol)

    @property
    def holds(self) -> bool:
        """Is it right at the tolerance that was asked, everywhere?"""
        return not self.problem and not self.wrong

    @property
    def verdict(self) -> str:
        """The verdict in a sentence."""
        if self.problem:
            return f"wrong at every point: it {self.problem}"
        if any(f.point.kind == "ordinary" for f in self.wrong):
            return f"wrong formula{f': {self.advice}' if self.advice else ''}"
        if self.wrong:
            return f"right at ordinary input, and wrong at {_kinds(self.wrong)}"
        if self.losing:
            return f"right, and loses digits at {_kinds(self.losing)}"
        most = max((f.largest for f in self.far), default=0.0)
        return f"right to {min(15, int(-np.log10(max(most, 1e-16))))} digits everywhere"

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON: an error without end is null."""
        found = [
            {
                "kind": f.point.kind,
                "input": {k: np.asarray(v).astype(str).tolist() for k, v in f.point.given.items()},
                "found": [str(v) for v in f.found],
                "exact": [str(v) for v in f.exact],
                "error": f.scale if np.isfinite(f.scale) else None,
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
        worst = (self.wrong or self.losing)[:1]
        ordinary = tuple(f for f in self.wrong if f.point.kind == "ordinary")[:1]
        for f in ordinary or worst:
            lines += [f"at {pasted(f.point)}"]
            lines += [f"  yours  {_row(f.found)}", f"  exact  {_row(f.exact)}"]
        lines += ["", *(f"note: {note}" for note in self.notes)] if self.notes else []
        return "\n".join(lines)


def check_gradient(function: str | Callable[..., Any], of: str, *, rtol: float = RTOL) -> OwnReport:
    """Compare a function with the gradient, or another part, of a function of the catalogue.

    For a test, `assert symderiv.check_gradient(mine, "cross-entropy").holds`; parameters and errors
    as for `check_user_function`.
    """
    return check_user_function(function, of, rtol=rtol)


def check_user_function(
    function: str | Callable[..., Any],
    name: str,
    progress: Callable[[str, float], None] | None = None,
    *,
    rtol: float = RTOL,
) -> OwnReport:
    """Compare a user's function with what it should compute.

    Parameters
    ----------
    function : "module:function" or "file.py:function" (the working directory is searched), or the
        function; its arguments are matched by name where it has the names of ours, else by place
    name : of the catalogue ("cross-entropy": its first derivative; "cross-entropy-value": itself)
        or of `symderiv.functions` ("cross_entropy_hessian")
    progress : called with what is being done and the share that is done
    rtol : the tolerance, relative to the size of what a result adds up

    Raises
    ------
    Mistake
        for an unknown name, or a function that cannot be found.
    """
    wanted = computes(name)
    call = found(function) if isinstance(function, str) else function
    said = function if isinstance(function, str) else getattr(function, "__name__", "the function")
    program = program_of(wanted)
    if len(program.results) != 1:
        raise Mistake(f"--function {name}: give the value, gradient, Jacobian or Hessian instead")
    points = list(tried(program))
    order = _order(call, program)
    batch = _takes_a_batch(call, program, points, order)
    outcomes: list[tuple[Point, Outcome]] = []
    for n, point in enumerate(points):
        if progress is not None:
            progress(f"{said}: {point.kind}", n / len(points))
        outcomes.append((point, _outcome(call, program, point, order, batch)))
    notes = sorted({note for _, o in outcomes for note in o.notes})
    return _report(
        said,
        wanted,
        "a batch of two equal rows" if batch else "one row",
        program,
        outcomes,
        notes,
        rtol,
    )


def _report(
    said: str,
    wanted: str,
    how: str,
    program: Program,
    outcomes: list[tuple[Point, Outcome]],
    notes: list[str],
    rtol: float,
) -> OwnReport:
    fitting, problems = [], []
    for point, outcome in outcomes:
        shape = _shape(program, point)
        if outcome.value is None:
            problems.append(outcome.problem)
        elif outcome.value.shape != shape:
            problems.append(f"returns shape {outcome.value.shape}, where {shape} is right")
        else:
            fitting.append((point, outcome.value))
    found: dict[str, Far] = {}
    values = {id(p): v for p, v in fitting}
    pairs = []
    for far in measured(program, [p for p, _ in fitting], lambda p: values[id(p)]):
        if far.point.kind == "ordinary":
            shape = _shape(program, far.point)
            if far.found.size == np.prod(shape):
                pairs.append((far.found.reshape(shape), far.exact.reshape(shape)))
        kept = found.get(far.point.kind)
        if kept is None or _worse(far, kept):
            found[far.point.kind] = far
    every = sorted(found.values(), key=lambda f: (-f.scale, -f.largest))
    wrong = any(not f.scale <= rtol for f in every if f.point.kind == "ordinary")
    problem = problems[0] if problems and not fitting else ""
    if problems and fitting and not problem:
        notes = [*notes, f"at {len(problems)} points it {problems[0]}"]
    advice = diagnosis(pairs) if wrong else ""
    return OwnReport(
        said, wanted, f"called with {how}", len(outcomes), rtol, tuple(every), problem, advice,
        tuple(notes),
    )  # fmt: skip


def _worse(a: Far, b: Far) -> bool:
    if a.scale > RTOL or b.scale > RTOL:
        return a.scale > b.scale
    return a.largest > b.largest


def computes(name: str) -> str:
    """The name in `symderiv.functions`: of a catalogue name its first derivative, or its value."""
    stem, every = identifier(name), functions.__all__
    value = identifier(stem.removesuffix("_value"))
    if value != stem and value in every:
        return value
    if stem not in every:
        raise Mistake(f"--function {name}: no such function{did_you_mean(stem, every)}")
    for kind in ("gradient", "jacobian", "derivative"):
        found = [n for n in every if n == f"{stem}_{kind}" or n.startswith(f"{stem}_{kind}_")]
        found = [n for n in found if not n.endswith("_entry")]
        if found:  # of several, that by the weights
            return str(min(found, key=lambda n: n.lower()[-2:] != "_w"))
    return stem


def _shape(program: Program, point: Point) -> tuple[int, ...]:
    (axes,) = program.axes
    return tuple(size_of(program.problem.ranges[a], point.sizes) for a in axes)


def _order(call: Callable[..., Any], program: Program) -> Sequence[str]:
    """Our arguments in the order in which theirs stand, where they have the same names."""
    try:
        theirs = list(inspect.signature(call).parameters)
    except (TypeError, ValueError):
        return program.inputs
    return theirs if set(theirs) == set(program.inputs) else program.inputs


def _outcome(
    call: Callable[..., Any], program: Program, point: Point, order: Sequence[str], batch: bool
) -> Outcome:
    ours = arguments(program, point)
    given = {name: np.asarray(ours[name]) for name in order}
    return called(call, given, batch=batch)


def _takes_a_batch(
    call: Callable[..., Any], program: Program, points: Sequence[Point], order: Sequence[str]
) -> bool:
    """Is the function called with a batch of rows, and not with the row itself?"""
    easy = [p for p in points if p.kind == "ordinary" and any(n > 1 for n in p.sizes.values())][:4]

    def error(batch: bool) -> float:
        found = [(p, _outcome(call, program, p, order, batch).value) for p in easy]
        fit = [p for p, v in found if v is not None and v.shape == _shape(program, p)]
        values = {id(p): v for p, v in found}
        far = [f.scale for f in measured(program, fit, lambda p: values[id(p)])]
        return max(far) if len(fit) == len(easy) and far else float("inf")

    return bool(easy) and error(True) < error(False) / 2


def _kinds(far: Sequence[Far]) -> str:
    said = [f"{f.point.kind} ({shown(f.point)})" if n == 0 else f.point.kind
            for n, f in enumerate(far[:MOST])]  # fmt: skip
    return "; ".join(said)


def _row(a: Any) -> str:
    text = np.array2string(np.asarray(a) + 0.0, threshold=12, precision=9, max_line_width=400)
    return " ".join(text.split()).replace("[ ", "[")
