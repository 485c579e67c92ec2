"""The catalogue: one file a function, found by being there.

Gives `functions` (all, by name), `function` (one, from its own file alone), `library` (their
definitions, for the reader: `softmax(z)[i]`), `subjects` (their names, folder by folder) and
`refused` (the files that hold no function, and why).  A
file in a folder of this package that holds `FUNCTION = Function(...)` is in the catalogue: its
tests, its page, its command-line name and its place in the book follow.

Floor 3: imports its entries, the functions of one number and late.

To add a function, copy `activations/softplus.py`.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from symderiv import late
from symderiv.catalogue.entry import Derivative, Function
from symderiv.elementwise import NAMED
from symderiv.mistakes import Mistake

__all__ = ["Derivative", "Function", "function", "functions", "library", "refused", "subjects"]


def functions() -> Mapping[str, Function]:
    """Every function of the catalogue by its name, in the order of groups and files."""
    return _read()[0]


def function(name: str) -> Function | None:
    """The function whose file has its name, `log_softmax.py` of log-softmax; no other is read."""
    return _from_its_file(name, tuple(__path__))


@lru_cache(maxsize=256)
def _from_its_file(name: str, places: tuple[str, ...]) -> Function | None:
    file = name.replace("-", "_")
    for folder, is_package in late.files(places) if file.isidentifier() else ():
        if is_package and any(os.path.isfile(f"{p}/{folder}/{file}.py") for p in places):
            try:
                found = _function(f"{__name__}.{folder}.{file}")
            except Mistake:  # of which `refused` speaks
                return None
            return found if found.name == name else None
    return None


def refused() -> Mapping[str, str]:
    """Files that hold no function of the catalogue, by name, each with a sentence that says why.

    Such a file is left out and breaks nothing else; it is spoken of where it is asked for.
    """
    return _read()[1]


@cache
def subjects() -> Mapping[str, tuple[str, ...]]:
    """The folders of the catalogue by what each says of itself, with the functions in it."""
    found: dict[str, tuple[str, ...]] = {}
    for group, is_package in late.files(__path__):
        if not is_package:
            continue
        package = importlib.import_module(f"{__name__}.{group}")
        own = (name.replace("_", "-") for name, _ in late.files(package.__path__))
        title = (package.__doc__ or package.__name__).splitlines()[0].rstrip(".")
        found[title] = tuple(name for name in own if name in functions())
    return found


@cache
def _read() -> tuple[Mapping[str, Function], Mapping[str, str]]:
    found: dict[str, Function] = {}
    wrong: dict[str, str] = {}
    for folder, is_package in late.files(__path__):
        if not is_package:
            continue
        package = importlib.import_module(f"{__name__}.{folder}")
        for file, _ in late.files(package.__path__):
            try:
                function = _function(f"{__name__}.{folder}.{file}")
                if function.name in found:
                    raise Mistake(f"there is a function named {function.name!r} already")
            except Mistake as mistake:
                wrong[file.replace("_", "-")] = f"catalogue/{folder}/{file}.py: {mistake}"
            else:
                found[function.name] = function
    return found, wrong


def _function(module: str) -> Function:
    """The function that a file holds."""
    try:
        function = getattr(importlib.import_module(module), "FUNCTION", None)
    except Mistake:
        raise
    except Exception as error:  # whatever a stranger's file does
        said = " ".join(str(error).split())
        raise Mistake(f"it cannot be read: {type(error).__name__}: {said}") from error
    if not isinstance(function, Function):
        what = "no FUNCTION in it" if function is None else f"FUNCTION is {function!r}"
        raise Mistake(f"{what}; FUNCTION = Function(...) is wanted")
    return function


def library() -> Mapping[str, str]:
    """The definitions that a formula can use by name: softmax, logsumexp, log_softmax …

    What is assumed of a number, e > 0, is for the closed form, and the definition is what it is
    without.  What is assumed of an array says what it must be: kl(z, q) of any two arrays would not
    be what its name says.  A name that is a function of one number's, as ln, is that function.
    """
    return _LIBRARY


class _Library(Mapping[str, str]):
    """Read when a name is asked for that can be in it: most formulas call no such function."""

    def __getitem__(self, name: str) -> str:
        if name in NAMED:
            raise KeyError(name)
        return _definitions()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_definitions())

    def __len__(self) -> int:
        return len(_definitions())

    def __bool__(self) -> bool:
        return True  # without reading them


_LIBRARY = _Library()


@cache
def _definitions() -> Mapping[str, str]:
    named = {
        name.replace("-", "_"): f.define
        for f in functions().values()
        if isinstance(f.define, str) and not any("[" in fact for fact in f.assume)
        for name in (f.name, *f.aliases)
    }
    return {name: text for name, text in (NORM | named).items() if name not in NAMED}


NORM = {"norm": "sqrt(sum(x[k]**2, k))"}  # of a vector, as in vector notation; it has no page
