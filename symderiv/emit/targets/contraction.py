"""Contractions in calls of the array API standard, which has no einsum: products of matrices.

Gives `einsum`, and what it calls.  Every term and the result begin with "...", the batch.

Imports the standard library only: every piece takes the namespace.
"""

from __future__ import annotations

import math
from typing import Any


def einsum(xp: Any, letters: str, *operands: Any) -> Any:
    """A sum of products over the letters that the result does not have."""
    terms, result = letters.replace(".", "").split("->")
    names = terms.split(",")
    own, a = undoubled(xp, names[0], operands[0])
    for n, b in enumerate(operands[1:], 1):
        name, b = undoubled(xp, names[n], b)
        later = {*result, *"".join(names[n + 1 :])}
        kept = "".join(x for x in dict.fromkeys(own + name) if x in later)
        own, a = kept, paired(xp, (own, name, kept), a, b)
    return arranged(xp, a, own, result)


def undoubled(xp: Any, own: str, a: Any) -> tuple[str, Any]:
    """The entries in which axes with one letter have one index."""
    for x in dict.fromkeys(own):
        while own.count(x) > 1:
            ends = (own.index(x) - len(own), own.rindex(x) - len(own))
            a = xp.moveaxis(a, ends, (-2, -1))
            rows = xp.reshape(xp.arange(a.shape[-1]), (-1, 1))
            a = xp.sum(xp.where(rows == xp.arange(a.shape[-1]), a, 0), axis=-2)
            others = (
                own[: ends[0]]
                + own[ends[0] + len(own) + 1 : ends[1]]
                + own[len(own) + ends[1] + 1 :]
            )
            own = others + x
    return own, a


def arranged(xp: Any, a: Any, own: str, wanted: str) -> Any:
    """Axes in another order, summed over those that are not wanted."""
    gone = tuple(n - len(own) for n, x in enumerate(own) if x not in wanted)
    a = xp.sum(a, axis=gone) if gone else a
    own = "".join(x for x in own if x in wanted)
    ahead = a.ndim - len(own)
    order = (*range(ahead), *(ahead + own.index(x) for x in wanted))
    return a if order == tuple(range(a.ndim)) else xp.permute_dims(a, order)


def paired(xp: Any, letters: tuple[str, str, str], a: Any, b: Any) -> Any:
    """A product of two arrays, summed over what the result does not have, as one of matrices."""
    first, second, result = letters
    both = [x for x in first if x in second]
    over = "".join(x for x in both if x not in result)
    batch = "".join(x for x in both if x in result)
    left = "".join(x for x in first if x in result and x not in second)
    right = "".join(x for x in second if x in result and x not in first)
    a = arranged(xp, a, first, batch + left + over)
    b = arranged(xp, b, second, batch + over + right)
    outer, inner = len(batch) + len(left), len(batch) + len(over)
    shape_a = a.shape[a.ndim - len(batch + left + over) :]
    shape_b = b.shape[b.ndim - len(batch + over + right) :]
    rows, columns, many = shape_a[len(batch) : outer], shape_b[inner:], math.prod(shape_a[outer:])
    a = xp.reshape(a, (*a.shape[: a.ndim - len(left + over)], math.prod(rows), many))
    b = xp.reshape(b, (*b.shape[: b.ndim - len(over + right)], many, math.prod(columns)))
    product = xp.matmul(a, b)
    product = xp.reshape(product, (*product.shape[:-2], *rows, *columns))
    return arranged(xp, product, batch + left + right, result)
