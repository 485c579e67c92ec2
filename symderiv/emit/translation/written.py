"""Written: a target's file of functions, from those that are made for NumPy.

Gives `file_for` and `callable_for`.  Each function is translated, statement by statement, from the
tree that was tried; the helpers that it calls stand behind it.

Imports the rest of this room, module and atoms.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symderiv.atoms import ATOMS
from symderiv.emit.module import function_of, printed
from symderiv.emit.program import Program
from symderiv.emit.targets import Target, target_named
from symderiv.emit.targets.parted import Parted
from symderiv.emit.translation.function import Function
from symderiv.emit.translation.functional import PIECES
from symderiv.emit.translation.slopes import Slopes
from symderiv.emit.translation.translated import definition, helper
from symderiv.mistakes import Mistake

STANDARD_LIBRARY = {"suppress": "contextlib", "reduce": "functools"}


def helpers(statements: Sequence[ast.stmt], target: Target) -> list[ast.stmt]:
    """The helpers that some statements call, and those that they call, by name."""
    made: dict[str, ast.stmt] = {}

    def visit(some: Sequence[ast.stmt]) -> None:
        for called in _names(some):
            name = called.removeprefix("_")
            if name == called or called in made:
                continue
            if name in target.pieces:
                made[called] = _own(name, definition(target.pieces[name]), target)
            elif name in PIECES:
                made[called] = helper(_named(definition(PIECES[name])), target)
            else:
                code = ATOMS[name].function if name in ATOMS else None
                if code is None:
                    continue
                made[called] = helper(_named(definition(code)), target)
            visit([made[called]])

    visit(statements)
    return [ast.fix_missing_locations(made[name]) for name in sorted(made)]


def _names(statements: Sequence[ast.AST]) -> set[str]:
    return {n.id for s in statements for n in ast.walk(s) if isinstance(n, ast.Name)}


def _named(made: ast.FunctionDef) -> ast.FunctionDef:
    made.name = f"_{made.name}"
    return made


def _own(name: str, made: ast.FunctionDef, target: Target) -> ast.FunctionDef:
    """A piece of a target's own; the namespace is a parameter where each function finds it."""
    first = made.args.args[0].arg if made.args.args else ""
    made = _Renamed(first, target).visit(made)
    if not target.given and made.args.args:
        del made.args.args[0]
    made.name = f"_{name}"
    return made


class _Renamed(ast.NodeTransformer):
    """The namespace and other pieces under the names that a file gives them."""

    def __init__(self, namespace: str, target: Target) -> None:
        self.namespace, self.target = namespace, target

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.target.module) if node.id == self.namespace else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(ast.Name(name), [ast.Name(self.namespace), *rest]) if (
                name in self.target.pieces
            ):
                args = node.args if self.target.given else rest
                node = ast.Call(ast.Name(f"_{name}"), args, node.keywords)
        return self.generic_visit(node)


def file_for(
    programs: Sequence[Program], told: Mapping[str, Slopes], about: str, target: Target
) -> str:
    """A target's file of functions; `about` is its docstring.

    Parameters
    ----------
    told : the derivatives by every input, for functions that autograd is told of
    """
    made: list[ast.stmt] = []
    for program in programs:
        function = Function(program.tree, target)
        slopes = told.get(program.name)
        if slopes is None or target.differentiable is None or not slopes.by:
            made.append(function.plain())
        else:
            whole = Function(slopes.program.tree, target)
            made += target.differentiable(Parted(function, whole, slopes.by, slopes.vectors))
    return written([*made, *helpers(made, target)], [p.name for p in programs], about, target)


def callable_for(program: Program, target: str) -> Callable[..., Any]:
    """The function for a target's arrays, to call; `__source__` holds what was written.

    Raises
    ------
    Mistake
        where the library is not installed, too.
    """
    chosen = target_named(target)
    text = file_for([program], {}, f"{program.name}, made by symderiv.", chosen)
    try:
        return function_of(text, program.name)
    except ImportError as missing:
        raise Mistake(f"target '{target}': {missing.name} is not installed") from None


def written(
    statements: Sequence[ast.stmt], names: Sequence[str], about: str, target: Target
) -> str:
    """A file of a target, printed."""
    used = _names(statements)
    if "np" in used:
        raise Mistake(f"--for {target.name}: something has no form in {target.title}")
    standard = ["import math"] if "math" in used else []
    standard += [f"from {of} import {n}" for n, of in STANDARD_LIBRARY.items() if n in used]
    imports = ["from typing import Any", *([""] if target.imports else []), *target.imports]
    return printed(statements, names, about, [*standard, *imports])
