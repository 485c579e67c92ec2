"""Spelling: Python's trees from text of our own.

Gives `parsed`, an expression, `filled`, a template with expressions in it, `copied` code,
`lines_of`, lines from their text, `names_in` code, and `helpers_of` it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeVar, cast

Code = TypeVar("Code", bound=ast.AST)
NONE: Final[Mapping[str, ast.expr]] = {}


@lru_cache(maxsize=512)
def parsed(template: str) -> ast.expr:
    """An expression, which is not to be changed."""
    return ast.parse(template, mode="eval").body


class Filling(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.names.get(node.id, node)


def copied(code: Code, names: Mapping[str, ast.expr] = NONE) -> Code:
    """The same code, which may be changed, with expressions in place of some names.

    `copy.deepcopy` takes three times as long.
    """
    if names and isinstance(code, ast.Name):
        return cast(Code, names.get(code.id) or copied(code))
    if not code._fields:  # `ast.Load()` says nothing, and is never changed
        return code
    made = type(code).__new__(type(code))
    own = vars(made)
    own.update(vars(code))
    for name in code._fields:  # all else that is there, others have put: IPython a way upwards
        part = own.get(name)
        if isinstance(part, list):
            own[name] = [copied(p, names) if isinstance(p, ast.AST) else p for p in part]
        elif isinstance(part, ast.AST):
            own[name] = copied(part, names)
    return made


def filled(template: str, names: Mapping[str, ast.expr]) -> ast.expr:
    """A template with expressions in place of its names."""
    return copied(parsed(template), names)


def lines_of(texts: Iterable[str]) -> list[ast.stmt]:
    """Lines from their text, which is our own."""
    return [s for text in texts for s in ast.parse(text).body]


def names_in(code: Iterable[ast.AST]) -> Counter[str]:
    """How often each name is mentioned."""
    return Counter(n.id for s in code for n in ast.walk(s) if isinstance(n, ast.Name))


def helpers_of(
    statements: Iterable[ast.AST], helper: Callable[[str], ast.FunctionDef | None]
) -> list[ast.FunctionDef]:
    """The helpers that code calls, and those that they call, by name."""
    made: dict[str, ast.FunctionDef] = {}
    waiting = [*statements]
    while waiting:
        for name in names_in([waiting.pop()]):
            found = None if name in made else helper(name)
            if found is not None:
                made[name] = found
                waiting.append(found)
    return [made[name] for name in sorted(made)]
