r"""Reaches: how far a sum, a function, and a derivative before a product, may reach.

Gives `reaches`, a side in each other way, and `first_factors`, which has (log u) v for log u v.
Σ a + b may be Σ (a + b) or, where the reader drew b into it, (Σ a) + b; what the author's brackets
close is left as it stands.  ∂/∂x u · v is often the derivative of u, times v, and ∂/∂x u + v that
of u + v; log u (v) may be log(u (v)).

Imports the reader.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from functools import partial
from typing import cast

from symderiv.reader import scan, tree

_PRODUCTS = (ast.BitAnd, ast.MatMult, ast.Mult)


def reaches(whole: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Every other way in which a sum or a derivative of a side may reach, and what that is."""
    yield from _slopes(whole)
    nodes = scan.walk(whole)
    if any(scan.is_open_ended(n) for n in nodes if isinstance(n, ast.Call)):
        yield _Widened().visit(copy.deepcopy(whole)), "the function covers the bracket behind it"
    for node in nodes:
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
                if (found := _last_sum(left)) is not None:
                    body = tree.binary(found.args[0], sign, right, found.args[0].col_offset)
                    wider = tree.call("sum", [body, *found.args[1:]], found.col_offset)
                    made = _put(whole, node, _put(left, found, wider))
                    letters = ", ".join(scan.own_letters(found))
                    yield made, f"the sum over {letters} also covers the term behind it"
                yield from _wider_slopes(whole, node)
    for node in nodes:
        match node:
            case ast.Call(
                func=ast.Name(id="sum"),
                args=[ast.BinOp(op=ast.Add() | ast.Sub()) as body, _, *_] as args,
            ) if not scan.is_closed(body):
                short = tree.call("sum", [body.left, *args[1:]], node.col_offset)
                apart = tree.binary(short, body.op, body.right, node.col_offset)
                letters = ", ".join(scan.own_letters(node))
                yield _put(whole, node, apart), f"the sum over {letters} covers its first term only"


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


def _put(whole: ast.expr, part: ast.expr, other: ast.expr) -> ast.expr:
    """A term with another one for a part of it."""
    return tree.copied(whole, lambda node: other if node is part else None)


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
    last = _last(term)
    return last if last and scan.called(last) == "sum" and len(last.args) > 1 else None


def _last(term: ast.expr) -> ast.Call | None:
    """The sum, or whatever is called, with which a term ends."""
    if scan.is_closed(term):
        return None
    match term:
        case ast.Call():
            return term
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.MatMult() | ast.Mult(), right=right):
            return _last(right)
        case ast.UnaryOp(operand=operand):
            return _last(operand)
    return None


def _wider_slopes(whole: ast.expr, node: ast.BinOp) -> Iterator[tuple[ast.expr, str]]:
    """∂/∂x u + v - w with the derivative of u + v - w."""
    behind, part = list[ast.BinOp](), cast(ast.expr, node)
    while isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add | ast.Sub):
        behind.append(part)
        part = part.left
        found = _last(part)
        while found is not None and _is_before(found.args[0]):  # ∂/∂x ∂/∂y u, and ∂²/∂x² u
            found = cast(ast.Call, found.args[0])
        if found is not None and _is_before(found) and not scan.is_closed(found.args[0]):
            body, by = found.args
            for term in reversed(behind):
                body = tree.binary(body, term.op, term.right, body.col_offset)
            wider = tree.call("partial", [body, by], found.col_offset)
            yield _put(whole, node, _put(part, found, wider)), "the derivative covers all behind it"
        if scan.is_closed(part):
            return


def _slopes(whole: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """∂/∂x u · v with the derivative of u alone: all of them, or one."""
    found = {id(n): at for n in scan.walk(whole) if (at := _covered(n)) is not None}
    for chosen in (found, *({n: at} for n, at in found.items() if len(found) > 1)):
        if chosen:
            yield (
                tree.copied(whole, partial(_narrowed, chosen)),
                "the derivative covers what stands before the dot only",
            )


def _narrowed(chosen: Mapping[int, ast.BinOp], node: ast.expr) -> ast.expr | None:
    """One of these derivatives, with what stands behind the first dot taken out of it."""
    at = chosen.get(id(node))
    if at is None:
        return None
    assert isinstance(node, ast.Call)
    body, by = node.args
    inside = partial(_narrowed, chosen)
    left = tree.call("partial", [tree.copied(at.left, inside), by], node.col_offset)
    apart = tree.binary(left, at.op, tree.copied(at.right, inside), at.col_offset)
    return tree.copied(body, lambda n: apart if n is at else inside(n))


def _covered(node: ast.AST) -> ast.BinOp | None:
    """The product at the first dot behind ∂/∂x, None where it stands before one piece."""
    match node:
        case ast.Call(args=[ast.BinOp() as body, _]) if _is_before(node):
            found = None
            part: ast.expr = body
            while isinstance(part, ast.BinOp) and isinstance(part.op, _PRODUCTS):
                found = part if isinstance(part.op, ast.BitAnd) else found
                part = part.left
            return found
    return None


def _is_before(node: ast.AST) -> bool:
    """Does ∂/∂x stand before what it covers?

    Where the function stands above the bar, before its variable, nobody doubts what is meant.
    """
    match node:
        case ast.Call(func=ast.Name(id="partial"), args=[body, by]):
            return by.col_offset < body.col_offset
    return False
