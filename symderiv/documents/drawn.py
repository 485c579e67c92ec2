"""Drawn: how the names of a page are set, in faces or by macros of the author.

Gives `drawn`.

Imports mistakes and the reader.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from symderiv.mistakes import Mistake, did_you_mean
from symderiv.reader import identifier


def drawn(
    faces: Mapping[str, str], macros: Mapping[str, str], known: Collection[str]
) -> Mapping[str, str]:
    """How the names of a page are set.

    Raises
    ------
    Mistake
        for a macro of a name that is not there.
    """
    own = {identifier(name): macro for name, macro in macros.items()}
    for name in sorted(own.keys() - known):
        raise Mistake(f"--macro {name}: there is no '{name}' here{did_you_mean(name, known)}")
    return {**faces, **own}
