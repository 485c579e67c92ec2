"""Binders: sum, product, mean and maximum over letters, and max(a, b) of terms.

Gives `bind` and `extreme`.  `sum(body, i, j)` is the sum over i of sums over j.

Imports names, scan, scope and terms.  To add a binder: a case in `_wrapped` and its name in
`scan.BINDERS`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Integer, Symbol

from symderiv.reader.names import LETTER, SIZE
from symderiv.reader.scan import called
from symderiv.reader.scope import Index, Scope
from symderiv.terms import (
    Quotient,
    function_of,
    maximum_over,
    minimum_over,
    product_over,
    size,
    summation,
    times,
)

if TYPE_CHECKING:
    from symderiv.reader.expressions import Expressions

LARGEST_SIZE = 1_000


def bind(reader: Expressions, node: ast.Call, scope: Scope) -> Expr:
    """A sum, product, mean, maximum or minimum over letters."""
    name = called(node)
    if len(node.args) < 2:
        raise scope.refuse(node, f"{name} needs its letter: {name}(body, k) or (k, 1, K)")
    letters: dict[str, Index] = {}
    for part in node.args[1:]:
        head, end = _range(name, part, scope)
        if head.id in letters:
            raise scope.refuse(head, f"{head.id!r} is bound twice in one {name}")
        letters[head.id] = _bound(reader, head, end, scope)
    body = reader.term(node.args[0], scope.with_letters(letters))
    return _wrapped(reader, name, body, list(letters.values()))


def extreme(reader: Expressions, node: ast.Call, scope: Scope) -> Expr:
    """max(a, b) and min(a, b)."""
    name = called(node)
    if len(node.args) < 2:
        raise scope.refuse(node, f"{name} needs two terms, {name}(a, b), or a letter")
    head = sympy.Max if name == "max" else sympy.Min
    terms = dict.fromkeys(reader.term(arg, scope) for arg in node.args)
    return function_of(head, *terms) if len(terms) > 1 else next(iter(terms))


def _range(name: str, part: ast.expr, scope: Scope) -> tuple[ast.Name, ast.expr | None]:
    match part:
        case ast.Name():
            return part, None
        case ast.Tuple(elts=[ast.Name() as head, ast.Constant(value=1), end]):
            return head, end
        case ast.Tuple(elts=[ast.Name() as head, start, _]):
            raise scope.refuse(start, f"ranges begin at 1: ({head.id}, 1, K)")
        case _:
            raise scope.refuse(part, f"after the body of a {name}: a letter, k, or (k, 1, K)")


def _bound(reader: Expressions, head: ast.Name, end: ast.expr | None, scope: Scope) -> Index:
    axes, (source, at) = reader.names.axes, scope.place(head)
    if not scope.foreign:
        reader.names.declare(head.id, LETTER, scope, head)
        reader.calls.bound.add(head.id)
    axis = axes.new(letter=head.id)
    match end:
        case None:
            axes.expect(axis, head.id, source, at)
        case ast.Constant(value=int(value)) if 1 <= value <= LARGEST_SIZE:
            axes.give(axis, Integer(value), source, at)
        case ast.Name() if scope.foreign:
            axes.join(axis, scope.sizes[end.id], source, at)
            axes.expect(axis, head.id, source, at)
        case ast.Name():
            reader.names.declare(end.id, SIZE, scope, end)
            axes.give(axis, size(end.id), *scope.place(end))
        case _:
            raise scope.refuse(
                end, f"a range ends at the name of a size or a number from 1 to {LARGEST_SIZE}"
            )
    return Index(scope.name_for(head.id, reader.calls.avoid), axis)


def _wrapped(reader: Expressions, name: str, body: Expr, letters: list[Index]) -> Expr:
    over = {"prod": product_over, "max": maximum_over, "min": minimum_over}.get(name, summation)
    lengths: list[Symbol] = []
    for index in reversed(letters):
        assert isinstance(index.expr, Symbol)
        assert index.axis is not None
        lengths.insert(0, reader.names.axes.placeholder(index.axis))
        body = over(body, index.expr, lengths[0])
    return Quotient(body, times(*lengths)) if name == "mean" else body
