"""Subscripts: what may stand between the brackets of a component.

Gives `index_of`: a letter ranges over the axis it subscripts, an integer is a fixed place (from 1),
y[n] is a label, and a sum of letters and integers (x[i+k]) ranges over nothing by itself.

Imports names, scope, scan and terms.
"""

from __future__ import annotations

import ast

from sympy import Expr, Integer

from symderiv.reader.names import SIZE, STAGE
from symderiv.reader.scan import slots
from symderiv.reader.scope import Index, Scope
from symderiv.reader.walk import Walk
from symderiv.terms import size

LARGEST_INDEX = 1_000


def index_of(reader: Walk, node: ast.expr, scope: Scope) -> Index:
    """The index that a subscript stands for."""
    match node:
        case ast.Name():
            return letter_of(reader, node, scope)
        case ast.Constant() | ast.UnaryOp():
            return Index(_shift(reader, node, scope))
        case ast.Subscript(value=ast.Name()):
            return _label(reader, node, scope)
        case ast.BinOp():
            expr = _shift(reader, node, scope)
            return Index(expr)
        case _:
            raise scope.refuse(node, "an index is a letter, i, i+k, a whole number, or y[n]")


def letter_of(reader: Walk, node: ast.Name, scope: Scope) -> Index:
    """The letter that is bound under this name, or what the scope makes of a free one."""
    if node.id in scope.letters:
        return scope.letters[node.id]
    if reader.names.roles.get(node.id) == SIZE:
        return Index(size(node.id))  # the last: h[T,i]
    return scope.free(node, scope)


def _label(reader: Walk, node: ast.Subscript, scope: Scope) -> Index:
    assert isinstance(node.value, ast.Name)
    name, names = node.value.id, reader.names
    if names.roles.get(name) == STAGE or name in names.later or name in scope.stages:
        raise scope.refuse(node, f"{name!r} is a stage; only a given array holds labels")
    indices = reader.indices(slots(node), scope)
    if name in scope.formals:
        raise scope.refuse(node, f"{name!r} is an argument; it cannot hold labels")
    term = names.component(name, indices, scope, node)
    return Index(term, names.label_axis(name))


def _shift(reader: Walk, node: ast.expr, scope: Scope) -> Expr:
    # SymPy's own sum, which is what one index has: x[i+k] and x[k+i] are one component
    value = _affine(reader, node, scope)
    if value.is_Integer and not 1 <= int(value) <= LARGEST_INDEX:
        raise scope.refuse(node, f"indices are whole numbers from 1 to {LARGEST_INDEX}")
    return value


def _size_of(reader: Walk, node: ast.Name, scope: Scope) -> Expr | None:
    """N in x[N+1-n], where n runs over an axis that has no other size: the size of that."""
    name, run, axes = node.id, scope.letters.get(node.id.lower()), reader.names.axes
    free = name not in scope.letters and reader.names.roles.get(name) in (None, SIZE)
    if not (free and len(name) == 1 and name.isupper() and run and run.axis is not None):
        return None
    if axes.size_so_far(run.axis) not in (size(name), axes.placeholder(axes.root(run.axis))):
        return None
    reader.names.declare(name, SIZE, scope, node)
    axes.give(run.axis, size(name), *scope.place(node))
    return size(name)


def _affine(reader: Walk, node: ast.expr, scope: Scope) -> Expr:
    match node:
        case ast.Name():
            if (end := _size_of(reader, node, scope)) is not None:
                return end
            index = letter_of(reader, node, scope)
            if index.axis is not None:
                reader.names.axes.shifted.add(index.axis)
            return index.expr
        case ast.Constant(value=int(value)) if abs(value) <= LARGEST_INDEX:
            return Integer(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_affine(reader, operand, scope)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _affine(reader, operand, scope)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _affine(reader, left, scope) + _affine(reader, right, scope)
        case ast.BinOp(op=ast.Sub(), left=left, right=right):
            return _affine(reader, left, scope) - _affine(reader, right, scope)
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            product = _affine(reader, left, scope), _affine(reader, right, scope)
            if any(factor.is_Integer for factor in product):
                return product[0] * product[1]
    raise scope.refuse(node, "an index is a letter, i+k, 2*i, a whole number from 1, or y[n]")
