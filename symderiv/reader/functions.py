"""Functions: the names that mean something already.

Gives `RESERVED`, `vocabulary` (every name that can be called), `unknown_function` and `miscounted`
(what is said of one that cannot be, or not so) and `Words` (names as authors capitalise them).
What an elementwise function is says its file in `elementwise`.  One that is only another name, or
that is written out, may also be the name of an array.

Imports elementwise, scan and refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from symderiv.elementwise import FUNCTIONS, NAMED
from symderiv.reader.refusal import meant
from symderiv.reader.scan import BINDERS
from symderiv.terms.derived import FUNCTIONS as DERIVED

RESERVED: dict[str, str] = {
    "pi": "the number pi",
    **dict.fromkeys(("sqrt", *FUNCTIONS, *BINDERS, *DERIVED, "delta", "iverson"), "a function"),
}


class Words(Mapping[str, str]):
    """Names by words as authors set them: relu by ReLU, softmax by SoftMax."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {_plain(word): name for word, name in names.items()}

    def __getitem__(self, word: str) -> str:
        return self._names[_plain(word)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _plain(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower() if len(word) > 1 else word


def vocabulary(library: Collection[str]) -> tuple[str, ...]:
    """The names of all functions, with those of a library of catalogue functions."""
    return (*library, *NAMED, "where", *(name for name in RESERVED if name != "pi"))


def unknown_function(name: str, library: Collection[str], *, beside: bool) -> str:
    """What is said of a function that there is not; `beside`: is it the name of something else?"""
    near = meant(name, vocabulary(library))
    if not near and (beside or len(name) == 1):
        near = f"; a product is written {name}*(...), a component {name}[i]"
    return f"unknown function {name!r}{near}"


def miscounted(name: str, count: int) -> str:
    """What is said of so many arguments of an elementwise function; nothing where it takes them."""
    wanted, defaults = NAMED[name].arguments, NAMED[name].defaults
    least = len(wanted) - len(defaults)
    if least <= count <= len(wanted):
        return ""
    takes = f"{least} or {len(wanted)}" if defaults else f"{len(wanted)}"
    plural, shown = ("s", f", {name}({', '.join(wanted)})") if len(wanted) > 1 else ("", "")
    return f"{name} takes {takes} argument{plural}{shown}, not {count}"
