"""Graphs: an array program as a graph of values over named axes.

Gives `Graph`, which makes nodes: those of `arithmetic`, inputs, and operations along axes.  Nodes
have no letters of their own: e^{z_i} and e^{z_k} are one node under two letters, so whatever is
computed twice on a page is one node here.

Imports arithmetic, nodes, indices and terms.  To add an operation: a method of `Graph`, and its
form in `writer`, or its row in `words`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from sympy import Expr, Symbol

from symderiv.emit.arithmetic import Arithmetic
from symderiv.emit.indices import Range
from symderiv.emit.nodes import Loop, Node, Operands, Positions, View, placed, sizes_of


class Graph(Arithmetic):
    """Makes nodes; equal operations on equal arrays are one node.

    order : the letters of the array that is being made, in which axes stand where no operand says
    """

    def __init__(self, *, batched: bool = True) -> None:
        super().__init__()
        self.batched = batched
        self.order: tuple[Symbol, ...] = ()
        self._contracted: dict[Hashable, tuple[Node, Positions]] = {}

    # -- what there is to begin with -------------------------------------------------------------

    def input(self, name: str, sizes: tuple[Expr, ...], *, label: bool = False) -> Node:
        """A given array, or a label."""
        return self.node("label" if label else "input", (), sizes, name, batched=self.batched)

    def size(self, size: Expr) -> View:
        if size.is_Integer:
            return self.number(size)
        return View(self.node("size", (), (), size, positive=True, tame=True, batched=False))

    def count(self, letter: Symbol, size: Expr) -> View:
        """0, 1, … along an axis."""
        return View(self.node("count", (), (size,), batched=False), (letter,))

    def series(self, x: View, coefficients: tuple[float, ...]) -> View:
        """A polynomial in x, its coefficients from the constant one up."""
        return View(self.whole("series", x.node, x.node.sizes, coefficients), x.letters)

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
        turned = [v for v in views if v.node.op == "neg"]
        if turned:
            plain = self.contract([self.neg(v) if v in turned else v for v in views], letters)
            return self.neg(plain) if len(turned) % 2 else plain
        gone = set(letters)
        sizes = sizes_of(views)
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
            placed(views, [*kept, *(a for a in sizes if a in gone)]),
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
        sizes = sizes_of((a, index, value))
        letters = (*(s for s in sizes if s != letter), letter)
        args = placed((a, index, value), letters)
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
        known = sizes_of((a, index))
        args = placed((a, index), (*letters, letter))
        sizes = tuple(known[s] for s in letters)
        made = self.node("at", args, sizes, positive=node.positive, tame=node.tame)
        return View(made, letters)
