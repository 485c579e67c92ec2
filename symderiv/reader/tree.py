"""Trees: formulas of any notation as Python's own `ast`, and the way to write one as text.

Gives makers of nodes (`name`, `number`, `call`, `binary`, `negative`, `component`, `compare`), each
with the offset in the author's text at which it stands; `opposite` and `bracket` of a comparison;
`copied` and `same`; and `Written`, which writes a tree in the formula language and keeps, for every
mark written, the offset that it came from.

In a tree `MatMult` is a product side by side or by `@`, `BitAnd` is `\\cdot`, `Mult` by elements;
in the formula language, where all are products of numbers, each is `*`.  `FloorDiv` is a quotient
by elements, `\\oslash`.

Imports nothing of ours.
"""

from __future__ import annotations

import ast
import copy
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import field

from symderiv.records import dataclass

PRODUCTS = (ast.Mult, ast.MatMult, ast.BitAnd)
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)  # how tightly a text holds together
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
# each operator, and how tightly its left and right side hold together at least
_SPELLED: dict[type[ast.operator], tuple[str, int, int]] = {
    ast.Add: (" + ", _SUM, _PRODUCT),
    ast.Sub: (" - ", _SUM, _PRODUCT),
    ast.Pow: ("**", _ATOM, _POWER),
    ast.Div: ("/", _PRODUCT, _POWER),
    ast.FloorDiv: ("/", _PRODUCT, _POWER),
}
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip


def name(identifier: str, at: int) -> ast.Name:
    return ast.Name(identifier, ast.Load(), lineno=1, col_offset=at)


def number(text: str, at: int) -> ast.Constant:
    """A number as typed: its text is kept, since 0.1 is exactly 1/10."""
    value = float(text) if set(text) & set(".eE") else int(text)
    return ast.Constant(value, kind=text, lineno=1, col_offset=at)


def call(function: str, arguments: Sequence[ast.expr], at: int) -> ast.Call:
    return ast.Call(name(function, at), list(arguments), [], lineno=1, col_offset=at)


def binary(left: ast.expr, operator: ast.operator, right: ast.expr, at: int) -> ast.BinOp:
    return ast.BinOp(left, operator, right, lineno=1, col_offset=at)


def times(left: ast.expr, right: ast.expr) -> ast.BinOp:
    return binary(left, ast.MatMult(), right, left.col_offset)


def plus(left: ast.expr, right: ast.expr) -> ast.BinOp:
    return binary(left, ast.Add(), right, left.col_offset)


def minus(left: ast.expr, right: ast.expr) -> ast.BinOp:
    return binary(left, ast.Sub(), right, left.col_offset)


def over(left: ast.expr, right: ast.expr) -> ast.BinOp:
    return binary(left, ast.Div(), right, left.col_offset)


def power(left: ast.expr, right: ast.expr) -> ast.BinOp:
    return binary(left, ast.Pow(), right, left.col_offset)


def negative(term: ast.expr, at: int) -> ast.UnaryOp:
    return ast.UnaryOp(ast.USub(), term, lineno=1, col_offset=at)


def component(array: ast.expr, indices: Sequence[ast.expr], at: int) -> ast.Subscript:
    inner = indices[0] if len(indices) == 1 else ast.Tuple(list(indices), ast.Load(), col_offset=at)
    return ast.Subscript(array, inner, ast.Load(), lineno=1, col_offset=at)


def compare(left: ast.expr, sign: ast.cmpop, right: ast.expr) -> ast.Compare:
    return ast.Compare(left, [sign], [right], lineno=1, col_offset=left.col_offset)


def opposite(condition: ast.Compare) -> ast.Compare:
    """What holds where a comparison does not."""
    sign = _OPPOSITE[type(condition.ops[0])]()
    return compare(condition.left, sign, condition.comparators[0])


def bracket(condition: ast.Compare, at: int, *, indices: bool) -> ast.expr:
    """1 where a comparison holds, else 0: by a delta where its sides are indices."""
    sign = condition.ops[0]
    if not indices or not isinstance(sign, ast.Eq | ast.NotEq):
        return call("iverson", [condition], at)
    delta = call("delta", [condition.left, condition.comparators[0]], at)
    return delta if isinstance(sign, ast.Eq) else minus(number("1", at), delta)


def transposed(matrix: ast.expr) -> ast.Attribute:
    return ast.Attribute(matrix, "T", ast.Load(), lineno=1, col_offset=matrix.col_offset)


def tuple_of(parts: Sequence[ast.expr], at: int) -> ast.Tuple:
    return ast.Tuple(list(parts), ast.Load(), lineno=1, col_offset=at)


def copied(
    node: ast.expr, change: Callable[[ast.expr], ast.expr | None] = lambda node: None
) -> ast.expr:
    """A tree anew; `change` gives what stands in place of a node, or None to copy it.

    What is called is no term, and stays.
    """

    def one(node: ast.expr) -> tuple[ast.expr, bool]:
        made = change(node)
        return (copy.copy(node), True) if made is None else (made, False)

    root, goes_on = one(node)
    waiting = [root] if goes_on else []
    while waiting:
        above = waiting.pop()
        for field_, value in ast.iter_fields(above):
            if field_ == "func":
                continue
            each = value if isinstance(value, list) else [value]
            below = [one(v) if isinstance(v, ast.expr) else (v, False) for v in each]
            waiting += [v for v, goes_on in below if goes_on]
            parts = [v for v, _ in below]
            setattr(above, field_, parts if isinstance(value, list) else parts[0])
    return root


def same(one: ast.expr, other: ast.expr) -> bool:
    """Are two trees alike but for where they stand?"""
    waiting: list[tuple[object, object]] = [(one, other)]
    while waiting:
        a, b = waiting.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, ast.AST) and isinstance(b, ast.AST):
            of_a, of_b = dict(ast.iter_fields(a)), dict(ast.iter_fields(b))
            if of_a.keys() != of_b.keys():
                return False
            waiting += ((value, of_b[field_]) for field_, value in of_a.items())
        elif isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                return False
            waiting += zip(a, b, strict=True)
        elif a != b:
            return False
    return True


@dataclass
class Written:
    """Text in the formula language, with the offset of the author's text for every part of it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    starts: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def origin(self, at: int) -> int:
        """The offset in the author's text of an offset in this one."""
        place = bisect_right(self.starts, at) - 1
        return self.origins[place] if place >= 0 else 0

    def put(self, text: str, at: int | None = None) -> None:
        if at is not None:
            self.starts.append(self.length)
            self.origins.append(at)
        self.parts.append(text)
        self.length += len(text)

    def tree(self, node: ast.expr, loosest: int = _SUM) -> None:
        """Write a formula, in brackets where it holds less tightly than asked."""
        behind: list[tuple[str, ast.expr, int, bool]] = []
        while isinstance(node, ast.BinOp):  # a sum of a thousand terms is no deeper than of two
            bracketed = _level(node) < loosest
            if bracketed:
                self.put("(", node.col_offset)
            sign, loosest, right = _SPELLED.get(type(node.op), ("*", _PRODUCT, _POWER))
            behind.append((sign, node.right, right, bracketed))
            node = node.left
        bracketed = _level(node) < loosest
        if bracketed:
            self.put("(", node.col_offset)
        self._bare(node)
        if bracketed:
            self.put(")")
        for sign, right_side, level, closes in reversed(behind):
            self.put(sign)
            self.tree(right_side, level)
            if closes:
                self.put(")")

    def _bare(self, node: ast.expr) -> None:
        at = node.col_offset
        match node:
            case ast.Name(id=identifier):
                self.put(identifier, at)
            case ast.Constant(value=value, kind=kind):
                self.put(kind or str(value), at)
            case ast.UnaryOp(op=operator, operand=operand):
                self.put("-" if isinstance(operator, ast.USub) else "+", at)
                self.tree(operand, _PRODUCT)
            case ast.Call(func=ast.Name(id=function), args=arguments):
                self.put(function, at)
                self._list("(", arguments, ")", ", ")
            case ast.Subscript(value=array, slice=index):
                self.tree(array, _ATOM)
                inner = index.elts if isinstance(index, ast.Tuple) else [index]
                self._list("[", inner, "]", ",")
            case ast.Tuple(elts=elements):
                self._list("(", elements, ")", ", ")
            case ast.Slice():
                self.put(":", at)
            case ast.Compare(left=left, ops=[sign], comparators=[right]):
                self.tree(left)
                self.put(f" {_SIGNS[type(sign)]} ")
                self.tree(right)
            case ast.Attribute(value=matrix, attr=attribute):
                self.tree(matrix, _ATOM)
                self.put(f".{attribute}")
            case _:
                raise TypeError(type(node).__name__)

    def _list(self, opening: str, nodes: Sequence[ast.expr], closing: str, between: str) -> None:
        self.put(opening)
        for n, node in enumerate(nodes):
            if n:
                self.put(between)
            self.tree(node)
        self.put(closing)


def _level(node: ast.expr) -> int:
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return _SUM
        case ast.BinOp(op=ast.Pow()):
            return _POWER
        case ast.BinOp():
            return _PRODUCT
        case ast.UnaryOp():
            return _SIGN if isinstance(node.operand, ast.Name | ast.Constant) else _PRODUCT
        case ast.Compare():
            return _SUM
        case _:
            return _ATOM
