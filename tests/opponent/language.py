"""The formula language, read by Python's `ast`: stages, function, and which axes are one axis.

Gives `Text` (stages and function), `parse`, `parse_one`, `number` and `Axes`, which finds the
size of every axis and letter by merging what subscripts what.  Imports the standard library only.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

LETTERS = frozenset("ijklmn")
BINDERS = frozenset({"sum", "prod", "mean", "max", "min"})
VECTORS = frozenset({"softmax", "logsumexp"})
Key = tuple[Any, ...]


class Unreadable(Exception):
    """A text that this walk does not cover."""


@dataclass(frozen=True)
class Stage:
    name: str
    letters: tuple[str, ...]
    body: ast.expr


@dataclass(frozen=True)
class Text:
    """`source` is what numbers are read from: a float literal would lose its digits."""

    source: str
    stages: tuple[Stage, ...]
    function: ast.expr


def parse_one(source: str) -> ast.expr:
    """One expression, its numbers exact: every constant's value becomes a Fraction or an int.

    `:` as an index is a slice, as Python has it.
    """
    tree = ast.parse(source.strip(), mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            written = ast.get_source_segment(source.strip(), node)
            if written is None:
                raise Unreadable(source)
            exact = Fraction(written.replace("_", ""))
            node.value = int(exact) if exact.denominator == 1 else exact  # type: ignore[assignment]
    return tree


def parse(source: str) -> Text:
    """Stages, separated by `;` or new lines, and last the function, which may have a name."""
    parts = [p.split("#")[0].strip() for line in source.splitlines() for p in line.split(";")]
    stages: list[Stage] = []
    *before, last = [p for p in parts if p]
    for part in before:
        left, body = part.split("=", 1)
        head = ast.parse(left.strip(), mode="eval").body
        if isinstance(head, ast.Name):
            stages.append(Stage(head.id, (), parse_one(body)))
        elif isinstance(head, ast.Subscript) and isinstance(head.value, ast.Name):
            names = tuple(i.id for i in indices_of(head) if isinstance(i, ast.Name))
            stages.append(Stage(head.value.id, names, parse_one(body)))
        else:
            raise Unreadable(part)
    name, equals, body = last.partition("=")
    named = equals and name.strip().isidentifier() and not body.startswith("=")
    return Text(source, tuple(stages), parse_one(body if named else last))


def indices_of(node: ast.Subscript) -> list[ast.expr]:
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def called(node: ast.expr) -> str:
    return name_of(node.func) if isinstance(node, ast.Call) else ""


def binds(node: ast.Call) -> bool:
    """max(x, y) is the larger of two, unless y is a range or a letter that subscripts x."""
    name, *ends = called(node), *node.args[1:]
    if (
        name not in BINDERS
        or name not in ("max", "min")
        or any(isinstance(e, ast.Tuple) for e in ends)
    ):
        return name in BINDERS
    return bool(ends) and {name_of(e) for e in ends} <= subscripting(node.args[0])


def subscripting(node: ast.expr) -> set[str]:
    """The names within the indices and deltas of a term."""
    found: set[str] = set()
    for part in ast.walk(node):
        inside: list[ast.expr] = []
        if isinstance(part, ast.Subscript):
            inside = indices_of(part)
        elif isinstance(part, ast.Call) and called(part) == "delta":
            inside = part.args
        found |= {n.id for i in inside for n in ast.walk(i) if isinstance(n, ast.Name)}
    return found


@dataclass(frozen=True)
class Range:
    """A bound letter: from `low` to `end` (a size or a number) + `shift`; None: its axis."""

    letter: str
    low: int = 1
    end: str | int | None = None
    shift: int = 0

    @property
    def whole(self) -> bool:
        return self.low == 1 and self.shift == 0


def range_of(node: ast.expr) -> Range:
    match node:
        case ast.Name(id=letter):
            return Range(letter)
        case ast.Tuple(elts=[ast.Name(id=letter), ast.Constant(value=int(low)), end]):
            match end:
                case ast.Name(id=size):
                    return Range(letter, low, size)
                case ast.Constant(value=int(size)):
                    return Range(letter, low, size)
                case ast.BinOp(
                    left=ast.Name(id=size), op=ast.Add() | ast.Sub() as sign, right=ast.Constant(n)
                ):
                    assert isinstance(n, int)
                    return Range(letter, low, size, n if isinstance(sign, ast.Add) else -n)
    raise Unreadable(ast.unparse(node))


class Axes:
    """Which axes have one size.

    A class of axes holds keys: ("axis", array, position), ("size", name), ("free", letter),
    ("label", array) for an array whose values are indices, and (node, letter) for a bound letter.
    """

    def __init__(self, shapes: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.parents: dict[Key, Key] = {}
        self.sizes: set[str] = set()
        self.labels: set[str] = set()  # scalars and arrays whose values are indices
        self.free: set[str] = set()
        self.arrays: set[str] = set()
        for array, shape in (shapes or {}).items():
            self.arrays |= {array} if shape else set()
            for position, end in enumerate(shape):
                self.size(("axis", array, position), end)

    def find(self, key: Key) -> Key:
        while (parent := self.parents.setdefault(key, key)) != key:
            key = parent
        return key

    def join(self, a: Key, b: Key) -> None:
        one, other = self.find(a), self.find(b)
        if one != other:
            first, second = sorted((one, other), key=lambda key: (key[0] != "size", repr(key)))
            self.parents[second] = first

    def size(self, key: Key, end: str) -> None:
        if end.isdigit():
            self.join(key, ("size", int(end)))
        elif end.isidentifier():
            self.sizes.add(end)
            self.join(key, ("size", end))

    # -- walking a text ------------------------------------------------------------------------

    def text(self, text: Text) -> None:
        for stage in text.stages:
            scope: dict[str, Key] = {}
            for position, name in enumerate(stage.letters):
                scope[name] = (id(stage), name)
                self.join(scope[name], ("axis", stage.name, position))
            self.arrays |= {stage.name} if stage.letters else set()
            self.walk(stage.body, scope, {})
        self.walk(text.function, {}, {})

    def walk(self, node: ast.AST, scope: dict[str, Key], spans: dict[str, Range]) -> None:
        match node:
            case ast.Call() if binds(node):
                inner, parts = dict(scope), dict(spans)
                for found in map(range_of, node.args[1:]):
                    inner[found.letter] = (id(node), found.letter)
                    parts.pop(found.letter, None)
                    if isinstance(found.end, str):
                        self.sizes.add(found.end)
                        self.find(("size", found.end))
                    if not found.whole:
                        parts[found.letter] = found
                    elif found.end is not None:
                        self.size(inner[found.letter], str(found.end))
                self.walk(node.args[0], inner, parts)
            case ast.Call() if called(node) == "delta":
                keys = [self.index(arg, scope, spans) for arg in node.args]
                if all(keys):
                    self.join(*[k for k in keys if k])
            case ast.Subscript(value=ast.Name(id=array)):
                self.arrays.add(array)
                for position, index in enumerate(indices_of(node)):
                    key = self.index(index, scope, spans)
                    if key:
                        self.join(key, ("axis", array, position))
                    elif isinstance(index, ast.Name | ast.BinOp):
                        self.reach(index, ("axis", array, position), spans)
            case ast.Subscript(value=ast.Call() as call):
                for child in call.args:
                    self.walk(child, scope, spans)
                (index,) = indices_of(node)
                key = self.index(index, scope, spans)
                lines = [axis for arg in call.args for axis in self.run(arg)]
                for axis in lines:
                    self.join(key or lines[0], axis)
            case _:
                for child in ast.iter_child_nodes(node):
                    self.walk(child, scope, spans)

    def index(self, node: ast.expr, scope: dict[str, Key], spans: dict[str, Range]) -> Key | None:
        """The key of an index that stands alone; None for one that is a sum, a part or a number."""
        match node:
            case ast.Name(id=name):
                if name in spans or name in self.sizes:
                    return None
                if name in scope:
                    return scope[name]
                (self.free if name in LETTERS else self.labels).add(name)
                return ("free", name)
            case ast.Subscript(value=ast.Name(id=array)):
                self.labels.add(array)
                self.walk(node, scope, spans)
                return ("label", array)
        return None

    def reach(self, index: ast.expr, axis: Key, spans: dict[str, Range]) -> None:
        """A letter of a part of an axis subscripts the axis that ends the part."""
        for node in ast.walk(index):
            part = spans.get(name_of(node)) if isinstance(node, ast.Name) else None
            if part is not None and isinstance(part.end, str):
                self.size(axis, part.end)

    def run(self, node: ast.expr) -> list[Key]:
        """The axes that a vector's expression runs over: of `:`, or of bare arrays."""
        found: list[Key] = []
        for part in ast.walk(node):
            if isinstance(part, ast.Subscript):
                found += [
                    ("axis", name_of(part.value), position)
                    for position, index in enumerate(indices_of(part))
                    if isinstance(index, ast.Slice)
                ]
        if not found:
            taken = {id(p.value) for p in ast.walk(node) if isinstance(p, ast.Subscript)}
            bare = [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in taken]
            if len(set(bare)) == 1:  # nothing else shows that it is an array
                self.arrays |= set(bare)
            found = [("axis", name, 0) for name in bare if name in self.arrays]
        return found
