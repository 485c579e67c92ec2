"""Names: what each name of a problem is, and the axes of its arrays.

Gives `Names`.  A name has one role: array, stage, scalar, index letter or size.

Imports terms, axes, ranges, scope and refusal.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import field

from sympy import Expr, Symbol

from symderiv.reader.axes import Axes
from symderiv.reader.functions import RESERVED
from symderiv.reader.ranges import fit
from symderiv.reader.refusal import meant
from symderiv.reader.scope import Index, Scope
from symderiv.records import dataclass
from symderiv.terms import Quantity, component

ARRAY, STAGE, SCALAR, LETTER, SIZE = (
    "a given array",
    "a stage",
    "a scalar",
    "an index letter",
    "the size of an axis",
)


@dataclass
class Names:
    """The roles of all names, and the axes of arrays and stages.

    `later` holds stages that are defined further on, `closed` says that no new name may come
    (in a claim), `label_axes` the axes over which the values of label vectors range.
    """

    axes: Axes
    roles: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    label_axes: dict[str, int] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    closed: bool = False

    def declare(self, name: str, role: str, scope: Scope, node: ast.AST) -> None:
        """Give a name its role.

        Raises
        ------
        ReadError
            where it has another one, or none is free for it.
        """
        if name in RESERVED:
            raise scope.refuse(node, f"{name!r} is {RESERVED[name]}; choose another name")
        known = self.roles.get(name)
        if known == role:
            return
        if known is not None:
            hint = ""
            if role == LETTER and known == ARRAY:
                hint = f"; a label is written {name}[n]"
            raise scope.refuse(node, f"{name!r} is {known}; it cannot also be {role}{hint}")
        if self.closed and role in (ARRAY, SCALAR, SIZE):
            near = meant(name, (n for n, r in self.roles.items() if r != LETTER))
            raise scope.refuse(node, f"{name!r} is not in the formula{near}")
        self.roles[name] = role

    def defined_later(self, name: str, scope: Scope, node: ast.AST) -> None:
        """Refuse a stage that is used before its definition."""
        if name in self.later:
            raise scope.refuse(node, f"{name!r} is used before its definition")

    def stage(self, name: str, axes: tuple[int, ...]) -> None:
        """Enter a stage whose definition has been read."""
        self.roles[name] = STAGE
        self.shapes[name] = axes
        self.later.discard(name)

    def component(self, name: str, indices: tuple[Index, ...], scope: Scope, node: ast.AST) -> Expr:
        """A component of an array or stage; its indices range over its axes from here on."""
        self.defined_later(name, scope, node)
        if self.roles.get(name) not in (STAGE, ARRAY):
            self.declare(name, ARRAY, scope, node)
            self.shapes[name] = tuple(self.axes.new(owner=name) for _ in indices)
        shape = self.shapes[name]
        if len(shape) != len(indices):
            some = ",".join([*(str(i.expr) for i in indices), *":" * (len(shape) - len(indices))])
            part = f"; a part of it is '{name}[{some}]'" if ":" in some else ""
            raise scope.refuse(node, f"{name!r} has {counted(shape)}, not {len(indices)}{part}")
        source, at = scope.place(node)
        for axis, index in zip(shape, indices, strict=True):
            if index.axis is not None:
                self.axes.join(axis, index.axis, source, at)
            elif isinstance(index.expr, Symbol) and self.roles.get(index.expr.name) == SIZE:
                self.axes.give(axis, index.expr, source, at)
            elif index.expr.is_Integer:
                self.axes.reach(axis, int(index.expr), source, at)
            else:
                fit(self.axes, axis, index, scope, node)
        terms = tuple(index.expr for index in indices)
        if self.roles[name] == STAGE:
            return Quantity(Symbol(name), *terms)
        return component(name, *terms)

    def whole(self, name: str, indices: tuple[Index, ...], scope: Scope, node: ast.AST) -> Expr:
        """A bare array in an argument, at the indices that are wanted there."""
        rank = self.rank(name)
        if rank is not None and rank != len(indices):
            hint = f"; write {name}[{','.join((*'nm'[: rank - 1], ':'))}]" if rank > 1 else ""
            raise scope.refuse(node, f"{name!r} has {counted(range(rank))}{hint}")
        return self.component(name, indices, scope, node)

    def label_axis(self, name: str) -> int:
        """The axis over which the values of a label vector range."""
        if name not in self.label_axes:
            self.label_axes[name] = self.axes.new()
        return self.label_axes[name]

    def example(self, name: str) -> str:
        """How a component of an array is written: 'W[i,j]'."""
        letters = [x for x in "ijklmn" if self.roles.get(x, LETTER) == LETTER]
        return f"{name}[{','.join(letters[: self.rank(name) or 1])}]"

    def rank(self, name: str) -> int | None:
        """The number of indices of an array or stage, None where the name is neither."""
        if name in self.shapes:
            return len(self.shapes[name])
        return self.ranks.get(name)


def counted(indices: Collection[object]) -> str:
    """How many indices these are, in words."""
    return {0: "no index", 1: "1 index"}.get(len(indices), f"{len(indices)} indices")
