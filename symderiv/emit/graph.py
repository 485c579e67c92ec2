"""Graphs: an array program as a graph of values over named axes.

Gives `Node` (one array: an operation on other arrays, or an input), `View` (a node whose axes carry
index letters), `Loop` (arrays filled step by step) and `Graph`, which makes nodes.  Nodes have no
letters of their own: e^{z_i} and e^{z_k} are one node under two letters, so whatever is computed
twice on a page is one node here.

Imports indices and terms.  To add an operation: a method of `Graph`, and its spelling in `writer`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol

from symderiv.emit.indices import Range
from symderiv.terms import ONE, ZERO

Positions = tuple[int, ...]
COMMUTING = ("add", "mul", "eq", "and")  # a + b and b + a are one
TRUTHS = ("gt", "ge", "lt", "le", "eq", "ne", "and")  # what they give is true or false


@dataclass(eq=False)
class Node:
    """An array.

    Attributes
    ----------
    op : "input", "number", "size", "count" (0, 1, …), a name of `writer.MAPS`, or a method's
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


class Graph:
    """Makes nodes; equal operations on equal arrays are one node.

    order : the letters of the array that is being made, in which axes stand where no operand says
    """

    def __init__(self, *, batched: bool = True) -> None:
        self.batched = batched
        self.order: tuple[Symbol, ...] = ()
        self._known: dict[Hashable, Node] = {}
        self._contracted: dict[Hashable, tuple[Node, Positions]] = {}

    @contextmanager
    def making(self, letters: Iterable[Symbol]) -> Iterator[None]:
        """An array of these letters is made."""
        before, self.order = self.order, tuple(letters)
        try:
            yield
        finally:
            self.order = before

    def node(
        self,
        op: str,
        args: Operands = (),
        sizes: tuple[Expr, ...] = (),
        data: Hashable = None,
        *,
        positive: bool = False,
        tame: bool = False,
        batched: bool | None = None,
    ) -> Node:
        key = _key(op, args, sizes, data)
        if key not in self._known:
            inputs = any(n.batched for n, _ in args) if batched is None else batched
            self._known[key] = Node(op, args, sizes, data, inputs, positive, tame)
        return self._known[key]

    # -- what there is to begin with -------------------------------------------------------------

    def input(self, name: str, sizes: tuple[Expr, ...], *, label: bool = False) -> Node:
        """A given array, or a label."""
        return self.node("label" if label else "input", (), sizes, name, batched=self.batched)

    def number(self, value: Expr) -> View:
        known = bool(value.is_positive)
        return View(self.node("number", (), (), value, positive=known, tame=known, batched=False))

    def size(self, size: Expr) -> View:
        if size.is_Integer:
            return self.number(size)
        return View(self.node("size", (), (), size, positive=True, tame=True, batched=False))

    def count(self, letter: Symbol, size: Expr) -> View:
        """0, 1, … along an axis."""
        return View(self.node("count", (), (size,), batched=False), (letter,))

    # -- elementwise -----------------------------------------------------------------------------

    def map(self, op: str, *views: View, positive: bool = False, tame: bool = False) -> View:
        """An elementwise operation, its axes in memory as those of its widest operand are."""
        letters, sizes, args = _aligned(views)
        return View(self.node(op, args, sizes, positive=positive, tame=tame), letters)

    def _keeping(self, op: str, a: View, b: View) -> View:
        """An operation of positive arrays is positive, and tame where both are."""
        both = a.node.positive and b.node.positive
        return self.map(op, a, b, positive=both, tame=both and a.node.tame and b.node.tame)

    def add(self, a: View, b: View) -> View:
        if a.number == 0 or b.number == 0:
            return b if a.number == 0 else a
        if a.number is not None and b.number is not None:
            return self.number(a.number + b.number)
        if b.node.op == "neg":
            return self.sub(a, self._operand(b))
        if a.node.op == "neg":
            return self.sub(b, self._operand(a))
        if a.number is not None:
            a, b = b, a
        if b.number is not None:
            return self._offset(a, b.number)
        return self._keeping("add", a, b)

    def sub(self, a: View, b: View) -> View:
        if a == b and (not a.letters or a.node.op == "float"):
            return self.number(ZERO)
        if b.number == 0:
            return a
        if a.number == 0:
            return self.neg(b)
        if a.number is not None and b.number is not None:
            return self.number(a.number - b.number)
        if b.number is not None:
            return self._offset(a, -b.number)
        if b.node.op == "neg":
            return self.add(a, self._operand(b))
        letters, sizes, args = _aligned((b, a))
        turned = self._known.get(_key("sub", args, sizes))
        return self.map("sub", a, b) if turned is None else self.map("neg", View(turned, letters))

    def _offset(self, a: View, number: Expr) -> View:
        """a + number, the numbers of x + 1 - 1 worked out."""
        if a.node.op in ("add", "sub"):
            left, right = self.operands(a)
            if right.number is not None:
                number += right.number if a.node.op == "add" else -right.number
                a = left
        if number == 0:
            return a
        both = a.node.positive and bool(number.is_positive)
        op, size = ("sub", -number) if number.is_negative else ("add", number)
        return self.map(op, a, self.number(size), positive=both, tame=both and a.node.tame)

    def neg(self, a: View) -> View:
        if a.number is not None:
            return self.number(-a.number)
        if a.node.op == "neg":
            return self._operand(a)
        if a.node.op == "sub":
            return self.map("sub", *self.operands(a)[::-1])
        return self.map("neg", a)

    def operands(self, a: View) -> list[View]:
        """What it is made of, under its letters."""
        return [View(node, tuple(a.letters[p] for p in places)) for node, places in a.node.args]

    def _operand(self, a: View) -> View:
        return self.operands(a)[0]

    def mul(self, a: View, b: View) -> View:
        for one, other in ((a, b), (b, a)):
            if one.number == 1:
                return other
            if one.number == 0:
                return one
            if one.number == -1:
                return self.neg(other)
            if one.node.op == "neg":
                return self.neg(self.mul(self._operand(one), other))
        if a.number is not None and b.number is not None:
            return self.number(a.number * b.number)
        if b.number is not None:
            a, b = b, a
        if a.number is not None and a.number.is_negative:
            return self.neg(self.mul(self.number(-a.number), b))
        for one, other in ((a, b), (b, a)):  # h (1/c) as h/c
            if other.node.op == "div" and self.operands(other)[0].number == 1:
                return self.div(one, self.operands(other)[1])
        return self._keeping("mul", a, b)

    def div(self, a: View, b: View) -> View:
        if b.number == 1:
            return a
        if b.number == -1:
            return self.neg(a)
        if a.number == 0:
            return a
        if a.number is not None and b.number is not None and b.number != 0:
            return self.number(a.number / b.number)
        if a.node.op == "neg":
            return self.neg(self.div(self._operand(a), b))
        if b.node.op == "neg":
            return self.neg(self.div(a, self._operand(b)))
        return self._keeping("div", a, b)

    def series(self, x: View, coefficients: tuple[float, ...]) -> View:
        """A polynomial in x, its coefficients from the constant one up."""
        return View(self.whole("series", x.node, x.node.sizes, coefficients), x.letters)

    def where(self, condition: View, a: View, b: View) -> View:
        """a where a condition holds, else b; of two numbers an array of the arguments' own type."""
        if condition.node.op not in TRUTHS:  # a number holds where it is not 0
            condition = self.map("ne", condition, self.number(ZERO))
        made = self.map("where", condition, a, b)
        return made if a.number is None or b.number is None else self.map("float", made)

    def exp(self, a: View) -> View:
        return self.number(ONE) if a.number == 0 else self.map("exp", a, positive=True)

    # -- along axes ------------------------------------------------------------------------------

    def whole(
        self,
        op: str,
        a: Node,
        sizes: tuple[Expr, ...],
        data: Hashable = None,
        *,
        positive: bool = False,
        tame: bool = False,
    ) -> Node:
        """An operation on a whole array."""
        args = ((a, tuple(range(a.rank))),)
        return self.node(op, args, sizes, data, positive=positive, tame=tame)

    def entries(self, op: str, a: Node, sizes: tuple[Expr, ...], data: Hashable) -> Node:
        """Some entries of an array, or all in another order."""
        return self.whole(op, a, sizes, data, positive=a.positive, tame=a.tame)

    def reduce(self, op: str, a: View, letters: Iterable[Symbol]) -> View:
        """The sum, product, largest or smallest value over some letters."""
        gone = set(letters)
        axes = tuple(n for n, s in enumerate(a.letters) if s in gone)
        kept = tuple(s for s in a.letters if s not in gone)
        sizes = tuple(z for s, z in zip(a.letters, a.node.sizes, strict=True) if s not in gone)
        tame = a.node.positive and a.node.tame and op != "prod"
        return View(self.whole(op, a.node, sizes, axes, positive=a.node.positive, tame=tame), kept)

    def contract(self, views: list[View], letters: Iterable[Symbol]) -> View:
        """The product of arrays, summed over some letters; its axes as in `order`."""
        gone = set(letters)
        sizes = _sizes(views)
        said = {a: n for n, a in enumerate(sizes)}
        key = (
            tuple((id(v.node), tuple(said[a] for a in v.letters)) for v in views),
            frozenset(n for a, n in said.items() if a in gone),
        )
        if key in self._contracted:  # for another array, whose axes may stand in another order
            known, order = self._contracted[key]
            names = list(sizes)
            return View(known, tuple(names[n] for n in order))
        kept = [a for a in self.order if a in sizes and a not in gone]
        kept += [a for a in sizes if a not in gone and a not in kept]
        both = all(v.node.positive for v in views)
        made = self.node(
            "contract",
            _placed(views, [*kept, *(a for a in sizes if a in gone)]),
            tuple(sizes[a] for a in kept),
            positive=both,
            tame=both and all(v.node.tame for v in views),
        )
        self._contracted[key] = made, tuple(said[a] for a in kept)
        return View(made, tuple(kept))

    def along(self, a: View, ranges: Mapping[Symbol, Range]) -> View:
        """An array that has an axis for every letter, along some of which nothing may change."""
        for s, run in ranges.items():
            if s not in a.letters:
                a = self.map("repeat", a, self.count(s, run.length))
        return a

    def ordered(self, a: View, letters: Iterable[Symbol]) -> View:
        """The array with its axes in another order."""
        wanted = tuple(letters)
        if wanted == a.letters:
            return a
        order = tuple(a.letters.index(s) for s in wanted)
        sizes = tuple(a.node.sizes[n] for n in order)
        return View(self.entries("turn", a.node, sizes, order), wanted)

    def last(self, a: View, letter: Symbol) -> View:
        """The array with that letter's axis last."""
        return self.ordered(a, (*(s for s in a.letters if s != letter), letter))

    def row(self, op: str, a: View, letter: Symbol, *, keep: bool) -> View:
        """An operation on rows along a letter; is the axis there in the result?"""
        a = self.last(a, letter)
        rank = a.node.rank if keep else a.node.rank - 1
        return View(self.whole(op, a.node, a.node.sizes[:rank]), a.letters[:rank])

    def part(self, a: Node, axis: int, start: Expr, stop: Expr, step: int = 1) -> Node:
        """Every step-th entry of an axis from start to before stop."""
        length = (stop - start) if step == 1 else (stop - start + step - 1) / step
        sizes = (*a.sizes[:axis], length.expand(), *a.sizes[axis + 1 :])
        return self.entries("part", a, sizes, (axis, start, stop, step))

    def pad(self, a: Node, axis: int, before: Expr, size: Expr) -> Node:
        """Zeros before and behind the entries of an axis."""
        sizes = (*a.sizes[:axis], size, *a.sizes[axis + 1 :])
        behind = (size - before - a.sizes[axis]).expand()
        return self.whole("pad", a, sizes, (axis, before, behind, size))

    def diagonal(self, a: Node, first: int, second: int) -> Node:
        """The entries in which two axes have one index; their axis is the first."""
        sizes = tuple(s for n, s in enumerate(a.sizes) if n != second)
        return self.entries("diagonal", a, sizes, (first, second))

    def step(self, number: int) -> View:
        """Which step of a loop it is, counted from 0."""
        return View(self.node("step", (), (), number, batched=False))

    def filled(self, name: str, sizes: tuple[Expr, ...]) -> Node:
        """An array that a loop fills, one step after the other, as it is within the loop."""
        return self.node("filled", (), sizes, name, batched=False)

    def loop(self, loop: Loop, values: Iterable[View]) -> Node:
        """Arrays filled step by step, each by its value at one step."""
        args = tuple((v.node, tuple(range(v.node.rank))) for v in values)
        return self.node("loop", args, (), loop, batched=False)

    def looped(self, loop: Node, name: str, sizes: tuple[Expr, ...]) -> Node:
        """An array that a loop has filled."""
        return self.node("looped", ((loop, ()),), sizes, name, batched=False)

    def put(self, a: View, letter: Symbol, index: View, value: View) -> View:
        """Each row along a letter with another value at an index counted from 0."""
        sizes = _sizes((a, index, value))
        letters = (*(s for s in sizes if s != letter), letter)
        args = _placed((a, index, value), letters)
        return View(self.node("put", args, tuple(sizes[s] for s in letters)), letters)

    def at(self, a: View, letter: Symbol, index: View) -> View:
        """The entry of each row, along a letter, at an index counted from 0."""
        node = a.node
        if not index.node.batched and not set(index.letters) & {*a.letters}:
            axis = a.letters.index(letter)
            sizes = (*node.sizes[:axis], *index.node.sizes, *node.sizes[axis + 1 :])
            args: Operands = ((node, tuple(range(node.rank))), (index.node, ()))
            made = self.node("gather", args, sizes, axis, positive=node.positive, tame=node.tame)
            return View(made, (*a.letters[:axis], *index.letters, *a.letters[axis + 1 :]))
        a = self.last(a, letter)
        # one index a row: both over the same letters
        letters = (*a.letters[:-1], *(s for s in index.letters if s not in a.letters))
        known = _sizes((a, index))
        args = _placed((a, index), (*letters, letter))
        sizes = tuple(known[s] for s in letters)
        made = self.node("at", args, sizes, positive=node.positive, tame=node.tame)
        return View(made, letters)


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


def _key(op: str, args: Operands, sizes: tuple[Expr, ...], data: Hashable = None) -> Hashable:
    """What is equal for equal operations."""
    said = tuple((id(n), places) for n, places in args)
    return (op, frozenset(said) if op in COMMUTING else said, sizes, data)


def _aligned(views: Sequence[View]) -> tuple[tuple[Symbol, ...], tuple[Expr, ...], Operands]:
    """Letters and sizes of an elementwise operation, those of the widest operand first."""
    sizes = _sizes(sorted(views, key=lambda v: -v.node.rank))
    return tuple(sizes), tuple(sizes.values()), _placed(views, tuple(sizes))


def _sizes(views: Iterable[View]) -> dict[Symbol, Expr]:
    """The letters of some arrays, each with the size of its axis."""
    sizes: dict[Symbol, Expr] = {}
    for view in views:
        for letter, size in zip(view.letters, view.node.sizes, strict=True):
            sizes.setdefault(letter, size)
    return sizes


def _placed(views: Iterable[View], letters: Sequence[Symbol]) -> Operands:
    """Arrays as operands of what has these letters."""
    places = {s: n for n, s in enumerate(letters)}
    return tuple((v.node, tuple(places[s] for s in v.letters)) for v in views)
