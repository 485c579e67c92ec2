"""The value of a formula at a point: a walk of its syntax tree in mpmath.

Gives `Evaluator` and `Point`.  No code is shared with what it is held against.

A product with a factor that is 0 by its letters alone (a delta, a bracket of letters) is 0
whatever the other factors are: that is how a mask is written.

Imports arithmetic and language.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
from mpmath import mp, mpf

from tests.opponent.arithmetic import Arithmetic, Disputed, NoValue
from tests.opponent.axes import Axes
from tests.opponent.language import (
    VECTORS,
    Key,
    Range,
    Text,
    Unreadable,
    binds,
    called,
    indices_of,
    range_of,
)

Letters = Mapping[str, int]
Scope = Mapping[str, tuple[int, Key]]  # of a bound letter its number and its key


@lru_cache(maxsize=10_000)  # a tree is walked at every point and index
def beside_conditions(node: ast.expr) -> frozenset[str] | None:
    """The names beside conditions; None where there is no condition, or another call."""
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    conditions = [n for n in calls if called(n) in ("delta", "iverson")]
    within = {m for n in conditions for m in ast.walk(n)}
    if not conditions or not within.issuperset(calls):
        return None
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n not in within)


class Point:
    """Sizes by class of axes, whole numbers for free letters and labels, and values."""

    def __init__(
        self,
        sizes: Mapping[Key, int],
        letters: Letters,
        values: Mapping[Key, Any],
        drawn: Callable[[Key], Any],
    ) -> None:
        self.sizes, self.letters, self.drawn = dict(sizes), dict(letters), drawn
        self.values: dict[Key, Any] = dict(values)

    def at(self, key: Key) -> Any:
        if key not in self.values:
            self.values[key] = self.drawn(key)
        return self.values[key]


class Evaluator(Arithmetic):
    """Values of one text, and of others that speak of its stages, at one point."""

    def __init__(self, text: Text, axes: Axes, point: Point) -> None:
        super().__init__()
        self.stages = {s.name: s for s in text.stages}
        self.axes, self.point = axes, point
        self.known: dict[Key, Any] = {}
        self.moved: dict[Key, Any] = {}  # components that a difference moves, and how far

    def size(self, key: Key) -> int:
        root = self.axes.find(key)
        return root[1] if isinstance(root[1], int) else self.point.sizes[root]

    # -- components ----------------------------------------------------------------------------

    def component(self, name: str, at: tuple[int, ...]) -> Any:
        if name in self.stages:
            return self.stage(name, at)
        for position, index in enumerate(at):
            key = self.axes.find(("axis", name, position))
            high = key[1] if isinstance(key[1], int) else self.point.sizes.get(key)
            if index < 1 or (high is not None and index > high):
                raise NoValue(f"{name}{list(at)} is outside its axis")
        return self.point.at((name, *at)) + self.moved.get((name, *at), 0)

    def stage(self, name: str, at: tuple[int, ...]) -> Any:
        key = (name, *at)
        if key not in self.known:
            stage = self.stages[name]
            scope = {n: (i, (id(stage), n)) for n, i in zip(stage.letters, at, strict=True)}
            self.known[key] = self.value(stage.body, scope)
        return self.known[key]

    # -- terms ---------------------------------------------------------------------------------

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """The value of a term; `scope` has the number and the key of every bound letter."""
        match node:
            case ast.Constant(value=int(number)):
                return mpf(number)
            case ast.Constant(value=Fraction() as number):
                return mpf(number.numerator) / number.denominator
            case ast.Name(id=name):
                return self.name(name, scope)
            case ast.Subscript(value=ast.Call() as call):
                return self.softmax(call, self.index(indices_of(node)[0], scope), scope)
            case ast.Subscript(value=ast.Name(id=name)):
                return self.component(name, tuple(self.index(i, scope) for i in indices_of(node)))
            case ast.UnaryOp(op=ast.USub(), operand=term):
                return -self.value(term, scope)
            case ast.UnaryOp(op=ast.UAdd(), operand=term):
                return self.value(term, scope)
            case ast.BinOp(op=ast.Add(), left=a, right=b):
                return self.value(a, scope) + self.value(b, scope)
            case ast.BinOp(op=ast.Sub(), left=a, right=b):
                return self.value(a, scope) - self.value(b, scope)
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                return self.product(node, scope)
            case ast.BinOp(op=ast.Pow(), left=a, right=b):
                return self.power_of(a, b, scope)
            case ast.Call():
                return self.call(node, scope)
        raise Unreadable(ast.unparse(node))

    def name(self, name: str, scope: Scope) -> Any:
        if name in scope:
            return mpf(scope[name][0])
        if name == "pi":
            return mp.pi + 0
        if name in self.stages:
            return self.stage(name, ())
        if name in self.point.letters:
            return mpf(self.point.letters[name])
        if name in self.axes.sizes:
            return mpf(self.size(("size", name)))
        return self.component(name, ())

    def index(self, node: ast.expr, scope: Scope) -> int:
        value = self.value(node, scope)
        if value != int(value):
            raise Disputed("an index is no whole number")
        return int(value)

    def product(self, node: ast.expr, scope: Scope) -> Any:
        above, below = factors(node)
        masks = [f for f in above if self.is_mask(f, scope)]
        if any(self.value(f, scope) == 0 for f in masks):
            return mpf(0)
        total = mpf(1)
        for factor in above:
            total *= self.value(factor, scope)
        for factor in below:
            divisor = self.value(factor, scope)
            if divisor == 0:
                raise NoValue("division by zero")
            total /= divisor
        return total

    def is_mask(self, node: ast.expr, scope: Scope) -> bool:
        """Is it made of conditions, of whatever, with whole numbers, letters, sizes and labels?"""
        names = beside_conditions(node)
        whole = {*scope, *self.point.letters, *self.axes.sizes, *self.axes.labels}
        return names is not None and names <= whole

    def power_of(self, base: ast.expr, exponent: ast.expr, scope: Scope) -> Any:
        whole = {*self.axes.sizes, *self.point.letters, *scope}
        integral = all(n.id in whole for n in ast.walk(exponent) if isinstance(n, ast.Name))
        return self.power(self.value(base, scope), self.value(exponent, scope), integral)

    # -- calls ---------------------------------------------------------------------------------

    def call(self, node: ast.Call, scope: Scope) -> Any:
        name = called(node)
        if binds(node):
            return self.over(name, node, scope)
        if name == "iverson":
            (condition,) = node.args
            return mpf(self.holds(condition, scope))
        if name == "delta":
            one, other = (self.index(a, scope) for a in node.args)
            return mpf(one == other)
        if name in VECTORS:
            return self.logsumexp(node, scope)
        values = [self.value(a, scope) for a in node.args]
        if name in ("max", "min"):
            return self.extreme(name, values)
        if len(values) != 1:
            raise Unreadable(ast.unparse(node))
        return self.elementwise(name, values[0])

    def over(self, name: str, node: ast.Call, scope: Scope) -> Any:
        return self.within(name, node, list(map(range_of, node.args[1:])), scope)

    def within(
        self,
        name: str,
        node: ast.Call,
        ranges: list[Range],
        scope: Scope,
    ) -> Any:
        """The first letter outermost; the key of a letter is that of its binder."""
        if not ranges:
            return self.value(node.args[0], scope)
        first, *others = ranges
        key = (id(node), first.letter)
        if first.whole:
            high = self.size(key)
        else:
            end = first.end
            assert end is not None
            high = (end if isinstance(end, int) else self.size(("size", end))) + first.shift
        return self.gathered(
            name,
            [
                self.within(name, node, others, {**scope, first.letter: (number, key)})
                for number in range(first.low, high + 1)
            ],
        )

    def holds(self, node: ast.expr, scope: Scope) -> bool:
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                order = self.compared(self.value(left, scope), self.value(right, scope))
                self.branches.append(order)
                return {
                    ast.Gt: order > 0,
                    ast.GtE: order >= 0,
                    ast.Lt: order < 0,
                    ast.LtE: order <= 0,
                    ast.Eq: order == 0,
                    ast.NotEq: order != 0,
                }[type(op)]
        raise Unreadable(ast.unparse(node))

    # -- functions of vectors, by definition -----------------------------------------------------

    def vector(self, call: ast.Call, scope: Scope) -> list[Any]:
        (argument,) = call.args
        lines = self.axes.run(argument)
        if not lines:
            raise Unreadable(ast.unparse(call))
        spread = Spread(self.axes).visit(copy.deepcopy(argument))
        return [
            self.value(spread, {**scope, Spread.letter: (number, lines[0])})
            for number in range(1, self.size(lines[0]) + 1)
        ]

    def softmax(self, call: ast.Call, at: int, scope: Scope) -> Any:
        if called(call) != "softmax":
            raise Unreadable(ast.unparse(call))
        terms = [self.exp(u) for u in self.vector(call, scope)]
        if not 1 <= at <= len(terms):
            raise NoValue("an index outside its axis")
        return terms[at - 1] / mpmath.fsum(terms)

    def logsumexp(self, call: ast.Call, scope: Scope) -> Any:
        if called(call) != "logsumexp":
            raise Unreadable(ast.unparse(call))
        return mpmath.log(mpmath.fsum(self.exp(u) for u in self.vector(call, scope)))


class Spread(ast.NodeTransformer):
    """Every `:`, or every bare array where there is none, gets one letter of its own."""

    letter = "__run__"

    def __init__(self, axes: Axes) -> None:
        self.axes = axes

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        at = [ast.Name(self.letter) if isinstance(i, ast.Slice) else i for i in indices_of(node)]
        return ast.Subscript(node.value, ast.Tuple(at) if len(at) > 1 else at[0])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.axes.arrays:
            return ast.Subscript(node, ast.Name(self.letter))
        return node


def factors(node: ast.expr) -> tuple[list[ast.expr], list[ast.expr]]:
    """What a product multiplies, and what it divides by."""
    match node:
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            (a, b), (c, d) = factors(left), factors(right)
            return a + c, b + d
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            above, below = factors(left)
            return above, [*below, right]
        case ast.UnaryOp(op=ast.USub(), operand=term):
            above, below = factors(term)
            return [ast.Constant(-1), *above], below
    return [node], []
