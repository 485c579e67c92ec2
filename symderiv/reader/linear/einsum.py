"""Einsum: np.einsum('ij,jk->ik', A, B) as a product of components and its sums.

Gives `einsum`.

Imports operations, values and tree.
"""

from __future__ import annotations

import ast
import re

from symderiv.reader import tree
from symderiv.reader.linear.lowers import Lowers
from symderiv.reader.linear.values import Indices, Value, indices, letters_in

_SIGNATURE = re.compile(r"([A-Za-z]*(?:,[A-Za-z]*)*)->([A-Za-z]*)")


def einsum(lowering: Lowers, node: ast.Call) -> Value:
    """The sum over all letters that stand left of the arrow only.

    Raises
    ------
    ReadError
        for a signature without its arrow, or one that does not fit its arrays.
    """
    ops, at = lowering.operations, node.col_offset
    first, *arrays = node.args or [node]
    said = first.value if isinstance(first, ast.Constant) else None
    found = _SIGNATURE.fullmatch(said.replace(" ", "")) if isinstance(said, str) else None
    if found is None or node.keywords:
        raise ops.source.refuse(at, "einsum takes its signature with the arrow, 'ij,j->i'")
    inputs, out = found[1].split(","), found[2]
    if len(inputs) != len(arrays) or len(set(out)) < len(out) or set(out) - set(found[1]):
        raise ops.source.refuse(at, f"{found[0]!r} does not fit: {len(arrays)} arrays are given")
    operands: list[Value] = []
    for letters, array in zip(inputs, arrays, strict=True):
        if isinstance(array, ast.Name):
            lowering.ranks.setdefault(array.id, len(letters))
        value = lowering.value(array)
        if value.rank != len(letters):
            raise ops.misfit(at, f"{value.shown} has {value.rank} axes, and {letters!r} names them")
        operands.append(value)
    axes: dict[str, tuple[Value, int]] = {}
    for letters, value in zip(inputs, operands, strict=True):
        for n, letter in enumerate(letters):
            if letter in axes:
                ops._join(*axes[letter], value, n, at)
            axes.setdefault(letter, (value, n))
    summed = [x for x in axes if x not in out]

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        own = ops.axes.fresh(taken | letters_in(found), len(summed)) if summed else []
        places = dict(zip(out, found, strict=True)) | dict(
            zip(summed, indices(own, at), strict=True)
        )
        below = taken | letters_in(found) | set(own)
        factors = [
            value.write(tuple(places[x] for x in letters), below)
            for letters, value in zip(inputs, operands, strict=True)
        ]
        body = factors[0]
        for factor in factors[1:]:
            body = tree.times(body, factor)
        over = [axes[x][0].axes[axes[x][1]] for x in summed]
        return ops.axes.over("sum", over, own, at, body) if summed else body

    made = tuple(axes[x][0].axes[axes[x][1]] for x in out)
    return Value(made, write, f"einsum({found[0]}, {', '.join(v.shown for v in operands)})")
