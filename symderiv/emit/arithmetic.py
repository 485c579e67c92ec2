"""Arithmetic: elementwise operations on arrays, simplified as they are made.

Gives `Arithmetic`, the part of a graph that adds, multiplies and compares.  Equal operations on
equal arrays are one node, signs are taken out, numbers worked out and (-a) + b is b - a.

Imports nodes and terms.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from sympy import Expr

from symderiv.emit.nodes import TRUTHS, Node, Operands, View, aligned, is_number, key_of, made_of
from symderiv.terms import ONE, ZERO


class Arithmetic:
    """Makes elementwise nodes; equal operations on equal arrays are one node."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Node] = {}

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
        key = key_of(op, args, sizes, data)
        if key not in self._known:
            inputs = any(n.batched for n, _ in args) if batched is None else batched
            self._known[key] = Node(op, args, sizes, data, inputs, positive, tame)
        return self._known[key]

    def number(self, value: Expr) -> View:
        known = bool(value.is_positive)
        return View(self.node("number", (), (), value, positive=known, tame=known, batched=False))

    def map(self, op: str, *views: View, positive: bool = False, tame: bool = False) -> View:
        """An elementwise operation, its axes in memory as those of its widest operand are."""
        letters, sizes, args = aligned(views)
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
        letters, sizes, args = aligned((b, a))
        turned = self._known.get(key_of("sub", args, sizes))
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
            return self.sub(*self.operands(a)[::-1])
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
        if b.number is not None and a.node.op == "mul":  # x (f/2), where x f may overflow
            x, f = sorted(self.operands(a), key=lambda v: v.node.op.startswith("f:"))
            if x.node.op == "input" and f.node.op.startswith("f:"):
                return self.mul(x, self.div(f, b))
        if b.node.op == "size" and a.node.op == "mul":  # x (s/N), where s has fewer axes
            x, s = sorted(self.operands(a), key=lambda v: -v.node.rank)
            if s.number is None and {*s.letters} < {*a.letters}:
                return self.mul(x, self.div(s, b))
        return self._keeping("div", a, b)

    def where(self, condition: View, a: View, b: View) -> View:
        """a where a condition holds, else b; of two numbers an array of the arguments' own type."""
        if condition.node.op not in TRUTHS:  # a number holds where it is not 0
            condition = self.map("ne", condition, self.number(ZERO))
        made = self.map("where", condition, a, b)
        return self.map("float", made) if is_number(a.node) and is_number(b.node) else made

    def above_zero(self, results: Sequence[View]) -> None:
        """Whether a is above 0 is asked of max(a, 0), where results are made of that as well."""
        used = dict.fromkeys(made_of(v.node for v in results))
        zero = (self.number(ZERO).node, ())
        for node in used:
            if node.op in ("gt", "le") and node.args[1] == zero:
                above, places = node.args[0]
                whole = ((above, tuple(range(above.rank))),)
                for op, args in (("f:relu", whole), ("max", (*whole, zero))):
                    made = self._known.get(key_of(op, args, above.sizes))
                    if made is not None and made in used:
                        node.args = ((made, places), zero)

    def exp(self, a: View) -> View:
        return self.number(ONE) if a.number == 0 else self.map("exp", a, positive=True)
