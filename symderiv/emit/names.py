"""Names that may stand in a program.

Gives `check_names` and `Hostile`, its refusal.  Imports the standard library and mistakes only.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable

from symderiv.mistakes import Mistake

RESERVED = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, "np", "math", "dtype", "Any", "float", "int"}
)


class Hostile(Mistake):
    """A name that cannot stand in a program."""


def check_names(names: Iterable[str]) -> None:
    """Refuse names that are no identifiers or that a program needs itself.

    Raises
    ------
    Hostile
        naming the name.
    """
    for name in names:
        if not name.isidentifier() or not name.isascii() or name.startswith("_"):
            raise Hostile(f"{name!r} is no plain identifier; rename it to have source written")
        if name in RESERVED:
            raise Hostile(
                f"{name!r} means something else in the source; rename it to have it written"
            )
