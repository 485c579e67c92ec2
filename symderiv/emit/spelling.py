"""Spellings: how NumPy says each operation, as Python expressions.

Gives `written`, an operation on written operands, `filled`, a template with expressions in it, and
`Filling`, which puts them there.
An operation is a template, a Python expression in `a`, `b`, `c` that is read once; a function of
one number is asked of `symderiv.elementwise`.  Other targets are translated from this.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from functools import lru_cache

from symderiv.elementwise import FUNCTIONS

NUMPY = {
    "add": "a + b", "sub": "a - b", "mul": "a * b", "div": "a / b", "pow": "a ** b",
    "neg": "-a", "sqrt": "np.sqrt(a)", "exp": "np.exp(a)", "abs": "np.abs(a)",
    "gt": "a > b", "ge": "a >= b", "lt": "a < b", "le": "a <= b", "eq": "a == b",
    "ne": "a != b", "and": "a & b", "max": "np.maximum(a, b)", "min": "np.minimum(a, b)",
    "where": "np.where(a, b, c)", "clip": "np.clip(a, b, c)", "float": "(a).astype(dtype)",
    "number": "float(a)", "kept": "min(max(a, b), c)",
    "expm1": "np.expm1(a)", "log1p": "np.log1p(a)", "logaddexp": "np.logaddexp(a, b)",
    "finite": "_finite(a)", "hypot": "np.hypot(a, b)", "repeat": "a + 0 * b",
    "times_exp": "_times_exp(a, b)", "zero_times": "_zero_times(a, b)",
    "log_cosh": "_log_cosh(a)", "over_exp": "_over_exp(a)", "rest": "_rest(a)",
    "over_bell": "_over_bell(a)",
    "others": "_others(a)", "others_prod": "_others_prod(a)", "at": "_at(a, b)",
    "put": "_put(a, b, c)", "without": "_without(a, b)", "matvec": "_matvec(a, b)",
    "inv": "_inv(a)", "det": "_det(a)", "sign_of_det": "_sign_of_det(a)",
    "logdet": "_logdet(a)", "solve": "_solve(a, b)", "solve_columns": "_solve_columns(a, b)",
    "side": "_side(a)",
}  # fmt: skip


def written(op: str, *operands: ast.expr) -> ast.expr:
    """An operation on written operands; "f:tanh" is a function of the register's."""
    if op.startswith("f:"):
        return filled(FUNCTIONS[op[2:]].spellings["numpy"], {"x": operands[0]})
    return filled(NUMPY[op], dict(zip("abc", operands, strict=False)))


@lru_cache(maxsize=512)
def _read(template: str) -> ast.expr:
    return ast.parse(template, mode="eval").body


class Filling(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.names.get(node.id, node)


def filled(template: str, names: Mapping[str, ast.expr]) -> ast.expr:
    """A template with expressions in place of its names."""
    made = Filling(names).visit(copy.deepcopy(_read(template)))
    assert isinstance(made, ast.expr)
    return made
