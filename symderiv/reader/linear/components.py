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


def elementwise(lowering: Lowers, name: str, inner: Value, at: int) -> Value:
    """A function of every component."""

    def applied(a: ast.expr) -> ast.expr:
        square = tree.power(a, tree.number("2", at))
        return square if name == "square" else tree.call(name, [a], at)

    if name == "log" and inner.shown.startswith("det(") and inner.logdet is not None:
        return inner.logdet
    made = lowering.operations.elementwise(applied, at, f"{name}({inner.shown})", inner)
    return replace(made, square=inner) if name == "sqrt" else made


def exponential(lowering: Lowers, exponent: Value, at: int) -> Value:
    """e to a power: by components, but never of a matrix, where it would be the series."""
    ops = lowering.operations
    if ops.dialect.columns and exponent.rank == 2:
        raise ops.misfit(
            at, f"e to the matrix {exponent.shown} is not read; exp({exponent.shown}) is taken "
            "by components",
        )  # fmt: skip
    return elementwise(lowering, "exp", exponent, at)
