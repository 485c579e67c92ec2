"""A user's own function against the exact values: the gradient check, with the input that shows.

Gives `check_user_function` and `OwnReport`.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv import functions
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.verification.exact import DIGITS, Exact, precise
from symderiv.verification.points import points

Array = NDArray[Any]
TOLERANCE = 1e-6
ORDINARY = ("random", "ties", "scale 1, offset 0")
_floats = np.frompyfunc(float, 1, 1)


@dataclass(frozen=True)
class Trial:
    """One input, with what is exact there."""

    kind: str
    inputs: Mapping[str, Any]
    exact: Array


@dataclass(frozen=True)
class Finding:
    """What came out at one input; `error` is relative to the largest exact entry."""

    kind: str
    inputs: Mapping[str, Any]
    found: str
    exact: str
    error: float


@dataclass(frozen=True)
class OwnReport:
    """How a user's function compares: the worst of each kind of input, the worst of all first."""

    function: str
    computes: str
    convention: str
    points: int
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Finding:
        """The input at which it is worst."""
        return self.findings[0]

    @property
    def ordinary(self) -> Finding | None:
        """An ordinary input at which it is wrong, if it is."""
        found = (f for f in self.findings if f.kind in ORDINARY and f.error > TOLERANCE)
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
            "findings": [
                {
                    "kind": f.kind,
                    "input": {k: _plain(v) for k, v in f.inputs.items()},
                    "found": f.found,
                    "exact": f.exact,
                    "error": f.error if np.isfinite(f.error) else None,
                }
                for f in self.findings
            ],
        }

    def text(self) -> str:
        """For a terminal: a line for each kind of input, then the worst input."""
        lines = [f"{self.function} as {self.computes}, {self.convention}, {self.points} points", ""]
        width = max(len(f.kind) for f in self.findings)
        for f in self.findings:
            digits = 17 if f.error == 0 else max(0, -np.log10(f.error)) if f.error < np.inf else 0
            said = "wrong" if f.error > TOLERANCE else "ok"
            error = f"relative error {f.error:8.2g}  {int(digits):2d} digits"
            lines.append(f"{f.kind.ljust(width)}  {error}  {said}")
        lines.append("")
        if self.holds:
            lines.append(f"right to {TOLERANCE:g} of the largest entry everywhere")
        else:
            for title, shown in (("wrong at ordinary input", self.ordinary), ("worst", self.worst)):
                if shown is not None:
                    given = ", ".join(f"{k} = {_shown(v)}" for k, v in shown.inputs.items())
                    lines += [f"{title}: {given}", f"  {self.function}: {shown.found}"]
                    lines.append(f"  exact: {shown.exact}")
        return "\n".join(lines)


def check_user_function(
    function: str | Callable[..., Any],
    name: str,
    progress: Callable[[str, float], None] | None = None,
) -> OwnReport:
    """Compare a user's function with what it should compute.

    Parameters
    ----------
    function : "module:function" (the working directory is searched), or the function
    name : of the catalogue ("cross-entropy": its first derivative) or of `symderiv.functions`
        ("cross_entropy_hessian"); the arguments are those of our function, in its order

    Raises
    ------
    Mistake
        for an unknown name, or a function that cannot be found.
    """
    call = _found(function) if isinstance(function, str) else function
    said = function if isinstance(function, str) else getattr(function, "__name__", "the function")
    computes = _computes(name)
    with mpmath.workdps(DIGITS):
        trials = list(_trials(computes))
        convention = _convention(call, trials)
        worst: dict[str, Finding] = {}
        for n, trial in enumerate(trials):
            if progress is not None:
                progress(trial.kind, n / len(trials))
            finding = _tried(call, trial, convention)
            kind = finding.kind
            if kind not in worst or finding.error > worst[kind].error:
                worst[kind] = finding
    order = tuple(sorted(worst.values(), key=lambda f: -f.error))
    how = "a batch of rows" if convention else "one row"
    return OwnReport(said, computes, f"called with {how}", len(trials), order)


def _found(spec: str) -> Callable[..., Any]:
    module_name, colon, name = spec.partition(":")
    if not colon or not module_name or not name:
        raise Mistake(f"--against {spec}: give module:function, as in losses:my_gradient")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found: Any = importlib.import_module(module_name)
    except Exception as error:
        raise Mistake(f"--against {spec}: {module_name} cannot be imported: {error}") from error
    for part in name.split("."):
        if not hasattr(found, part):
            near = did_you_mean(part, [n for n in dir(found) if not n.startswith("_")])
            raise Mistake(f"--against {spec}: {module_name} has no '{part}'{near}")
        found = getattr(found, part)
    if not callable(found):
        raise Mistake(f"--against {spec}: that is no function")
    return found  # type: ignore[no-any-return]


def _computes(name: str) -> str:
    """The name in `symderiv.functions`: of a catalogue name, its first derivative."""
    stem = name.replace("-", "_")
    every = functions.__all__
    if stem not in every:
        raise Mistake(f"--function {name}: no such function{did_you_mean(stem, every)}")
    for kind in ("gradient", "jacobian", "derivative"):
        found = [n for n in every if n == f"{stem}_{kind}" or n.startswith(f"{stem}_{kind}_")]
        if found:
            return str(found[0])
    return stem


def _trials(name: str) -> Iterator[Trial]:
    exact = _OF_LOGITS.get(name)
    if exact is None:
        yield from _random_trials(name)
        return
    for point in points(np.float64, widest=1000):
        if len(point.z) > 200 and name.endswith(("jacobian", "hessian")):
            continue
        if name.endswith(("jacobian", "hessian")) and len(point.z) > 20:
            continue
        x = Exact(point.z)
        kind = point.kind.split(", K")[0]
        for inputs, value in exact(point, x):
            yield Trial(kind, inputs, value)


def _random_trials(name: str) -> Iterator[Trial]:
    from symderiv.catalogue import functions as catalogue
    from symderiv.emit.module import ALIASES, programs
    from symderiv.verification.formulas import exact_results, inputs

    made = {w.name: p for w, p in programs(catalogue().values())}
    program = made[ALIASES.get(name, name)]
    if program.entry or len(program.results) != 1:
        raise Mistake(f"--function {name}: give the value, gradient, Jacobian or Hessian instead")
    for seed in range(20):
        given = inputs(program, np.random.default_rng(seed))
        (value,) = exact_results(program, given)
        yield Trial("random", given, value)


def _labelled(p: Any, x: Exact) -> Iterator[tuple[dict[str, Any], Array]]:
    for y in p.labels:
        yield {"z": p.z, "y": y}, x.gradient(y)


def _losses(p: Any, x: Exact) -> Iterator[tuple[dict[str, Any], Array]]:
    for y in p.labels:
        yield {"z": p.z, "y": y}, x.loss[y]


def _soft(p: Any, x: Exact) -> Iterator[tuple[dict[str, Any], Array]]:
    t = precise(p.target)
    difference = x.p - t
    difference[x.top] = (1 - t[x.top]) - x.q[x.top]
    yield {"z": p.z, "y": p.target}, difference


def _matrix(p: Any, x: Exact) -> Iterator[tuple[dict[str, Any], Array]]:
    yield {"z": p.z}, x.jacobian(*np.indices((len(p.z),) * 2))


_OF_LOGITS: dict[str, Callable[[Any, Exact], Iterator[tuple[dict[str, Any], Any]]]] = {
    "softmax": lambda p, x: iter([({"z": p.z}, x.p)]),
    "softmax_jacobian": _matrix,
    "log_softmax": lambda p, x: iter([({"z": p.z}, -x.loss)]),
    "logsumexp": lambda p, x: iter([({"z": p.z}, x.logsumexp)]),
    "logsumexp_gradient": lambda p, x: iter([({"z": p.z}, x.p)]),
    "logsumexp_hessian": _matrix,
    "cross_entropy": _losses,
    "cross_entropy_gradient": _labelled,
    "cross_entropy_hessian": _matrix,
    "cross_entropy_soft_gradient": _soft,
    "cross_entropy_soft_hessian": _matrix,
}


def _convention(call: Callable[..., Any], trials: list[Trial]) -> bool:
    """Is the function called with a batch of one row, and not with the row itself?"""
    easy = [t for t in trials if t.kind in ORDINARY][:8]
    errors = [
        max((_tried(call, t, batch).error for t in easy), default=0) for batch in (False, True)
    ]
    return errors[1] < errors[0]


def _tried(call: Callable[..., Any], trial: Trial, batch: bool) -> Finding:
    exact = np.asarray(_floats(trial.exact), dtype=np.float64)
    given = [np.asarray(v)[None].copy() if batch else _fresh(v) for v in trial.inputs.values()]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            value = np.asarray(call(*given), dtype=np.float64)
        value = value[0] if batch and value.shape == (1, *exact.shape) else value
        said = _shown(value)
    except Exception as problem:
        value, said = np.full(1, np.nan), f"{type(problem).__name__}: {problem}"
    if value.shape != exact.shape:
        said = said if "Error" in said else f"shape {value.shape}: {said}"
        return Finding(trial.kind, trial.inputs, said, _shown(exact), np.inf)
    with np.errstate(all="ignore"):
        apart = np.where(value == exact, 0, np.abs(value - exact))
        error = float(np.max(apart) / max(np.max(np.abs(exact)), np.finfo(np.float64).tiny))
    return Finding(
        trial.kind, trial.inputs, said, _shown(exact), np.inf if np.isnan(error) else error
    )


def _fresh(v: Any) -> Any:
    return v.copy() if isinstance(v, np.ndarray) else v


def _plain(v: Any) -> Any:
    return np.asarray(v).astype(str).tolist() if isinstance(v, np.ndarray) else int(v)


def _shown(v: Any) -> str:
    return np.array2string(np.asarray(v), threshold=8, edgeitems=3, precision=9).replace("\n", "")
