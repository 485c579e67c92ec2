"""Ranges: what stands after the body of a sum, k or (k, 1, K) or (k, 2, K-1).

Gives `Range` and `range_of`.  A letter alone, or from 1 to a size or a number, runs over a whole
axis.  Any other range is a part of one: its letter makes no axis, but the sizes in its end are
those of the axes that it subscripts, and `fit` sees to it that it stays on them.

Imports names, scope and terms.
"""

from __future__ import annotations

import ast

from sympy import Expr, Integer, Symbol

from symderiv.reader.axes import Axes
from symderiv.reader.scope import Index, Scope
from symderiv.records import dataclass
from symderiv.terms import size
from symderiv.terms.letters import free_letters

LARGEST_SIZE = 1_000
LARGEST_SHIFT = 100


@dataclass(frozen=True)
class Range:
    """A letter and where it runs: `start` and `end` are nodes, None for a whole axis unnamed."""

    head: ast.Name
    start: int = 1
    end: ast.expr | None = None
    shift: int = 0  # (k, 1, K-1): end is the node K, shift is -1

    @property
    def is_whole(self) -> bool:
        return self.start == 1 and self.shift == 0

    @property
    def high(self) -> Expr:
        """The end of a range that has one, in sizes."""
        if isinstance(self.end, ast.Constant):
            assert isinstance(self.end.value, int)
            return Integer(self.end.value)
        assert isinstance(self.end, ast.Name)
        return size(self.end.id) + self.shift


def range_of(name: str, part: ast.expr, scope: Scope) -> Range:
    """The range that a binder of that name is given."""
    match part:
        case ast.Name():
            return Range(part)
        case ast.Tuple(elts=[ast.Name() as head, ast.Constant(value=int(start)) as low, end]):
            if not 1 <= start <= LARGEST_SIZE:
                raise scope.refuse(
                    low, f"indices count from 1, and so do ranges: ({head.id}, 1, K)"
                )
            found = Range(head, start, *_end(end, scope))
        case ast.Tuple(elts=[ast.Name() as head, start, _]):
            raise scope.refuse(
                start, f"a range begins at a number or a name, 1 or P+1: ({head.id}, 1, K)"
            )
        case _:
            raise scope.refuse(part, f"after the body of a {name}: a letter, k, or (k, 1, K)")
    if not found.is_whole:
        _check_part(name, found, part, scope)
    return found


def _end(end: ast.expr, scope: Scope) -> tuple[ast.expr, int]:
    match end:
        case ast.Constant(value=int(value)) if 1 <= value <= LARGEST_SIZE:
            return end, 0
        case ast.Name():
            return end, 0
        case ast.BinOp(
            left=ast.Name() as name,
            op=ast.Add() | ast.Sub() as sign,
            right=ast.Constant(value=int(n)),
        ) if 0 <= n <= LARGEST_SHIFT:
            return name, n if isinstance(sign, ast.Add) else -n
    raise scope.refuse(
        end,
        f"a range ends at the name of a size, K or K-1, or a number from 1 to {LARGEST_SIZE}",
    )


def _check_part(name: str, found: Range, part: ast.expr, scope: Scope) -> None:
    letter = found.head.id
    if name in ("max", "min"):
        raise scope.refuse(
            part, f"{name} runs over a whole axis, which is never empty: ({letter}, 1, K)"
        )
    if scope.foreign:
        raise scope.refuse(part, f"a range here is ({letter}, 1, K)")
    if isinstance(found.high, Integer) and found.start > found.high:
        raise scope.refuse(part, f"from {found.start} to {found.high} there is nothing")


def fit(axes: Axes, axis: int, index: Index, scope: Scope, node: ast.AST) -> None:
    """Keep an index that holds a letter of a part of an axis on the axis that it subscripts.

    The axis gets the size that ends the part; what runs past either end is refused.
    """
    spans = {i.expr: i.span for i in scope.letters.values() if i.span}
    letters = [s for s in free_letters(index.expr) if s in spans]
    if len(letters) != 1 or not (index.expr - letters[0]).is_Integer:
        return
    (letter,) = letters
    shift = int(index.expr - letter)
    low, high = spans[letter]
    source, at = scope.place(node)
    last = high + shift
    if low + shift < 1:
        raise source.refuse(at, f"at {letter} = {low} the index {index.expr} is {low + shift}")
    if isinstance(last, Integer):
        axes.reach(axis, int(last), source, at)
        return
    (whole,) = last.free_symbols
    if last - whole > 0:
        raise source.refuse(
            at, f"at {letter} = {high} the index {index.expr} is {last}, after the last, {whole}"
        )
    assert isinstance(whole, Symbol)
    axes.give(axis, whole, source, at)
