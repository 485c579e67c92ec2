"""Axes: which axes have one size, found by merging what subscripts what.

Gives `Axes`.  Imports language.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tests.opponent.language import (
    LETTERS,
    Key,
    Range,
    Text,
    binds,
    called,
    indices_of,
    name_of,
    range_of,
)


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
