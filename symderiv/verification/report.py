"""The table: for each function its worst error, where it is, the bound and the verdict.

Gives `verify`, `Report` and `Line`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import product
from typing import Any

import mpmath
import numpy as np

from symderiv import functions
from symderiv.catalogue import functions as entries
from symderiv.catalogue.names import canonical
from symderiv.emit.catalogue import members
from symderiv.emit.program import Program
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.numbers.exact import DIGITS, Exact
from symderiv.records import dataclass
from symderiv.terms.sizes import size_at
from symderiv.verification.measured import measured
from symderiv.verification.points import Point, shown
from symderiv.verification.tried import arguments, tried

BOUNDS = {"float64": 2e-13, "float32": 2e-5}
RANGES = {"float64": (1e-300, 1e307), "float32": (1e-36, 1e37)}
EDGES = (
    "The bound is relative to the value, or where terms cancel to what rounding may move it by;",
    "below 1e-300 in float64 and 1e-36 in float32, near subnormal numbers, relative to that.",
    "At the largest numbers an input counts where every named part of the formula is a number.",
)
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Line:
    """One line of the table; `where` says at which input the error is `worst`."""

    function: str
    precision: str
    points: int
    worst: float
    bound: float
    where: str

    @property
    def holds(self) -> bool:
        """Is the worst error within the bound?"""
        return self.worst <= self.bound


@dataclass(frozen=True)
class Report:
    """All lines of the table."""

    lines: tuple[Line, ...]

    @property
    def holds(self) -> bool:
        """Do all bounds hold?"""
        return all(line.holds for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON: an error without end is null."""
        lines = [
            {
                **asdict(line),
                "worst": line.worst if np.isfinite(line.worst) else None,
                "holds": line.holds,
            }
            for line in self.lines
        ]
        return {"schema": 2, "holds": self.holds, "lines": lines}

    def text(self, width: int | None = None) -> str:
        """The table; on a terminal of so many columns, where the worst error is may be cut."""
        rows = [("function", "precision", "points", "worst", "bound", "", "where")]
        for line in self.lines:
            verdict = "ok" if line.holds else "FAILS"
            far, bound = f"{line.worst:.2g}", f"{line.bound:g}"
            rows.append(
                (line.function, line.precision, str(line.points), far, bound, verdict, line.where)
            )
        widths = [max(len(row[n]) for row in rows) for n in range(6)]
        said = ["  ".join([*map(str.ljust, row[:6], widths), row[6]]).rstrip() for row in rows]
        if width is not None:
            said = [line if len(line) <= width else f"{line[: width - 1]}…" for line in said]
        said += ["", *EDGES]
        failed = sum(not line.holds for line in self.lines)
        foot = "every bound holds" if not failed else f"{failed} of {len(self.lines)} bounds fail"
        return "\n".join((*said, "", foot))


@lru_cache(maxsize=512)
def program_of(name: str) -> Program:
    """The program of a function of `symderiv.functions`.

    Raises
    ------
    Mistake
        where no entry of the catalogue gives it.
    """
    for entry in entries().values():
        if name.startswith(entry.name.replace("-", "_")):
            for member in members(entry):
                if member.name == name:
                    return member.program
    raise Mistake(f"no entry of the catalogue gives '{name}'")


def identifier(name: str) -> str:
    """How `symderiv.functions` spells a name: its own, one of the catalogue, or an alias.

    >>> identifier("softmax-jacobian"), identifier("mse"), identifier("sofmax")
    ('softmax_jacobian', 'mean_squared_error', 'sofmax')
    """
    plain = name.replace("-", "_")
    return plain if plain in functions.__all__ else (canonical(name) or name).replace("-", "_")


def absent(name: str) -> str:
    """Why `symderiv.functions` has no such name, in a clause; empty where none is near."""
    stem, every = identifier(name), functions.__all__
    if canonical(name) is not None and not any(own.startswith(stem) for own in every):
        return "; the catalogue has it, and `make functions` writes it"
    return did_you_mean(name, every)


def verify(names: Sequence[str] = (), progress: Progress | None = None) -> Report:
    """The accuracy of functions (all of them by default) over random and hard points.

    Parameters
    ----------
    names : names in `symderiv.functions`, or of the catalogue; a dash stands for an underscore
    progress : called with what is being done and the share that is done

    Raises
    ------
    Mistake
        for an unknown name, with the nearest.
    """
    wanted = [identifier(name) for name in names] or list(functions.__all__)
    for name in wanted:
        if name not in functions.__all__:
            near = absent(name) or "; `symderiv list` shows all of them"
            raise Mistake(f"no function '{name:.60}'{near}")
    lines: list[Line] = []
    for n, name in enumerate(wanted):
        if progress is not None:
            progress(name, n / len(wanted))
        lines += [_line(name, dtype) for dtype in BOUNDS]
    if progress is not None:
        progress("done", 1.0)
    return Report(tuple(lines))


def _line(name: str, dtype: str) -> Line:
    program, function = program_of(name), getattr(functions, name)

    def call(point: Point) -> Any:
        return function(**arguments(program, point))

    least, most = RANGES[dtype]
    worst, where, count = 0.0, "", 0
    given = list(_points(program, dtype))
    with np.errstate(all="ignore"):
        for far in measured(program, given, call, least=least, most=most):
            count += 1
            error = min(far.value, far.scale)
            if error > worst:
                worst, where = error, shown(far.point)
    return Line(name, dtype, count, worst, BOUNDS[dtype], where)


def _points(program: Program, dtype: str) -> Iterator[Point]:
    every = list(tried(program))
    ordinary = [p for p in every if p.kind == "ordinary"][:2]
    numbers = np.finfo(dtype)
    edges = [
        replace(point, kind=kind, given=_scaled(program, point, float(size)))
        for point in (() if program.problem.facts else ordinary)
        for kind, size in (
            ("subnormal", numbers.smallest_subnormal * 8),
            ("smallest", numbers.tiny),
            ("largest", numbers.max / 64),
        )
    ]
    most = RANGES[dtype][1]
    for point in (*every, *(p for p in edges if _within(program, p, most))):
        given = {
            name: value if name in program.problem.labels else np.asarray(value, dtype)
            for name, value in point.given.items()
        }
        yield replace(point, given=given)


def _within(program: Program, point: Point, most: float) -> bool:
    """Is every named part of the formula, s = Wx of a loss, a number of the type?

    What is left of parts beyond it, s_k - s_y = 0 of one class, no arithmetic of the type gives.
    """
    exact = Exact(program.problem, point.given, point.sizes)
    with mpmath.workdps(DIGITS):
        for stage in program.problem.stages:
            axes = stage.quantity.indices
            lengths = [size_at(n, point.sizes) for n in program.problem.shapes[stage.name]]
            for place in product(*(range(1, n + 1) for n in lengths)):
                value = exact.known(stage.quantity, dict(zip(axes, place, strict=True)))
                if value is not None and abs(value) > most:
                    return False
    return True


def _scaled(program: Program, point: Point, size: float) -> dict[str, Any]:
    """The arguments at an edge of the numbers of a type."""
    labels = program.problem.labels
    return {n: v if n in labels else np.clip(v, -4, 4) * size for n, v in point.given.items()}
