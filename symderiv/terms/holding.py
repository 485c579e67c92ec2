"""Ordinary SymPy as held heads; `release` in heads is the way back.

Floor 0: imports the heads and `walking`.
"""

from __future__ import annotations

from typing import Any, cast

import sympy
from sympy import (
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Symbol,
    Tuple,
)
from sympy.core.basic import Basic

from symderiv.terms.heads import ONE, Neg, Power, Quantity, Quotient, plus, times
from symderiv.terms.remembering import remembered
from symderiv.terms.walking import rebuild


def hold(expression: Any) -> Expr:
    """Held form of ordinary SymPy: every Add, Mul and Pow becomes a head of ours.

    Raises
    ------
    ValueError
        for what has no place on a page (a Piecewise, an unknown function, a matrix).
    """
    return _hold(sympy.sympify(expression))


@remembered
def _hold(e: Basic) -> Expr:
    match e:
        case Rational() if e.p < 0:
            return Neg(-e)
        case Rational() if not e.is_Integer:
            return Quotient(Integer(e.p), Integer(e.q))
        case Add():
            return plus(*(_hold(a) for a in e.as_ordered_terms()))
        case Mul():
            coefficient, _ = e.as_coeff_Mul()
            if coefficient.is_negative:
                return Neg(_hold(-e))
            numerator, denominator = e.as_numer_denom()
            if denominator != 1:
                return Quotient(_hold(numerator), _hold(denominator))
            return times(*(_hold(a) for a in e.as_ordered_factors()))
        case Pow(base=base, exp=exponent) if exponent.is_Rational and exponent.is_negative:
            return Quotient(ONE, _hold(base**-exponent))
        case Pow(base=base, exp=exponent):
            return Power(_hold(base), _hold(exponent))
        case Indexed() | Symbol() | KroneckerDelta() | Tuple() | Quantity():
            return cast(Expr, e)
        case _ if not e.args:
            return cast(Expr, e)
        case _:
            return cast(Expr, rebuild(e, tuple(_hold(a) for a in e.args)))
