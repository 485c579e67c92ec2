"""Calls of somebody else's function: whatever it does, what came of it can be said.

Gives `Calling` (how a function is called) and `called`, which gives an `Outcome`: arrays of
numbers, or the problem in words, and what was noticed besides.  Imports NumPy; torch and JAX where
a function is given their arrays.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import signal
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.mistakes import Mistake
from symderiv.records import dataclass

Array = NDArray[Any]
ROWS = 7  # of a batch: no factor of an error, as 2 is, which makes a mean of two their sum
MOST = 60  # seconds of one call
ALIKE = 1e-6  # by how much rounding may tell equal rows apart
# how each library makes an array of one of NumPy's
ARRAYS = {"torch": ("torch", "as_tensor"), "jax": ("jax.numpy", "asarray")}


@dataclass(frozen=True)
class Calling:
    """How a function is called.

    Attributes
    ----------
    names : the arguments, in the order in which they are given
    keywords : by their names, and not by place
    named : are the names the function's own?
    batch : with equal rows along a leading axis
    whole : the arguments that have no such axis, as weights have none
    once : the numbers that all rows have in common, as a temperature
    library : whose arrays they are
    part : which of several results is meant
    """

    names: tuple[str, ...]
    keywords: bool = False
    named: bool = False
    batch: bool = False
    whole: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    library: str = "numpy"
    part: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a call gave: arrays, or a problem; and what else it does ("it prints", …).

    `rows`: those of the arrays that have a row for each of a batch, of which the first is here.
    """

    values: tuple[Array, ...] = ()
    problem: str = ""
    notes: frozenset[str] = frozenset()
    rows: frozenset[int] = frozenset()

    def divided(self, part: int, by: float) -> Outcome:
        """The same, one of the arrays divided by a number."""
        values = tuple(v / by if n == part else v for n, v in enumerate(self.values))
        return replace(self, values=values)

    def rowed(self, part: int) -> bool:
        """Has one of the arrays a row for each of a batch, or may it have?"""
        return part in self.rows

    def value(self, part: int) -> Array | None:
        """One of the arrays; None where there is none."""
        return self.values[part] if part < len(self.values) else None

    def joined(self, part: int) -> bool:
        """Is one of the arrays made of the numbers before it?"""
        numbers = [v for v in self.values[:part] if not v.ndim]
        return 1 < part == len(numbers) and np.array_equal(self.values[part], numbers)


def called(call: Callable[..., Any], each: Sequence[Mapping[str, Any]], how: Calling) -> Outcome:
    """Call a function with copies of the inputs: for a batch of several, along a leading axis.

    What it prints is kept from the standard output, warnings are not shown, and of a result for
    a batch the first row comes back.  (Several rows, so that a mean is not taken for a sum.)

    `each`: the inputs of every row; those of the first are repeated to the end of a batch.  Of
    rows that differ every row comes back.

    Raises
    ------
    Mistake
        where it has not returned after a minute.
    """
    (first, *others) = each
    all_rows = [first, *others, *[first] * (ROWS - len(each))]
    batched = {k for k in first if how.batch and k not in how.whole | how.once}
    inputs = {
        k: np.stack([r[k] for r in all_rows]) if k in batched else v for k, v in first.items()
    }
    given = {k: _array(np.array(v)[()], how.library) for k, v in inputs.items()}
    printed = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(printed),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            _bounded(),
        ):
            warnings.simplefilter("ignore")
            result = call(**given) if how.keywords else call(*given.values())
            outcome = _numbers(result)
    except _Endless:
        what = ", ".join(f"{k} of shape {np.shape(v)}" for k, v in given.items())
        raise Mistake(f"the function has not returned after {MOST} s, given {what}") from None
    except (Exception, SystemExit) as error:
        outcome = Outcome((), _raised(error))
    notes = set(outcome.notes)
    if printed.getvalue():
        notes.add("it prints")
    changed = [k for k, v in given.items() if not _same(v, inputs[k])]
    notes |= {f"it changes its argument {k}" for k in changed}
    values = outcome.values
    rowed = [n for n, v in enumerate(values) if how.batch and v.ndim and v.shape[0] == ROWS]
    if how.batch and not (how.whole or others):  # of weights the gradient is whole
        firsts = tuple(v[0] if n in rowed else v for n, v in enumerate(values))
        pairs = zip(values, firsts, strict=True)
        if not all(np.allclose(v, first, ALIKE, ALIKE, equal_nan=True) for v, first in pairs):
            return Outcome((), "gives unlike results for equal rows of a batch")
        values = firsts
    return Outcome(values, outcome.problem, frozenset(notes), frozenset(rowed))


class _Endless(BaseException):
    """A call that takes too long: no `except Exception` of the function's own catches it."""


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """What takes too long ends, where the system has a clock that interrupts."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def over(*_: Any) -> None:
        raise _Endless

    before = signal.signal(signal.SIGALRM, over)
    left = signal.setitimer(signal.ITIMER_REAL, MOST, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *left)
        signal.signal(signal.SIGALRM, before)


def _array(v: Any, library: str) -> Any:
    if library == "numpy":
        return v
    module, maker = ARRAYS[library]
    return getattr(importlib.import_module(module), maker)(v)


def _same(given: Any, before: Any) -> bool:
    """Is an argument what it was? One of float32 is held to what that keeps."""
    now = np.asarray(_plain(given))
    was = np.asarray(before)
    return now.shape == was.shape and np.array_equal(now, was.astype(now.dtype), equal_nan=True)


def _plain(value: Any) -> Any:
    """A tensor without its history, which NumPy can read."""
    return value.detach().cpu() if hasattr(value, "detach") and hasattr(value, "cpu") else value


def _leaves(result: Any) -> Iterator[Any]:
    """The arrays in tuples and dicts, one within another."""
    if isinstance(result, dict):
        result = tuple(result.values())
    if isinstance(result, tuple):
        for r in result:
            yield from _leaves(r)
    else:
        yield _plain(result)


def _numbers(result: Any) -> Outcome:
    if result is None:
        return Outcome((), "returns None; is a `return` missing?")
    leaves = list(_leaves(result))
    if not leaves:
        return Outcome((), f"returns {type(result).__name__} with nothing in it")
    several = len(leaves) > 1 and all(np.ndim(leaf) == 0 for leaf in leaves)
    found = []
    notes = set()
    for leaf in [*leaves, leaves] if several else leaves:  # (1.0, 2.0) may be a vector
        kind = type(leaf).__name__
        try:
            array = np.asarray(leaf)
            if array.dtype.kind not in "fiub":
                of = kind if array.dtype == object else array.dtype
                problem = f"returns values of type {of}; real numbers are wanted"
                return Outcome((), problem)
        except Exception as error:
            problem = f"returns {kind}, which is no array of numbers: {_first_line(error)}"
            return Outcome((), problem)
        if array.dtype != np.float64 and array.dtype.kind == "f":
            notes.add(f"it returns {array.dtype} for float64")
        found.append(array.astype(np.float64))
    return Outcome(tuple(found), notes=frozenset(notes))


def _raised(error: BaseException) -> str:
    """The error in a line, with the place in the user's own file where there is one."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [f for f in frames if "site-packages" not in f.filename]
    place = f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""
    return f"raises {type(error).__name__}: {_first_line(error)}{place}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().split("\n") or [""])[0]
