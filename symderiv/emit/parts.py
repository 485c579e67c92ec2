"""Parts: a function, its parts apart, from which files for NumPy and for other arrays are made.

Gives `Parts`, `Coded`, of which a program is one kind and `Second` another, `Opened` (a function in
NumPy's own words, without what is asked of its arguments), `definition` and `with_body`.

Imports asked, entrance, rows, spelling.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from symderiv.emit.asked import Arguments
from symderiv.emit.entrance import Entrance
from symderiv.emit.freed import freed
from symderiv.emit.nodes import Node
from symderiv.emit.places import in_places
from symderiv.emit.rows import RowWriter
from symderiv.emit.spelling import filled, lines_of, names_in
from symderiv.emit.writer import Writer
from symderiv.records import dataclass


@dataclass(frozen=True)
class Parts:
    """A function, its parts apart.

    Attributes
    ----------
    head : its name, docstring and parameters
    arguments : what is asked of them; None where it is a part of what another function returns
    lines : what is computed
    results : what is returned
    keys : the names of all results but the first, where they are a dict
    decorators : in a file for NumPy
    """

    head: ast.FunctionDef
    arguments: Arguments | None
    lines: Sequence[ast.stmt]
    results: Sequence[ast.expr]
    keys: tuple[str, ...] = ()
    decorators: Sequence[ast.expr] = ()

    @property
    def body(self) -> list[ast.stmt]:
        """The lines, and one that returns the results."""
        first, *others = self.results
        first = filled("float(a)", {"a": first}) if self.keys else first
        return [*self.lines, returning([first, *others], self.keys)]


def returning(results: Sequence[ast.expr], keys: Sequence[str]) -> ast.Return:
    """The line that returns some results, those with keys in a dict."""
    first, *others = results
    if keys:
        others = [ast.Dict([ast.Constant(k) for k in keys], others)]
    return ast.Return(ast.Tuple([first, *others], ast.Load()) if others else first)


@dataclass(frozen=True)
class Opened:
    """A function in NumPy's words; its entrance makes the arguments arrays that fit.

    It has none where it calls another function.
    """

    parts: Parts
    entrance: Entrance | None = None

    @property
    def name(self) -> str:
        return self.parts.head.name

    @cached_property
    def measured(self) -> list[ast.stmt]:
        """The sizes and the type that the lines mention."""
        asked = self.parts.arguments
        return [] if asked is None else asked.measured(self.parts.body)

    @cached_property
    def said(self) -> Counter[str]:
        """How often each name is mentioned behind the entrance."""
        return names_in([*self.measured, *self.parts.body])

    def behind(self, entrance: Sequence[ast.stmt]) -> ast.FunctionDef:
        """The function behind such lines; a size that they say is not said again."""
        known = _made(entrance)
        lines = [s for s in self.measured if not known & _made([s])]
        made = with_body(self.parts.head, [*entrance, *lines, *self.parts.body])
        made.decorator_list = [*self.parts.decorators]
        return made


class Coded(ABC):
    """What is written as a function of this name; `linear`: in what is multiplied, line by line?"""

    name: str
    linear: bool = False

    @property
    @abstractmethod
    def names(self) -> tuple[Mapping[Node, str], set[str]]:
        """The nodes that have names on the page, and the names that are taken."""

    @abstractmethod
    def parts_by(self, writer: Writer) -> Parts:
        """The parts of the function, the lines in the words of a writer."""

    @property
    @abstractmethod
    def head(self) -> ast.FunctionDef:
        """The name, docstring and parameters of the function."""

    @property
    @abstractmethod
    def arguments(self) -> Arguments:
        """What the function asks of its arguments."""

    @cached_property
    def opened(self) -> Opened:
        """In NumPy's own words, behind its entrance."""
        asked = self.arguments
        ranks = {n: len(axes) for n, axes in asked.labels.items()}
        writer = RowWriter(*self.names, ranks, batched=asked.batched)
        parts = self.parts_by(writer)
        if parts.arguments is None:
            return Opened(parts)
        if not asked.batched:  # a network, with an array for each stage and adjoint
            arrays = {n: axes for n, axes in asked.floats.items() if axes} | dict(asked.labels)
            lines = in_places(parts.lines, parts.results, arrays, writer.nodes, writer.called)
            parts = replace(parts, lines=freed(lines, parts.results, arrays))
        values = frozenset({*asked.labels} & {*names_in(parts.body)})
        return Opened(parts, Entrance(asked, dict(writer.index), frozenset(writer.rows), values))


class Second(Coded):
    """A function that returns the second result of another: the gradient beside the value.

    Where some of its indices are chosen, `place` has these, from 1, and None for the others.
    """

    def __init__(self, name: str, whole: Coded, place: Sequence[int | None] = ()) -> None:
        self.name, self.whole = name, whole
        chosen = ", ".join(":" if n is None else str(n - 1) for n in place)
        self.place = f"[{chosen}]" if any(place) else ""

    @property
    def names(self) -> tuple[Mapping[Node, str], set[str]]:
        return {}, set()

    @property
    def head(self) -> ast.FunctionDef:
        where = f", at {self.place}" if self.place else ""
        said: list[ast.stmt] = [
            ast.Expr(ast.Constant(f"The second result of {self.whole.name}{where}."))
        ]
        return ast.FunctionDef(self.name, self.whole.head.args, said, [], ast.Name("Any"))

    @property
    def arguments(self) -> Arguments:
        return self.whole.arguments

    def parts_by(self, writer: Writer) -> Parts:
        given, sizes = self.head.args.args, self.head.args.kwonlyargs
        said = ", ".join([*(a.arg for a in given), *(f"{s.arg}={s.arg}" for s in sizes)])
        call = filled(f"{self.whole.name}({said})[1]{self.place}", {})
        return Parts(self.head, None, (), [call])


def definition(
    name: str, inputs: Sequence[str], sizes: Mapping[str, str], returned: str, doc: str
) -> ast.FunctionDef:
    """The head of a function; sizes are given by name, each with its type."""
    given = [f"{n}: Any" for n in inputs]
    given += ["*", *(f"{s}: {kind}" for s, kind in sizes.items())] if sizes else []
    (made,) = lines_of([f"def {name}({', '.join(given)}) -> {returned}: ..."])
    assert isinstance(made, ast.FunctionDef)
    made.body = [ast.Expr(ast.Constant(doc))] if doc else []
    return made


def with_body(head: ast.FunctionDef, body: Sequence[ast.stmt]) -> ast.FunctionDef:
    """A function with another body behind its docstring."""
    return ast.FunctionDef(head.name, head.args, [*head.body, *body], [], head.returns)


def _made(code: Sequence[ast.stmt]) -> set[str]:
    """The names that some lines give values."""
    names = (n for s in code for n in ast.walk(s) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}
