"""Axes in code: turned, put between others, cut; sizes as expressions.

Gives `size_code`, `axes_code`, `turned`, `expanded`, `subscript`.  Imports spelling.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from sympy import Expr, Integer, Symbol

from symderiv.emit.spelling import filled


def size_code(size: object) -> ast.expr:
    """A size, or an expression of sizes."""
    assert isinstance(size, Expr)
    if isinstance(size, Integer | Symbol):
        return filled(str(size), {})
    return ast.parse(str(size), mode="eval").body  # of sizes and whole numbers alone


def axes_code(axes: Sequence[int]) -> ast.expr:
    return filled(str(axes[0]) if len(axes) == 1 else str(tuple(axes)), {})


def turned(code: ast.expr, order: Sequence[int], *, batched: bool = True) -> ast.expr:
    """An array with its axes in another order."""
    rank = len(order)
    if list(order) == list(range(rank)):
        return code
    if not batched and list(order) == [1, 0]:
        return filled("a.T", {"a": code})
    if list(order) == [*range(rank - 2), rank - 1, rank - 2]:
        return filled("a.mT", {"a": code})
    if not batched:
        return filled(f"a.transpose({', '.join(map(str, order))})", {"a": code})
    letters = "abcdefgh"[:rank]
    out = "".join(letters[n] for n in order)
    return filled(f"np.einsum('...{letters}->...{out}', x)", {"x": code})


def expanded(code: ast.expr, places: Sequence[int], rank: int, *, batched: bool) -> ast.expr:
    """An array with axes of length 1 in between."""
    if len(places) == rank:
        return code
    first = 0 if batched or not places else places[0]
    parts: list[ast.expr] = [ast.Constant(...)] if batched else []
    for n in range(first, rank):
        parts.append(ast.Slice() if n in places else ast.Constant(None))
    index = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
    return ast.Subscript(code, index, ast.Load())


def subscript(
    code: ast.expr, at: Mapping[int, ast.expr], rank: int, *, batched: bool = True
) -> ast.expr:
    """Parts of some axes, the batch's axes before them."""
    parts = [at.get(n, ast.Slice()) for n in range(rank)]
    if not batched:
        while parts and isinstance(parts[-1], ast.Slice) and _whole(parts[-1]):
            del parts[-1]
        if not parts:
            return code
        index = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
        return ast.Subscript(code, index, ast.Load())
    while parts and isinstance(parts[0], ast.Slice) and _whole(parts[0]):
        del parts[0]  # `...` stands for it
    return ast.Subscript(code, ast.Tuple([ast.Constant(...), *parts], ast.Load()), ast.Load())


def _whole(piece: ast.Slice) -> bool:
    return piece.lower is piece.upper is piece.step is None
