"""Files of functions that import NumPy alone.

Gives `file_of` (a file as text), `assembled` (the same as a tree), `printed` (any file), `Made`
(one function of a file, to call), `callable_of` (that of a program) and `functions_of` (all of a
file).  The atoms that the functions call stand behind them, each under a leading underscore, which
no name of a user's can clash with.

Imports parts, and atoms.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace
from functools import reduce, update_wrapper
from inspect import signature
from textwrap import fill
from typing import Any

from symderiv.atoms import ATOMS, helper
from symderiv.emit.entrance import Entrance
from symderiv.emit.inlining import inlined
from symderiv.emit.names import Hostile
from symderiv.emit.parts import Coded, Opened, definition, with_body
from symderiv.emit.spelling import helpers_of, lines_of, names_in
from symderiv.emit.width import TAB, unparsed


def assembled(opened: Sequence[Opened], *, strict: bool = False) -> list[ast.stmt]:
    """The functions, their entrances, and the atoms that they call.

    The entrance of one function is written out in it, as is one of a line; one that several have
    stands by itself.
    """
    names = [o.name for o in opened]
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise Hostile(f"two functions would be called {twice}")
    alike: dict[Hashable, list[Opened]] = {}
    for each in opened:
        if each.entrance is not None:
            alike.setdefault(each.entrance.key, []).append(each)
    shared: dict[str, ast.FunctionDef] = {}
    entered: dict[str, ast.FunctionDef] = {}
    several = sum(len(group) > 1 for group in alike.values()) > 1
    for group in alike.values():
        whole = replace(reduce(Entrance.joined, [e for o in group if (e := o.entrance)]),
                        strict=strict, guarded=strict and len(group) > 1)  # fmt: skip
        lines = whole.lines()
        if len(group) == 1 or (strict and len(lines) == 1):
            entered |= {o.name: o.behind(lines) for o in group}
            continue
        name = _free(f"_{'_'.join(whole.asked.arrays)}" if several else "_arguments", shared)
        kept = [n for n in whole.names if any(o.said[n] for o in group)]
        shared[name] = _standing(name, whole, kept)
        entered |= {o.name: o.behind([_called(name, whole, kept, o)]) for o in group}
    functions = [entered.get(o.name) or o.behind([]) for o in opened]
    if not strict:
        functions = [*map(inlined, functions)]
    helpers = helpers_of([*functions, *shared.values()], helper)
    return [*functions, *sorted([*shared.values(), *helpers], key=lambda f: f.name)]


def _free(wish: str, taken: Collection[str]) -> str:
    name, number = wish, 1
    while name in taken or name.removeprefix("_") in ATOMS:
        number += 1
        name = f"{wish}{number}"
    return name


def _standing(name: str, entrance: Entrance, kept: Sequence[str]) -> ast.FunctionDef:
    """An entrance by itself: the arguments as arrays that fit."""
    head = definition(name, entrance.given, {}, "Any", "")
    return with_body(head, entrance.returning(kept))


def _called(name: str, entrance: Entrance, kept: Sequence[str], opened: Opened) -> ast.stmt:
    targets = ", ".join(n if opened.said[n] else "_" for n in kept)
    used = any(opened.said[n] for n in kept)
    (made,) = lines_of([f"{f'{targets} = ' if used else ''}{name}({', '.join(entrance.given)})"])
    return made


def file_of(programs: Sequence[Coded], about: str, *, strict: bool = False) -> str:
    """A file of functions; `about` is its docstring.

    strict : are arrays of other libraries refused?
    """
    made = assembled([p.opened for p in programs], strict=strict)
    imports = ["from typing import Any", "", "import numpy as np"]
    if "math" in names_in(made):
        imports = ["import math", *imports]
    return printed(made, [p.name for p in programs], about, imports)


def printed(
    statements: Sequence[ast.stmt], names: Sequence[str], about: str, imports: Sequence[str]
) -> str:
    """A file of statements, of which names are exported; `about` is its docstring."""
    listed = f"__all__ = {sorted(names)!r}"
    if len(listed) > 98:
        every = ", ".join(map(repr, sorted(names)))
        listed = f"__all__ = [\n{fill(every, 98, initial_indent=TAB, subsequent_indent=TAB)},\n]"
    said = ast.unparse(ast.Module([ast.Expr(ast.Constant(about))], []))
    head = "\n".join([said, "", *imports, "", listed, "", "", ""])
    return head + "\n\n\n".join(map(unparsed, statements)) + "\n"


def functions_of(text: str, name: str = "file") -> dict[str, Any]:
    """What a written file defines, by name.

    The source is our own, made from names that were checked; nothing of the user's is run.
    """
    names: dict[str, Any] = {"__name__": "symderiv.made"}
    exec(compile(text, f"<{name}>", "exec"), names)
    return names


class Made:
    """A function of a file, to call; `__source__` holds the file, which is what is pickled."""

    def __init__(self, text: str, name: str) -> None:
        self._function, self.__source__ = functions_of(text, name)[name], text
        update_wrapper(self, self._function)

    def __call__(self, *args: Any, **given: Any) -> Any:
        return self._function(*args, **given)

    def __repr__(self) -> str:
        return f"<function {self._function.__name__}({', '.join(signature(self).parameters)})>"

    def __reduce__(self) -> tuple[type[Made], tuple[str, str]]:
        return Made, (self.__source__, self._function.__name__)


def callable_of(program: Coded) -> Made:
    """The function of a program, to call."""
    return Made(file_of([program], f"{program.name}, made by symderiv."), program.name)
