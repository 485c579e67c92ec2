"""The table: for each function its worst error, where it is, the bound and the verdict.

Gives `verify`, `Report` and `Line`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import mpmath
import numpy as np

from symderiv import functions
from symderiv.emit.accuracy import OPERATIONS
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.verification.atoms import ATOMS
from symderiv.verification.checks import CHECKS
from symderiv.verification.elementwise import ELEMENTWISE, elementwise_errors
from symderiv.verification.exact import DIGITS, Exact
from symderiv.verification.formulas import formula_errors
from symderiv.verification.measures import Check
from symderiv.verification.points import Point, points
from symderiv.verification.quiet import quietly

Progress = Callable[[str, float], None]
DTYPES = (np.float64, np.float32)
FORMULA = "its formula by mpmath"


@dataclass(frozen=True)
class Line:
    """One line of the table; `where` says at which input the error is `worst`."""

    function: str
    precision: str
    against: str
    points: int
    worst: float
    unit: str
    where: str
    bound: float

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
        return {
            "schema": 1,
            "holds": self.holds,
            "lines": [
                {
                    **asdict(line),
                    "worst": line.worst if np.isfinite(line.worst) else None,
                    "holds": line.holds,
                }
                for line in self.lines
            ],
        }

    def text(self, width: int | None = None) -> str:
        """The table; on a terminal of so many columns, where the worst error is may be cut."""
        head = ("function", "precision", "points", "worst", "bound", "", "where")
        rows = [
            (
                line.function, line.precision, str(line.points), f"{line.worst:.3g}",
                f"{line.bound:g} {line.unit}", "ok" if line.holds else "FAILS", line.where,
            )
            for line in self.lines
        ]  # fmt: skip
        widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head) - 1)]
        shown = []
        for row in (head, *rows):
            cells = [
                cell.rjust(w) if 2 <= n <= 3 else cell.ljust(w)
                for n, (cell, w) in enumerate(zip(row[:-1], widths, strict=True))
            ]
            shown.append(_cut("  ".join((*cells, row[-1])).rstrip(), width))
        failed = sum(not line.holds for line in self.lines)
        foot = "every bound holds" if not failed else f"{failed} of {len(self.lines)} bounds fail"
        return "\n".join((*shown, "", foot))


def _cut(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: width - 1]}…"


def known() -> tuple[str, ...]:
    """The names of all functions that can be verified, the atoms of other formulas last."""
    return (*functions.__all__, *(c.function for c in ATOMS))


def verify(names: Sequence[str] = (), progress: Progress | None = None) -> Report:
    """The accuracy of functions (all of them by default) over random and hard points.

    Parameters
    ----------
    names : names in `symderiv.functions`, or of atoms in `symderiv.numeric`; a dash stands for an
        underscore
    progress : called with what is being done and the share that is done

    Raises
    ------
    Mistake
        for an unknown name, with the nearest.
    """
    wanted = [name.replace("-", "_") for name in names]
    for name in wanted:
        if name not in known():
            raise Mistake(f"no function '{name}'{did_you_mean(name, known())}")
    say = progress or (lambda what, share: None)
    checks = [c for c in (*CHECKS, *ATOMS) if not wanted or c.function in wanted]
    single = {c.function for c in ELEMENTWISE}
    lines: list[Line] = []
    with mpmath.workdps(DIGITS):
        for share, dtype in enumerate(DTYPES):
            if checks:
                lines += _measured(checks, dtype, _part(say, share * 0.4, 0.4))
            lines += _elementwise(dtype, [n for n in single if not wanted or n in wanted])
        covered = {c.function for c in (*CHECKS, *ATOMS)} | single
        others = [n for n in wanted or known() if n not in covered]
        lines += [
            Line(
                w.function,
                w.precision,
                FORMULA,
                w.tried,
                w.error,
                OPERATIONS.unit,
                w.where,
                OPERATIONS.ulp,
            )
            for w in formula_errors(others, DTYPES, _part(say, 0.8, 0.2))
        ]
    order = {name: n for n, name in enumerate(known())}
    lines.sort(key=lambda line: order.get(line.function.split(",")[0], 0))
    say("done", 1.0)
    return Report(tuple(lines))


def _part(say: Progress, start: float, width: float) -> Progress:
    """Progress of a part of the whole."""
    return lambda what, share: say(what, start + width * share)


def _measured(checks: Iterable[Check], dtype: Any, say: Progress) -> list[Line]:
    precision = np.dtype(dtype).name
    worst: dict[Check, tuple[float, str]] = dict.fromkeys(checks, (0.0, ""))
    tried = dict.fromkeys(worst, 0)
    every = list(points(dtype))
    for n, point in enumerate(every):
        say(f"{precision}: {point.kind}", n / len(every))
        exact = Exact(point.z)
        for check in worst:
            far, said = quietly(check.measure, point, exact)
            if far is None:
                continue
            tried[check] += 1
            most = float("inf") if said else float(far.max(initial=0))
            if most > worst[check][0]:
                where = described(point)
                worst[check] = (most, f"it warns: {said}; {where}" if said else where)
    return [
        Line(c.name, precision, c.against, tried[c], w, c.bound.unit, where, c.bound.ulp)
        for c, (w, where) in worst.items()
    ]


def described(point: Point) -> str:
    """The kind of a point, and its logits where they are few."""
    if len(point.z) > 4:
        return point.kind
    return f"{point.kind}: z = ({', '.join(f'{float(v):.9g}' for v in point.z)})"


def _elementwise(dtype: Any, names: Sequence[str]) -> list[Line]:
    precision = np.dtype(dtype).name
    return [
        Line(
            c.function,
            precision,
            f"mpmath, {DIGITS} digits",
            tried,
            far,
            c.bound.unit,
            where,
            c.bound.ulp,
        )
        for c, tried, far, where in elementwise_errors(dtype, names)
    ]
