"""Patience: until when an answer is worked at.

    with limited(seconds): ...     what is worked at inside gives up after that
    left(5.0)                      the seconds left, 5 at most
    look()                         raises OutOfTime once they are over

Asked from every loop that may be long: a line is added, a rule is looked for.
A limit belongs to its thread, and one inside another only shortens it.

Floor 0: imports mistakes only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic

from symderiv.mistakes import Unanswered

SECONDS = 60.0  # what a person waits for one derivation

_end: ContextVar[float] = ContextVar("end", default=inf)
_whole: ContextVar[float] = ContextVar("whole", default=inf)


class OutOfTime(Unanswered):
    """No answer within the time that was given."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give what is done inside so many seconds, and no more than what is left already."""
    end = monotonic() + seconds
    if end >= _end.get():
        yield
        return
    tokens = _end.set(end), _whole.set(seconds)
    try:
        yield
    finally:
        _end.reset(tokens[0])
        _whole.reset(tokens[1])


def until(most: float) -> float:
    """When to give up (`time.monotonic`): in `most` seconds, or when the time given is over."""
    return min(monotonic() + most, _end.get())


def look() -> None:
    """Raise OutOfTime if the time given is over."""
    if monotonic() > _end.get():
        raise OutOfTime(
            f"there is no answer within {_whole.get():g} seconds; --timeout SECONDS "
            "(in Python timeout=) gives it more"
        )
