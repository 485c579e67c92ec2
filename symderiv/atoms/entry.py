"""Entries of the register of atoms.

Gives `Atom` and `definition`, the code of a function as a tree.  Imports the standard library.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Atom:
    """A form that keeps digits.

    Attributes
    ----------
    name : of the function in a program, which writes it with a leading underscore
    formula : what it is, in the formula language; empty for what only moves entries about
    computed : how it is computed, in the formula language, where that is another formula
    function : the NumPy code; None where `computed` is in functions that there are
    bound : the largest relative error of the formula so computed, in float64
    """

    name: str
    formula: str = ""
    computed: str = ""
    function: Callable[..., Any] | None = None
    bound: float = 2e-13


def definition(function: Callable[..., Any]) -> ast.FunctionDef:
    """The code of a function as it stands in a program, under a leading underscore."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(made, ast.FunctionDef)
    made.name = f"_{made.name}"
    return made
