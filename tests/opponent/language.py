"""The formula language, read by Python's `ast`.

Gives `Text` (stages and function), `parse` and `parse_one`, and what its nodes are: `indices_of`,
`called`, `binds`, `subscripting`, `range_of`.  Imports the standard library only.
"""

from __future__ import annotations

import ast
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
