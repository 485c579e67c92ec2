"""Constants: what has a value that can be told at once, and what then has none.

Gives `value_of` (the exact value of a term without names), `quotient` and `within`, which refuse
what has no real value whatever the names stand for: x/0, log(0), sqrt(-1), asin(2).

Imports elementwise, scope and terms.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from functools import lru_cache
from math import prod

import sympy
from sympy import Expr, Integer
from sympy.core.basic import Basic

from symderiv.elementwise import Defined, Elementwise, numbers_in
from symderiv.reader.scope import Scope
from symderiv.terms import Iverson, Neg, Plus, Power, Quotient, Times


@lru_cache(maxsize=4096)
def value_of(term: Basic) -> Fraction | None:
    """The value of a term without names; None where it has some, or is no fraction.

    Powers are short: the reader has bounded them.
    """
    match term:
        case Integer():
            return Fraction(int(term))
        case sympy.log(args=(inner,)) if value_of(inner) == 1:
            return Fraction(0)
        case sympy.exp(args=(inner,)) if value_of(inner) == 0:
            return Fraction(1)
        case Iverson(condition):
            left, right = map(value_of, condition.args)
            if left is None or right is None:
                return None
            return Fraction(bool(type(condition)(*map(sympy.Rational, (left, right)))))
        case Times() if any(value_of(a) == 0 for a in term.args):
            return Fraction(0)  # whatever the names in the others stand for
        case Plus() | Times() | Neg() | Quotient() | Power():
            found: list[Fraction] = []
            for a in term.args:
                value = value_of(a)
                if value is None:
                    return None
                found.append(value)
            return _combined(term, found)
    return None


def _combined(term: Basic, values: list[Fraction]) -> Fraction | None:
    match term:
        case Plus():
            return sum(values, Fraction(0))
        case Times():
            return prod(values, start=Fraction(1))
        case Neg():
            return -values[0]
        case Quotient():
            return values[0] / values[1] if values[1] else None
    base, exponent = values
    whole = exponent.denominator == 1 and (base != 0 or exponent > 0)
    return base**exponent.numerator if whole else None


def quotient(top: Expr, bottom: Expr, scope: Scope, node: ast.AST) -> Quotient:
    """A fraction as written.

    Raises
    ------
    ReadError
        where the denominator is 0.
    """
    if value_of(bottom) == 0:
        raise scope.refuse(node, "this denominator is 0; a quotient by 0 has no value")
    return Quotient(top, bottom)


def within(
    function: Elementwise | Defined, name: str, argument: Expr, scope: Scope, node: ast.AST
) -> None:
    """Let pass an argument that may lie where the function is real.

    Raises
    ------
    ReadError
        for a number that does not: the logarithm of 0, the root of -1.
    """
    value = value_of(argument)
    if value is not None and value not in function.domain:
        raise scope.refuse(
            node, f"this argument of {name} is {value}; {name} takes {numbers_in(function.domain)}"
        )
