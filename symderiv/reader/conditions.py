"""Conditions: comparisons, Iverson brackets and deltas.

Gives `relation_of`, `held_relation`, `iverson_of`, `where_of` and `delta_of`.  Imports
subscripts, scope and terms.
"""

from __future__ import annotations

import ast
from dataclasses import replace

import sympy
from sympy import Expr, Integer
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.reader.constants import value_of
from symderiv.reader.scope import Scope
from symderiv.reader.subscripts import index_of
from symderiv.reader.walk import Walk
from symderiv.terms import Iverson, delta, plus, times

COMPARISONS: dict[type[ast.cmpop], type[Relational]] = {
    ast.Eq: sympy.Eq,
    ast.NotEq: sympy.Ne,
    ast.Gt: sympy.StrictGreaterThan,
    ast.GtE: sympy.GreaterThan,
    ast.Lt: sympy.StrictLessThan,
    ast.LtE: sympy.LessThan,
}


def relation_of(reader: Walk, node: ast.expr, scope: Scope) -> Relational:
    """A comparison of two terms, as written."""
    if not isinstance(node, ast.Compare):
        raise scope.refuse(node, "this is no comparison; write one, as in iverson(x > 0)")
    if len(node.ops) != 1:
        raise scope.refuse(node, "one comparison at a time: write a < b and b < c apart")
    inner = replace(scope, compared=True)
    left, right = reader.term(node.left, inner), reader.term(node.comparators[0], inner)
    return held_relation(COMPARISONS[type(node.ops[0])], left, right)


def held_relation(head: type[Relational], left: Expr, right: Expr) -> Relational:
    """A relation as written, which SymPy does not decide."""
    relation: Relational = Basic.__new__(head, left, right)
    return relation


def iverson_of(reader: Walk, node: ast.Call, scope: Scope) -> Expr:
    """iverson(x > 0)."""
    if len(node.args) != 1:
        raise scope.refuse(node, "iverson takes one comparison, iverson(x > 0)")
    return _bracket(_condition(reader, node.args[0], scope))


def _condition(reader: Walk, node: ast.expr, scope: Scope) -> Relational:
    """A comparison that has a value, 1 or 0.

    A letter that subscripts nothing ranges over the axis of the letter it is compared with; one
    that stands in x[i-k+1] has a range of its own.
    """
    relation = relation_of(reader, node, scope)
    assert isinstance(node, ast.Compare)
    axes, found = reader.names.axes, []
    for side in (node.left, node.comparators[0]):
        if isinstance(side, ast.Name):
            index = scope.letters.get(side.id) or reader.calls.free.get(side.id)
            found += [index.axis] if index is not None and index.axis is not None else []
    if len(found) == 2:
        axes.compare(found[0], found[1], *scope.place(node))
    return relation


def _bracket(relation: Relational) -> Expr:
    """The bracket of a relation; of numbers alone, 2 > 1, it is what it is worth."""
    bracket = Iverson(relation)
    known = value_of(bracket)
    return bracket if known is None else Integer(known)


def where_of(reader: Walk, node: ast.Call, scope: Scope) -> Expr:
    """where(x > 0, a, b) is [x > 0] a + [x <= 0] b."""
    if len(node.args) != 3:
        raise scope.refuse(node, "where takes a comparison and two terms, where(x > 0, a, b)")
    relation = _condition(reader, node.args[0], scope)
    there, elsewhere = (reader.term(arg, scope) for arg in node.args[1:])
    otherwise = held_relation(type(relation.negated), *relation.args)
    terms = ((_bracket(relation), there), (_bracket(otherwise), elsewhere))
    written = [pair for pair in terms if 0 not in pair]
    return plus(*(value if bracket == 1 else times(bracket, value) for bracket, value in written))


def delta_of(reader: Walk, node: ast.Call, scope: Scope) -> Expr:
    """delta(i,j): two letters in it range over one axis."""
    if len(node.args) != 2:
        raise scope.refuse(node, "delta takes two indices, delta(i,j)")
    one, other = (index_of(reader, arg, scope) for arg in node.args)
    if one.axis is not None and other.axis is not None:
        axes, roles, place = reader.names.axes, reader.names.roles, scope.place(node)
        owners = [axes.axes[axes.root(axis)].owners for axis in (one.axis, other.axis)]
        if any(of and roles.keys().isdisjoint(of) for of in owners):  # of what is being defined
            axes.equated.append((one.axis, other.axis, *place))
        axes.join(one.axis, other.axis, *place)
    return delta(one.expr, other.expr)
