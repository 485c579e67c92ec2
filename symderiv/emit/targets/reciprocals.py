"""Reciprocals: a quotient by a number as a product, which no compiler may make of it.

    x / 1.4142135623730951  ->  x * 0.7071067811865475    -(x / 2)  ->  x / -2

Only by a number that is rounded itself: by a whole one a quotient may be exact.  Gives
`Reciprocals`.

Imports the standard library.
"""

from __future__ import annotations

import ast

LARGEST = 1e30  # with its reciprocal a float32


class Reciprocals(ast.NodeTransformer):
    """Code with products in place of quotients by numbers, and signs with the numbers."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        made = self.generic_visit(node)
        match made:
            case ast.BinOp(a, ast.Div(), ast.Constant(float(c))) if (
                not c.is_integer() and 1 / LARGEST < c < LARGEST
            ):
                return ast.BinOp(a, ast.Mult(), ast.Constant(1 / c))
        return made

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        made = self.generic_visit(node)
        match made:
            case ast.UnaryOp(
                ast.USub() as sign,
                ast.BinOp(a, ast.Mult() | ast.Div() as op, ast.Constant(int() | float()) as c),
            ):
                return ast.BinOp(a, op, ast.UnaryOp(sign, c))
        return made
