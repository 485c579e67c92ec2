"""Entries of the register of targets.

Gives `Target` and `pieces`, the functions of a file.

Imports the standard library, so that the targets can be listed where nothing heavy is loaded.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from dataclasses import field
from inspect import isfunction
from typing import Any

from symderiv.emit.targets.fused import Fused
from symderiv.emit.targets.parted import Parted
from symderiv.records import dataclass

Piece = Callable[..., Any]
Differentiable = Callable[[Parted], list[ast.stmt]]


@dataclass(frozen=True)
class Target:
    """For which arrays a file is written.

    Attributes
    ----------
    name : as it is asked for
    title : as it is said
    module : the name by which a file calls its namespace; every piece takes it as its first
        parameter, which is left out in a file where it is the name of an import
    imports : the imports of a file
    spellings : an operation of `standard.STANDARD`, or a helper with its underscore, to a
        template in `a`, `b`, `c`, of which `x` is an array beside which new ones are made
    pieces : the helpers that it has in code of its own, by name
    fused : what its engine computes at once
    differentiable : the statements of a function whose derivatives autograd takes from here
    reverse : are these the products with a cotangent (u J), or with a tangent (J v)?
    raises : does it refuse labels by an error, also where it traces?
    place : among the targets that are listed
    """

    name: str
    title: str
    module: str
    imports: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    fused: tuple[Fused, ...] = ()
    differentiable: Differentiable | None = None
    reverse: bool = True
    raises: bool = False
    place: int = 0

    @property
    def given(self) -> bool:
        """Is the namespace found in each function, and handed on to the helpers?"""
        return not any(self.module in line.split() for line in self.imports)


def pieces(namespace: str, *modules: str) -> dict[str, Piece]:
    """The functions of some modules whose first parameter is the namespace, by name."""
    functions = (f for m in modules for f in vars(sys.modules[m]).values() if isfunction(f))
    return {f.__name__: f for f in functions if f.__code__.co_varnames[:1] == (namespace,)}
