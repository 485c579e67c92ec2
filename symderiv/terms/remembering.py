"""What is remembered of terms, so that the next line need not ask again, and how much of it.

    remembered(function)     the function, its last answers remembered

Most of a line stands in the line before, and most terms in a line stand in it more than once; of
another formula's lines hardly any.  So a process that derives for days holds the terms of a few
derivations, and of those each answer once.

Floor 0: imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

REMEMBERED = 4096  # answers of each function
P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """The function, its last answers remembered; what it is asked must be hashable."""
    return cast(Callable[P, T], lru_cache(maxsize=REMEMBERED)(function))
