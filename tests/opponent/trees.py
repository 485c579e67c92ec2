"""Trees of claims: their terms, and copies with one node changed.

Gives `read`, `terms` and `changed`.  Imports language.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any

from tests.opponent.language import called


def terms(tree: ast.AST, bound: tuple[str, ...] = ()) -> Iterator[tuple[ast.expr, tuple[str, ...]]]:
    """Every term of a tree that is no index and no condition, with the letters bound there."""
    match tree:
        case ast.Subscript():
            yield tree, bound
        case ast.Call() if called(tree) in ("delta", "softmax", "logsumexp"):
            yield tree, bound
        case ast.Call():
            yield tree, bound
            letters = tuple(
                a.elts[0].id
                for a in tree.args
                if isinstance(a, ast.Tuple) and isinstance(a.elts[0], ast.Name)
            )
            for part in tree.args:
                if not isinstance(part, ast.Tuple):
                    yield from terms(part, (*bound, *letters))
        case ast.Compare():
            for part in (tree.left, *tree.comparators):
                yield from ((t, b) for t, b in terms(part, bound) if t is not part)
        case ast.expr():
            yield tree, bound
            for part in ast.iter_child_nodes(tree):
                yield from terms(part, bound)


def changed(tree: ast.expr, old: ast.AST, new: ast.expr) -> str:
    """The text with one node replaced, by identity."""

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is old else super().visit(node)

    return ast.unparse(ast.fix_missing_locations(Put().visit(copy_except(tree, old))))


def copy_except(tree: ast.expr, kept: ast.AST) -> ast.expr:
    """A copy in which one node is the very same."""
    return copy.deepcopy(tree, {id(kept): kept})


def read(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
