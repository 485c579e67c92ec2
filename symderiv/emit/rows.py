"""Rows: entries of rows read and changed in place, as NumPy's arrays allow.

Gives `RowWriter`, the writer of NumPy's files: `z[at]` is each row's entry at its label,
`e[at] = 0` takes it out of a sum, after which it is put back, and `p[at] = …` puts another in its
place, in an array that nothing else needs.  It notes which labels are such places, and which
arguments have every axis of the batch for that; `entrance` sees to it.

Imports writer.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from sympy import Expr

from symderiv.emit.axes import size_code
from symderiv.emit.bounds import whole_of
from symderiv.emit.nodes import Node, Positions, made_of
from symderiv.emit.spelling import filled
from symderiv.emit.writer import FRESH, Writer


class RowWriter(Writer):
    """Writes the values of one graph in NumPy's own words.

    Attributes
    ----------
    places : of each label the name of the place in each row that it says
    index : those of them that are used
    rows : arguments that have every axis of the batch
    """

    def __init__(
        self,
        named: Mapping[Node, str],
        taken: set[str],
        labels: Mapping[str, int],
        *,
        batched: bool = True,
    ) -> None:
        super().__init__(named, taken)
        self.batched = batched
        self.places: dict[str, str] = {}
        for n, rank in labels.items():
            plain = not batched and not rank
            self.places[n] = n if plain else self.called("at" if len(labels) == 1 else f"at_{n}")
        self.index: dict[str, str] = {}
        self.rows: set[str] = set()
        self.users: dict[Node, list[Node]] = {}

    def _count(self, nodes: Sequence[Node]) -> None:
        super()._count(nodes)
        for node in made_of(nodes):
            for inner, _ in node.args:
                self.users.setdefault(inner, []).append(node)

    def _lent(self, node: Node, places: Positions, rank: int) -> ast.expr:
        """An operand that is changed for a while: no array of the user's."""
        code = self.aligned(node, places, rank)
        return code if whole_of(node).op in FRESH else filled("a.copy()", {"a": code})

    def _given(self, node: Node, places: Positions, rank: int) -> ast.expr:
        """An operand that is changed: one that nothing else needs."""
        code = self.aligned(node, places, rank)
        return code if self._alone(node) else filled("a.copy()", {"a": code})

    def _alone(self, node: Node) -> bool:
        """Is it an array of its own that is needed for one thing only?"""
        return self.uses[node] == 1 and node.op in FRESH and node not in self.kept

    def _begin(self, name: str, sizes: Sequence[Expr], axis: int) -> None:
        shape: ast.expr = ast.Tuple([*map(size_code, sizes)], ast.Load())
        zeros = filled("np.zeros(a, dtype)", {"a": shape})
        self._assign(ast.Name(name, ast.Store()), zeros)

    def _fill(self, name: str, axis: int, step: str, value: ast.expr) -> None:
        place = [*(ast.Slice() for _ in range(axis)), ast.Name(step, ast.Load())]
        index = place[0] if len(place) == 1 else ast.Tuple(place, ast.Load())
        self._assign(ast.Subscript(ast.Name(name, ast.Load()), index, ast.Store()), value)

    def _end(self, name: str, axis: int) -> None:
        """The array is there."""

    def _is_step(self, array: Node, index: Node, axis: int) -> bool:
        return False

    def _being_filled(self, node: Node) -> ast.expr:
        return ast.Name(str(node.data), ast.Load())

    # -- places in rows --------------------------------------------------------------------------

    def _placed(self, array: Node, index: Node, where: Positions, rank: int) -> ast.expr | None:
        """The place in each row that a label says, where the array has every axis of the batch."""
        if index.op != "label" or where != tuple(range(rank)) or index.rank != rank:
            return None
        if self.batched and not self._widened(array, index):
            return None
        name = str(index.data)
        self.index[name] = self.places[name]
        return ast.Name(self.places[name], ast.Load())

    def _widened(self, array: Node, index: Node) -> bool:
        """See to it that an array has every axis of the batch: the least of what it is made of."""
        inputs = [n for n in made_of([array]) if n.op == "input"]
        if not inputs:
            return False
        if not {str(n.data) for n in inputs} & self.rows:
            own = set(index.sizes)
            least = min(inputs, key=lambda n: (n.rank, not own <= {*n.sizes}))
            self.rows.add(str(least.data))
        return True

    def _entries(self, node: Node) -> ast.expr:
        (array, places), (index, where) = node.args
        rank = node.rank
        if places == tuple(range(rank + 1)):
            at = self._placed(array, index, where, rank)
            if at is not None:
                return ast.Subscript(self.expression(array), at, ast.Load())
        return super()._entries(node)

    def _replaced(self, node: Node) -> ast.expr:
        (array, places), (index, where), (value, at) = node.args
        own = places == tuple(range(node.rank))
        place = self._placed(array, index, where, node.rank - 1) if own else None
        if place is None:
            return super()._replaced(node)
        shares = self._rest_of_shares(array, value, index)
        if shares:
            self.uses[array.args[1][0]] -= 1  # what the sum of the others' is divided by
        row = self._kept_as(node, self._given(array, places, node.rank))
        entry = ast.Subscript(row, place, ast.Store())
        if shares:
            self._assign(entry, ast.Constant(0))
            self._assign(entry, filled("-row.sum(-1)", {"row": row}))
        else:
            self._assign(entry, self.aligned(value, at, node.rank - 1))
        return row

    def _rest_of_shares(self, array: Node, value: Node, index: Node) -> bool:
        """Is a row of shares e/s given minus the sum of the others' e over s?"""
        if array.op != "div" or value.op != "neg" or value.args[0][0].op != "div":
            return False
        (e, _), (s, _) = array.args
        (rest, _), (total, _) = value.args[0][0].args
        if total is not s or rest.op != "sum" or not self._without(rest) or self.uses[rest] > 1:
            return False
        (inner, _), (label, _), _ = rest.args[0][0].args
        alone = inner is e and label is index and self.uses[value] == 1
        return alone and self._alone(array)

    # -- sums without an entry -------------------------------------------------------------------

    def _sum_without(self, node: Node) -> ast.expr:
        (array, places), (index, where), _ = node.args[0][0].args
        own = places == tuple(range(node.rank + 1))
        place = self._placed(array, index, where, node.rank) if own else None
        if place is None:
            return super()._sum_without(node)
        row = self._kept_as(array, self._lent(array, places, node.rank + 1))
        entry = ast.Subscript(row, place, ast.Store())
        if self._alone(array) or whole_of(array).op not in FRESH:  # of which this is a copy
            self._assign(entry, ast.Constant(0))
            return filled("row.sum(-1)", {"row": row})
        one, rest = self.called("one"), self.called(self.wanted.get(node) or "rest")
        for name, values in ((one, "row[at], 0"), (rest, f"row.sum(-1), {one}")):
            targets = ast.Tuple([ast.Name(name, ast.Store()), entry], ast.Store())
            self._assign(targets, filled(values, {"row": row, "at": place}))
        whole = next(filter(self._waits, self.users[array]), None)
        if whole is not None:
            self.made[whole] = self._named(whole, filled(f"{rest} + {one}", {}))
        return ast.Name(rest, ast.Load())

    def _waits(self, node: Node) -> bool:
        """Is it the sum of whole rows, and in no line yet?"""
        summed = node.op in ("sum", "contract") and _along_the_last(node)
        return summed and node not in self.made

    def _kept_as(self, node: Node, code: ast.expr) -> ast.expr:
        """An array that is to be changed, under a name."""
        return code if isinstance(code, ast.Name) else self._named(node, code)

    # -- sums that keep their axis -----------------------------------------------------------------

    def aligned(self, node: Node, places: Positions, rank: int) -> ast.expr:
        """As above; what is reduced along the last axis keeps that, where it is put back."""
        code = self.expression(node)
        match code:
            case ast.Call(ast.Attribute(_, "sum" | "max" | "min"), [_]) if (
                self.batched
                and _along_the_last(node)
                and rank == node.rank + 1
                and places == tuple(range(node.rank))
            ):
                kept = ast.keyword("keepdims", ast.Constant(True))
                return ast.Call(code.func, code.args, [*code.keywords, kept])
        return super().aligned(node, places, rank)


def _along_the_last(node: Node) -> bool:
    """Is something reduced along its last axis alone?"""
    if node.op == "contract":
        return [places for _, places in node.args] == [tuple(range(node.rank + 1))]
    return len(node.args) == 1 and node.data == (node.rank,)
