"""Nodes: arrays, each an operation on other arrays, without letters of their own.

Gives `Node` (one array: an operation on other arrays, or an input), `View` (a node whose axes carry
index letters), `Loop` (arrays filled step by step), `made_of`, the one walk over them, `depending`
(what is another one at each step), `is_number`, and how the axes of several arrays stand together:
`aligned`, `placed`, `sizes_of`.

Imports SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from sympy import Expr, Rational, Symbol

from symderiv.records import dataclass

Positions = tuple[int, ...]
COMMUTING = ("add", "mul", "eq", "and")  # a + b and b + a are one
NUMBERS = ("number", "size", "step")
TRUTHS = ("gt", "ge", "lt", "le", "eq", "ne", "and")  # what they give is true or false


def is_short(number: Rational) -> bool:
    """Are numerator and denominator floats? Else the nearest float is written, 1.67… of selu."""
    return bool(max(abs(number.p), number.q) <= 2**53)


@dataclass(eq=False)
class Node:
    """An array.

    Attributes
    ----------
    op : "input", "number", "size", "count" (0, 1, …), what `words` knows, or a method's
    args : what it is made of, each with the place that each of its axes has among the result's
    sizes : of its axes
    data : whatever else the operation takes
    batched : may it have leading axes, as inputs have?
    positive : is it positive whatever the inputs are?
    tame : is it moderate in size as well, so that no product with it overflows or vanishes?
    finite : what `bounds.finite` has found
    """

    op: str
    args: tuple[tuple[Node, Positions], ...] = ()
    sizes: tuple[Expr, ...] = ()
    data: Any = None
    batched: bool = True
    positive: bool = False
    tame: bool = False
    finite: bool | None = None

    @property
    def rank(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True)
class Loop:
    """The steps of a recurrence: `step` is their node, `last` the number of them.

    arrays : what is filled, by name, each with its sizes and which axis counts the steps
    """

    step: Node
    last: Expr
    backwards: bool
    arrays: tuple[tuple[str, tuple[Expr, ...], int], ...]


@dataclass(frozen=True)
class View:
    """A node with a letter on each of its axes."""

    node: Node
    letters: tuple[Symbol, ...] = ()

    def named(self, letters: Iterable[Symbol]) -> View:
        """The same array under other letters."""
        return View(self.node, tuple(letters))

    @property
    def number(self) -> Expr | None:
        """The number that it is, if it is one."""
        value = self.node.data if self.node.op == "number" else None
        return value if isinstance(value, Expr) else None


Operands = tuple[tuple[Node, Positions], ...]


def made_of(nodes: Iterable[Node], known: Callable[[Node], object] | None = None) -> list[Node]:
    """Some nodes and all that they are made of, each behind what it is made of itself.

    known : of a node, is it left out, with what it is made of?
    """
    found: dict[Node, None] = {}
    stack = [(node, False) for node in [*nodes][::-1]]
    while stack:
        node, opened = stack.pop()
        if opened:
            found[node] = None
        elif node not in found and not (known and known(node)):
            stack.append((node, True))
            stack += [(inner, False) for inner, _ in node.args[::-1]]
    return list(found)


def is_number(node: Node) -> bool:
    """Is it a number of sizes and numbers alone, of no type of an array's?"""
    if node.rank or node.batched:
        return False
    return all(n.args or n.op in NUMBERS for n in made_of([node]))


def depending(values: Sequence[Node], loop: Loop) -> dict[Node, None]:
    """The nodes of a loop's body that are other ones at another step."""
    own = {name for name, *_ in loop.arrays}
    inside: dict[Node, None] = {}
    for node in made_of(values):
        filled = node.op == "filled" and node.data in own
        if node is loop.step or filled or any(n in inside for n, _ in node.args):
            inside[node] = None
    return inside


def key_of(op: str, args: Operands, sizes: tuple[Expr, ...], data: Hashable = None) -> Hashable:
    """What is equal for equal operations."""
    said = tuple((id(n), places) for n, places in args)
    return (op, frozenset(said) if op in COMMUTING else said, sizes, data)


def aligned(views: Sequence[View]) -> tuple[tuple[Symbol, ...], tuple[Expr, ...], Operands]:
    """Letters and sizes of an elementwise operation, those of the widest operand first.

    Of operands that are as wide a truth is the last: a delta may be turned at no cost.
    """
    sizes = sizes_of(sorted(views, key=lambda v: (-v.node.rank, v.node.op in TRUTHS)))
    return tuple(sizes), tuple(sizes.values()), placed(views, tuple(sizes))


def sizes_of(views: Iterable[View]) -> dict[Symbol, Expr]:
    """The letters of some arrays, each with the size of its axis."""
    sizes: dict[Symbol, Expr] = {}
    for view in views:
        for letter, size in zip(view.letters, view.node.sizes, strict=True):
            sizes.setdefault(letter, size)
    return sizes


def placed(views: Iterable[View], letters: Sequence[Symbol]) -> Operands:
    """Arrays as operands of what has these letters."""
    places = {s: n for n, s in enumerate(letters)}
    return tuple((v.node, tuple(places[s] for s in v.letters)) for v in views)
