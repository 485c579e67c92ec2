"""Reading: typed text to a `Problem`, and claims to terms over its letters.

Gives `read` and `read_claim`.  Imports problem, terms and the rest of the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational

from symderiv.problem import Definition, Fact, Problem
from symderiv.reader import scan
from symderiv.reader.axes import Axes
from symderiv.reader.calls import PLAIN, Calls
from symderiv.reader.expressions import Expressions, held_relation
from symderiv.reader.functions import RESERVED
from symderiv.reader.names import ARRAY, LETTER, SCALAR, SIZE, STAGE, Names
from symderiv.reader.pieces import Piece, only_piece, pieces
from symderiv.reader.refusal import ReadError, Source, meant
from symderiv.reader.scope import Index, Scope
from symderiv.reader.settle import settle
from symderiv.terms import Quantity, letter

MOST_VARIABLES = 8


def read(
    text: str,
    wrt: Sequence[str] = (),
    assume: Sequence[str] = (),
    library: Mapping[str, str] | None = None,
) -> Problem:
    """The problem that a formula, its variables and its assumptions state.

    Parameters
    ----------
    text : stages and, last, the function, separated by ';' or line ends
    wrt : the variables, one after the other, "z[j]"
    assume : facts declared to hold, "sum(y[i], i) = 1"
    library : catalogue functions by name, each a text of the same language

    Raises
    ------
    ReadError
        for what is not in the formula language, with line and column.
    """
    variables = (wrt,) if isinstance(wrt, str) else tuple(wrt)
    facts = (assume,) if isinstance(assume, str) else tuple(assume)
    return _Reading(text, variables, facts, library or {}).problem()


class _Reading:
    """One problem as it is read: names and axes are shared by all its texts."""

    def __init__(
        self, text: str, wrt: tuple[str, ...], assume: tuple[str, ...], library: Mapping[str, str]
    ) -> None:
        self.source = Source(text)
        self.parts = pieces(self.source)
        if not self.parts:
            raise self.source.refuse(0, "the formula is empty")
        if len(wrt) > MOST_VARIABLES:
            raise ReadError(f"at most {MOST_VARIABLES} variables are read", role="variable")
        self.variables = [only_piece(Source(w, "variable")) for w in wrt]
        self.assumed = [only_piece(Source(a, "assumption")) for a in assume]
        everything = (*self.parts, *self.variables, *self.assumed)
        trees = [t for p in everything for t in (p.left, p.right) if t is not None]
        self.axes = Axes()
        self.names = Names(self.axes, ranks=scan.ranks(trees))
        own = [p for p in self.parts if p.left is not None]
        self.calls = Calls(library, words=set(scan.words(trees)))
        self.reader = Expressions(self.names, self.calls)
        for name in scan.sizes(trees):
            if name not in RESERVED:
                self.names.roles[name] = SIZE
        self.named_letters = {x for v in self.variables for x in scan.free_subscripts(v.right)}
        self.free = self.calls.free
        self.calls.avoid = frozenset(self.calls.words) - self._letters(everything)
        self.in_bodies: dict[str, tuple[Scope, ast.Name, str]] = {}
        self.left_letters: set[str] = set()
        for part in own:
            stage, _ = self._left(part)
            if stage.id in self.names.later:
                raise part.source.refuse(part.at, f"{stage.id!r} is defined twice")
            self.names.later.add(stage.id)
            self.calls.shadowed.add(stage.id)

    def _letters(self, everything: tuple[Piece, ...]) -> set[str]:
        """The names that are letters and can be no labels."""
        trees = [t for p in everything for t in (p.left, p.right) if t is not None]
        bound = {
            name
            for tree in trees
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and scan.called(node) in scan.BINDERS
            for name in scan.own_letters(node)
        }
        left = {x for p in everything if p.left is not None for x in scan.free_subscripts(p.left)}
        plain = {x for tree in trees for x in scan.free_subscripts(tree) if x in PLAIN}
        return bound | left | plain | self.named_letters

    # -- the texts, in order -------------------------------------------------------------------

    def problem(self) -> Problem:
        for part in self.parts[:-1]:
            if part.left is None:
                raise part.source.refuse(
                    part.at, "only the last part is the function; a stage is named, s = ..."
                )
        for part in self.parts:
            if part.left is not None:
                self._stage(part)
        function = self._function(self.parts[-1])
        wrt = tuple(self._variable(piece) for piece in self.variables)
        facts = [self._fact(piece) for piece in self.assumed]
        self._check_labels()
        sizes = self.axes.sizes({*self.calls.words, *self.names.roles})
        return Problem(
            function=settle(function, sizes),
            wrt=wrt,
            stages=tuple(Definition(s.quantity, settle(s.body, sizes)) for s in self.calls.stages),
            facts=tuple(Fact(cast(Relational, settle(f, sizes))) for f in facts),
            shapes={
                name: tuple(sizes[self.axes.placeholder(axis)] for axis in shape)
                for name, shape in self.names.shapes.items()
            },
            ranges={
                letter(name): sizes[self.axes.placeholder(axis)]
                for name, axis in (
                    *((n, cast(int, i.axis)) for n, i in self.free.items()),
                    *self.names.label_axes.items(),
                )
                if self.axes.placeholder(axis) in sizes
            },
            labels=frozenset((*self._labels(), *self.names.label_axes)),
            text=self.source.text,
        )

    def _left(self, part: Piece) -> tuple[ast.Name, tuple[ast.Name, ...]]:
        """The name and letters on the left of a stage."""
        match part.left:
            case ast.Name() as name:
                return name, ()
            case ast.Subscript(value=ast.Name() as name) as subscript:
                letters = scan.slots(subscript)
                for slot in letters:
                    if not isinstance(slot, ast.Name):
                        raise part.source.refuse(
                            slot.col_offset, f"{name.id!r} is defined for letters, {name.id}[i]"
                        )
                found = cast("tuple[ast.Name, ...]", letters)
                for n, slot in enumerate(found):
                    if slot.id in {other.id for other in found[:n]}:
                        raise part.source.refuse(
                            slot.col_offset, f"{slot.id!r} stands twice on the left of {name.id!r}"
                        )
                return name, found
            case _:
                raise part.source.refuse(
                    part.at, "on the left of '=' stands a name, s, or a component, p[i]"
                )

    def _stage(self, part: Piece) -> None:
        name, letters = self._left(part)
        scope = Scope(part.source, self._free_in_body(name.id, letters))
        if name.id in self.names.roles or name.id in RESERVED:
            self.names.declare(name.id, STAGE, scope, name)
        own: dict[str, Index] = {}
        for node in letters:
            self.names.declare(node.id, LETTER, scope, node)
            self.left_letters.add(node.id)
            own[node.id] = Index(letter(node.id), self.axes.new(owner=name.id, letter=node.id))
        for inner in ast.walk(part.right):
            if isinstance(inner, ast.Name) and inner.id == name.id:
                raise part.source.refuse(inner.col_offset, f"{name.id!r} is defined by itself")
        body = self.reader.term(part.right, scope.with_letters(own))
        quantity = Quantity(Symbol(name.id), *(index.expr for index in own.values()))
        self.calls.stages.append(Definition(quantity, body))
        self.names.stage(name.id, tuple(cast(int, index.axis) for index in own.values()))

    def _function(self, part: Piece) -> Expr:
        scope = Scope(part.source, self._free_in_function)
        function = part.left if part.left is not None else part.right
        self.reader.ahead = frozenset(scan.free_subscripts(function))
        return self.reader.term(function, scope)

    def _variable(self, piece: Piece) -> Expr:
        scope, names = Scope(piece.source, self._free_in_function), self.names
        match piece.right:
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                role = names.roles.get(name)
                if role not in (ARRAY, STAGE, SCALAR):
                    if role is not None or name in RESERVED:
                        what = role or RESERVED[name]
                        raise scope.refuse(piece.right, f"{name!r} is {what}, not a variable")
                    known = [n for n, r in names.roles.items() if r in (ARRAY, STAGE, SCALAR)]
                    near = meant(name, known)
                    raise scope.refuse(piece.right, f"{name!r} is not in the formula{near}")
                if name in names.label_axes:
                    raise scope.refuse(piece.right, f"{name!r} holds labels, which are fixed")
            case _:
                raise scope.refuse(piece.right, "a variable is a component z[j] or a scalar x")
        if isinstance(piece.right, ast.Subscript):
            for slot in scan.slots(piece.right):
                if not isinstance(slot, ast.Name | ast.Constant):
                    raise scope.refuse(slot, "the indices of a variable are letters or numbers")
            if role == SCALAR:
                raise scope.refuse(piece.right, f"{name!r} is a scalar; it has no index")
        return self.reader.term(piece.right, scope)

    def _fact(self, piece: Piece) -> Relational:
        letters: dict[str, Index] = {}

        def free(node: ast.Name, scope: Scope) -> Index:
            if node.id not in letters:
                self.names.declare(node.id, LETTER, scope, node)
                letters[node.id] = self._new_letter(node, scope, named=True)
            return letters[node.id]

        self.names.closed = True
        scope = Scope(piece.source, free)
        if piece.left is None:
            if not isinstance(piece.right, ast.Compare):
                raise scope.refuse(piece.right, "an assumption is a comparison, a = b or a > 0")
            return self.reader.relation(piece.right, scope)
        left, right = self.reader.term(piece.left, scope), self.reader.term(piece.right, scope)
        return held_relation(sympy.Eq, left, right)

    # -- free letters and labels ---------------------------------------------------------------

    def _new_letter(self, node: ast.Name, scope: Scope, *, named: bool) -> Index:
        axis = self.axes.new(letter=node.id if named else "")
        self.axes.expect(axis, node.id, *scope.place(node))
        return Index(letter(node.id), axis)

    def _free_in_function(self, node: ast.Name, scope: Scope) -> Index:
        if node.id not in self.free:
            self.names.declare(node.id, LETTER, scope, node)
            named = node.id in PLAIN or node.id in self.named_letters
            self.free[node.id] = self._new_letter(node, scope, named=named)
        return self.free[node.id]

    def _free_in_body(
        self, stage: str, letters: tuple[ast.Name, ...]
    ) -> Callable[[ast.Name, Scope], Index]:
        left = f"{stage}[{','.join(x.id for x in letters)}{',' if letters else ''}"

        def free(node: ast.Name, scope: Scope) -> Index:
            if node.id in PLAIN:
                raise scope.refuse(
                    node, f"{node.id!r} is not an index of {stage!r}; write {left}{node.id}] = ..."
                )
            self.in_bodies.setdefault(node.id, (scope, node, f"{left}{node.id}]"))
            return self._free_in_function(node, scope)

        return free

    def _check_labels(self) -> None:
        """A label in the body of a stage means one thing everywhere, so nothing else binds it."""
        elsewhere = self.calls.bound | self.left_letters | self.named_letters
        for name, (scope, node, left) in self.in_bodies.items():
            if name in elsewhere:
                raise scope.refuse(
                    node, f"{name!r} is an index elsewhere; write {left} = ... or another letter"
                )

    def _labels(self) -> list[str]:
        bound = self.calls.bound | self.left_letters | self.named_letters | PLAIN
        return [name for name in self.free if name not in bound]
