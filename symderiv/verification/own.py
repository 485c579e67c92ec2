"""A user's own function against the exact values: the gradient check.

Gives `check_user_function`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import mpmath
import numpy as np

from symderiv.mistakes import Mistake, did_you_mean
from symderiv.verification.calls import called
from symderiv.verification.comparison import TOLERANCE, Finding, OwnReport
from symderiv.verification.diagnosis import diagnosis
from symderiv.verification.exact import DIGITS
from symderiv.verification.trials import Trial, computes, trials


def check_user_function(
    function: str | Callable[..., Any],
    name: str,
    progress: Callable[[str, float], None] | None = None,
) -> OwnReport:
    """Compare a user's function with what it should compute.

    Parameters
    ----------
    function : "module:function" (the working directory is searched), or the function
    name : of the catalogue ("cross-entropy": its first derivative; "cross-entropy-value": itself)
        or of `symderiv.functions` ("cross_entropy_hessian"); the arguments are those of our
        function, in its order
    progress : called with what is being done and the share that is done

    Raises
    ------
    Mistake
        for an unknown name, or a function that cannot be found.
    """
    say = progress or (lambda what, share: None)
    wanted = computes(name)
    call = _found(function) if isinstance(function, str) else function
    said = function if isinstance(function, str) else getattr(function, "__name__", "the function")
    with mpmath.workdps(DIGITS):
        say(f"the exact values of {wanted}", 0)
        every = list(trials(wanted))
    batch = _takes_a_batch(call, every)
    found = []
    for n, trial in enumerate(every):
        say(f"{said}: {trial.kind}", n / len(every))
        found.append(_tried(call, trial, batch))
    worst = sorted(_worst_of_each(found), key=lambda f: -f.error)
    everywhere = _everywhere(found)
    if everywhere:
        worst.sort(key=lambda f: not f.trial.ordinary)
    how = "a batch of two equal rows" if batch else _row(every[0])
    ordinary = [f for f in found if f.trial.ordinary]
    pairs = [(f.outcome.value, f.trial.exact) for f in ordinary if f.outcome.value is not None]
    wrong = any(f.error > TOLERANCE for f in ordinary)
    notes = sorted({note for f in found for note in f.outcome.notes})
    return OwnReport(
        said, wanted, f"called with {how}", len(every), tuple(worst),
        everywhere, diagnosis(pairs) if wrong else "", tuple(notes),
    )  # fmt: skip


def _row(trial: Trial) -> str:
    if trial.kind.startswith("random"):
        return ", ".join(f"{k} {np.shape(v) or ''}".strip() for k, v in trial.inputs.items())
    return "an array of one number" if trial.kind.startswith("|") else "one row"


def _worst_of_each(found: Iterable[Finding]) -> list[Finding]:
    """The worst of each kind; of those about as bad, the one with the shortest input."""
    kinds: dict[str, list[Finding]] = {}
    for f in found:
        kinds.setdefault(f.kind, []).append(f)
    chosen = []
    for each in kinds.values():
        most = max(f.error for f in each)
        bad = [f for f in each if f.error >= most / 2]
        chosen.append(min(bad, key=lambda f: f.trial.entries))
    return chosen


def _everywhere(found: Sequence[Finding]) -> str:
    """What is the matter at every input, where no result has the right shape."""
    if any(f.outcome.value is not None and f.outcome.value.shape == f.trial.exact.shape
           for f in found):  # fmt: skip
        return ""
    shown = next((f for f in found if f.trial.ordinary), found[0])
    return shown.outcome.problem or f"returns {shown.found}"


def _found(spec: str) -> Callable[..., Any]:
    module_name, colon, name = spec.partition(":")
    if not colon or not module_name or not name:
        raise Mistake(f"--against {spec}: give module:function, as in losses:my_gradient")
    if module_name.endswith(".py"):
        raise Mistake(f"--against {spec}: give the module without .py, as in losses:my_gradient")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        with contextlib.redirect_stdout(sys.stderr):
            found: Any = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        reason = str(error) or type(error).__name__
        raise Mistake(f"--against {spec}: {module_name} cannot be imported: {reason}") from error
    for part in name.split("."):
        if not hasattr(found, part):
            near = did_you_mean(part, [n for n in dir(found) if not n.startswith("_")])
            raise Mistake(f"--against {spec}: {module_name} has no '{part}'{near}")
        found = getattr(found, part)
    if not callable(found):
        raise Mistake(f"--against {spec}: that is no function")
    return found  # type: ignore[no-any-return]


def _takes_a_batch(call: Callable[..., Any], every: Sequence[Trial]) -> bool:
    """Is the function called with a batch of rows, and not with the row itself?"""
    easy = [t for t in every if t.ordinary][:8]
    errors = [max(_tried(call, t, batch).error for t in easy) for batch in (False, True)]
    return errors[1] < errors[0]


def _tried(call: Callable[..., Any], trial: Trial, batch: bool) -> Finding:
    outcome = called(call, trial.inputs, batch=batch)
    value, exact = outcome.value, trial.exact
    if value is None or value.shape != exact.shape:
        return Finding(trial, outcome, np.inf)
    with np.errstate(all="ignore"):
        apart = np.where(value == exact, 0, np.abs(value - exact))
        error = float(np.max(apart) / trial.size)
    return Finding(trial, outcome, np.inf if np.isnan(error) else error)
