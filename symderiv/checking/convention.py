r"""Einstein's convention: a letter that stands twice in a product is summed over there.

Gives `repeated` (the letters that stand so in a term, and those that do not) and `summed` (the term
with its sums).  The product is the innermost one that has the letter twice: a sum of terms counts
as one factor, so that (y_i - t_i)(y_i - t_i) is one sum; what stands in a root, a square or a
function is closed before it is a factor, so that (a_i b_i)^2 is the square of a sum.

Imports the reader.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Collection

from symderiv.reader import scan, tree

CONVENTION = "repeated indices are summed over"  # what a line needs that is read so
TWICE = 2


def repeated(term: ast.expr) -> tuple[frozenset[str], frozenset[str]]:
    """The letters that stand twice in a product, and those that stand once at its end."""
    reading = _Convention(None)
    _, left = reading.closed(term)
    return frozenset(reading.found), frozenset(left)


def summed(term: ast.expr, letters: Collection[str]) -> ast.expr:
    """The term with a sum over each of these letters, where it stands twice."""
    return _Convention(frozenset(letters)).closed(term)[0]


class _Convention:
    """One walk through a term; `letters` are those that are summed, all where there are none."""

    def __init__(self, letters: frozenset[str] | None) -> None:
        self.letters = letters
        self.found: set[str] = set()
        self.bound: frozenset[str] = frozenset()  # by the sums around the term

    def closed(self, term: ast.expr) -> tuple[ast.expr, set[str]]:
        """A term that ends here, with its sums, and the letters that are left free in it."""
        body, count = self._factor(term)
        twice = {x for x, n in count.items() if n >= TWICE} - self.bound
        mine = sorted(twice if self.letters is None else twice & self.letters)
        self.found.update(mine)
        if mine:
            letters = [tree.name(x, term.col_offset) for x in mine]
            body = tree.call("sum", [body, *letters], term.col_offset)
        return body, set(count) - set(mine)

    def _factor(self, term: ast.expr) -> tuple[ast.expr, Counter[str]]:
        """A term as a factor, and how often each letter stands in it."""
        match term:
            case ast.BinOp(left=left, op=ast.Pow() as op, right=ast.Constant(value=2) as right):
                inner, letters = self.closed(left)
                made = tree.binary(inner, op, right, term.col_offset)
                return made, Counter(dict.fromkeys(letters, TWICE))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Pow() as op, right=right):
                one, other = self.closed(left), self.closed(right)
                made = tree.binary(one[0], op, other[0], term.col_offset)
                return made, Counter(one[1] | other[1])
            case ast.BinOp(left=left, op=ast.Div() as op, right=right):
                body, count = self._factor(left)
                below, letters = self.closed(right)
                made = tree.binary(body, op, below, term.col_offset)
                return made, count + Counter(letters)
            case ast.BinOp(left=left, op=op, right=right):
                body, count = self._factor(left)
                beside, more = self._factor(right)
                return tree.binary(body, op, beside, term.col_offset), count + more
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                body, count = self._factor(operand)
                return tree.negative(body, term.col_offset), count
            case ast.Subscript():
                return term, Counter(s.id for s in scan.slots(term) if isinstance(s, ast.Name))
            case ast.Call():
                return self._call(term)
        return term, Counter()

    def _call(self, term: ast.Call) -> tuple[ast.expr, Counter[str]]:
        function = scan.called(term)
        if function == "delta":
            return term, Counter(a.id for a in term.args if isinstance(a, ast.Name))
        if function in ("iverson", "where"):  # cases are written for letters that are free
            return term, Counter(scan.free_subscripts(term))
        count: Counter[str] = Counter()
        arguments: list[ast.expr] = []
        bound = scan.own_letters(term) if function in scan.BINDERS else ()
        around, self.bound = self.bound, self.bound | frozenset(bound)
        for number, argument in enumerate(term.args):
            if number and bound:
                arguments.append(argument)
                continue
            body, letters = self.closed(argument)
            arguments.append(body)
            more = Counter(letters - set(bound))
            # of ∂y_i/∂x_i the letter stands twice; of max(a_i, b_i) it is one
            count = count + more if function == "partial" else count | more
        self.bound = around
        made = copy.copy(term)  # with what is noted of how it is written
        made.args = arguments
        return made, count
