"""Constants: what has a value that can be told at once, and what then has none.

Gives `value_of` (the exact value of a term without names), `quotient` and `applied`, which refuse
what has no real value whatever the names stand for: x/0, log(0), sqrt(-1).

Imports functions, scope and terms.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from math import prod

import sympy
from sympy import Expr, Integer
from sympy.core.basic import Basic

from symderiv.reader.functions import FUNCTIONS
from symderiv.reader.scope import Scope
from symderiv.terms import Neg, Plus, Power, Quotient, Times


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


def applied(name: str, argument: Expr, scope: Scope, node: ast.AST) -> Expr:
    """An elementwise function of a term.

    Raises
    ------
    ReadError
        for the logarithm or the root of a number that has none.
    """
    value = value_of(argument) if name in ("log", "sqrt") else None
    if value is not None and (value < 0 or (name == "log" and value == 0)):
        least = "a positive number" if name == "log" else "a number that is not negative"
        raise scope.refuse(node, f"this argument of {name} is {value}; {name} takes {least}")
    return FUNCTIONS[name](argument)
