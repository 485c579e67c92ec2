"""Reductions: sums, means, products, extremes and norms of whole arrays and along an axis.

Gives `reduced`, the call as one along an axis, `REDUCTIONS`, `norm_of` with `NORMS`, and
`whole_number`.  NumPy counts axes from
0 and takes a whole array where none is named; MATLAB counts from 1 and goes down the columns.

Imports values and tree.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from symderiv.reader import scan
from symderiv.reader.linear.lowers import Lowers
from symderiv.reader.linear.values import Dialect, Value

REDUCTIONS = frozenset(("sum", "mean", "max", "min", "prod"))
NORMS = frozenset(("norm", "norm_2"))
_ORDERS = {"1": "norm_1", "2": "norm_2", "inf": "norm_inf", "Inf": "norm_inf", "fro": "norm_fro"}


def reduced(lowering: Lowers, name: str, node: ast.Call) -> Value | None:
    """A reduction along an axis; None where it is one over several arguments or all components.

    Raises
    ------
    ReadError
        for an axis that the array has not.
    """
    ops, at = lowering.operations, node.col_offset
    axis = _axis(lowering, name, node)
    if axis is None and ops.dialect is Dialect.MATLAB and len(node.args) == 1:
        return _down(lowering, name, node.args[0], at)
    if axis is None:
        return None
    inner = lowering.value(node.args[0])
    count = whole_number(axis)
    if ops.dialect is Dialect.MATLAB and count is not None:
        count -= 1
        if inner.rank == 1:  # the other axis of a row or column has one component
            own = 1 if inner.row else 0
            return ops.total(name, inner, at, f"{name}({inner.shown})") if count == own else inner
    if count is None or not -inner.rank <= count < inner.rank:
        known = "1 or 2" if ops.dialect is Dialect.MATLAB else "0 or 1"
        said = f"axis is {known}, one that {inner.shown} has"
        if inner.names == {inner.shown} and inner.rank == 1:
            said += f'; for a matrix write {inner.shown.upper()}, or shape "{inner.shown}: N,K"'
        raise ops.source.refuse(at, said)
    if inner.rank == 1:
        return ops.total(name, inner, at, f"{name}({inner.shown})")
    place = count % inner.rank
    made = ops.total(name, inner, at, f"{name}({inner.shown}, axis={place})", place)
    return replace(made, row=ops.dialect is Dialect.MATLAB and count == 0)


def _axis(lowering: Lowers, name: str, node: ast.Call) -> ast.expr | None:
    """The axis that a call names: by its place, or as axis= or dim=."""
    refuse = lowering.operations.source.refuse
    given = [k.value for k in node.keywords if k.arg in ("axis", "dim")]
    for keyword in node.keywords:
        if keyword.arg not in ("axis", "dim"):
            raise refuse(node.col_offset, f"{name} takes axis=0 or axis=1, not {keyword.arg}=")
    if name in ("sum", "mean", "prod") and len(node.args) == 2 and not scan.own_letters(node):
        given.append(node.args[1])
    if len(given) > 1:
        raise refuse(node.col_offset, f"{name} takes one axis")
    return given[0] if given and node.args else None


def _down(lowering: Lowers, name: str, argument: ast.expr, at: int) -> Value | None:
    """MATLAB's sum(x); of a matrix it is that of each column, sum(sum(X)) the whole.

    Raises
    ------
    ReadError
        for sum(X), which matrixcalculus.org and MATLAB do not mean alike.
    """
    ops = lowering.operations
    match argument:
        case ast.Call(func=ast.Name(id=function), args=[twice]) if (
            scan.called(argument) == name and function == name
        ):
            inner = lowering.value(twice)
            if inner.rank == 2:
                return ops.total(name, inner, at, f"{name}({name}({inner.shown}))")
    inner = lowering.value(argument)
    if inner.rank == 2:
        raise ops.source.refuse(
            at,
            f"{name} of a matrix goes down its columns in MATLAB; write {name}({name}(…)) for the "
            f"whole, {name}(…, 1) for the columns" if name not in ("max", "min") else
            f"{name} of a matrix goes down its columns in MATLAB; write {name}({name}(…)) for the "
            "whole",
        )  # fmt: skip
    return None


def norm_of(lowering: Lowers, name: str, node: ast.Call) -> str:
    """Which norm a call asks for: norm(x, 1), norm(x, ord=2), norm(X, 'fro').

    Raises
    ------
    ReadError
        for an order that is none of these, and for an axis.
    """
    if len(node.args) == 1 and not node.keywords:
        return name
    orders = [*node.args[1:], *(k.value for k in node.keywords if k.arg in ("ord", "p"))]
    match orders:
        case [ast.Name(id=word) | ast.Constant(value=str() as word)]:
            order = word
        case [ast.Constant(kind=str() as digits)]:
            order = digits
        case _:
            order = ""
    if order.isdigit() and int(order) > 2 and len(node.args) == 2:
        return "norm_p"
    if order not in _ORDERS or any(k.arg not in ("ord", "p") for k in node.keywords):
        raise lowering.operations.source.refuse(
            node.col_offset, "norm takes one order beside its array: 1, 2, inf or 'fro'"
        )
    return _ORDERS[order]


def whole_number(node: ast.expr | None) -> int | None:
    """The value of a literal, also of a negated one."""
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
    return None
