"""The library: catalogue functions as texts, and what their texts say of their arguments.

Gives `Library` and its `Entry`.  A catalogue function is a text of the formula language, "p[i] =
exp(z[i]) / sum(exp(z[k]), k); p[i]"; the names in it that nothing defines are its arguments, in the
order in which they appear (z), and the free letters of its last part are the indices of its value.

Imports functions, pieces, refusal and scan.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

from symderiv.reader import scan
from symderiv.reader.functions import RESERVED, Words
from symderiv.reader.pieces import Piece, pieces
from symderiv.reader.refusal import ReadError, Source
from symderiv.records import dataclass

Refuse = Callable[[str], ReadError]


@dataclass(frozen=True)
class Entry:
    """A catalogue function: its pieces, arguments (name -> number of indices), indices, sizes."""

    source: Source
    pieces: tuple[Piece, ...]
    formals: Mapping[str, int]
    letters: tuple[str, ...]
    sizes: frozenset[str]


class Library:
    """Catalogue functions by name; a name may state its arguments, "cross_entropy(z, y)"."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._entries: dict[str, Entry | None] = {}

    @cached_property
    def _signatures(self) -> Mapping[str, tuple[str, tuple[str, ...]]]:
        """Text and stated arguments by name; a catalogue is read for it when one is called."""
        found = {}
        for key, text in self._texts.items():
            name, _, stated = key.partition("(")
            formals = tuple(part.strip() for part in stated.rstrip(")").split(",") if part.strip())
            found[name.strip()] = text, formals
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._signatures

    @property
    def functions(self) -> frozenset[str]:
        """The names of the catalogue functions."""
        return frozenset(self._signatures)

    @cached_property
    def of_numbers(self) -> Words:
        """The names of those that are functions of numbers, with a number for a value."""
        entries = (
            (name, self.entry(name, partial(Source(name).refuse, 0))) for name in self._signatures
        )
        plain = (n for n, e in entries if not (any(e.formals.values()) or e.letters))
        return Words({name: name for name in plain})

    def entry(self, name: str, refuse: Refuse) -> Entry:
        """The catalogue function of that name, parsed once; `refuse` makes what is raised."""
        if name not in self._entries:
            self._entries[name] = None
            self._entries[name] = self._parsed(name, refuse)
        found = self._entries[name]
        if found is None:
            raise refuse(f"{name!r} is defined by itself")
        return found

    def arguments(self, call: ast.Call, refuse: Refuse) -> Iterator[tuple[ast.expr, int]]:
        """What is handed to a catalogue function, with the number of indices that it has there."""
        ranks = self.entry(scan.called(call), refuse).formals.values()
        return zip(call.args, ranks, strict=False)

    def _parsed(self, name: str, refuse: Refuse) -> Entry:
        text, stated = self._signatures[name]
        source = Source(text, f"catalogue function {name}")
        parts = pieces(source)
        if not parts:
            raise refuse(f"{name!r} has an empty definition")
        trees = [t for part in parts for t in (part.left, part.right) if t is not None]
        ranks, own, last = scan.ranks(trees), set(scan.sizes(trees)), parts[-1]
        for part in parts:
            if part.left is not None:
                own |= set(scan.words([part.left]))
        letters = scan.free_subscripts(last.right)
        if last.left is not None:
            letters = scan.free_subscripts(last.left)
        for tree in trees:
            for call in (n for n in scan.walk(tree) if isinstance(n, ast.Call)):
                called = scan.called(call)
                own |= {called} | set(scan.own_letters(call) if called in scan.BINDERS else ())
                if called in self:
                    for arg, rank in self.arguments(call, refuse):
                        if isinstance(arg, ast.Name):
                            ranks.setdefault(arg.id, rank)
        formals = {
            word: ranks.get(word, 0)
            for word in scan.words(trees)
            if word not in own and word not in letters and word not in RESERVED
        }
        if stated and set(stated) != set(formals):
            raise refuse(f"{name}({', '.join(stated)}) is used with {list(formals)}")
        ordered = {formal: formals[formal] for formal in stated or formals}
        return Entry(source, parts, ordered, letters, scan.sizes(trees))
