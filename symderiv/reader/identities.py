"""Identities: two terms that are equal, of which some functions are unknown.

Gives `read_identity`.  The language is that of formulas, and two words more: u, v and w (with
indices or without) are unknown functions of x, and `D(u*v)` is the derivative of a term by x,
`D(z[i], z[j])` by what is said.  The laws of rules and the examples of rules are written in it.

    >>> identity = read_identity("D(u/v)", "(D(u)*v - u*D(v))/v**2")
    >>> identity.before.args[0].args
    (u, v)

Imports problem, terms and the rest of the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sympy import Expr, Symbol
from sympy.core.relational import Relational

from symderiv.reader import scan
from symderiv.reader.axes import Axes
from symderiv.reader.calls import Calls
from symderiv.reader.conditions import relation_of
from symderiv.reader.expressions import Expressions
from symderiv.reader.functions import RESERVED
from symderiv.reader.names import LETTER, SIZE, Names
from symderiv.reader.pieces import only_piece
from symderiv.reader.refusal import Source
from symderiv.reader.restrictions import subscripting, unrestricted
from symderiv.reader.scope import Index, Scope
from symderiv.reader.settle import settle
from symderiv.records import dataclass
from symderiv.terms import D, letter
from symderiv.terms.problem import Fact, Problem

UNKNOWN = ("u", "v", "w")
X = Symbol("x")


@dataclass(frozen=True)
class Identity:
    """`before` is `after` where `given` holds; `problem` has the sizes and ranges of both.

    An unknown function is a `Quantity` that the problem has no definition of.
    """

    before: Expr
    after: Expr
    given: tuple[Relational, ...]
    problem: Problem


def read_identity(before: str, after: str, given: Sequence[str] = ()) -> Identity:
    """The identity that the texts state; a letter means one thing in all of them.

    Raises
    ------
    ReadError
        for what is not in the language.
    """
    sources = [Source(text, "identity") for text in (before, after)]
    pieces = [only_piece(source) for source in sources]
    letters = subscripting(piece.right for piece in pieces)
    trees = [unrestricted(piece, letters).right for piece in pieces]
    conditions = [Source(text, "condition") for text in given]
    tests = [ast.parse(source.text, mode="eval").body for source in conditions]
    axes = Axes()
    everything = scan.Trees((*trees, *tests))
    names = Names(axes, ranks=scan.ranks(everything))
    words = set(scan.words(everything))
    calls = Calls({}, words)
    for name in UNKNOWN:
        if name in words:
            rank = names.ranks.get(name, 0)
            names.stage(name, tuple(axes.new(owner=name) for _ in range(rank)))
    for name in scan.sizes(everything):
        if name not in RESERVED:
            names.roles[name] = SIZE

    def free(node: ast.Name, scope: Scope) -> Index:
        if node.id not in calls.free:
            names.declare(node.id, LETTER, scope, node)
            calls.free[node.id] = Index(letter(node.id), axes.new(letter=node.id))
        return calls.free[node.id]

    reader = _Identities(names, calls)
    read = [
        reader.term(tree, Scope(source, free)) for source, tree in zip(sources, trees, strict=True)
    ]
    relations = [
        relation_of(reader, test, Scope(source, free))
        for source, test in zip(conditions, tests, strict=True)
    ]
    sizes = axes.sizes({*words, *names.roles})
    left, right = (settle(term, sizes) for term in read)
    held = tuple(
        Relational.__new__(type(r), *(settle(a, sizes) for a in r.args)) for r in relations
    )
    shapes = {
        name: tuple(sizes[axes.placeholder(axis)] for axis in shape)
        for name, shape in names.shapes.items()
    }
    ranges = {
        index.expr: sizes[axes.placeholder(index.axis)]
        for index in calls.free.values()
        if index.axis is not None and axes.placeholder(index.axis) in sizes
    }
    problem = Problem(left, (), facts=tuple(Fact(r) for r in held), shapes=shapes, ranges=ranges)
    return Identity(left, right, held, problem)


class _Identities(Expressions):
    """Formulas in which derivatives are written."""

    def _call(self, node: ast.Call, scope: Scope) -> Expr:
        if scan.called(node) != "D":
            return super()._call(node, scope)
        if len(node.args) not in (1, 2):
            raise scope.refuse(node, "D takes a term, and by what, D(u*v) or D(z[i], z[j])")
        by = self.term(node.args[1], scope) if len(node.args) == 2 else X
        return D(self.term(node.args[0], scope), by)
