"""Meanwhile: what holds while something is made, and as before behind it.

Gives `meanwhile`.  Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def meanwhile(part: object, **values: Any) -> Iterator[None]:
    """Attributes of a part have other values."""
    before = {name: getattr(part, name) for name in values}
    vars(part).update(values)
    try:
        yield
    finally:
        vars(part).update(before)
