"""The answers of the catalogue, each derived once in a process, for the tests that only read them.

Gives `answered`.
"""

from __future__ import annotations

from functools import cache

from symderiv.face.answer import Answer
from symderiv.face.late import answer_named


@cache
def answered(name: str) -> Answer:
    """The answer of a derivation of the catalogue by its name."""
    return answer_named(name)
