"""Looks: what is plain of a term before it is spelled: a name, a negative, taller than one line.

Gives `negated`, `is_plain`, `is_tall`, `is_held` and `derivative_chain`.  Imports floor 0 and
`arranged`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Product, Rational, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.printers.arranged import is_decimal
from symderiv.terms import Neg, Partial, Power, Quantity, Quotient


def negated(term: Basic) -> Expr | None:
    """What a term is the negative of as written, or None: -a -> a."""
    if isinstance(term, Neg):
        return term.term
    if isinstance(term, Rational) and term.is_negative:
        return cast(Expr, -term)
    return None


def is_plain(term: Basic) -> bool:
    """A name, with indices or without."""
    return isinstance(term, Symbol | Indexed | Quantity)


@lru_cache(maxsize=8192)
def is_tall(term: Basic) -> bool:
    """Does it stand higher than one line: a fraction, a sum with its limits, a derivative?"""
    if isinstance(term, Quotient | Sum | Product | Partial):
        return not is_decimal(term)
    if isinstance(term, sympy.exp | Indexed | Quantity | KroneckerDelta) or not term.args:
        return False
    if isinstance(term, Power):
        return is_tall(term.base)
    return any(is_tall(a) for a in term.args)


@lru_cache(maxsize=8192)
def is_held(term: Basic) -> bool:
    """Are all sums and products in it heads of ours (indices aside)?"""
    if isinstance(term, sympy.Add | sympy.Mul | sympy.Pow):
        return False
    if isinstance(term, Rational):
        return isinstance(term, Integer) and not term.is_negative
    if isinstance(term, Indexed | Quantity | KroneckerDelta):
        return True
    return all(is_held(a) for a in term.args)


def derivative_chain(term: Partial) -> tuple[Expr, tuple[Expr, ...]]:
    """The innermost body, and the variables outermost first: ∂/∂a (∂f/∂b) is f by (a, b)."""
    variables: list[Expr] = []
    body: Basic = term
    while isinstance(body, Partial):
        variables.append(cast(Expr, body.args[1].args[0]))
        body = body.args[0]
    return cast(Expr, body), tuple(variables)
