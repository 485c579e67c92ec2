"""Freedom: what a letter means where nothing binds it.

Gives `FreeLetters`.  Free in the function or a variable, a letter ranges over its axis, there and
in claims alike; free in the body of a stage, it is a label or a forgotten index; in an assumption
it stands for every value.  A label (y in p[y]) is a letter of the function that nothing binds,
under a name that is not one of i j k l m n.

Imports names, calls, scan, scope and terms.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from dataclasses import field

from symderiv.reader import scan
from symderiv.reader.calls import PLAIN, Calls
from symderiv.reader.names import LETTER, Names
from symderiv.reader.scope import Index, Scope
from symderiv.records import dataclass
from symderiv.terms import letter


@dataclass
class FreeLetters:
    """The letters of one problem that are free somewhere; `calls.free` holds the function's."""

    names: Names
    calls: Calls
    in_variables: set[str]
    on_the_left: set[str]
    in_bodies: dict[str, tuple[Scope, ast.Name, str]] = field(default_factory=dict)

    def in_function(self, node: ast.Name, scope: Scope) -> Index:
        """A free letter of the function or a variable: one meaning in all of them."""
        if node.id not in self.calls.free:
            named = node.id in PLAIN or node.id in self.in_variables
            self.calls.free[node.id] = self._new(node, scope, named=named)
        return self.calls.free[node.id]

    def in_body(self, stage: str, letters: Sequence[str]) -> Callable[[ast.Name, Scope], Index]:
        """What a free letter means in the body of a stage with these letters on its left."""

        def free(node: ast.Name, scope: Scope) -> Index:
            left = f"{stage}[{','.join((*letters, node.id))}] = ..."
            if node.id in PLAIN:
                why = f"{node.id!r} is not an index of {stage!r}; write {left}, or sum over it"
                raise scope.refuse(node, why)
            self.in_bodies.setdefault(node.id, (scope, node, left))
            return self.in_function(node, scope)

        return free

    def in_a_fact(self) -> Callable[[ast.Name, Scope], Index]:
        """What a free letter means in one assumption: any value."""
        letters: dict[str, Index] = {}

        def free(node: ast.Name, scope: Scope) -> Index:
            if node.id not in letters:
                letters[node.id] = self._new(node, scope, named=True)
            return letters[node.id]

        return free

    def _new(self, node: ast.Name, scope: Scope, *, named: bool) -> Index:
        self.names.declare(node.id, LETTER, scope, node)
        axis = self.names.axes.new(letter=node.id if named else "")
        name = next(x for x in ("y", "f", "v", "y1") if x not in self.calls.words)
        instead = f"name what it is an index of: {name}[{node.id}] = ...; {name}[{node.id}]"
        self.names.axes.expect(axis, node.id, *scope.place(node), instead)
        return Index(letter(node.id), axis)

    @property
    def _ranging(self) -> set[str]:
        """The letters that something binds or varies, so that they are no labels."""
        return self.calls.bound | self.on_the_left | self.in_variables

    def check_labels(self) -> None:
        """A label in the body of a stage means one thing everywhere, so nothing else binds it."""
        for name, (scope, node, left) in self.in_bodies.items():
            if name in self._ranging:
                raise scope.refuse(
                    node, f"{name!r} is an index elsewhere; write {left} or another letter"
                )

    def labels(self) -> frozenset[str]:
        """The labels of the problem: letters and arrays of labels."""
        letters = self.calls.free.keys() - self._ranging - PLAIN
        return frozenset((*letters, *self.names.label_axes))

    def never_letters(self, trees: Collection[ast.expr]) -> frozenset[str]:
        """The words that no letter of a catalogue function may take: all but ranging letters."""
        bound = {
            name
            for tree in trees
            for node in scan.walk(tree)
            if isinstance(node, ast.Call) and scan.called(node) in scan.BINDERS
            for name in scan.own_letters(node)
        }
        plain = {x for tree in trees for x in scan.free_subscripts(tree) if x in PLAIN}
        return frozenset(self.calls.words) - bound - plain - self.on_the_left - self.in_variables
