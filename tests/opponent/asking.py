"""Asking symderiv: the only file of the opponent that imports it, and of that what a user has.

Gives `asked` (a derivation, or how the call ended) and `Said`; and of a derivation `written` (its
answer in the formula language), `stages_of` and `sizes_of`.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import symderiv
from symderiv.reader import formula
from tests.opponent.formulas import Task

PATIENCE = 10.0  # seconds of processor time for one call of symderiv
REFUSALS = {"Mistake", "ReadError", "Refusal", "Stuck"}  # wherever they live


class Late(Exception):
    """It took too long."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Seconds of this process's own time, so that a busy machine makes nothing late."""

    def stop(*_: Any) -> None:
        raise Late

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


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
    except (Late, symderiv.OutOfTime):
        return Said("late")
    except Exception as error:
        own = {c.__name__ for c in type(error).__mro__} & REFUSALS
        words = f"{type(error).__name__}: {error}"
        return Said("refused" if own else "crashed", None, words)


def written(derivation: Any) -> str:
    """The answer in the formula language."""
    return formula(derivation.answer)


def stages_of(derivation: Any) -> dict[str, str]:
    """The stages of a derivation, those of the catalogue with them, in the formula language."""
    return {s.name: f"{formula(s.quantity)} = {formula(s.body)}" for s in derivation.problem.stages}


def sizes_of(derivation: Any) -> dict[str, tuple[str, ...]]:
    """The sizes of every array, by the names that symderiv gave them."""
    return {name: tuple(map(str, shape)) for name, shape in derivation.problem.shapes.items()}
