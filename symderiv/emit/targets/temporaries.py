"""Temporaries: operations in the place of tensors that nobody else holds.

Gives `in_place`, which writes the lines of a function so, and counts the arrays that they make: a
product of what has just been computed needs no memory of its own, and most of the time of an
operation on a large array is that of new memory.  `_in_place(op, a, …)` is one operation, `_placed`
is `_put`; both leave the tensor as it is where a gradient is taken.

Imports the standard library and lines.  To add an operation: its name among `ALONE`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import cast

from symderiv.emit.lines import REDUCTIONS, called, is_reduced, is_view, names, reads, short
from symderiv.emit.spelling import copied

OPERATORS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
ALONE = frozenset({
    "exp", "expm1", "log", "log1p", "sqrt", "sigmoid", "tanh", "sin", "cos", "erf", "erfc", "relu",
})  # fmt: skip
MADE = frozenset({
    *ALONE, "where", "maximum", "minimum", "logaddexp", "softmax", "put", "matvec", "above",
    "magnitude", "gated", "kernel", "label_slope",
})  # fmt: skip


def in_place(body: Sequence[ast.stmt], small: set[str]) -> tuple[list[ast.stmt], int]:
    """The lines of a body, written so, and how many arrays they make of new memory.

    `small` are names that are not worth it, as of sizes.
    """
    written = _Written([*_flat(body)], small)
    return written.lines(body), written.made


def _flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for line in body:
        if isinstance(line, ast.If):
            yield from _flat(line.body)
        else:
            yield line


class _Written:
    """Lines, and after each the names that are still used."""

    def __init__(self, flat: Sequence[ast.stmt], small: set[str]) -> None:
        self.small, self.own = short(flat, small), set[str]()
        self.numbers = {"math", "abs", "min", "max", "float", "int"}  # and names of numbers
        self.looked_at = names(*filter(is_view, flat))
        self.looped = names(*(line for line in flat if isinstance(line, ast.For)))
        self.left = Counter(n for line in flat for n in reads(line))
        self.here = Counter[str]()
        self.made = 0

    def lines(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for line in body:
            match line:
                case ast.If(test, inner):
                    made.append(ast.If(test, self.lines(inner), line.orelse))
                    continue
                case ast.Assign([ast.Name(name)], value):
                    if self.is_number(value):
                        self.numbers.add(name)
                    self.reach(value)
                    line = ast.Assign(line.targets, self.written(value))
                    if self.is_new(value) and name not in self.small | self.numbers:
                        self.own.add(name)
                case ast.Assign(_, value) | ast.Return(ast.expr() as value):
                    self.reach(value)
                    line.value = self.written(value)
                case _:
                    self.reach(line)
            made.append(line)
        return made

    def reach(self, code: ast.AST) -> None:
        """Go on to this part of the lines."""
        self.here = Counter(reads(code))
        self.left.subtract(self.here)

    def written(self, code: ast.expr) -> ast.expr:
        """An expression, its operations in the place of what is new."""
        made = self._written(code)
        self.made += self.is_new(made) and not self.is_small(code)
        return made

    def _written(self, code: ast.expr) -> ast.expr:
        if self.is_number(code):
            return code
        if self.is_small(code) and called(code) not in REDUCTIONS:
            return cast(ast.expr, _Summed(self).visit(copied(code)))
        match code:
            case ast.BinOp(a, ast.Sub(), b) if (pair := self.shortened(b)) is not None:
                return self.less(a, *pair)
            case ast.BinOp(a, ast.Add(), b) if (
                pair := self.product(b)
            ) is not None and self.is_free(a, b):
                return _call("addcmul", self.written(a), *map(self.written, pair))
            case ast.BinOp(a, op, b) if type(op) in OPERATORS:
                first, second = self.written(a), self.written(b)
                if self.is_free(a, b):
                    return _call(OPERATORS[type(op)], first, second)
                if isinstance(op, ast.Add | ast.Mult) and self.is_free(b, a):
                    return _call(OPERATORS[type(op)], second, first)
                return ast.BinOp(first, op, second)
            case ast.BinOp(a, op, b):
                return ast.BinOp(self.written(a), op, self.written(b))
            case ast.UnaryOp(ast.USub(), a):
                return _call("neg", self.written(a)) if self.is_free(a) else code
            case ast.Call(ast.Name("_put"), [a, *others]) if self.is_free(a, *others):
                return ast.Call(ast.Name("_placed"), [self.written(a), *others], [])
            case ast.Call(ast.Name("_rest" | "_kernel"), [a, *how]) if self.is_free(a):
                return ast.Call(code.func, [self.written(a), *how, ast.Constant(True)], [])
            case ast.Call(ast.Name("_without"), [ast.Name(n) as a, y]) if self.is_own(n) and (
                self.left[n] and self.here[n] == 1
            ):
                return ast.Call(code.func, [a, y, ast.Constant(True)], [])
            case ast.Call(ast.Name("_without"), [a, *others]) if self.is_free(a, *others):
                placed = [self.written(a), *others, ast.Constant(0)]
                total = ast.Attribute(ast.Call(ast.Name("_placed"), placed, []), "sum", ast.Load())
                return ast.Call(total, [ast.Constant(-1)], [])
            case ast.Call(ast.Attribute(), [a]) if called(code) in ALONE:
                inner = self.written(a)
                return _call(called(code), inner) if self.is_free(a) else _with(code, inner)
            case ast.Call(ast.Attribute(a, name), args) if name in ("sum", "amax", "amin"):
                method = ast.Attribute(self.written(a), name, ast.Load())
                return ast.Call(method, args, code.keywords)
            case ast.Tuple(parts):
                return ast.Tuple([self.written(p) for p in parts], ast.Load())
            case ast.Call(ast.Name("_pulled"), [x, *factors]):
                return ast.Call(code.func, [x, *self.factors(factors)], [])
        return code

    def product(self, code: ast.expr) -> tuple[ast.expr, ast.expr] | None:
        """The factors of a product of two arrays that are not short, and a number or not."""
        match code:
            case ast.BinOp(ast.BinOp(b, ast.Mult(), c), ast.Mult(), ast.Constant() as n):
                code = ast.BinOp(b, ast.Mult(), ast.BinOp(c, ast.Mult(), n))
        match code:
            case ast.BinOp(b, ast.Mult(), c):
                few = any(self.is_small(f) or self.is_number(f) for f in (b, c))
                return None if few else (b, c)
        return None

    def shortened(self, code: ast.expr) -> tuple[ast.expr, ast.expr] | None:
        """The factors of a product of an array with a short one, over a number or not."""
        match code:
            case ast.BinOp(
                ast.BinOp(b, ast.Mult(), c), ast.Div(), ast.Name() | ast.Constant() as n
            ):
                code = ast.BinOp(b, ast.Mult(), ast.BinOp(c, ast.Div(), n))  # of a number or so
        match code:
            case ast.BinOp(b, ast.Mult(), c) if self.is_small(c) and not self.is_small(b):
                return None if self.is_number(c) or self.is_number(b) else (b, c)
        return None

    def less(self, a: ast.expr, b: ast.expr, c: ast.expr) -> ast.expr:
        """a - b c, where c is short: at once, in the place of a, or of b, where that is free."""
        minus = ast.UnaryOp(ast.USub(), c)
        if self.is_free(a, b):
            return _call("addcmul", self.written(a), self.written(b), minus)
        if self.is_free(b, a):
            return _call("add", _call("mul", self.written(b), minus), self.written(a))
        at_once = ast.Attribute(self.written(a), "addcmul", ast.Load())
        return ast.Call(at_once, [self.written(b), minus], [])

    def factors(self, factors: Sequence[ast.expr]) -> list[ast.expr]:
        """Factors of a product that is summed: two, where one is an array of its own, are one."""
        match factors:
            case [a, b] if self.is_free(a, b):
                return [_call("mul", self.written(a), self.written(b))]
            case [b, a] if self.is_free(a, b):
                return [_call("mul", self.written(a), self.written(b))]
        return [self.written(f) for f in factors]

    def is_free(self, a: ast.expr, *others: ast.expr) -> bool:
        """Does nobody else hold a tensor, nor look at it while it changes?"""
        if self.is_small(a) or self.is_number(a):
            return False
        if not isinstance(a, ast.Name):
            return self.is_new(a)
        beside = Counter(n for o in others for n in reads(o))[a.id]
        return (
            self.is_own(a.id)
            and self.left[a.id] == 0
            and self.here[a.id] == 1 + beside  # nor is it read elsewhere in the line
            and beside == sum(_summed(o, a.id) for o in others)
        )

    def is_own(self, name: str) -> bool:
        """Is it a tensor of these lines, at which nothing looks in another way?"""
        return name in self.own and name not in self.looked_at | self.looped

    def is_new(self, code: ast.expr) -> bool:
        """Is what is computed an array of its own?"""
        match code:
            case ast.BinOp() | ast.UnaryOp(ast.USub()):
                return True
            case ast.Call(args=[*_, ast.Constant(True)]):  # in the place of another
                return False
            case ast.Call():
                return called(code) in MADE
        return False

    def is_number(self, code: ast.expr) -> bool:
        """Is it a number of Python's?"""
        return {*reads(code)} <= self.numbers

    def is_small(self, code: ast.expr) -> bool:
        return is_reduced(code, self.small)


class _Summed(ast.NodeTransformer):
    """Code that is short: what it sums is written, and nothing else is worth it."""

    def __init__(self, lines: _Written) -> None:
        self.lines = lines

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return self.lines.written(node) if called(node) in REDUCTIONS else self.generic_visit(node)


def _summed(code: ast.expr, name: str) -> int:
    """How often a name stands where only a sum or the like of it is used."""
    sums = (n for n in ast.walk(code) if called(n) in ("sum", "amax", "amin"))
    return sum(reads(n).count(name) for n in sums)


def _call(op: str, *operands: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("_in_place"), [ast.Constant(op), *operands], [])


def _with(code: ast.Call, inner: ast.expr) -> ast.expr:
    return ast.Call(code.func, [inner], [])
