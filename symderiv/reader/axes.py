"""Axes: which letters range over which axes, and what their sizes are called.

Gives `Axes`, a union-find: an axis of an array or stage and the letters that subscript it are one
class, and so are two axes that share a letter.  Until everything is read a size is a
place-holder; `sizes()` then gives each its name.

Imports terms and refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from math import inf

from sympy import Expr, Integer, Symbol

from symderiv.reader.refusal import ReadError, Source
from symderiv.records import dataclass
from symderiv.terms import size

_UNNAMED_AFTER = frozenset("ijkl")  # letters too common to name a size
_NAMES = "KMNDPQRABCFGHJLTUVWXYZ"


@dataclass
class _Axis:
    """One class of axes: what it belongs to, its letters in order, its size if that is given."""

    owners: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    size: Expr | None = None
    first: float = inf  # the number of its first axis of an array
    least: int = 1  # the largest integer that is used as an index here

    @property
    def grounded(self) -> bool:
        return bool(self.owners) or self.size is not None

    @property
    def title(self) -> str:
        if self.owners:
            return f"{self.owners[0]}'s axis"
        return f"the range of {self.letters[0]}" if self.letters else "one axis"


@dataclass
class Axes:
    """All axes of a problem, by number."""

    parents: list[int] = field(default_factory=list)
    axes: list[_Axis] = field(default_factory=list)
    waiting: list[tuple[int, str, Source, int, str]] = field(default_factory=list)
    compared: list[tuple[int, int, Source, int]] = field(default_factory=list)
    equated: list[tuple[int, int, Source, int]] = field(default_factory=list)
    shifted: set[int] = field(default_factory=set)  # i in x[i-k+1] has a range of its own

    def new(self, *, owner: str = "", letter: str = "", given: Expr | None = None) -> int:
        """A new axis, of an array or of a letter alone."""
        self.parents.append(len(self.parents))
        number = len(self.axes)
        axis = _Axis([owner] if owner else [], [letter] if letter else [], given)
        axis.first = number if owner else inf
        self.axes.append(axis)
        return number

    def expect(self, number: int, letter: str, source: Source, at: int, instead: str) -> None:
        """Note that by the end this letter must range over something, or `instead` be written."""
        self.waiting.append((number, letter, source, at, instead))

    def root(self, number: int) -> int:
        while self.parents[number] != number:
            self.parents[number] = self.parents[self.parents[number]]
            number = self.parents[number]
        return number

    def placeholder(self, number: int) -> Symbol:
        """The size of an axis, before it has a name."""
        return size(f"?{number}")

    def size_so_far(self, number: int) -> Expr:
        """The size of an axis, or one place-holder for all axes that are joined to it."""
        root = self.root(number)
        given = self.axes[root].size
        return self.placeholder(root) if given is None else given

    def give(self, number: int, given: Expr, source: Source, at: int) -> None:
        """Say what the size of an axis is."""
        axis = self.axes[self.root(number)]
        if axis.size is not None and axis.size != given:
            raise _two_sizes(axis.size, given, axis, source, at)
        axis.size = given
        self._check_least(axis, source, at)

    def reach(self, number: int, index: int, source: Source, at: int) -> None:
        """Note that an integer is used as an index of an axis."""
        axis = self.axes[self.root(number)]
        axis.least = max(axis.least, index)
        self._check_least(axis, source, at)

    def _check_least(self, axis: _Axis, source: Source, at: int) -> None:
        if isinstance(axis.size, Integer) and axis.least > int(axis.size):
            raise source.refuse(at, f"{axis.title} ends at {axis.size}, before {axis.least}")

    def join(self, one: int, other: int, source: Source, at: int) -> None:
        """Make two axes one."""
        a, b = sorted((self.root(one), self.root(other)))
        if a == b:
            return
        first, second = self.axes[a], self.axes[b]
        if first.size is not None and second.size is not None and first.size != second.size:
            titled = self.axes[self.root(one)]
            titled = titled if titled.owners else self.axes[self.root(other)]
            raise _two_sizes(first.size, second.size, titled, source, at)
        first.owners += second.owners
        first.letters += second.letters
        first.size = first.size if first.size is not None else second.size
        first.first = min(first.first, second.first)
        first.least = max(first.least, second.least)
        self.parents[b] = a
        self._check_least(first, source, at)

    def compare(self, one: int, other: int, source: Source, at: int) -> None:
        """Note that two letters are compared, as in k <= i: they have one range, if no other.

        Only at the end is it known which of them stand in sums of letters, x[i-k+1].
        """
        if not all(self.axes[self.root(axis)].grounded for axis in (one, other)):
            self.compared.append((one, other, source, at))

    def sizes(
        self, taken: Collection[str], meant: Mapping[str, str] | None = None
    ) -> dict[Symbol, Expr]:
        """The size of every place-holder: given, or named after a letter, or the next free name.

        Parameters
        ----------
        taken : names that mean something else
        meant : of these the names that are the size of an axis if a letter runs over it, with that
            letter: {"N": "n"} for Σ_n x_n / N

        Raises
        ------
        ReadError
            for a letter that ranges over nothing.
        """
        for one, other, source, at in self.compared:
            indices = all(self.axes[self.root(axis)].letters for axis in (one, other))
            if not indices or self.shifted.isdisjoint((one, other)):  # a label has no range else
                self.join(one, other, source, at)
        for one, other, source, at in self.equated:
            if not self.shifted.isdisjoint((one, other)):
                message = "equal letters run over one axis, and one is shifted here, as in x[i-k+1]"
                raise source.refuse(at, f"{message}; write iverson(i == k) or iverson(i != k)")
        for number, letter, source, at, instead in self.waiting:
            if not self.axes[self.root(number)].grounded:
                raise source.refuse(at, f"{letter} ranges over no axis; {instead}")
        roots = [n for n, parent in enumerate(self.parents) if n == parent]
        roots.sort(key=lambda n: (self.axes[n].first, n))  # arrays first, in the order of the text
        used = set(taken)
        named: dict[int, Expr] = {}
        for n in roots:
            given = self.axes[n].size
            if given is not None:
                named[n] = given
                used.add(str(given))
        for n in roots:
            letters = self.axes[n].letters if self.axes[n].grounded else []
            for name, letter in (meant or {}).items():
                if n not in named and letter in letters and size(name) not in named.values():
                    named[n] = size(name)
        for n in roots:
            if n not in named and (name := self._after_a_letter(n, used)):
                used.add(name)
                named[n] = size(name)
        names = _names(used)
        for n in roots:
            if n not in named and self.axes[n].grounded:
                named[n] = size(next(names))
        return {
            self.placeholder(n): named[self.root(n)]
            for n in range(len(self.parents))
            if self.root(n) in named
        }

    def _after_a_letter(self, number: int, used: Collection[str]) -> str:
        if not self.axes[number].grounded:
            return ""
        for name in self.axes[number].letters:
            upper = name.upper()
            plain = len(name) == 1 and name.islower() and name not in _UNNAMED_AFTER
            if plain and upper not in used:
                return upper
        return ""


def _names(used: Collection[str]) -> Iterator[str]:
    yield from (name for name in _NAMES if name not in used)
    number = 1
    while True:
        if f"K{number}" not in used:
            yield f"K{number}"
        number += 1


def _two_sizes(one: Expr, other: Expr, axis: _Axis, source: Source, at: int) -> ReadError:
    return source.refuse(at, f"{one} and {other} are both sizes of {axis.title}")
