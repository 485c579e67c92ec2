r"""Stages: definitions that a text gives, as trees.

Gives `Stage`, `bare` and `written`.

Imports the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symderiv.reader.tree import Written
from symderiv.records import dataclass


@dataclass(frozen=True)
class Stage:
    """A definition: its name, the letters on its left, and its body as a tree."""

    name: str
    letters: tuple[str, ...]
    body: ast.expr
    section: int = 0  # of the text, in which it is defined

    @property
    def text(self) -> str:
        """It in the formula language."""
        at = f"[{','.join(self.letters)}]" if self.letters else ""
        return f"{self.name}{at} = {written(self.body)}"


def written(term: ast.expr) -> str:
    """A tree in the formula language."""
    out = Written()
    out.tree(term)
    return out.text


def bare(body: ast.expr) -> Iterator[ast.Name]:
    """The names in a body that carry no index there."""
    carrying = {id(n.value) for n in ast.walk(body) if isinstance(n, ast.Subscript)}
    for node in ast.walk(body):
        if isinstance(node, ast.Name) and id(node) not in carrying:
            yield node
