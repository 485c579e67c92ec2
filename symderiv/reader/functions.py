"""Functions: the names that mean something already.

Gives `RESERVED`, `vocabulary` (every name that can be called) and `unknown_function` (what is said
of one that cannot).  What an elementwise function is says its file in `elementwise`.  One that is
only another name, or that is written out, may also be the name of an array.

Imports elementwise, scan and refusal.
"""

from __future__ import annotations

from collections.abc import Collection

from symderiv.elementwise import FUNCTIONS, NAMED
from symderiv.reader.refusal import meant
from symderiv.reader.scan import BINDERS
from symderiv.terms.derived import FUNCTIONS as DERIVED

RESERVED: dict[str, str] = {
    "pi": "the number pi",
    **dict.fromkeys(("sqrt", *FUNCTIONS, *BINDERS, *DERIVED, "delta", "iverson"), "a function"),
}


def vocabulary(library: Collection[str]) -> tuple[str, ...]:
    """The names of all functions, with those of a library of catalogue functions."""
    return (*library, *NAMED, "where", *(name for name in RESERVED if name != "pi"))


def unknown_function(name: str, library: Collection[str], *, beside: bool) -> str:
    """What is said of a function that there is not; `beside`: is it the name of something else?"""
    near = meant(name, vocabulary(library))
    if not near and (beside or len(name) == 1):
        near = f"; a product is written {name}*(...), a component {name}[i]"
    return f"unknown function {name!r}{near}"
