"""The walk: what each part of a formula asks of the walk that reads what is within it.

Gives `Walk`, which `expressions.Expressions` is, and `Met`.  Imports names and scope.
"""

from __future__ import annotations

import ast
from typing import Protocol

from sympy import Expr

from symderiv.reader.names import Names
from symderiv.reader.scope import Closure, Index, Scope


class Met(Protocol):
    """The letters that were met so far: free ones, those of sums, and those to be avoided."""

    free: dict[str, Index]
    bound: set[str]
    avoid: frozenset[str]


class Walk(Protocol):
    """Reads formulas over one set of names."""

    names: Names

    @property
    def calls(self) -> Met: ...

    def term(self, node: ast.expr, scope: Scope) -> Expr: ...

    def indices(self, nodes: tuple[ast.expr, ...], scope: Scope) -> tuple[Index, ...]: ...

    def argument(self, closure: Closure) -> Expr: ...

    def known_as(self, closure: Closure, term: Expr) -> None: ...
