"""Is a call quiet?  Legal input gives no warning, so one is a failure like any other.

Gives `quietly`.  Imports NumPy only.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


def quietly(call: Callable[..., T], *given: Any) -> tuple[T, str]:
    """What a call gives, and the first warning it says ("" for none), NumPy as it is by default.

    >>> said = quietly(np.log, np.zeros(1))[1]
    >>> said
    'divide by zero encountered in log'
    """
    with (
        warnings.catch_warnings(record=True) as said,
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("always")
        value = call(*given)
    return value, str(said[0].message) if said else ""
