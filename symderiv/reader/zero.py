"""Zero: texts whose sums begin at 0, counted from 1 as everything here is.

Gives `begins_at_zero` and `counted_from_one`: where a sum runs from 0 to n - 1 every index of the
texts is one more, i as a value i - 1, x[0] the component x[1], and x[n-1] the last, x[n].  What
mixes both ways of counting is refused.

Imports pieces, refusal, restrictions, scan and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import replace

from symderiv.reader import scan, tree
from symderiv.reader.pieces import Piece
from symderiv.reader.restrictions import subscripting
from symderiv.records import dataclass

_MIXED = "a sum begins at 0 here, so all do and end at n-1, and indices are letters or numbers"


def begins_at_zero(pieces: Sequence[Piece]) -> bool:
    """Does a sum begin at 0?"""
    return any(
        _low(part) == 0
        for piece in pieces
        for side in piece.trees
        for call in scan.calls(side)
        if scan.called(call) in scan.BINDERS
        for part in call.args[1:]
    )


def counted_from_one(
    pieces: Sequence[Piece], letters: Collection[str] = (), sizes: Collection[str] = ()
) -> tuple[Piece, ...]:
    """The pieces with every index one more.

    Parameters
    ----------
    letters, sizes : names that are known to be index letters, and sizes

    Raises
    ------
    ReadError
        for a sum that begins elsewhere, and for an index that is neither a letter nor a number.
    """
    trees = [side for piece in pieces for side in piece.trees]
    runs = {x for side in trees for call in scan.calls(side) for x in scan.own_letters(call)}
    sizes = (scan.sizes(trees) - runs).difference(letters).union(sizes)
    letters = subscripting(trees).union(letters) - sizes
    return tuple(_counted(piece, letters, sizes) for piece in pieces)


def _counted(piece: Piece, letters: Collection[str], sizes: Collection[str]) -> Piece:
    count = _Count(piece, letters, sizes)
    left = piece.left
    if isinstance(left, ast.Subscript) and piece.source.role != "assumption":
        if scan.name_of(left) in {*scan.words([piece.right])} or any(
            not isinstance(slot, ast.Name) for slot in scan.slots(left)
        ):
            raise piece.source.refuse(piece.at, "a recurrence stands beside no sum from 0")
    elif left is not None:
        left = tree.copied(left, count.term)
    return replace(piece, left=left, right=tree.copied(piece.right, count.term))


def _low(part: ast.expr) -> object:
    match part:
        case ast.Tuple(elts=[ast.Name(), ast.Constant(value=low), _]):
            return low
    return None


@dataclass(frozen=True)
class _Count:
    """One more, in the terms of a piece."""

    piece: Piece
    letters: Collection[str]
    sizes: Collection[str]

    def term(self, node: ast.expr) -> ast.expr | None:
        """What stands in place of a term; None where that is decided by its parts."""
        at = node.col_offset
        match node:
            case ast.Name(id=name) if name in self.letters:
                return tree.minus(tree.name(name, at), tree.number("1", at))
            case ast.Subscript(value=array):
                made = array if isinstance(array, ast.Name) else tree.copied(array, self.term)
                return tree.component(made, [self._index(x) for x in scan.slots(node)], at)
            case ast.Call(func=ast.Name(id="delta"), args=args):
                return tree.call("delta", [self._index(x) for x in args], at)
            case ast.Compare(left=one, ops=[sign], comparators=[other]):
                if any(self._is_letter(side) for side in (one, other)):
                    self._check_indices(node, sign)
                    return tree.compare(self._index(one), sign, self._index(other))
            case ast.Call(func=ast.Name(id=name), args=[body, *parts]) if name in scan.BINDERS:
                if scan.own_letters(node):
                    ranges = [self._range(part) for part in parts]
                    return tree.call(name, [tree.copied(body, self.term), *ranges], at)
        return None

    def _is_letter(self, side: ast.expr) -> bool:
        """Is it an index letter, or one and a number?"""
        if isinstance(side, ast.BinOp) and isinstance(side.right, ast.Constant):
            side = side.left
        return isinstance(side, ast.Name) and side.id in self.letters

    def _check_indices(self, node: ast.Compare, sign: ast.cmpop) -> None:
        """Refuse a letter held against what may be a number of values, i < m."""
        for side in (node.left, *node.comparators):
            known = isinstance(side, ast.Constant) or self._is_letter(side)
            if not known and not isinstance(sign, ast.Eq | ast.NotEq):
                raise self.piece.source.refuse(side.col_offset, _MIXED)

    def _range(self, part: ast.expr) -> ast.expr:
        match part:
            case ast.Name():
                return part
            case ast.Compare():
                return tree.copied(part, self.term)
            case ast.Tuple(elts=[head, ast.Constant(value=0), end]):
                one = tree.number("1", part.col_offset)
                return tree.tuple_of([head, one, self._index(end)], part.col_offset)
            case ast.Tuple(elts=[head, ast.Name(id=low) as start, end]) if self._runs(low):
                return tree.tuple_of([head, start, self._index(end)], part.col_offset)
        raise self.piece.source.refuse(part.col_offset, _MIXED)

    def _index(self, node: ast.expr) -> ast.expr:
        """An index, or an end of a range, one more where it is no letter."""
        at = node.col_offset
        match node:
            case ast.Constant(value=int(value)):
                return tree.number(str(value + 1), at)
            case ast.Name(id=name) if self._runs(name):
                return node
            case ast.BinOp(
                left=ast.Name(id=name),
                op=ast.Add() | ast.Sub() as sign,
                right=ast.Constant(value=n),
            ):
                if self._runs(name):
                    return node
                if name in self.sizes and isinstance(sign, ast.Sub) and isinstance(n, int) and n:
                    less = tree.minus(node.left, tree.number(str(n - 1), at))
                    return less if n > 1 else node.left
            case ast.Slice():
                return node
            case ast.Subscript():
                return tree.copied(node, self.term)
        raise self.piece.source.refuse(at, _MIXED)

    def _runs(self, name: str) -> bool:
        """Is it a letter, and no size that is named nowhere else?"""
        return name not in self.sizes and not name.isupper()
