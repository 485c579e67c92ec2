"""Elementwise functions: one file a function of one number, found by being there.

Gives `FUNCTIONS` (those with a head of their own, by name), `DEFINED` (those that the reader writes
out), `NAMED` (both, by every name and alias) and `of_head`, the entry of a term's head.  Everything
but the judge asks here: the reader for names and domains, the rules for derivatives and kinks, the
printers and the programs for spellings.

Floor 0: imports mistakes and the standard library; a head is imported when it is asked for.

To add a function, copy `atan.py` and give the judge its own row, in `judge/known.py`, and the
witness its own, in `recheck.py`.  Tests, rule, law, printed forms and NumPy source follow.  One
that is a formula in functions that are there is a `Defined`, as in `mish.py`, and needs no row.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.elementwise.entry import Defined, Elementwise, Kink, numbers_in
from symderiv.mistakes import Mistake

if TYPE_CHECKING:
    from sympy.core.basic import Basic

__all__ = [
    "DEFINED",
    "FUNCTIONS",
    "NAMED",
    "Defined",
    "Elementwise",
    "Kink",
    "numbers_in",
    "of_head",
]


def _entries() -> dict[str, Elementwise | Defined]:
    found: dict[str, Elementwise | Defined] = {}
    for file, _ in late.files(__path__):
        if file == "entry":
            continue
        entry = getattr(importlib.import_module(f"{__name__}.{file}"), "FUNCTION", None)
        if not isinstance(entry, Elementwise | Defined):
            what = "no FUNCTION in it" if entry is None else f"FUNCTION is {entry!r:.60}"
            wanted = "FUNCTION = Elementwise(...) or Defined(...) is wanted"
            raise Mistake(f"elementwise/{file}.py: {what}; {wanted}")
        for name in entry.names:
            if name in found:
                raise Mistake(f"elementwise/{file}.py: there is a function named {name!r} already")
            found[name] = entry
    return found


NAMED: Mapping[str, Elementwise | Defined] = _entries()
FUNCTIONS: Mapping[str, Elementwise] = {
    entry.name: entry for entry in NAMED.values() if isinstance(entry, Elementwise)
}
DEFINED: Mapping[str, Defined] = {
    entry.name: entry for entry in NAMED.values() if isinstance(entry, Defined)
}


@cache
def _by_head() -> Mapping[type[Basic], Elementwise]:
    return {entry.head: entry for entry in FUNCTIONS.values()}


def of_head(head: type[Basic]) -> Elementwise | None:
    """The function that a head stands for; None where it is no elementwise function."""
    return _by_head().get(head)
