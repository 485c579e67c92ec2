"""Work: how much an exact value may take to be worked out.

Gives `allowed`, within which so many units are spent, `spend`, asked of every operation, and
`Spent`, raised once they are over.  A unit is what a sum, a power or a function of 80 digits takes,
about 25 µs; so a trial comes to the same end on every machine.

Imports the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf

_left: ContextVar[list[float]] = ContextVar("left", default=[inf])  # noqa: B039 - inf stays inf


class Spent(Exception):
    """More work than is allowed; what was begun has no value yet, and may have one."""


@contextmanager
def allowed(units: float) -> Iterator[list[float]]:
    """Allow so much work inside; what is left of it is the one entry of the list."""
    token = _left.set([units])
    try:
        yield _left.get()
    finally:
        _left.reset(token)


def spend(units: float) -> None:
    """Count work.

    Raises
    ------
    Spent
        where no more is allowed.
    """
    left = _left.get()
    left[0] -= units
    if left[0] < 0:
        raise Spent
