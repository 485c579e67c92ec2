"""Inverses: inv(X)[i,j], det(X) and logdet(X) of a matrix that has a name.

Gives `derived_of`.  Imports names, scope and terms.
"""

from __future__ import annotations

import ast

from sympy import Expr, Symbol

from symderiv.reader.names import ARRAY, STAGE
from symderiv.reader.scan import called
from symderiv.reader.scope import Index, Scope
from symderiv.reader.walk import Walk
from symderiv.terms.derived import FUNCTIONS, Derived


def derived_of(reader: Walk, node: ast.Call, indices: tuple[Index, ...], scope: Scope) -> Expr:
    """The inverse at these indices, or the determinant, of the matrix in the call.

    Raises
    ------
    ReadError
        where the argument is no name of a matrix, or the indices are not as many as there are.
    """
    function, names = called(node), reader.names
    count = FUNCTIONS[function]
    example = f"{function}(X)[i,j]" if count else f"{function}(X)"
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
        raise scope.refuse(node, f"{function} takes the name of a matrix, {example}; name it first")
    if len(indices) != count:
        raise scope.refuse(node, f"{function} has {count} indices, {example}")
    argument = node.args[0]
    array = argument.id
    names.defined_later(array, scope, argument)
    if names.roles.get(array) not in (ARRAY, STAGE):
        names.declare(array, ARRAY, scope, argument)
        names.shapes[array] = tuple(names.axes.new(owner=array) for _ in range(2))
    shape = names.shapes[array]
    if len(shape) != 2:
        raise scope.refuse(argument, f"{array!r} has {len(shape)} indices; {function} takes 2")
    names.axes.join(*shape, *scope.place(argument))
    name, inverse = Derived(function, array).name, Derived("inv", array).name
    if inverse not in names.shapes:  # determinants have it in their derivatives
        names.roles[inverse], names.shapes[inverse] = ARRAY, shape
    if not count:
        names.shapes[name] = ()
        return Symbol(name)
    return names.component(name, indices, scope, node)
