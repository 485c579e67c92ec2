"""Binders: sum, product, mean and maximum over letters, and max(a, b) of terms.

Gives `bind` and `extreme`.  `sum(body, i, j)` is the sum over i of sums over j.

Imports names, ranges, scan, scope and terms.  To add a binder: a case in `_wrapped` and its name in
`scan.BINDERS`.
"""

from __future__ import annotations

import ast
from typing import cast

import sympy
from sympy import Expr, Symbol

from symderiv.reader.names import LETTER, SIZE
from symderiv.reader.ranges import Range, range_of
from symderiv.reader.scan import called
from symderiv.reader.scope import Index, Scope
from symderiv.reader.walk import Walk
from symderiv.terms import (
    Quotient,
    function_of,
    hold,
    maximum_over,
    minimum_over,
    product_over,
    summation,
    times,
)

MOST_TERMS = 50  # of max(a, b, …), each of which is held against every other


def bind(reader: Walk, node: ast.Call, scope: Scope) -> Expr:
    """A sum, product, mean, maximum or minimum over letters."""
    name = called(node)
    if len(node.args) < 2:
        raise scope.refuse(node, f"{name} needs its letter: {name}(body, k) or (k, 1, K)")
    letters: dict[str, Index] = {}
    for part in node.args[1:]:
        found = range_of(name, part, scope)
        head = found.head
        if head.id in letters:
            raise scope.refuse(head, f"{head.id!r} is bound twice in one {name}")
        letters[head.id] = _bound(reader, found, scope)
    body = reader.term(node.args[0], scope.with_letters(letters))
    return _wrapped(reader, name, body, list(letters.values()))


def extreme(reader: Walk, node: ast.Call, scope: Scope) -> Expr:
    """max(a, b) and min(a, b); max(a, max(b, c)) is max(a, b, c)."""
    name = called(node)
    if len(node.args) < 2:
        raise scope.refuse(node, f"{name} needs two terms, {name}(a, b), or a letter")
    head = sympy.Max if name == "max" else sympy.Min
    read = (reader.term(arg, scope) for arg in node.args[: MOST_TERMS + 1])
    every = (t for one in read for t in (one.args if isinstance(one, head) else (one,)))
    terms = cast("dict[Expr, None]", dict.fromkeys(every))
    if max(len(terms), len(node.args)) > MOST_TERMS:
        raise scope.refuse(node, f"{name} takes at most {MOST_TERMS} terms; {name}(x[k], k) any")
    return function_of(head, *terms) if len(terms) > 1 else next(iter(terms))


def _bound(reader: Walk, found: Range, scope: Scope) -> Index:
    axes, (source, at) = reader.names.axes, scope.place(found.head)
    head, end = found.head, found.end
    if not scope.foreign:
        reader.names.declare(head.id, LETTER, scope, head)
        reader.calls.bound.add(head.id)
        if isinstance(end, ast.Name):
            reader.names.declare(end.id, SIZE, scope, end)
    wanted = scope.name_for(head.id, reader.calls.avoid)
    if not found.is_whole:
        return Index(wanted, span=(found.start, found.high))
    axis = axes.new(letter=head.id)
    if end is None:
        axes.expect(axis, head.id, source, at, f"give its range, ({head.id}, 1, K)")
    elif isinstance(end, ast.Name) and scope.foreign:
        axes.join(axis, scope.sizes[end.id], source, at)
        axes.expect(axis, head.id, source, at, f"give its range, ({head.id}, 1, K)")
    else:
        axes.give(
            axis, found.high, *(scope.place(end) if isinstance(end, ast.Name) else (source, at))
        )
    return Index(wanted, axis)


def _wrapped(reader: Walk, name: str, body: Expr, letters: list[Index]) -> Expr:
    over = {"prod": product_over, "max": maximum_over, "min": minimum_over}.get(name, summation)
    lengths: list[Expr] = []
    for index in reversed(letters):
        assert isinstance(index.expr, Symbol)
        if index.span:
            low, high = index.span
            lengths.insert(0, hold(high - low + 1))
        else:
            assert index.axis is not None
            low, high = 1, reader.names.axes.placeholder(index.axis)
            lengths.insert(0, high)
        body = over(body, index.expr, high, low)
    return Quotient(body, times(*lengths)) if name == "mean" else body
