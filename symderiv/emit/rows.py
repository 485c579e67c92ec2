"""Rows: entries of rows read and changed in place, as NumPy's arrays allow.

Gives `RowWriter`, the writer of NumPy's files: `z[at]` is each row's entry at its label,
`e[at] = 0` takes it out of a sum, `p[at] = …` puts another in its place.  It notes which labels
are such places, and which arguments have every axis of the batch for that; `entrance` sees to it.

Imports writer.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from sympy import Expr

from symderiv.emit.axes import size_code
from symderiv.emit.bounds import whole_of
from symderiv.emit.nodes import Node, Positions, made_of
from symderiv.emit.spelling import filled, names_in
from symderiv.emit.writer import FRESH, HINTS, LEAVES, Writer

PARTS = ("turn", "part", "gather", "diagonal")  # what may be a view of an array


class RowWriter(Writer):
    """Writes the values of one graph in NumPy's own words.

    Attributes
    ----------
    places : of each label the name of the place in each row that it says
    index : those of them that are used
    rows, tables : arguments that have every axis of the batch; those that may also have none
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
            self.places[n] = n if plain else self._called("at" if len(labels) == 1 else f"at_{n}")
        self.index: dict[str, str] = {}
        self.rows: set[str] = set()
        self.tables: set[str] = set()
        self.users: dict[Node, set[Node]] = {}
        self.returned: set[Node] = set()
        self.forced: set[Node] = set()  # what is written by name before an array is changed
        self.writing: set[Node] = set()
        self.looping = False

    def _count(self, nodes: Sequence[Node]) -> None:
        super()._count(nodes)
        self.returned = {*nodes}
        for node in made_of(nodes):
            for inner, _ in node.args:
                self.users.setdefault(inner, set()).add(node)

    def _deserves_a_name(self, node: Node, code: ast.expr) -> bool:
        forced = node in self.forced and not isinstance(code, ast.Name)
        return forced or super()._deserves_a_name(node, code)

    def _loop(self, node: Node) -> ast.expr:
        outer, self.looping = self.looping, True  # what is changed at one step is there at the next
        made = super()._loop(node)
        self.looping = outer
        return made

    def _lent(self, node: Node, places: Positions, rank: int) -> ast.expr:
        """An operand that is changed for a while: no array of the user's."""
        code = self.aligned(node, places, rank)
        return code if whole_of(node).op in FRESH else filled("a.copy()", {"a": code})

    def _given(self, node: Node, places: Positions, rank: int) -> ast.expr:
        """An operand that is changed: one that nothing else needs."""
        code = self.aligned(node, places, rank)
        own = self.uses[node] == 1 and node.op in FRESH and node not in self.kept
        return code if own else filled("a.copy()", {"a": code})

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
            entries = self._of_table(array, index)
            if entries is not None:
                return entries
            at = self._placed(array, index, where, rank)
            if at is not None:
                return ast.Subscript(self.expression(array), at, ast.Load())
        return super()._entries(node)

    def _of_table(self, array: Node, index: Node) -> ast.expr | None:
        """Rows of an argument, W[y], where a label says which row."""
        if array.op != "turn" or array.data != (*range(1, array.rank), 0):
            return None
        (table, _), rank = array.args[0], array.rank
        if table.op != "input" or index.op != "label" or index.rank or not self.batched:
            return None
        name = str(index.data)
        self.index[name] = self.places[name]
        self.tables.add(str(table.data))
        names = {"W": self.expression(table), "at": ast.Name(self.places[name], ast.Load())}
        return filled(f"W[at[{rank - 1} - W.ndim:]]", names)

    def _replaced(self, node: Node) -> ast.expr:
        (array, places), (index, where), (value, at) = node.args
        own = places == tuple(range(node.rank))
        place = self._placed(array, index, where, node.rank - 1) if own else None
        if place is None:
            return super()._replaced(node)
        shares = self._rest_of_shares(array, value, index)
        if shares:
            self.uses[array.args[1][0]] -= 1  # what the sum of the others' is divided by
        if array not in self.made and self.uses[array] == 1 and array.op in FRESH:
            row: ast.expr = self._kept_as(node, array, self._code(array))
        else:
            row = self._given(array, places, node.rank)
            row = row if isinstance(row, ast.Name) else self._kept_as(node, array, row)
        if shares:
            self._set(row, place, ast.Constant(0))
            rest = filled("-a.sum(-1)", {"a": row})
        else:
            rest = self.aligned(value, at, node.rank - 1)
        self._set(row, place, rest)
        return row

    def _kept_as(self, node: Node, array: Node, code: ast.expr) -> ast.Name:
        """An array that is to be changed, under the name of what it becomes, or else its own."""
        wish = self.wanted.get(node) or self.wanted.get(array) or HINTS.get(array.op, "t")
        name = self._called(wish)
        self.lines.append(ast.Assign([ast.Name(name, ast.Store())], code))
        return ast.Name(name, ast.Load())

    def _set(self, row: ast.expr, place: ast.expr, value: ast.expr) -> None:
        self._assign(ast.Subscript(row, place, ast.Store()), value)

    def _rest_of_shares(self, array: Node, value: Node, index: Node) -> bool:
        """Is a row of shares e/s given minus the sum of the others' e over s?"""
        if array.op != "div" or value.op != "neg" or value.args[0][0].op != "div":
            return False
        (e, _), (s, _) = array.args
        (rest, _), (total, _) = value.args[0][0].args
        if total is not s or rest.op != "sum" or not self._without(rest) or self.uses[rest] > 1:
            return False
        (inner, _), (label, _), _ = rest.args[0][0].args
        return inner is e and label is index and self.uses[value] == 1

    # -- sums without an entry -------------------------------------------------------------------

    def _sum_without(self, node: Node) -> ast.expr:
        put = node.args[0][0]
        (array, places), (index, where), _ = put.args
        own = places == tuple(range(node.rank + 1))
        place = self._placed(array, index, where, node.rank) if own else None
        if place is None:
            return super()._sum_without(node)
        if array.op not in FRESH:
            copied = filled("a.copy()", {"a": self.expression(array)})
            row: ast.expr = self._kept_as(put, put, copied)
            left = False
        elif (whole := self._with_it(put, array)) is not None and not self.looping:
            return self._summed_apart(node, whole, array, place)
        else:
            self.forced.add(array)
            left = self._left_over(node, array)
            row = self.expression(array)
        total = filled("a.sum(-1)", {"a": row})
        if not left:
            self._set(row, place, ast.Constant(0))
            return total
        one = ast.Name(self._called("one"), ast.Load())
        self._taken_out(one.id, row, place)
        rest = self._called(self.wanted.get(node) or "rest")
        self._assign(ast.Name(rest, ast.Store()), total)
        self._set(row, place, one)
        return ast.Name(rest, ast.Load())

    def _with_it(self, put: Node, array: Node) -> Node | None:
        """The sum of whole rows, where nothing else needs the entry that one sum is without."""
        wholes = [
            u for u in self.users[array] if u.op in ("sum", "contract") and _along_the_last(u)
        ]
        if (
            len(wholes) != 1
            or array in self.returned
            or array in self.made
            or wholes[0] in self.made
        ):
            return None
        others = self.users[array] - {put, wholes[0]}
        return wholes[0] if all(self._put_over(u, put) for u in others) else None

    def _put_over(self, node: Node, put: Node) -> bool:
        """Is an array used for nothing but rows in which the same entry is another?"""
        users = self.users.get(node, set())
        if len(users) != 1 or node in self.made or node in self.returned or self.uses[node] > 1:
            return False
        (user,) = users
        own = ((node, tuple(range(node.rank))), put.args[1])
        return user.op == "put" and user.args[:2] == own and node.op in ("div", "mul")

    def _summed_apart(self, node: Node, whole: Node, array: Node, place: ast.expr) -> ast.expr:
        """The sum without an entry, and the whole one as that and the entry."""
        self.forced.add(array)
        row = self.expression(array)
        one, rest = self._called("one"), self._called(self.wanted.get(node) or "rest")
        self._taken_out(one, row, place)
        self._assign(ast.Name(rest, ast.Store()), filled("a.sum(-1)", {"a": row}))
        total = self._name(whole)
        self._assign(ast.Name(total, ast.Store()), filled(f"{rest} + {one}", {}))
        self.made[whole] = ast.Name(total, ast.Load())
        return ast.Name(rest, ast.Load())

    def _taken_out(self, one: str, row: ast.expr, place: ast.expr) -> None:
        """An entry under a name, and 0 in its place."""
        targets = ast.Name(one, ast.Store()), ast.Subscript(row, place, ast.Store())
        values = ast.Subscript(row, place, ast.Load()), ast.Constant(0)
        self._assign(ast.Tuple([*targets], ast.Store()), ast.Tuple([*values], ast.Load()))

    def _left_over(self, node: Node, array: Node) -> bool:
        """Is an array needed as it was, when what can be said before has been said?"""
        self.writing.add(node)
        left = self.looping or array in self.returned
        row = self.expression(array)
        assert isinstance(row, ast.Name)
        for user in sorted(self.users[array], key=lambda n: (-n.rank, n.op)):
            if user is node.args[0][0] or user in self.made:
                left |= user.op in PARTS
                continue
            depends = self.writing & {*made_of([user])}
            if user.op in ("put", *LEAVES, *PARTS) or depends or left:
                left = True
                continue
            self.forced.add(user)
            self.expression(user)
        return left or any(self._waits(n, row.id) for n in [*self.made])

    def _waits(self, node: Node, name: str) -> bool:
        """Is there code of a node that mentions a name and stands in no line yet?"""
        code = self.made[node]
        if isinstance(code, ast.Name) or name not in names_in([code]):
            return False
        return node in self.returned or not all(map(self._said, self.users.get(node, ())))

    def _said(self, node: Node) -> bool:
        """Does the code of a node stand in a line?"""
        if isinstance(self.made.get(node), ast.Name):
            return True
        users = self.users.get(node, ())
        return node in self.made and node not in self.returned and all(map(self._said, users))

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
