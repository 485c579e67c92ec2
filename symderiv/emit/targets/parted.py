"""Parted: the lines of a program in those of the value and those of its derivatives.

Gives `Parted`, of which a target makes the functions that autograd is told of, and `Taken`, a
function that is taken apart.  What the value needs is computed forwards; what the derivatives need
of it is kept, but for views, which are taken again; what one derivative alone needs is computed
where it is asked for.

Imports the standard library only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

from symderiv.records import dataclass


class Taken(Protocol):
    """A function in a target's calls, taken apart (`translation.function.Function`)."""

    tree: ast.FunctionDef
    sizes: list[ast.stmt]
    lines: list[ast.stmt]
    results: list[ast.expr]
    floats: tuple[str, ...]
    whole: set[str]

    @property
    def inputs(self) -> list[str]: ...

    def finished(self, value: ast.expr) -> ast.expr: ...

    def function(self, body: Sequence[ast.stmt]) -> ast.FunctionDef: ...


@dataclass
class Parted:
    """A function whose results are a value and its derivatives' products.

    Attributes
    ----------
    value : the function of the value alone: its name, docstring and arguments
    whole : the function of all results
    by : the inputs of the products
    vectors : what is multiplied: one for all, or one an input
    """

    value: Taken
    whole: Taken
    by: tuple[str, ...]
    vectors: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"_differentiable_{self.value.tree.name}"

    @property
    def inputs(self) -> list[str]:
        return self.value.inputs

    @property
    def others(self) -> list[str]:
        """The inputs by which there is no derivative."""
        return [n for n in self.inputs if n not in self.by and n in self.value.floats]

    @property
    def result(self) -> ast.expr:
        return self.whole.results[0]

    @property
    def slopes(self) -> list[ast.expr]:
        return self.whole.results[1:]

    @cached_property
    def forward(self) -> list[ast.stmt]:
        """The lines that the value needs, with all arrays that its loops fill."""
        needed = live(self.whole.lines, [self.result])
        known = {id(s) for s in needed}
        loops = [s for s in needed if isinstance(s, ast.For)]
        lists = {n for s in loops for n in targets(s) if n.startswith("_")}
        return [s for s in self.whole.lines if id(s) in known or lists & names(s)]

    @cached_property
    def _behind(self) -> list[ast.stmt]:
        """The lines that some derivative needs and the value does not, and views."""
        forward = {id(s) for s in self.forward if not self._is_again(s)}
        return [s for s in live(self.whole.lines, self.slopes) if id(s) not in forward]

    def _is_again(self, line: ast.stmt) -> bool:
        """Is a line a view, or a number of sizes, which is taken again and not kept?"""
        return is_view(line) or set(targets(line)) <= self.whole.whole

    @cached_property
    def kept(self) -> list[str]:
        """The names that the derivatives need of the value's lines."""
        needed = {n for s in self._behind for n in names(s)}
        needed |= {n for slope in self.slopes for n in names(slope)}
        made = [n for s in self.forward if not self._is_again(s) for n in targets(s)]
        return [n for n in dict.fromkeys(made) if n in needed]

    @cached_property
    def common(self) -> list[ast.stmt]:
        """The lines behind that more than one derivative needs."""
        alone = {id(s) for n in range(len(self.slopes)) for s in self.own(n)}
        return [s for s in self._behind if id(s) not in alone]

    def own(self, n: int) -> list[ast.stmt]:
        """The lines behind that one derivative alone needs."""
        others = [s for m, s in enumerate(self.slopes) if m != n]
        elsewhere = {id(s) for s in live(self.whole.lines, others)}
        behind = {id(s) for s in self._behind}
        mine = live(self.whole.lines, [self.slopes[n]])
        return [s for s in mine if id(s) not in elsewhere and id(s) in behind]

    def sizes(self, *parts: Iterable[ast.AST]) -> list[ast.stmt]:
        """The sizes that some code needs."""
        needed = {n for part in parts for s in part for n in names(s)}
        found: list[ast.stmt] = []
        for line in reversed(self.whole.sizes):
            if needed & set(targets(line)):
                needed |= names(line)
                found.append(line)
        return found[::-1]


def names(code: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(code) if isinstance(n, ast.Name)}


def targets(line: ast.stmt) -> list[str]:
    """The names that a line gives values."""
    match line:
        case ast.Assign(made):
            return [n.id for t in made for n in ast.walk(t) if isinstance(n, ast.Name)]
        case ast.For(body=body):
            return [n for s in body for n in targets(s)]
    return []


def is_view(line: ast.stmt) -> bool:
    """Does a line only look at an array in another way?"""
    match line:
        case ast.Assign(_, ast.Subscript() | ast.Attribute() | ast.Name()):
            return True
        case ast.Assign(
            _, ast.Call(ast.Attribute(_, "permute_dims" | "permute" | "matrix_transpose"))
        ):
            return True
    return False


def live(lines: Sequence[ast.stmt], results: Sequence[ast.expr]) -> list[ast.stmt]:
    """The lines that some results need, in order."""
    needed = {n for r in results for n in names(r)}
    found: list[ast.stmt] = []
    for line in reversed(lines):
        if needed & set(targets(line)):
            needed |= names(line)
            found.append(line)
    return found[::-1]
