"""Values: an expression of a program and the letters that its axes are.

Gives `Value` with `aligned`, `whole` and `reduced`, and `Algebra`, the few ways to put values
together: entry by entry (`joined`, `called`, `product`), and summed (`product_summed`).

Imports terms' symbols and Python's `ast` only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sympy import Symbol

Axes = tuple[Symbol, ...]


@dataclass(frozen=True)
class Value:
    """Code whose value is an array with these axes, in order; a number where there are none."""

    code: ast.expr
    axes: Axes = ()


def name(word: str) -> ast.expr:
    """A name, or a path of names: np.exp."""
    first, *rest = word.split(".")
    code: ast.expr = ast.Name(first)
    for part in rest:
        code = ast.Attribute(code, part)
    return code


def number(value: float) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def call(function: str, *args: ast.expr, **keywords: ast.expr) -> ast.expr:
    named = [ast.keyword(k, v) for k, v in keywords.items()]
    return ast.Call(name(function), list(args), named)


def subscript(code: ast.expr, places: Sequence[ast.expr]) -> ast.expr:
    return ast.Subscript(code, ast.Tuple(list(places)) if len(places) != 1 else places[0])


def aligned(value: Value, axes: Axes) -> ast.expr:
    """The code with its axes where they stand in `axes`; a missing one is of length 1."""
    own = [a for a in axes if a in value.axes]
    code = value.code
    if own != list(value.axes):
        order = [number(value.axes.index(a)) for a in own]
        code = ast.Call(ast.Attribute(code, "transpose"), list(order), [])
    places = [ast.Slice() if a in own else ast.Constant(None) for a in axes]
    while places and isinstance(places[0], ast.Constant):
        places.pop(0)  # axes in front come by themselves
    if not own or all(isinstance(p, ast.Slice) for p in places):
        return code
    return subscript(code, places)


def whole(value: Value, axes: Axes) -> ast.expr:
    """As `aligned`, with leading axes of length 1 too: for a function that counts axes."""
    own = [a for a in axes if a in value.axes]
    code = aligned(Value(value.code, value.axes), tuple(own))
    if not own or len(own) == len(axes):
        return code
    places = [ast.Slice() if a in own else ast.Constant(None) for a in axes]
    return subscript(code, places)


def reduced(method: str, value: Value, over: Iterable[Symbol]) -> Value:
    """A sum, product, largest or smallest value along axes: `value.sum(axis)`."""
    gone = [a for a in value.axes if a in set(over)]
    if not gone:
        return value
    places = [number(value.axes.index(a)) for a in gone]
    where = places[0] if len(places) == 1 else ast.Tuple(list(places))
    code = ast.Call(ast.Attribute(value.code, method), [where], [])
    return Value(code, tuple(a for a in value.axes if a not in gone))


@dataclass
class Algebra:
    """Values put together, their axes in the order of the letters in scope."""

    order: Axes = ()

    def union(self, values: Iterable[Value]) -> Axes:
        """All axes of some values, in the order of the letters."""
        axes = dict.fromkeys(a for v in values for a in v.axes)
        return tuple(sorted(axes, key=self._rank))

    def _rank(self, letter: Symbol) -> int:
        return self.order.index(letter)

    def joined(self, op: ast.operator, a: Value, b: Value) -> Value:
        """Two values entry by entry."""
        axes = self.union((a, b))
        return Value(ast.BinOp(aligned(a, axes), op, aligned(b, axes)), axes)

    def called(self, function: str, *args: Value) -> Value:
        """A function entry by entry."""
        axes = self.union(args)
        return Value(call(function, *(aligned(a, axes) for a in args)), axes)

    def product(self, values: Sequence[Value]) -> Value:
        """Entry by entry; those with the same axes first, small ones before large ones."""
        groups: dict[frozenset[Symbol], Value] = {}
        for v in values:
            key = frozenset(v.axes)
            groups[key] = self.joined(ast.Mult(), groups[key], v) if key in groups else v
        ordered = sorted(groups.values(), key=lambda v: len(v.axes))
        result = ordered[0]
        for v in ordered[1:]:
            result = self.joined(ast.Mult(), result, v)
        return result

    def product_summed(self, values: Sequence[Value], over: Sequence[Symbol]) -> Value:
        """A sum of products along axes, each of which is an axis of some factor."""
        outside = [v for v in values if not set(v.axes) & set(over)]
        inside = self._absorbed([v for v in values if set(v.axes) & set(over)])
        while len(inside) > 2:
            a, b = self._first_pair(inside, over)
            rest = [v for v in inside if v is not a and v is not b]
            gone = {x for x in over if not any(x in v.axes for v in rest)}
            inside = self._absorbed([*rest, self._contracted(a, b, gone)])
        if len(inside) == 2:
            first, second = inside
            result = self._contracted(first, second, set(over))
        else:
            result = reduced("sum", inside[0], over)
        return self.product([*outside, result])

    def _absorbed(self, values: Sequence[Value]) -> list[Value]:
        """The factors, each multiplied into the smallest that has all its axes, if one has."""
        left = sorted(values, key=lambda v: len(v.axes))
        found: list[Value] = []
        while left:
            small = left.pop(0)
            hosts = [v for v in left if set(small.axes) <= set(v.axes)]
            if len(left) + len(found) > 1 and hosts:
                left[left.index(hosts[0])] = self.joined(ast.Mult(), small, hosts[0])
            else:
                found.append(small)
        return found

    def _first_pair(self, values: Sequence[Value], over: Sequence[Symbol]) -> tuple[Value, Value]:
        """The two factors whose product, summed over what only they have, has the fewest axes."""

        def left(a: Value, b: Value) -> int:
            others = [v for v in values if v is not a and v is not b]
            gone = {x for x in over if not any(x in v.axes for v in others)}
            return len({*a.axes, *b.axes} - gone)

        pairs = [(a, b) for n, a in enumerate(values) for b in values[n + 1 :]]
        return min(pairs, key=lambda pair: left(*pair))

    def _contracted(self, a: Value, b: Value, over: set[Symbol]) -> Value:
        """Two factors multiplied and summed."""
        axes = self.union((a, b))
        kept = tuple(x for x in axes if x not in over)
        if not over & {*axes}:
            return self.joined(ast.Mult(), a, b)
        marks = dict(zip(axes, "abcdefghijklmnopqrstuvwxyz", strict=False))

        def spelled(axes: Axes) -> str:
            return "".join(marks[x] for x in axes)

        letters = f"{spelled(a.axes)},{spelled(b.axes)}->{spelled(kept)}"
        return Value(call("contract", ast.Constant(letters), a.code, b.code), kept)
