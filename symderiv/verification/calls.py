"""Calls of somebody else's function: whatever it does, what came of it can be said.

Gives `called`, which gives an `Outcome`: an array of numbers, or the problem in words, and what was
noticed besides.  Imports NumPy only.
"""

from __future__ import annotations

import contextlib
import io
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.records import dataclass

Array = NDArray[Any]


@dataclass(frozen=True)
class Outcome:
    """What a call gave: numbers, or a problem; and what else it does ("prints", …)."""

    value: Array | None
    problem: str = ""
    notes: frozenset[str] = frozenset()


def called(call: Callable[..., Any], inputs: Mapping[str, Any], *, batch: bool) -> Outcome:
    """Call a function with copies of the inputs: of each two, along a leading axis, if `batch`.

    What it prints is kept from the standard output, warnings are not shown, and of the result for
    a batch the first row comes back.  (Two rows, so that a mean is not taken for a sum.)
    """
    given = {k: np.stack([v, v]) if batch else _own(v) for k, v in inputs.items()}
    before = {k: _own(v) for k, v in given.items()}
    printed = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(printed),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            result = call(*given.values())
            outcome = _numbers(result)
    except (Exception, SystemExit) as error:
        outcome = Outcome(None, _raised(error))
    notes = set(outcome.notes)
    if printed.getvalue():
        notes.add("it prints")
    changed = [k for k, v in given.items() if not np.array_equal(v, before[k], equal_nan=True)]
    notes |= {f"it changes its argument {k}" for k in changed}
    value = outcome.value
    if batch and value is not None and value.ndim and value.shape[0] == 2:
        value = value[0]
    return Outcome(value, outcome.problem, frozenset(notes))


def _own(v: Any) -> Any:
    """A copy; a label stays an integer."""
    return np.array(v) if isinstance(v, np.ndarray) else np.asarray(v)[()]


def _numbers(result: Any) -> Outcome:
    if result is None:
        return Outcome(None, "returns None; is a `return` missing?")
    if isinstance(result, tuple):
        return Outcome(None, f"returns a tuple of {len(result)}; one array is wanted")
    kind = type(result).__name__
    try:
        array = np.asarray(result)
        if array.dtype.kind not in "fiub":
            return Outcome(None, f"returns {kind} of {array.dtype}; real numbers are wanted")
    except Exception as error:
        return Outcome(None, f"returns {kind}, which is no array of numbers: {_first_line(error)}")
    notes = set()
    if array.dtype != np.float64:
        notes.add(f"it returns {array.dtype} for float64")
    return Outcome(array.astype(np.float64), notes=frozenset(notes))


def _raised(error: BaseException) -> str:
    """The error in a line, with the place in the user's own file where there is one."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [f for f in frames if "site-packages" not in f.filename]
    place = f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""
    return f"raises {type(error).__name__}: {_first_line(error)}{place}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().split("\n") or [""])[0]
