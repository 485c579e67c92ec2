"""Helpers: the functions that a target's file calls, behind those that it is written for.

Gives `helpers`.  One is a piece of the target's own, or written in NumPy's words: the one that
changes no array where there is one (`functional`), else the atom; these are translated.

Imports the rest of this room, and atoms.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symderiv.atoms import ATOMS, definition
from symderiv.emit.spelling import Filling, helpers_of
from symderiv.emit.targets.entry import Target
from symderiv.emit.translation.functional import PIECES
from symderiv.emit.translation.words import BESIDE, Translation

WHOLE = ("K", "axis", "place", "size", "before", "behind")  # the parameters that are whole numbers


def helpers(statements: Sequence[ast.stmt], target: Target) -> list[ast.stmt]:
    """The helpers that some statements call, and those that they call, by name."""

    def helper(called: str) -> ast.FunctionDef | None:
        name = called.removeprefix("_")
        if name == called:
            return None
        if name in target.pieces:
            return _own(name, definition(target.pieces[name]), target)
        code = PIECES.get(name) or (ATOMS[name].function if name in ATOMS else None)
        return None if code is None else _translated(definition(code), target)

    return [*map(ast.fix_missing_locations, helpers_of(statements, helper))]


def _own(name: str, made: ast.FunctionDef, target: Target) -> ast.FunctionDef:
    """A piece of a target's own; the namespace is a parameter where each function finds it."""
    first = made.args.args[0].arg if made.args.args else ""
    made = _Renamed(first, target).visit(made)
    if not target.given and made.args.args:
        del made.args.args[0]
    made.name = f"_{name}"
    return made


class _Renamed(ast.NodeTransformer):
    """The namespace and other pieces under the names that a file gives them."""

    def __init__(self, namespace: str, target: Target) -> None:
        self.namespace, self.target = namespace, target

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.target.module) if node.id == self.namespace else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(ast.Name(name), [ast.Name(self.namespace), *rest]) if (
                name in self.target.pieces
            ):
                args = node.args if self.target.given else rest
                node = ast.Call(ast.Name(f"_{name}"), args, node.keywords)
        return self.generic_visit(node)


def _translated(made: ast.FunctionDef, target: Target) -> ast.FunctionDef:
    """A helper in NumPy's words as one of a target's."""
    beside = Filling({BESIDE: ast.Name(made.args.args[0].arg)})
    made = beside.visit(Translation(target, WHOLE).visit(made))
    if target.given:
        made.args.args.insert(0, ast.arg(target.module, ast.Name("Any")))
    return made
