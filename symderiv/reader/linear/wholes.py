"""Functions of one whole array, in vector notation: sums, norms, the trace, inverses, softmax.

Gives `of_whole`, `inverse` and `softmax`.  To add one: a case in `of_whole`, and its name in
`functions.NAMES`.

Imports components, operations, values and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, count

from symderiv.reader import scan, tree
from symderiv.reader.linear.components import elementwise
from symderiv.reader.linear.lowers import Lowers
from symderiv.reader.linear.values import Dialect, Indices, Value, array, constant, letters_in


def of_whole(lowering: Lowers, name: str, inner: Value, shown: str, node: ast.Call) -> Value:
    ops, at = lowering.operations, node.col_offset
    match name:
        case "sum" | "mean" | "max" | "min" | "prod":
            return ops.total(name, inner, at, shown)
        case "norm_1" | "norm_2" | "norm_inf" | "norm_p" if inner.rank == 2:
            raise ops.source.refuse(
                at,
                f"the norm {name[5:]} of a matrix is none of its components alone; "
                "\\|A\\|_F and norm(A) are the root of the sum of their squares",
            )
        case "bars":  # |x| by components, |X| the determinant
            if inner.rank < 2:
                return elementwise(lowering, "abs", inner, at)
            return of_whole(lowering, "det", inner, shown, node)
        case "norm_inf":
            return ops.total("max", elementwise(lowering, "abs", inner, at), at, shown)
        case "norm1" | "norm_1":
            return ops.total("sum", elementwise(lowering, "abs", inner, at), at, shown)
        case "norm" | "norm_2" | "norm_fro":
            if inner.rank == 0 and inner.indexed and ops.strict:  # in ‖x_n - m‖ it is a column
                raise ops.misfit(at, f"{inner.shown} is a number, which has no norm")
            if inner.rank == 0:
                return elementwise(lowering, "abs", inner, at)
            squares = ops.total("sum", elementwise(lowering, "square", inner, at), at, shown)
            return replace(elementwise(lowering, "sqrt", squares, at), shown=shown)
        case "norm_p":
            order = lowering.value(node.args[1])
            if order.rank:
                raise ops.misfit(at, f"{order.shown} is {order.kind()}; a norm has a number below")
            each = ops.scaled(tree.power, at, shown, elementwise(lowering, "abs", inner, at), order)
            powers = ops.total("sum", each, at, shown)
            one = constant(tree.number("1", at), "1", literal=True)
            inverse_of_it = ops.scaled(tree.over, at, f"1/{order.shown}", one, order)
            made = ops.scaled(tree.power, at, shown, powers, inverse_of_it)
            return replace(made, root=(order.shown, powers))
        case "var" | "std":
            mean = ops.total("mean", inner, at, f"mean({inner.shown})")
            apart = ops.scaled(tree.minus, at, f"{inner.shown} - {mean.shown}", inner, mean)
            squares = elementwise(lowering, "square", apart, at)
            variance = ops.total("mean", squares, at, shown)
            return variance if name == "var" else elementwise(lowering, "sqrt", variance, at)
        case "transpose":
            return ops.transpose(inner, at)
        case "vec":
            typed = f"{inner.shown}(:)" if ops.dialect is Dialect.MATLAB else shown
            return ops.flattened(inner, at, typed)
        case "zeros_like" | "ones_like":
            number = tree.number("0" if name == "zeros_like" else "1", at)
            return replace(constant(number, shown, inner.axes), row=inner.row)
        case "softmax":
            return softmax(lowering, inner, at, node)
        case "diag":
            return _diag(lowering, inner, shown, at)
    _check_of_components(lowering, name, inner, at)
    if inner.rank != 2:
        raise ops.misfit(at, f"{name} takes a matrix, and {inner.shown} is {inner.kind()}")
    if name == "trace":
        return ops.total("sum", _diag(lowering, inner, shown, at), at, shown)
    ops._join(inner, 0, inner, 1, at)
    if name == "inv":
        return inverse(lowering, inner, at)
    array = _named(lowering, inner, at)

    def of(function: str) -> Value:
        return Value(
            (),
            lambda found, taken: tree.call(function, [array(taken)], at),
            f"{function}({inner.shown})",
        )

    return replace(of(name), logdet=of("logdet") if name == "det" else None)


def _check_of_components(lowering: Lowers, name: str, inner: Value, at: int) -> None:
    """Refuse tr(\\exp(X)), which on paper is the trace of the series of X."""
    ops = lowering.operations
    function = scan.called(inner.node) if isinstance(inner.node, ast.Call) else ""
    if ops.dialect is Dialect.TEXTBOOK and function in ("exp", "log", "sqrt", "sin", "cos"):
        raise ops.misfit(
            at, f"{name} of {inner.shown} is read both by components and as the function of a "
            "matrix; write the components with indices",
        )  # fmt: skip


def _diag(lowering: Lowers, inner: Value, shown: str, at: int) -> Value:
    if inner.rank == 0:
        raise lowering.operations.misfit(at, f"diag takes a vector, and {inner.shown} is a number")
    if inner.rank == 2:
        lowering.operations._join(inner, 0, inner, 1, at)
        return Value(inner.axes[:1], lambda found, taken: inner.write(found * 2, taken), shown)

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        return tree.times(tree.call("delta", list(found), at), inner.write(found[:1], taken))

    return Value(inner.axes * 2, write, shown)


def softmax(lowering: Lowers, inner: Value, at: int, node: ast.Call) -> Value:
    """Softmax over the last axis: a stage of its own, p, over a stage z where that is no name."""
    if inner.rank == 0:
        raise lowering.operations.misfit(at, f"softmax takes a vector; {inner.shown} is a number")
    return _staged(lowering, "softmax", inner, at, over=1, node=node)


def inverse(lowering: Lowers, inner: Value, at: int) -> Value:
    """The inverse of a matrix, of a stage where that is no name."""
    if inner.rank != 2:
        raise lowering.operations.misfit(
            at, f"inv takes a matrix, and {inner.shown} is {inner.kind()}"
        )
    lowering.operations._join(inner, 0, inner, 1, at)
    array = _named(lowering, inner, at)

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        return tree.component(tree.call("inv", [array(taken)], at), found, at)

    return Value(inner.axes, write, f"inv({inner.shown})")


def _named(lowering: Lowers, inner: Value, at: int) -> Callable[[frozenset[str]], ast.expr]:
    """The way to write an array as an argument: its name, or a stage that is made for it."""
    if inner.names == {inner.shown}:
        return lambda taken: tree.name(inner.shown, at)
    if not lowering.adding and inner.key not in lowering.staged:
        axes = [ast.Slice(col_offset=at) for _ in inner.axes]
        return lambda taken: inner.write(tuple(axes), taken)
    name = _stage(lowering, inner, "zaq" if inner.rank == 1 else "ZAQ")
    return lambda taken: tree.name(name, at)


def _stage(lowering: Lowers, inner: Value, wanted: str) -> str:
    """The stage that stands for a value; it is made where there is none yet."""
    if inner.key not in lowering.staged:
        names = chain(wanted, (f"s{n}" for n in count(1)))
        name = next(x for x in names if x not in lowering.operations.axes.used)
        lowering.operations.axes.used |= {name}
        lowering.staged[inner.key] = name
        lowering.stages.append((name, inner))
        lowering.arrays[name] = array(name, inner.axes, 0)
    return lowering.staged[inner.key]


def _staged(
    lowering: Lowers, function: str, inner: Value, at: int, over: int, node: ast.Call
) -> Value:
    argument = _named(lowering, inner, at)
    named = inner.names == {inner.shown} or inner.key in lowering.staged

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        whole = argument(taken | letters_in(found))
        if len(found) > over and named:
            line: list[ast.expr] = [*found[:-over], ast.Slice(col_offset=at)]
            whole = tree.component(whole, line, at)
        elif len(found) > over:
            whole = inner.write(
                (*found[:-over], ast.Slice(col_offset=at)),
                taken | letters_in(found),
            )
        return tree.component(tree.call(function, [whole], at), found[-over:], at)

    made = Value(inner.axes, write, f"{function}({inner.shown})", inner.row, node=node)
    if not lowering.adding and made.key not in lowering.staged:
        return made
    name = _stage(lowering, made, "pqs" if inner.rank == 1 else "PQS")
    return replace(lowering.arrays[name], row=inner.row, shown=made.shown, names=frozenset())
