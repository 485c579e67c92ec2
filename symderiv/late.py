"""Late: what is imported when it is first asked for, so that a start imports what it uses.

Gives `module`, which stands for a module that is not imported yet, `names`, the `__getattr__` of a
room whose names are imported one by one, and `files`, the modules of a room that are found by being
there.  For those who check types the import stands beside it:

    if TYPE_CHECKING:
        from symderiv.reader.latex import statements
    else:
        statements = late.module("symderiv.reader.latex.statements")

The tests that hold the floors take such a line for the import that it is.

Floor 0: imports the standard library only.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType

TYPE_CHECKING = False  # as `typing` has it, without importing that
if TYPE_CHECKING:
    from typing import Any


_FOUND = "the module itself"


class _Late(ModuleType):
    """What is asked of it is asked of the module, which is imported for it."""

    def __getattr__(self, name: str) -> Any:
        found = vars(self).get(_FOUND)
        if found is None:
            found = vars(self)[_FOUND] = importlib.import_module(self.__name__)
        return getattr(found, name)


def module(name: str) -> ModuleType:
    """The module of that name, imported when something in it is asked for."""
    return _Late(name)


def names(room: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a room: each name from the file that is its home.

    Parameters
    ----------
    room : the `__name__` of the room
    homes : the file in which each name is, beneath the room
    """

    def found(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{room}.{home}"), name)
        setattr(sys.modules[room], name, value)
        return value

    return found


def files(places: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """The modules in the folders of a package (its `__path__`), and which of them are packages.

    As `pkgutil.iter_modules` finds them, without asking the import system of every file.
    """
    found = {}
    for place in places:
        for entry in os.scandir(place):
            name, dot, ending = entry.name.partition(".")
            if not dot and os.path.exists(f"{entry.path}/__init__.py"):
                found[name] = True
            elif ending == "py" and name != "__init__":
                found[name] = False
    return tuple(sorted(found.items()))
