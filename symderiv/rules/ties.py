"""Ties: may two terms of a maximum be the same function?  Then it must not be counted twice.

Gives `apart` for two terms, `component` for the terms over a letter and `smooth`.  They say no
where they do not see it; the rule for terms that may coincide is right in any case.

Floor 1: imports floor 0 only.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Indexed, Rational, Symbol
from sympy.core.basic import Basic

from symderiv.terms import (
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    release,
    sigmoid,
    softplus,
)
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import name_of

RISING = (sympy.exp, sympy.log, sympy.sinh, sympy.tanh, sympy.erf, sigmoid, softplus)
SMOOTH = (Plus, Neg, Times, Quotient, Power, Rational, *RISING, sympy.sin, sympy.cos, sympy.cosh)
DIGITS = 30


def apart(u: Expr, v: Expr) -> bool:
    """Are two terms different functions, equal only here and there?

    Seen for smooth terms of scalars and components at one point, where they differ.
    """
    leaves = [t for term in (u, v) for t in _leaves(term)]
    if not all(isinstance(t, Symbol | Indexed) and not _whole(t) for t in leaves):
        return False
    arrays = [{name_of(t) for t in _leaves(w) if isinstance(t, Indexed)} for w in (u, v)]
    lettered = {name_of(t) for t in leaves if isinstance(t, Indexed) and free_letters(t)}
    if arrays[0] & arrays[1] & lettered or _twice(u, lettered) or _twice(v, lettered):
        return False  # components that are one where their letters are equal
    point = {t: Rational(7 + 2 * n, 5 + n * n) for n, t in enumerate(dict.fromkeys(leaves))}
    difference = sympy.N((release(u) - release(v)).xreplace(point), DIGITS)
    if not difference.is_comparable:
        return False
    return bool(abs(difference) > Rational(1, 10**9))


def _leaves(term: Basic) -> list[Basic]:
    """What a smooth term is made of; a head that is not smooth is a leaf."""
    if not isinstance(term, SMOOTH):
        return [term]
    return [leaf for a in term.args for leaf in _leaves(a)] if term.args else []


def _whole(leaf: Basic) -> bool:
    return isinstance(leaf, Symbol) and bool(leaf.is_integer)


def _twice(term: Expr, arrays: set[str]) -> bool:
    """Does a term hold two components of one of these arrays?"""
    found = {t for t in _leaves(term) if isinstance(t, Indexed)}
    names = [name_of(t) for t in found]
    return any(names.count(name) > 1 for name in arrays)


def component(term: Basic, index: Symbol) -> bool:
    """Is a term a component at the index, scaled, shifted, or under a function that rises?"""
    inside = [a for a in term.args if index in free_letters(a)]
    match term:
        case Indexed():
            return index in term.indices and all(
                s == index or index not in free_letters(s) for s in term.indices
            )
        case Neg() | Plus():
            return len(inside) == 1 and component(inside[0], index)
        case Times():
            scale = [a for a in term.args if a not in inside]
            return len(inside) == 1 and all(map(_scalar, scale)) and component(inside[0], index)
        case Quotient(u, v):
            return _scalar(v) and component(u, index)
        case _ if isinstance(term, RISING):
            return component(cast(Basic, term.args[0]), index)
        case _:
            return False


def _scalar(factor: Basic) -> bool:
    """Is a factor 0 only here and there?"""
    return isinstance(factor, Symbol | Indexed | Rational) and not _whole(factor)


def smooth(term: Basic) -> bool:
    """Has a term no head with a kink, and no named quantity that may hide one?"""
    return all(isinstance(t, Symbol | Indexed) for t in _leaves(term))
