"""Shrinking: a text that fails, cut down to a smaller one that still fails.

Gives `shrunk`.  A cut puts a part of a term, or 1, in its place, or leaves out a stage; any cut is
tried, and whether what is left fails is for the caller to say.

Imports the standard library only.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator


def shrunk(text: str, fails: Callable[[str], bool], most: int = 400) -> str:
    """The smallest text found; `fails` is asked at most so many times."""
    asked = 0
    while True:
        for smaller in sorted(set(cuts(text)), key=lambda t: (len(t), t)):
            if len(smaller) >= len(text):
                break
            asked += 1
            if asked > most:
                return text
            if fails(smaller):
                text = smaller
                break
        else:
            return text


def cuts(text: str) -> Iterator[str]:
    """Every text with one cut."""
    parts = [p.strip() for p in text.split(";")]
    for n, part in enumerate(parts):
        if n < len(parts) - 1:
            yield "; ".join(parts[:n] + parts[n + 1 :])
        head, equals, body = part.rpartition(" = ") if n < len(parts) - 1 else ("", "", part)
        for smaller in within(ast.parse(body.strip(), mode="eval").body):
            yield "; ".join([*parts[:n], f"{head}{equals}{smaller}", *parts[n + 1 :]])


def within(tree: ast.expr) -> Iterator[str]:
    """The term with one of its parts replaced by a part of that, or by 1."""
    count = sum(isinstance(n, ast.expr) for n in ast.walk(tree))
    for n in range(count):
        for way in range(4):
            fresh = copy.deepcopy(tree)
            nodes = [node for node in ast.walk(fresh) if isinstance(node, ast.expr)]
            there = smaller(nodes[n], way)
            if there is None:
                continue
            if nodes[n] is fresh:
                yield ast.unparse(there)
            else:
                yield ast.unparse(put(fresh, nodes[n], there))


def smaller(node: ast.expr, way: int) -> ast.expr | None:
    if way == 3:
        simple = isinstance(node, ast.Constant | ast.Name | ast.Compare | ast.Tuple | ast.Slice)
        return None if simple else ast.Constant(1)
    match node:
        case ast.BinOp(left=left, right=right):
            parts: list[ast.expr] = [left, right]
        case ast.Call(args=args):
            parts = [a for a in args if not isinstance(a, ast.Tuple)]
        case ast.UnaryOp(operand=operand):
            parts = [operand]
        case _:
            parts = []
    return parts[way] if way < len(parts) else None


def put(tree: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    class Put(ast.NodeTransformer):
        def generic_visit(self, node: ast.AST) -> ast.AST:
            return new if node is old else super().generic_visit(node)

    return ast.fix_missing_locations(Put().visit(tree))
