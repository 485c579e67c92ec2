"""Lowers: what functions of vector notation ask of the walk that reads their arguments.

Gives `Lowers`, which `lowering.Lowering` is.  Imports operations and values.
"""

from __future__ import annotations

import ast
from typing import Protocol

from symderiv.reader.library import Library
from symderiv.reader.linear.operations import Operations
from symderiv.reader.linear.values import Value


class Lowers(Protocol):
    """One text: its names with their shapes, and the stages that its functions brought."""

    operations: Operations
    ranks: dict[str, int]
    arrays: dict[str, Value]
    stages: list[tuple[str, Value]]
    staged: dict[str, str]
    adding: bool
    library: Library

    def value(self, node: ast.expr) -> Value: ...

    def name(self, name: str, at: int) -> Value: ...
