"""The neutral tree: a term as nested lists, numbers and strings, for readers without SymPy.

Gives `neutral(term)`, which says a term as it is written:

    2, -3                 an integer; other exact numbers are ["/", 1, 2]
    "i", "K"              an index letter, or the size of an axis
    ["at", "z", "i"]      a component of an array or of a stage; ["at", "x"] is a scalar
    ["+", a, b, ...]      likewise "*", ["/", a, b], ["^", a, b], ["-", a], ["max", a, ...], "min"
    ["inv", "X", "i", "j"]
                          a component of the inverse of X; likewise ["det", "X"]
    ["delta", "i", "j"]   Kronecker's delta of two indices
    ["iverson", c]        1 where c holds, else 0; c is [">", a, b], or >= < <= = !=
    ["sum", a, "k", low, high]
                          over one letter; likewise "prod", "largest", "smallest"
    ["d", a, x]           the derivative of a by x, an "at"; by a stage: that stage taken for
                          an array of its own while the derivative is taken
    ["exp", a]            a function of one number, by its lower-case name
    ["pi"]                the number; e is ["exp", 1]

Floor 0: imports heads and derived only.

To add a head: a line in `HEADS`, or in `BINDERS` where it binds a letter.  A function of one
number needs none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Derivative, Function, Indexed, Rational, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.terms.derived import derived

Tree = int | str | list[Any]

HEADS: dict[type[Basic], str] = {
    terms.Plus: "+",
    sympy.Add: "+",
    terms.Times: "*",
    sympy.Mul: "*",
    terms.Quotient: "/",
    terms.Power: "^",
    sympy.Pow: "^",
    terms.Neg: "-",
    sympy.Max: "max",
    sympy.Min: "min",
    sympy.KroneckerDelta: "delta",
    terms.Iverson: "iverson",
    sympy.Gt: ">",
    sympy.Ge: ">=",
    sympy.Lt: "<",
    sympy.Le: "<=",
    sympy.Eq: "=",
    sympy.Ne: "!=",
    type(sympy.pi): "pi",
}
BINDERS: dict[type[Basic], str] = {
    sympy.Sum: "sum",
    sympy.Product: "prod",
    terms.Maximum: "largest",
    terms.Minimum: "smallest",
}


def neutral(term: Basic) -> Tree:
    """The term as nested lists.

    Raises
    ------
    ValueError
        for a head that has no neutral form (a Piecewise, a matrix, a float).

    Examples
    --------
    >>> from symderiv.terms import D, component, exp, letter, size, summation
    >>> k = letter("k")
    >>> neutral(D(summation(exp(component("z", k)), k, size("K")), component("z", letter("j"))))
    ['d', ['sum', ['exp', ['at', 'z', 'k']], 'k', 1, 'K'], ['at', 'z', 'j']]
    """
    head = type(term)
    match term:
        case sympy.Integer():
            return int(term)
        case Rational():
            return ["/", int(term.p), int(term.q)]
        case Symbol() if (found := derived(term.name)) is not None:
            det = ["det", found.array]
            return ["log", ["abs", det]] if found.function == "logdet" else det
        case Symbol():
            return term.name if term.is_integer else ["at", term.name]
        case sympy.E:
            return ["exp", 1]
        case Indexed() if (found := derived(str(term.base.label))) is not None:
            return [found.function, found.array, *map(neutral, term.indices)]
        case Indexed():
            return ["at", str(term.base.label), *map(neutral, term.indices)]
        case terms.Quantity():
            return ["at", term.name, *map(neutral, term.indices)]
        case Derivative():
            return _nested(term, _derivative)
    if head in BINDERS:
        return _nested(term, _binder)
    if head in HEADS:
        return [HEADS[head], *map(neutral, term.args)]
    if isinstance(term, Function) and len(term.args) == 1:
        return [head.__name__.lower(), neutral(term.args[0])]
    raise ValueError(f"{head.__name__} has no neutral form")


def _nested(term: Basic, wrap: Callable[[Basic, Tree, Tuple], Tree]) -> Tree:
    """A head with several letters as one such head in another, the first innermost."""
    tree = neutral(term.args[0])
    for entry in term.args[1:]:
        tree = wrap(term, tree, entry)
    return tree


def _binder(term: Basic, body: Tree, limits: Tuple) -> Tree:
    return [BINDERS[type(term)], body, *map(neutral, limits)]


def _derivative(term: Basic, body: Tree, variable: Tuple) -> Tree:
    by, count = variable
    if not isinstance(by, Indexed | terms.Quantity | Symbol):
        raise ValueError(f"a derivative by {type(by).__name__} has no neutral form")
    for _ in range(int(count)):
        body = ["d", body, neutral(by)]
    return body
