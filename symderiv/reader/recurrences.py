"""Recurrences: a stage defined by itself one step before, h[t] = f(h[t-1]), h[0] = h0.

Gives `Recurrence`, `recurrences`, which finds those of a text (the stages that have a line for
step 0), `sizes`, the names of last steps, and `steps_back`.  In every other line h[t-1,j] is read
as a component of a stage of its own, `hprev[t,j]`, which is h[t-1,j] from the second step on and
the line for step 0 at the first.  So each body mentions what is known when its step comes, and a
recurrence is read like any other network.

Imports pieces and scan.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symderiv.reader.pieces import Piece
from symderiv.reader.scan import slots


@dataclass(frozen=True)
class Recurrence:
    """One of a text.

    Attributes
    ----------
    stage : its name
    before : the name of the stage that is this one a step before
    position : which of its indices counts the steps
    start : the line for step 0, `h[0,i] = h0[i]`
    letters : the letters on the left of that line, the 0 left out
    """

    stage: str
    before: str
    position: int
    start: Piece
    letters: tuple[ast.Name, ...]


def recurrences(
    parts: Sequence[Piece], words: Collection[str]
) -> tuple[dict[str, Recurrence], tuple[Piece, ...]]:
    """The recurrences of a text by name, and its other lines with steps before named.

    Raises
    ------
    ReadError
        for a start without its stage, two of them, or a step further back than one.
    """
    found: dict[str, Recurrence] = {}
    for part in parts:
        left = part.left
        zeros = _zeros(left)
        if not zeros or not isinstance(left, ast.Subscript) or not isinstance(left.value, ast.Name):
            continue
        name, own = left.value.id, slots(left)
        rest = tuple(slot for n, slot in enumerate(own) if n != zeros[0])
        letters = tuple(slot for slot in rest if isinstance(slot, ast.Name))
        if len(zeros) > 1 or len(letters) < len(rest):
            raise part.source.refuse(part.at, f"a start has one 0 and letters: {name}[0,i] = …")
        if name in found:
            raise part.source.refuse(part.at, f"{name!r} has two starts")
        before = _unused(f"{name}prev", {*words, *(r.before for r in found.values())})
        found[name] = Recurrence(name, before, zeros[0], part, letters)
    if not found:
        return {}, tuple(parts)
    others = tuple(part for part in parts if all(part is not r.start for r in found.values()))
    stepping = {
        _name(p.left): len(slots(p.left)) for p in others if isinstance(p.left, ast.Subscript)
    }
    for name, r in found.items():
        if name in stepping and stepping[name] != len(r.letters) + 1:
            many = f"{len(r.letters) + 1} {'index' if not r.letters else 'indices'}"
            raise r.start.source.refuse(
                r.start.at, f"the start of {name!r} has {many}, and {name!r} has {stepping[name]}"
            )
        if name not in stepping:
            raise r.start.source.refuse(r.start.at, f"{name!r} has a start and no step {name}[t,…]")
    read = (replace(part, right=_Before(found, part).visit(part.right)) for part in others)
    return found, tuple(read)


def _name(left: ast.expr | None) -> str:
    """The name of an array on the left."""
    match left:
        case ast.Subscript(value=ast.Name(id=name)):
            return name
        case _:
            return ""


def sizes(found: Mapping[str, Recurrence], trees: Iterable[ast.expr]) -> Iterator[str]:
    """The sizes that stand for the last step, T in h[T,i]: capitals where steps are counted."""
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
                continue
            r, own = found.get(node.value.id), slots(node)
            index = own[r.position] if r is not None and r.position < len(own) else None
            if isinstance(index, ast.Name) and index.id.isupper():
                yield index.id


def steps_back(part: Piece, name: str) -> bool:
    """Is a stage mentioned at a shifted index in a line, h[t-1,j]?"""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and any(isinstance(slot, ast.BinOp) for slot in slots(node))
        for node in ast.walk(part.right)
    )


def _zeros(left: ast.expr | None) -> list[int]:
    if not isinstance(left, ast.Subscript):
        return []
    return [
        n
        for n, slot in enumerate(slots(left))
        if isinstance(slot, ast.Constant) and slot.value == 0 and slot.value is not False
    ]


def _unused(wanted: str, taken: Collection[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


@dataclass
class _Before(ast.NodeTransformer):
    """h[t-1,j] as hprev[t,j], in one line."""

    found: Mapping[str, Recurrence]
    part: Piece

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        r = self.found.get(node.value.id) if isinstance(node.value, ast.Name) else None
        own = slots(node)
        if r is None or len(own) <= r.position:
            return node
        match own[r.position]:
            case ast.BinOp(left=ast.Name() as step, op=ast.Sub(), right=ast.Constant(value=1)):
                indices = [*own[: r.position], step, *own[r.position + 1 :]]
                name = ast.copy_location(ast.Name(r.before, ast.Load()), node.value)
                inside = indices[0] if len(indices) == 1 else ast.Tuple(indices, ast.Load())
                made = ast.Subscript(name, ast.copy_location(inside, node.slice), ast.Load())
                return ast.copy_location(made, node)
            case ast.BinOp(left=ast.Name() as step, op=ast.Sub()):
                raise self.part.source.refuse(
                    node.col_offset, f"a recurrence goes one step back, {r.stage}[{step.id}-1]"
                )
        return node
