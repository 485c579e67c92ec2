"""Inlining: a helper of one expression, written where it is called with names.

Gives `inlined`, which puts W x as `x @ W.mT if W.ndim == 2 else …` in place of a call, so that a
short file has no helper for it.  Imports atoms.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from typing import cast

from symderiv.atoms import ATOMS, source


def inlined(function: ast.FunctionDef) -> ast.FunctionDef:
    """A function with the helpers of one expression in place of their calls."""
    return cast(ast.FunctionDef, ast.fix_missing_locations(_Inlining().visit(function)))


class _Inlining(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Name(name), args, []) if all(map(_is_short, args)):
                atom = ATOMS.get(name.removeprefix("_"))
                if atom is None or atom.function is None or name == atom.name:
                    return node
                made = source(atom)
                match made.body:
                    case [ast.Expr(), ast.Return(ast.expr() as value)]:
                        names = [a.arg for a in made.args.args]
                        return _put(value, dict(zip(names, args, strict=True)))
        return node


def _is_short(code: ast.expr) -> bool:
    """Is it a name, or a matrix of a name turned?"""
    match code:
        case ast.Name() | ast.Attribute(ast.Name(), "mT"):
            return True
    return False


def _put(value: ast.expr, names: Mapping[str, ast.expr]) -> ast.expr:
    made = _Put(names).visit(copy.deepcopy(value))
    assert isinstance(made, ast.expr)
    return made


class _Put(ast.NodeTransformer):
    """Names replaced; a matrix that is turned twice is itself, and has as many axes."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.names.get(node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Attribute(ast.Attribute(inner, "mT"), "mT"):
                return inner
            case ast.Attribute(ast.Attribute(inner, "mT"), "ndim"):
                return ast.Attribute(inner, "ndim", node.ctx)
        return node
