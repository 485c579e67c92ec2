"""Operations: what +, *, @, powers and transposes make of shapes.

Gives `elementwise` (any function of components), `product` (matrices and vectors), `transpose`,
`raised` and `total` (a sum over axes).

Imports values and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from symderiv.reader import tree
from symderiv.reader.linear.values import (
    Axes,
    Dialect,
    Indices,
    Misfit,
    Value,
    indices,
    letters_in,
)
from symderiv.reader.refusal import Source
from symderiv.records import dataclass

Combine = Callable[..., ast.expr]


@dataclass
class Operations:
    """Signs between values, by the rules of one dialect.

    Attributes
    ----------
    strict : is a number no term beside an array?
    ones : is one that is written out, 1 - a \\odot a, such a term nevertheless?
    """

    axes: Axes
    dialect: Dialect
    source: Source
    strict: bool = True
    ones: bool = False

    def misfit(self, at: int, message: str) -> Misfit:
        error = self.source.refuse(at, message)
        return Misfit(error.message, error.line, error.column, error.role, error.text)

    def _join(self, one: Value, a: int, other: Value, b: int, at: int) -> None:
        sizes = self.axes.join(one.axes[a], other.axes[b])
        if sizes is not None:
            raise self.misfit(
                at,
                f"{one.shown} and {other.shown} do not fit: "
                f"{sizes[0]} and {sizes[1]} would be one size",
            )

    def elementwise(self, combine: Combine, at: int, shown: str, *values: Value) -> Value:
        """Component by component; numbers go with any shape, shapes that differ do not fit."""
        if any(v.flat is not None for v in values):
            return self._below(combine, at, shown, *values)
        first = max(values, key=lambda v: v.rank)
        for other in values:
            if other is first or (other.rank == 0 and self._goes_with_all(other, first)):
                continue
            self._fit(first, other, at)
        ranks = [v.rank for v in values]

        def write(found: Indices, taken: frozenset[str]) -> ast.expr:
            parts = [
                v.write(found[len(found) - rank :], taken)
                for v, rank in zip(values, ranks, strict=True)
            ]
            return combine(*parts)

        return Value(
            first.axes,
            write,
            shown,
            first.row,
            literal=all(v.literal for v in values),
            indexed=any(v.indexed for v in values),
        )

    def _below(self, combine: Combine, at: int, shown: str, *values: Value) -> Value:
        """Component by component of matrices whose columns stand one below the other."""
        for v in values:
            if v.rank and (v.flat is None or v.row != values[0].row):
                one = next(w for w in values if w.flat is not None)
                raise self.misfit(at, f"{one.shown} and {v.shown} do not fit: {v.kind()}")
        wholes = [v if v.flat is None else v.flat for v in values]
        made = self.flattened(self.elementwise(combine, at, shown, *wholes), at, shown)
        return replace(made, row=values[0].row)

    def flattened(self, value: Value, at: int, shown: str) -> Value:
        """A(:), the columns of a matrix one below the other; of a vector, the column."""
        if value.rank < 2:
            return replace(value, row=False, shown=shown)

        def write(found: Indices, taken: frozenset[str]) -> ast.expr:
            raise self.source.refuse(
                at,
                f"{shown} is one column of components that have two indices here; it stands in "
                "sums, in norms and in inner products with another such",
            )

        return Value((self.axes.new(),), write, shown, flat=value)

    def _goes_with_all(self, number: Value, other: Value) -> bool:
        if self.dialect is Dialect.NUMPY or other.rank == 0 or not self.strict:
            return True
        if self.ones and number.literal:
            return True
        raise self.misfit(0, f"{number.shown} is a number and {other.shown} is {other.kind()}")

    def _fit(self, first: Value, other: Value, at: int) -> None:
        same = first.rank == other.rank
        if same and (first.rank != 1 or first.row == other.row or self.dialect is Dialect.NUMPY):
            for n in range(first.rank):
                self._join(first, n, other, n, at)
        elif self.dialect is Dialect.NUMPY:
            self._join(first, 1, other, 0, at)  # a vector goes along the rows of a matrix
        else:
            raise self.misfit(
                at,
                f"{first.shown} is {first.kind()} and {other.shown} is {other.kind()}; "
                "they have no sum and no elementwise product",
            )

    def scaled(self, combine: Combine, at: int, shown: str, left: Value, right: Value) -> Value:
        """A product or quotient with a number, whatever the dialect."""
        loose = replace(self, strict=False)
        made = loose.elementwise(combine, at, shown, left, right)
        if combine is tree.times and left.rank == 0 and right.rank:
            return replace(made, scale=left, scaled=right)
        return made

    def transpose(self, value: Value, at: int) -> Value:
        if value.scale is not None and value.scaled is not None:
            turned = self.transpose(value.scaled, at)
            whole = self.scaled(tree.times, at, f"({value.shown}).T", value.scale, turned)
            return replace(whole, row=turned.row)
        shown = f"{value.shown}.T" if value.shown.isidentifier() else f"({value.shown}).T"
        if value.rank == 0:
            if self.strict and not value.literal and self.dialect.columns:
                raise self.misfit(at, f"{value.shown} is a number; it has no transpose")
            return value
        if value.rank == 1:
            row = self.dialect.columns and not value.row
            return replace(value, row=row, shown=shown, node=None)
        write = value.write
        return Value(value.axes[::-1], lambda found, taken: write(found[::-1], taken), shown)

    def product(self, left: Value, right: Value, at: int, *, dot: bool = False) -> Value:
        """The product of matrices, of rows and columns, or with a number."""
        shown = f"{left.shown} @ {right.shown}"
        if left.rank == 0 or right.rank == 0:
            if self.dialect is Dialect.NUMPY and self.strict:
                one = left if left.rank == 0 else right
                raise self.misfit(at, f"@ takes arrays, and {one.shown} is a number; write *")
            if self.strict and (left.row or left.rank == 2) and right.indexed:
                # w^T x_n is an inner product, W x_n a column
                raise self.misfit(at, f"{left.shown} is {left.kind()} and {right.shown} a number")
            return self.scaled(tree.times, at, shown, left, right)
        if left.scale is not None and left.scaled is not None:
            inner = self.product(left.scaled, right, at, dot=dot)
            return replace(self.scaled(tree.times, at, shown, left.scale, inner), row=inner.row)
        pair = left.rank, right.rank
        if left.flat is not None and right.flat is not None:
            if not (dot or self.dialect is Dialect.NUMPY or (left.row and not right.row)):
                raise self.misfit(at, f"{shown} has four indices; only the inner product is read")
            turned = replace(left, row=right.row)
            return self.total(
                "sum", self.elementwise(tree.times, at, shown, turned, right), at, shown
            )
        if left.flat is not None or right.flat is not None:
            raise self.misfit(at, f"{left.shown} and {right.shown} do not fit: only one is A(:)")
        if self.dialect.columns and pair == (1, 1) and not dot:
            if left.row == right.row:
                what = "rows" if left.row else "columns"
                raise self.misfit(
                    at,
                    f"{left.shown} and {right.shown} are both {what}; "
                    "a^T b is their inner product, a b^T the outer one",
                )
            if right.row:
                return self.outer(left, right)
        if self.dialect.columns and pair == (2, 1) and right.row:
            raise self.misfit(at, f"{left.shown} is a matrix and {right.shown} a row")
        if self.dialect.columns and pair == (1, 2) and not left.row:
            raise self.misfit(at, f"{left.shown} is a column and {right.shown} a matrix")
        self._join(left, left.rank - 1, right, 0, at)
        axis, cut = right.axes[0], left.rank - 1

        def write(found: Indices, taken: frozenset[str]) -> ast.expr:
            (letter,) = self.axes.fresh(taken | letters_in(found))
            inner = indices((letter,), at)
            below = taken | letters_in(found) | {letter}
            a, of_a = _opened(left.write((*found[:cut], *inner), below))
            below |= letters_in(tuple(of_a))  # the two sums become one: no letter is in both
            b, of_b = _opened(right.write((*inner, *found[cut:]), below))
            made = self.axes.over("sum", (axis,), (letter,), at, tree.times(a, b))
            made.args += (*of_a, *of_b)  # one sum over all letters, as a textbook has it
            return made

        return Value((*left.axes[:-1], *right.axes[1:]), write, shown, row=pair == (1, 2))

    def outer(self, left: Value, right: Value) -> Value:
        def write(found: Indices, taken: frozenset[str]) -> ast.expr:
            return tree.times(left.write(found[:1], taken), right.write(found[1:], taken))

        return Value((*left.axes, *right.axes), write, f"outer({left.shown}, {right.shown})")

    def raised(self, base: Value, exponent: Value, at: int, *, matrix: bool) -> Value:
        """A power: of a number, by components, or of a matrix as such (X^2, X^{-1})."""
        shown = f"{base.shown}**{exponent.shown}"
        if base.root is not None and exponent.shown == base.root[0]:
            return replace(base.root[1], shown=shown)
        if matrix and base.row:
            raise self.misfit(
                at,
                f"{base.shown} is a row, which has no power; its components have, and the inner "
                "product of a column x with itself is x^T x",
            )
        if matrix and base.rank == 2:
            count = int(exponent.shown) if exponent.shown.isdigit() else 0
            if not 1 <= count <= 4:
                raise self.misfit(at, f"the power {exponent.shown} of a matrix is not read")
            total = base
            for _ in range(count - 1):
                total = self.product(total, base, at)
            return total
        return self.scaled(tree.power, at, shown, base, exponent)

    def total(
        self, function: str, value: Value, at: int, shown: str, place: int | None = None
    ) -> Value:
        """A sum (mean, maximum) over all components, or along the axis at a place."""
        value = value if value.flat is None else value.flat
        over = range(value.rank) if place is None else (place,)

        def write(found: Indices, taken: frozenset[str]) -> ast.expr:
            taken |= letters_in(found)
            letters = self.axes.fresh(taken, len(over))
            own, rest = iter(indices(letters, at)), iter(found)
            full = tuple(next(own if n in over else rest) for n in range(value.rank))
            body = value.write(full, taken | set(letters))
            return self.axes.over(function, [value.axes[n] for n in over], letters, at, body)

        left = tuple(a for n, a in enumerate(value.axes) if n not in over)
        return Value(left, write, shown) if value.rank else value


def _opened(term: ast.expr) -> tuple[ast.expr, list[ast.expr]]:
    """A sum as its body and its letters; any other term has none."""
    match term:
        case ast.Call(func=ast.Name(id="sum"), args=[body, *letters]) if letters:
            return body, letters
    return term, []
