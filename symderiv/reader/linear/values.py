"""Values: arrays as wholes, with the axes they have and the way to write one component.

Gives `Value`, `array` (that of a name) and `constant`, `Axes` (which axes are one, and their
sizes), `Dialect` and `Misfit`, the error of shapes that do not fit.

Imports refusal and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import field
from enum import Enum

from symderiv.reader import scan, tree
from symderiv.reader.refusal import ReadError
from symderiv.records import dataclass

Indices = tuple[ast.expr, ...]
Writer = Callable[[Indices, frozenset[str]], ast.expr]

LETTERS = "ijklmnpqrstuvabcdhxyzw"


class Dialect(Enum):
    """Whose rules hold: NumPy's arrays of one axis, or rows and columns, typeset or in MATLAB."""

    NUMPY = "numpy"
    TEXTBOOK = "textbook"
    MATLAB = "matlab"

    @property
    def columns(self) -> bool:
        """Is a vector a column, and its transpose a row?"""
        return self is not Dialect.NUMPY


class Misfit(ReadError):
    """Two shapes that do not fit, at a place."""


@dataclass(frozen=True)
class Value:
    """An array: its axes, whether it is a row, its text, and its components.

    `write(indices, taken)` is the tree of one component; `taken` are letters that bound ones avoid.
    `root` is the value that this one is the root of, and which, for norms: ‖x‖² has no root in
    it; `logdet` is the logarithm of this one, for determinants; `flat` is the matrix whose
    components this column has one below the other, A(:); `scale` is the number that this
    one is `scaled` by, which stands before the sum of a product; `node` is
    what it was read from.
    """

    axes: tuple[int, ...]
    write: Writer
    shown: str
    row: bool = False
    literal: bool = False
    root: tuple[str, Value] | None = None
    logdet: Value | None = None
    flat: Value | None = None
    scale: Value | None = None
    scaled: Value | None = None
    names: frozenset[str] = frozenset()
    indexed: bool = False  # is it of x_n, an array at an index?
    node: ast.expr | None = None

    @property
    def key(self) -> str:
        """What it is, so that two that are written alike are one, and no others."""
        return f"{id(self)}" if self.node is None else ast.dump(self.node)

    @property
    def rank(self) -> int:
        return len(self.axes)

    def kind(self) -> str:
        """What it is, in words."""
        if self.rank == 1:
            return "a row" if self.row else "a column"
        return "a number" if self.rank == 0 else "a matrix"


@dataclass
class Axes:
    """All axes of a text; axes that must have one size are one."""

    parents: list[int] = field(default_factory=list)
    sizes: dict[int, str] = field(default_factory=dict)
    used: frozenset[str] = frozenset()  # every name of the text

    def new(self, size: str = "") -> int:
        number = len(self.parents)
        self.parents.append(number)
        if size:
            self.sizes[number] = size
        return number

    def root(self, axis: int) -> int:
        while self.parents[axis] != axis:
            axis = self.parents[axis]
        return axis

    def join(self, one: int, other: int) -> tuple[str, str] | None:
        """Make two axes one; the two sizes where they have different ones."""
        a, b = self.root(one), self.root(other)
        if a == b:
            return None
        sizes = self.sizes.get(a), self.sizes.get(b)
        if sizes[0] and sizes[1] and sizes[0] != sizes[1]:
            return sizes[0], sizes[1]
        if sizes[1] and not sizes[0]:
            self.sizes[a] = sizes[1]
        self.parents[b] = a
        return None

    def fresh(self, taken: frozenset[str], count: int = 1) -> list[str]:
        """Letters that nothing has yet."""
        found: list[str] = []
        for letter in (*LETTERS, *(f"{c}{n}" for n in range(1, 100) for c in "ijk")):
            if letter not in taken and letter not in self.used:
                found.append(letter)
                if len(found) == count:
                    break
        return found

    def over(
        self, function: str, axes: Sequence[int], letters: Sequence[str], at: int, body: ast.expr
    ) -> ast.Call:
        """A sum (or product, mean, maximum) of a body over letters of these axes."""
        parts: list[ast.expr] = []
        for axis, letter in zip(axes, letters, strict=True):
            size = self.sizes.get(self.root(axis))
            name: ast.expr = tree.name(letter, at)
            if size is not None:
                end = tree.number(size, at) if size.isdigit() else tree.name(size, at)
                name = tree.tuple_of([name, tree.number("1", at), end], at)
            parts.append(name)
        return tree.call(function, [body, *parts], at)


def indices(letters: Sequence[str], at: int) -> Indices:
    return tuple(tree.name(letter, at) for letter in letters)


def letters_in(found: Indices) -> frozenset[str]:
    """The letters of indices."""
    return frozenset(n.id for i in found for n in scan.walk(i) if isinstance(n, ast.Name))


def constant(
    made: ast.expr, shown: str, axes: tuple[int, ...] = (), *, literal: bool = False
) -> Value:
    """A number, or an array of which it is every component."""
    return Value(axes, lambda found, taken: made, shown, literal=literal)


def array(name: str, axes: tuple[int, ...], at: int) -> Value:
    """The value of a given array or a stage."""

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        return tree.component(tree.name(name, at), found, at) if found else tree.name(name, at)

    return Value(axes, write, name, names=frozenset((name,)))
