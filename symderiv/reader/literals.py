"""Literals: exact values of what is typed, and the bound on powers.

Gives `number` (0.5 is 1/2, never a float) and `power`.  A constant exponent is bounded, also where
powers are nested, since one line like 9**9**9 could keep every later room busy for ever.

Imports terms and scope.
"""

from __future__ import annotations

import ast
import math
from fractions import Fraction

from sympy import Expr, Integer
from sympy.core.basic import Basic

from symderiv.reader.constants import value_of
from symderiv.reader.scope import Scope
from symderiv.terms import Neg, Plus, Power, Quotient, Times

HIGHEST_POWER = 1_000


def number(node: ast.Constant, scope: Scope) -> Expr:
    """The number as typed, exactly: an Integer or a Quotient of two."""
    text = scope.source.text[node.col_offset : node.end_col_offset]
    value = Fraction(node.value if isinstance(node.value, int) else text)
    if value.denominator == 1:
        return Integer(value.numerator)
    return Quotient(Integer(value.numerator), Integer(value.denominator))


def power(base: Expr, exponent: Expr, scope: Scope, node: ast.AST) -> Power:
    """A power as written.

    Raises
    ------
    ReadError
        where the exponent is a number beyond HIGHEST_POWER, or nested powers make one.
    """
    value = _constant(exponent)
    if value is not None and abs(value) * _degree(base) > HIGHEST_POWER:
        raise scope.refuse(node, f"a power is at most {HIGHEST_POWER}")
    if value is not None and value < 0 and value_of(base) == 0:
        raise scope.refuse(node, "0 to a negative power has no value")
    return Power(base, exponent)


def _constant(term: Basic) -> float | None:
    """The value of an exponent without names, None where it has some; never a large integer."""
    if isinstance(term, Integer):
        return float(term) if abs(term) < 10**18 else math.inf
    if not isinstance(term, Plus | Times | Neg | Quotient | Power):
        return None
    values = [_constant(a) for a in term.args]
    known = [v for v in values if v is not None]
    if len(known) < len(values):
        return None
    try:
        match term:
            case Plus():
                value: float | complex = sum(known)
            case Times():
                value = math.prod(known)
            case Neg():
                value = -known[0]
            case Quotient():
                value = known[0] / known[1]
            case _:
                value = known[0] ** known[1]
    except (OverflowError, ZeroDivisionError):
        return math.inf
    return math.inf if isinstance(value, complex) or math.isnan(value) else value


def _degree(term: Basic) -> float:
    """How often a factor can repeat in a term whose powers are written out."""
    match term:
        case Power(base, exponent):
            value = _constant(exponent)
            return _degree(base) * (max(1.0, abs(value)) if value is not None else 1.0)
        case Times():
            return sum(_degree(a) for a in term.args)
        case Plus() | Neg() | Quotient():
            return max(_degree(a) for a in term.args)
        case _:
            return 1.0
