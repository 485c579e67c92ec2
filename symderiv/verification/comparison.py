"""A user's own function beside the exact values: where it is wrong, and the input that shows it.

Gives `Finding`, `OwnReport` and the tolerance; `symderiv.verification.own` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symderiv.verification.calls import Outcome
from symderiv.verification.trials import Trial

TOLERANCE = 1e-6
MOST = 6  # kinds of input at which it is wrong, one line each


@dataclass(frozen=True)
class Finding:
    """What came out at one input; `error` is relative to the largest exact entry."""

    trial: Trial
    outcome: Outcome
    error: float

    @property
    def kind(self) -> str:
        """The kind of input it is."""
        return self.trial.kind

    @property
    def digits(self) -> int:
        """Right digits of the largest entry; 15 is all that there are."""
        if not self.error < 1:
            return 0
        return 15 if self.error < 1e-15 else int(-np.log10(self.error))

    @property
    def verdict(self) -> str:
        """How far it is off, in words."""
        value = self.outcome.value
        if value is None:
            return self.outcome.problem.split(":")[0].split(",")[0]
        if value.shape != self.trial.exact.shape:
            return "another shape"
        if not np.isfinite(value).all():
            return "gives nan" if np.isnan(value).any() else "gives an infinity"
        if self.error > 1000:
            return "not one digit right"
        return f"relative error {self.error:8.2g}  {self.digits:2d} digits"

    @property
    def found(self) -> str:
        """What the function gave, in words where that is no array of the right shape."""
        value, exact = self.outcome.value, self.trial.exact
        if value is None:
            return self.outcome.problem
        if value.shape != exact.shape:
            return f"shape {value.shape}, where {exact.shape} is right"
        return written(value)


@dataclass(frozen=True)
class OwnReport:
    """How a user's function compares: the worst of each kind of input, the worst of all first."""

    function: str
    computes: str
    convention: str
    points: int
    findings: tuple[Finding, ...]
    everywhere: str = ""  # what is wrong at every input, if it is the same
    advice: str = ""
    notes: tuple[str, ...] = ()

    @property
    def worst(self) -> Finding:
        """The input at which it is worst."""
        return self.findings[0]

    @property
    def ordinary(self) -> Finding | None:
        """An ordinary input at which it is wrong, if it is."""
        found = (f for f in self.findings if f.trial.ordinary and f.error > TOLERANCE)
        return next(found, None)

    @property
    def holds(self) -> bool:
        """Is it right to six digits everywhere?"""
        return self.worst.error <= TOLERANCE

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON: an error without end is null."""
        return {
            "schema": 1,
            "function": self.function,
            "computes": self.computes,
            "convention": self.convention,
            "points": self.points,
            "holds": self.holds,
            "everywhere": self.everywhere,
            "advice": self.advice,
            "notes": list(self.notes),
            "findings": [
                {
                    "kind": f.kind,
                    "input": {k: _plain(v) for k, v in f.trial.inputs.items()},
                    "found": f.found,
                    "exact": written(f.trial.exact),
                    "error": f.error if np.isfinite(f.error) else None,
                }
                for f in self.findings
            ],
        }

    def text(self) -> str:
        """For a terminal: where it is wrong, where right, then the worst input to try again."""
        head = f"{self.function} as {self.computes}, {self.convention}, {self.points} points"
        lines = [head, ""]
        if self.everywhere:
            advice = f"; {self.advice}" if self.advice else ""
            lines.append(f"wrong at every point: it {self.everywhere}{advice}")
            lines += _example("for example", self.findings[0], short=True)
        else:
            lines += self._kinds()
        if not self.holds and not self.everywhere:
            if self.ordinary is not None:
                lines += ["", *_example("wrong at ordinary input", self.ordinary)]
                lines += [f"  {self.advice}"] if self.advice else []
            if self.ordinary is not self.worst and not (self.ordinary and self.advice):
                lines += ["", *_example("worst", self.worst)]
        lines += ["", *(f"note: {note}" for note in self.notes)] if self.notes else []
        return "\n".join(lines)

    def _kinds(self) -> list[str]:
        wrong = [f for f in self.findings if f.error > TOLERANCE]
        right = self.findings[len(wrong) :]
        rows = [(f.kind, f.verdict) for f in wrong[:MOST]]
        left, middle = (max((len(row[n]) for row in rows), default=0) for n in (0, 1))
        lines = [f"{kind:<{left}}  {verdict:<{middle}}  wrong" for kind, verdict in rows]
        if len(wrong) > MOST:
            lines.append(f"and {_count(len(wrong) - MOST, 'more kind')} of input, wrong")
        if right:
            digits = min(f.digits for f in right)
            where = f"the other {len(right)} kinds of input" if wrong else "every kind of input"
            if wrong and len(right) <= 3:
                where = " and ".join(f.kind for f in right)
            lines.append(f"right to {digits} digits or more at {where}")
        return lines


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


def _example(title: str, shown: Finding, short: bool = False) -> list[str]:
    given = "; ".join(f"{k} = {pasted(v)}" for k, v in shown.trial.inputs.items())
    lines = [f"{title}: {given}"]
    if short:
        return lines
    return [*lines, f"  yours  {shown.found}", f"  exact  {written(shown.trial.exact)}"]


def _plain(v: Any) -> Any:
    return np.asarray(v).astype(str).tolist() if isinstance(v, np.ndarray) else int(v)


def pasted(v: Any) -> str:
    """An input as Python reads it, with `np` for NumPy; of a long one, how it begins."""
    if not isinstance(v, np.ndarray):
        return repr(int(v)) if isinstance(v, int | np.integer) else repr(float(v))
    if v.size > 12:
        return f"{written(v)}, {' × '.join(map(str, v.shape))} numbers"
    text = repr(v.tolist())
    return f"np.array({text.replace('inf', 'np.inf')})"


def written(v: Mapping[str, Any] | Any) -> str:
    """An array in a line."""
    array = np.asarray(v) + 0.0  # which makes 0 of -0
    text = np.array2string(array, threshold=12, edgeitems=3, precision=9, max_line_width=400)
    return " ".join(text.split()).replace("[ ", "[")
