"""Files of functions that import NumPy alone.

Gives `file_of` (a file as text), `file_of_functions` (of functions as syntax trees), `assembled`
(the same as a tree), `printed` (any file), `function_of` (one function of a file, to call) and
`callable_of` (that of a program).  The atoms that the functions call stand behind them, each under
a leading underscore, which no name of a user's can clash with.

Imports program, and atoms.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, cast

from symderiv.atoms import ATOMS, source
from symderiv.emit.names import Hostile
from symderiv.emit.program import Program
from symderiv.emit.writer import calls


def assembled(functions: Sequence[ast.FunctionDef]) -> list[ast.stmt]:
    """The functions and the atoms that they call."""
    names = [f.name for f in functions]
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise Hostile(f"two functions would be called {twice}")
    made: dict[str, ast.stmt] = {}

    def visit(statements: Sequence[ast.AST]) -> None:
        for name in calls(statements):
            atom = ATOMS.get(name.removeprefix("_")) if name.startswith("_") else None
            if atom is not None and atom.function is not None and name not in made:
                made[name] = source(atom)
                visit([made[name]])

    visit(functions)
    return [*functions, *(made[name] for name in sorted(made))]


def file_of(programs: Sequence[Program], about: str) -> str:
    """A file of functions; `about` is its docstring."""
    return file_of_functions([p.tree for p in programs], about)


def file_of_functions(functions: Sequence[ast.FunctionDef], about: str) -> str:
    """A file of functions that are written; `about` is its docstring."""
    statements = assembled(functions)
    imports = ["from typing import Any", "", "import numpy as np"]
    if "math" in calls(statements):
        imports = ["import math", *imports]
    return printed(statements, [f.name for f in functions], about, imports)


def printed(
    statements: Sequence[ast.stmt], names: Sequence[str], about: str, imports: Sequence[str]
) -> str:
    """A file of statements, of which names are exported; `about` is its docstring."""
    parts = [ast.unparse(ast.fix_missing_locations(s)) for s in statements]
    listed = f"__all__ = {sorted(names)!r}"
    if len(listed) > 98:
        listed = "\n".join(["__all__ = [", *(f"    {n!r}," for n in sorted(names)), "]"])
    said = ast.unparse(ast.fix_missing_locations(ast.Module([ast.Expr(ast.Constant(about))], [])))
    return "\n".join([said, "", *imports, "", listed, "", "", ""]) + "\n\n\n".join(parts) + "\n"


def function_of(text: str, name: str) -> Callable[..., Any]:
    """A function of a written file, to call; `__source__` holds the file.

    The source is our own, made from names that were checked; nothing of the user's is run.
    """
    names: dict[str, Any] = {"__name__": "symderiv.made"}
    exec(compile(text, f"<{name}>", "exec"), names)
    made = names[name]
    made.__source__ = text
    return cast("Callable[..., Any]", made)


def callable_of(program: Program) -> Callable[..., Any]:
    """The function of a program, to call."""
    return function_of(file_of([program], f"{program.name}, made by symderiv."), program.name)
