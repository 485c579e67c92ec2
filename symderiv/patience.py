"""Patience: until when an answer is worked at, and within how much memory.

    with limited(seconds): ...     what is worked at inside gives up after that
    budget(5.0).spent              are 5 seconds of work done, or is the time over?
    look()                         raises OutOfTime once they are over, and as `room` does
    room()                         raises OutOfMemory once too much has been taken

Asked from every loop that may be long: a line is added, a rule is looked for.
A limit belongs to its thread, and one inside another only shortens it.  A person waits by the
clock, so that a limit is of time; what is given up before, and may decide a verdict, is counted in
work, which is the same however busy a machine is.

Floor 0: imports mistakes only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic, thread_time
from typing import NamedTuple

try:
    import resource
except ImportError:  # Windows does not tell how much has been taken
    resource = None  # type: ignore[assignment]

from symderiv.mistakes import Unanswered

SECONDS = 60.0  # what a person waits for one derivation
MOST = 2.0  # GiB that one derivation may take
_APART = 0.002  # seconds between two questions of how much was taken; it is asked very often
_GIB = 2**30 if sys.platform == "darwin" else 2**20  # in the units of ru_maxrss

_end: ContextVar[float] = ContextVar("end", default=inf)
_whole: ContextVar[float] = ContextVar("whole", default=inf)
_before: ContextVar[float] = ContextVar("before", default=inf)  # GiB when it began
_asked = -inf  # when it was asked last how much was taken


class OutOfTime(Unanswered):
    """No answer within the time that was given."""


class OutOfMemory(Unanswered):
    """No answer within the memory that one derivation may take."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give what is done inside so many seconds, and no more than what is left already."""
    end = monotonic() + seconds
    if end >= _end.get():
        yield
        return
    tokens = _end.set(end), _whole.set(seconds), _before.set(min(_taken(), _before.get()))
    try:
        yield
    finally:
        _end.reset(tokens[0])
        _whole.reset(tokens[1])
        _before.reset(tokens[2])


class Budget(NamedTuple):
    """Work of this thread; it cannot be done sooner than the clock shows as much."""

    clock: float
    work: float

    @property
    def left(self) -> float:
        """The seconds of work that are left."""
        return self.work - thread_time()

    @property
    def spent(self) -> bool:
        """Is the work done, or the time over that was given?"""
        now = monotonic()
        return now > _end.get() or (now > self.clock and thread_time() > self.work)


FOREVER = Budget(inf, inf)


def budget(most: float) -> Budget:
    """`most` seconds of work."""
    return Budget(monotonic() + most, thread_time() + most)


def _taken() -> float:
    """The most memory that the process has held so far, in GiB; 0 where nobody tells."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _GIB if resource else 0.0


def room() -> None:
    """Raise OutOfMemory if the process has come to hold too much more than when it began."""
    now = monotonic()
    if now - _asked >= _APART:
        _room(now)


def _room(now: float) -> None:
    global _asked
    _asked = now
    if _taken() - _before.get() > MOST:
        raise OutOfMemory(
            f"there is no answer within {MOST:g} GiB of memory; a smaller size or a shorter "
            "formula needs less"
        )


def look() -> None:
    """Raise OutOfTime if the time given is over, OutOfMemory if too much was taken."""
    now = monotonic()
    if now - _asked >= _APART:
        _room(now)
    if now > _end.get():
        raise OutOfTime(
            f"there is no answer within {_whole.get():g} seconds; --timeout SECONDS "
            "(in Python timeout=) gives it more"
        )
