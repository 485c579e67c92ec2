"""Functions of every component, in vector notation.

Gives `elementwise` and `exponential`.

Imports tree, operations and values.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from symderiv.reader import tree
from symderiv.reader.linear.lowers import Lowers
from symderiv.reader.linear.values import Value


def elementwise(lowering: Lowers, name: str, inner: Value, at: int, *others: Value) -> Value:
    """A function of every component, with what else it takes."""

    def applied(*given: ast.expr) -> ast.expr:
        square = name == "square"
        return tree.power(given[0], tree.number("2", at)) if square else tree.call(name, given, at)

    if name == "log" and inner.shown.startswith("det(") and inner.logdet is not None:
        return inner.logdet
    shown = f"{name}({', '.join(v.shown for v in (inner, *others))})"
    made = lowering.operations.elementwise(applied, at, shown, inner, *others)
    return replace(made, root=("2", inner)) if name == "sqrt" else made


def exponential(lowering: Lowers, exponent: Value, at: int) -> Value:
    """e to a power: by components, but never of a matrix, where it would be the series."""
    ops = lowering.operations
    if ops.dialect.columns and exponent.rank == 2:
        raise ops.misfit(
            at, f"e to the matrix {exponent.shown} is not read; exp({exponent.shown}) is taken "
            "by components",
        )  # fmt: skip
    return elementwise(lowering, "exp", exponent, at)
