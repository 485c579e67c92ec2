"""Names that may stand in a program.

Gives `check_names` and `Hostile`, its refusal; `BUILTINS`, the functions of Python that programs
call.  What one target needs is no name in any: a formula that one takes they all take.

Imports the standard library and mistakes only.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable

from symderiv.mistakes import Mistake

BUILTINS = ("int", "len", "min", "max", "tuple", "list", "range", "reversed", "slice", "isinstance")
LIBRARIES = ("np", "xp", "torch", "jax", "jnp", "math")
OTHERS = ("dtype", "Any", "float", "ValueError")
RESERVED = frozenset((*keyword.kwlist, *keyword.softkwlist, *BUILTINS, *LIBRARIES, *OTHERS))


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
