"""Restrictions: sums over part of their letters' values, brought to sums over all of them.

Gives `subscripting`, `starts`, `last` and `unrestricted`: `sum(e, k, k != i)` is the sum over every
k of (1 - delta(k,i))*e, and an end that is a letter is a condition, `sum(x[k], (k, i, N))` the sum
of iverson(k >= i)*x[k], as is a start at a size, `sum(x[t], (t, P+1, T))`.  What a product leaves
out is 1: `prod(e, k, k < i)` is that of iverson(k < i)*e + iverson(k >= i).

Imports pieces, scan, tree and refusal.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

from symderiv.reader import scan, tree
from symderiv.reader.pieces import Piece
from symderiv.reader.refusal import Source


def unrestricted(piece: Piece, letters: Collection[str]) -> Piece:
    """The piece with every restricted sum or product written over all values of its letters.

    Parameters
    ----------
    letters : the names that are index letters somewhere, so that they end no axis

    Raises
    ------
    ReadError
        for a condition on the letters of a maximum or mean.
    """
    if not any(scan.called(call) in scan.BINDERS for t in piece.trees for call in scan.calls(t)):
        return piece
    change = partial(_unrestricted, piece.source, letters)
    left = None if piece.left is None else tree.copied(piece.left, change)
    return replace(piece, left=left, right=tree.copied(piece.right, change))


def subscripting(trees: Iterable[ast.expr]) -> frozenset[str]:
    """The names that stand in subscripts, or that a sum binds."""
    found: set[str] = set()
    for node in (n for t in trees for n in scan.walk(t)):
        if isinstance(node, ast.Subscript):
            found |= {x.id for x in scan.walk(node.slice) if isinstance(x, ast.Name)}
        elif isinstance(node, ast.Call) and scan.called(node) in scan.BINDERS:
            found |= set(scan.own_letters(node))
    return frozenset(found)


def starts(trees: Sequence[ast.expr]) -> frozenset[str]:
    """The names at which sums begin and that none runs over: in (t, s, T) s is an index."""
    binding = [c for t in trees for c in scan.calls(t) if scan.called(c) in scan.BINDERS]
    lows = (p.elts[1] for c in binding for p in c.args if isinstance(p, ast.Tuple) and p.elts[1:])
    runs = {x for call in binding for x in scan.own_letters(call)}
    return frozenset(n.id for n in lows if isinstance(n, ast.Name) and n.id.islower()) - runs


def last(trees: Sequence[ast.expr]) -> frozenset[str]:
    """The capitals at which sums end and that none runs over: in x[N] N is a size, no letter."""
    runs = {x for t in trees for call in scan.calls(t) for x in scan.own_letters(call)}
    return frozenset(filter(str.isupper, scan.sizes(trees) - runs))


def _unrestricted(source: Source, letters: Collection[str], node: ast.expr) -> ast.expr | None:
    """A restricted sum or product over all values of its letters; None for any other term."""
    name = scan.called(node) if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or name not in scan.BINDERS:
        return None
    body, *ranges = (tree.copied(a, partial(_unrestricted, source, letters)) for a in node.args)
    conditions = [a for a in ranges if isinstance(a, ast.Compare)]
    parts: list[ast.expr] = []
    for part in ranges:
        if not isinstance(part, ast.Compare):
            whole, more = _range(part, letters)
            if more:
                _check_start(part, body, source)
            parts.append(whole)
            conditions += more
    if not conditions or not parts:
        return None
    if name not in ("sum", "prod"):
        at = conditions[0].col_offset
        raise source.refuse(at, f"only a sum or product has a condition on its letters, no {name}")
    once = {ast.unparse(condition): condition for condition in conditions}
    for condition in reversed(once.values()):
        body = (_where if name == "sum" else _else_one)(condition, body, source)
    return tree.call(name, [body, *parts], node.col_offset)


def _range(part: ast.expr, letters: Collection[str]) -> tuple[ast.expr, list[ast.Compare]]:
    """A range whose ends are letters as one over the axis, and what is asked of its letter.

    (k, 1, min(i, H)) is (k, 1, H) where k <= i.
    """
    match part:
        case ast.Tuple(elts=[ast.Name() as head, low, high]):
            pass
        case _:
            return part, []
    ends = high.args if isinstance(high, ast.Call) and scan.called(high) == "min" else [high]
    below = [end for end in ends if _is_letter(end, letters)]
    sizes = [end for end in ends if end not in below]
    if len(sizes) > 1:
        return part, []
    conditions: list[ast.Compare] = []
    if _is_letter(low, letters) or _is_added(low):
        conditions.append(tree.compare(head, ast.GtE(), low))
        low = tree.number("1", low.col_offset)
    elif not (sizes or (isinstance(low, ast.Constant) and low.value == 1)):
        conditions.append(tree.compare(head, ast.GtE(), low))
    conditions += (tree.compare(head, ast.LtE(), end) for end in below)
    whole = tree.tuple_of([head, low, *sizes], part.col_offset) if sizes else head
    return (whole if conditions else part), conditions


def _check_start(part: ast.expr, body: ast.expr, source: Source) -> None:
    """Refuse a start that may be below 1, i - 1, of a letter that no axis holds to its values."""
    match part:
        case ast.Tuple(elts=[ast.Name(id=head), low, _]) if not isinstance(low, ast.Constant):
            if not _is_added(low) and head not in subscripting([body]):
                raise source.refuse(
                    low.col_offset,
                    f"{head} begins at {ast.unparse(low)}, which may be below 1, and subscripts "
                    "no array; shift it, so that it begins at 1 or at a letter",
                )


def _is_letter(end: ast.expr, letters: Collection[str]) -> bool:
    names = [n.id for n in scan.walk(end) if isinstance(n, ast.Name)]
    return bool(names) and all(n in letters for n in names)


def _is_added(start: ast.expr) -> bool:
    """Is it a name, or that and more names and numbers, so 1 or more: P, P+1?"""
    match start:
        case ast.BinOp(left, ast.Add(), ast.Constant(value=int())):
            return _is_added(left)
        case ast.BinOp(left, ast.Add(), right):
            return _is_added(left) and _is_added(right)
    return isinstance(start, ast.Name)


def _where(condition: ast.Compare, body: ast.expr, source: Source) -> ast.expr:
    """The body where the condition holds, else 0."""
    return tree.binary(_weight(condition, source), ast.Mult(), body, condition.col_offset)


def _else_one(condition: ast.Compare, body: ast.expr, source: Source) -> ast.expr:
    """The body where the condition holds, else 1."""
    inside = _where(condition, body, source)
    return tree.plus(inside, _weight(tree.opposite(condition), source))


def _weight(condition: ast.Compare, source: Source) -> ast.expr:
    """1 where the condition holds, else 0."""
    at = condition.col_offset
    if len(condition.ops) != 1:
        raise source.refuse(at, "one comparison at a time: write a < b and b < c apart")
    sides = (condition.left, *condition.comparators)
    plain = all(isinstance(x, ast.Name | ast.Constant | ast.Subscript) for x in sides)
    return tree.bracket(condition, at, indices=plain)
