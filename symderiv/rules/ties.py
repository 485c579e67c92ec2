"""Ties: does a variable move one term of a maximum only?  Then none that ties is counted twice.

Gives `moves_one`, for the terms over a letter, and `smooth`.  Both say no where they do not see
it; the rules for any terms are right in any case.

Floor 1: imports floor 0 only.
"""

from __future__ import annotations

from sympy import Expr, Indexed, Rational, Symbol
from sympy.core.basic import Basic

from symderiv.elementwise import of_head
from symderiv.terms import Neg, Plus, Power, Quantity, Quotient, Times, subterms
from symderiv.terms.problem import name_of

SMOOTH = (Plus, Neg, Times, Quotient, Power, Rational)


def moves_one(term: Basic, index: Symbol, variable: Expr) -> bool:
    """Does a component of an array occur in one term only, as z_j in the terms z_k over k?

    So it is where every component of that array in the term has the letter at the same place.
    """
    if not isinstance(variable, Indexed | Quantity):
        return False
    places = set(range(len(variable.indices)))
    for t in subterms(term):
        if isinstance(t, Indexed | Quantity) and name_of(t) == name_of(variable):
            places &= {n for n, s in enumerate(t.indices) if s == index}
        elif isinstance(t, Quantity):
            return False
    return bool(places)


def smooth(term: Basic) -> bool:
    """Has a term no head with a kink, and no named quantity that may hide one?"""
    function = of_head(type(term))
    if isinstance(term, SMOOTH) or (function is not None and not function.kinks):
        return all(map(smooth, term.args))
    return isinstance(term, Symbol | Indexed)
