"""Drawn: how the names of a page are set, in faces or by macros of the author.

Gives `drawn`.

Imports mistakes and the reader.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.mistakes import DASH, Mistake, did_you_mean

if TYPE_CHECKING:
    from symderiv.reader import authors
else:
    authors = late.module("symderiv.reader.authors")


def drawn(
    faces: Mapping[str, str], macros: Mapping[str, str], known: Collection[str]
) -> Mapping[str, str]:
    """How the names of a page are set.

    Raises
    ------
    Mistake
        for a macro of a name that is not there.
    """
    own = {authors.named(name)[0]: macro for name, macro in macros.items()}
    for name in sorted(own.keys() - known):
        raise Mistake(f"{DASH}macro {name}: there is no '{name}' here{did_you_mean(name, known)}")
    return {**faces, **own}
