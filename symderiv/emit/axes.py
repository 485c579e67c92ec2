"""Axes in code: sizes as expressions, and parts of an axis.

Gives `size_code`, `axes_code` and `piece`.  Imports spelling.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sympy import Expr

from symderiv.emit.spelling import filled


def size_code(size: object) -> ast.expr:
    """A size, or an expression of sizes."""
    assert isinstance(size, Expr)
    return filled(str(size), {})  # of sizes and whole numbers alone


def axes_code(axes: Sequence[int]) -> ast.expr:
    return filled(str(axes[0]) if len(axes) == 1 else str(tuple(axes)), {})


def piece(size: Expr, start: Expr, stop: Expr, step: int) -> ast.Slice:
    """Every step-th place of an axis from start to before stop."""
    left = (size - stop).expand()
    high: ast.expr | None = size_code(stop)
    if left == 0:
        high = None
    elif left.is_Integer and not stop.is_Integer:
        high = size_code(-left)
    low = None if start == 0 else size_code(start)
    return ast.Slice(low, high, None if step == 1 else ast.Constant(step))
