"""Copying: a tree of code that may be changed while another keeps what it says.

Gives `copied`.  Imports the standard library.
"""

from __future__ import annotations

import ast
from typing import TypeVar

Code = TypeVar("Code", bound=ast.AST)


def copied(code: Code) -> Code:
    """The same code, which may be changed; `copy.deepcopy` takes three times as long."""
    if not vars(code):  # `ast.Load()` says nothing, and is never changed
        return code
    made = type(code).__new__(type(code))
    own = vars(made)
    for name, part in vars(code).items():
        if isinstance(part, list):
            own[name] = [copied(p) if isinstance(p, ast.AST) else p for p in part]
        else:
            own[name] = copied(part) if isinstance(part, ast.AST) else part
    return made
