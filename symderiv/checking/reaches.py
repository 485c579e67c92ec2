r"""Reaches: how far a sum, a function, and a derivative before a product, may reach.

Gives `reaches`, a side in each other way, and `first_factors`, which has (log u) v for log u v.
Σ a + b may be Σ (a + b) or, where the reader drew b into it, (Σ a) + b; what the author's brackets
close is left as it stands.  ∂/∂x u · v is often the derivative of u, times v; log u (v) may be
log(u (v)).

Imports the reader.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import cast

from symderiv.reader import scan, tree

_PRODUCTS = (ast.BitAnd, ast.MatMult, ast.Mult)


def reaches(whole: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Every other way in which a sum or a derivative of a side may reach, and what that is."""
    yield from _slopes(whole)
    if any(scan.is_open_ended(n) for n in ast.walk(whole) if isinstance(n, ast.Call)):
        yield _Widened().visit(copy.deepcopy(whole)), "the function covers the bracket behind it"
    copied = copy.deepcopy(whole)
    places = [n for n in ast.walk(copied) if isinstance(n, ast.BinOp)]
    for node in places:
        if not isinstance(node.op, ast.Add | ast.Sub):
            continue
        found = _last_sum(node.left)
        if found is None:
            continue
        body, before = found.args[0], (node.left, node.op, node.right)
        found.args[0] = tree.binary(body, node.op, node.right, body.col_offset)
        node.op, node.right = ast.Add(), tree.number("0", 0)
        letters = ", ".join(scan.own_letters(found))
        yield copy.deepcopy(copied), f"the sum over {letters} also covers the term behind it"
        found.args[0] = body
        node.left, node.op, node.right = before
    for number, call in enumerate(_sums_of_two(copied)):
        letters = ", ".join(scan.own_letters(call))
        made = _Shortened(number).visit(copy.deepcopy(copied))
        yield made, f"the sum over {letters} covers its first term only"


def first_factors(whole: ast.expr) -> ast.expr | None:
    """Every function without brackets on its first factor alone, where it stands before several."""
    visitor = _FirstFactors()
    made = visitor.visit(copy.deepcopy(whole))
    return made if visitor.found else None


class _FirstFactors(ast.NodeTransformer):
    """Takes what stands behind the first factor out of a function: log u v as (log u) v.

    Nobody who writes log 2 before a factor means the number log 2.
    """

    found = False

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        last, part = None, node.args[0] if scan.stands_beside(node) else node
        while isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult | ast.Mult):
            last, part = part, part.left
        if last is None or isinstance(part, ast.Constant):
            return node
        self.found = True
        whole, node.args[0], last.left = node.args[0], part, node
        return whole


def _sums_of_two(whole: ast.expr) -> list[ast.Call]:
    return [n for n in ast.walk(whole) if isinstance(n, ast.Call) and _is_sum_of_two(n)]


def _is_sum_of_two(node: ast.Call) -> bool:
    match node:
        case ast.Call(
            func=ast.Name(id="sum"), args=[ast.BinOp(op=ast.Add() | ast.Sub()) as body, _, *_]
        ):
            return not scan.is_closed(body)
    return False


class _Shortened(ast.NodeTransformer):
    """Takes the last term out of one sum: Σ (a + b) as (Σ a) + b."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.chosen: ast.Call | None = None

    def visit(self, node: ast.AST) -> ast.expr:
        if self.chosen is None and isinstance(node, ast.expr):
            self.chosen = _sums_of_two(node)[self.number]
        if node is not self.chosen or not isinstance(node, ast.Call):
            return cast(ast.expr, self.generic_visit(node))
        body = node.args[0]
        assert isinstance(body, ast.BinOp)
        short = tree.call("sum", [body.left, *node.args[1:]], node.col_offset)
        return tree.binary(short, body.op, body.right, node.col_offset)


class _Widened(ast.NodeTransformer):
    """Takes what stands behind a function without brackets under it: log u (v) as log(u (v))."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        last = node.left
        while isinstance(last, ast.BinOp) and isinstance(last.op, ast.MatMult | ast.Mult):
            last = last.right
        if isinstance(node.op, ast.MatMult | ast.Mult) and scan.is_open_ended(last):
            assert isinstance(last, ast.Call)
            last.args[0] = tree.times(last.args[0], node.right)
            return node.left
        return node


def _last_sum(term: ast.expr) -> ast.Call | None:
    if scan.is_closed(term):
        return None
    match term:
        case ast.Call() if scan.called(term) == "sum" and len(term.args) > 1:
            return term
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.MatMult() | ast.Mult(), right=right):
            return _last_sum(right)
        case ast.UnaryOp(operand=operand):
            return _last_sum(operand)
    return None


def _slopes(whole: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """∂/∂x u · v with the derivative of u alone: all of them, or one."""
    count = sum(_covered(n) is not None for n in ast.walk(whole))
    for chosen in (range(count), *([n] for n in range(count if count > 1 else 0))):
        if count:
            made = _Narrowed(frozenset(chosen)).visit(copy.deepcopy(whole))
            yield made, "the derivative covers what stands before the dot only"


def _covered(node: ast.AST) -> ast.BinOp | None:
    """The product at the first dot behind ∂/∂x, None where what is differentiated is in one piece.

    Where the function stands above the bar, before its variable, nobody doubts what is meant.
    """
    match node:
        case ast.Call(func=ast.Name(id="partial"), args=[ast.BinOp() as body, by]):
            if by.col_offset > body.col_offset:
                return None
            found = None
            part: ast.expr = body
            while isinstance(part, ast.BinOp) and isinstance(part.op, _PRODUCTS):
                found = part if isinstance(part.op, ast.BitAnd) else found
                part = part.left
            return found
    return None


class _Narrowed(ast.NodeTransformer):
    """Takes what stands behind the first dot out of the derivatives of these numbers."""

    def __init__(self, chosen: frozenset[int]) -> None:
        self.chosen = chosen
        self.count = 0

    def visit_Call(self, node: ast.Call) -> ast.expr:
        at = _covered(node)
        if at is not None:
            self.count += 1
            if self.count - 1 in self.chosen:
                body = node.args[0]
                node.args[0], at.left = at.left, node
                self.generic_visit(node)
                self.generic_visit(body)
                return body
        return cast(ast.expr, self.generic_visit(node))
