"""Inlining: a helper of one expression, written where it is called with names.

Gives `inlined`, which puts W x as `x @ W.mT if W.ndim == 2 else …` in place of a call, so that a
short file has no helper for it.  Imports atoms and spelling.
"""

from __future__ import annotations

import ast
from typing import TypeVar, cast

from symderiv.atoms import helper
from symderiv.emit.spelling import Filling, copied

Code = TypeVar("Code", bound=ast.AST)


def inlined(code: Code) -> Code:
    """Code with the helpers of one expression in place of their calls."""
    return cast(Code, _Inlining().visit(copied(code)))


class _Inlining(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Name(name), args, []) if all(map(_is_short, args)):
                match helper(name):
                    case ast.FunctionDef(
                        args=ast.arguments(args=given),
                        body=[ast.Expr(), ast.Return(ast.expr() as value)],
                    ):
                        names = dict(zip((a.arg for a in given), args, strict=True))
                        return cast(ast.expr, _Put(names).visit(value))
        return node


def _is_short(code: ast.expr) -> bool:
    """Is it a name, or a matrix of a name turned?"""
    match code:
        case ast.Name() | ast.Attribute(ast.Name(), "mT"):
            return True
    return False


class _Put(Filling):
    """Names replaced; a matrix that is turned twice is itself, and has as many axes."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Attribute(ast.Attribute(inner, "mT"), "mT"):
                return inner
            case ast.Attribute(ast.Attribute(inner, "mT"), "ndim"):
                return ast.Attribute(inner, "ndim", node.ctx)
        return node
