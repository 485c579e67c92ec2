"""Derived arrays: the inverse, the determinant and its logarithm, of an array that has a name.

Gives `Derived` (a function and the array that it is of), `derived` (what a name says, if it says
that) and `names_in` (the names that a component depends on).  inv(X)_ij is a component of the
array "inv(X)", log|det X| the number "logdet(X)"; no name that anybody types has brackets, so that
these are never taken for others.  What is known of them, their derivatives above all, is said by
the rules and, apart from these, by the judge.

Imports nothing of ours.  To add one: its name in FUNCTIONS, with its number of indices; a rule in
`rules.inverses`; its derivative in `judge.inverses`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from symderiv.records import dataclass

FUNCTIONS = {"inv": 2, "det": 0, "logdet": 0}
_NAME = re.compile(r"(inv|det|logdet)\((\w+)\)")


@dataclass(frozen=True)
class Derived:
    """`function` of the whole array of that name."""

    function: str
    array: str

    @property
    def name(self) -> str:
        """The name of the derived array, "inv(X)"."""
        return f"{self.function}({self.array})"


@lru_cache(maxsize=4096)
def derived(name: str) -> Derived | None:
    """What a name says: inv(X) is the inverse of X; None for a name of its own.

    >>> derived("inv(X)"), derived("X")
    (Derived(function='inv', array='X'), None)
    """
    found = _NAME.fullmatch(name)
    return None if found is None else Derived(found[1], found[2])


@lru_cache(maxsize=1024)
def names_in(name: str) -> tuple[str, ...]:
    """The name, and the name of the array that it is derived from."""
    found = derived(name)
    return (name,) if found is None else (name, found.array)
