"""Makers of heads: letters, sizes, components, and what SymPy would evaluate, as written.

Floor 0: imports the heads only.
"""

from __future__ import annotations

from typing import Any, cast

import sympy
from sympy import (
    Expr,
    Function,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Product,
    Sum,
    Symbol,
    Tuple,
)
from sympy.core.basic import Basic

from symderiv.terms.heads import ONE, Maximum, Minimum, Partial, made_once
from symderiv.terms.remembering import remembered


@remembered
def letter(name: str) -> Symbol:
    """An index letter."""
    return Symbol(name, integer=True)


@remembered
def size(name: str) -> Symbol:
    """The size of an axis: a positive integer."""
    return Symbol(name, integer=True, positive=True)


@remembered
def component(name: str, *indices: Expr) -> Indexed:
    """A component of a given array: z_i.  Made once a name and indices, so equality is cheap."""
    return cast(Indexed, Indexed(_base(name), *indices))  # equal to what a user writes


@remembered
def _base(name: str) -> IndexedBase:
    return IndexedBase(name)


def function_of(head: type[Basic], *args: Basic) -> Expr:
    """`head(*args)` as written, with none of SymPy's evaluation: exp(0), log(exp x) stay."""
    if issubclass(head, Function):
        return cast(Expr, made_once(head, *args))
    return cast(Expr, head(*args, evaluate=False))


def exp(x: Any) -> Expr:
    return function_of(sympy.exp, sympy.sympify(x))


def log(x: Any) -> Expr:
    return function_of(sympy.log, sympy.sympify(x))


def D(expression: Any, variable: Any) -> Partial:
    """The derivative of an expression by a variable, not yet worked out."""
    return Partial(expression, variable)


def _limits(index: Symbol, high: Any, low: Any = ONE) -> Tuple:
    return Tuple(index, sympy.sympify(low), sympy.sympify(high))


def summation(body: Expr, index: Symbol, high: Any, low: Any = ONE) -> Sum:
    """Σ over one letter, as written."""
    return cast(Sum, with_limits(Sum, body, _limits(index, high, low)))


def product_over(body: Expr, index: Symbol, high: Any, low: Any = ONE) -> Product:
    """Π over one letter, as written."""
    return cast(Product, with_limits(Product, body, _limits(index, high, low)))


def maximum_over(body: Expr, index: Symbol, high: Any, low: Any = ONE) -> Maximum:
    """max over one letter, as written."""
    return Maximum(body, _limits(index, high, low))


def minimum_over(body: Expr, index: Symbol, high: Any, low: Any = ONE) -> Minimum:
    """min over one letter, as written."""
    return Minimum(body, _limits(index, high, low))


def with_limits(head: type[Basic], body: Basic, *limits: Basic) -> Basic:
    obj = made_once(head, body, *limits)
    obj.is_commutative = True
    return obj


def _letter_order(index: Expr) -> tuple[int, str]:
    return (1 if index.is_Integer else 0, index.name if isinstance(index, Symbol) else str(index))


def delta(a: Any, b: Any) -> KroneckerDelta:
    """δ_ab as written (letters in alphabetical order, so δ_ij and δ_ji are one term)."""
    return _delta(sympy.sympify(a), sympy.sympify(b))


@remembered
def _delta(a: Expr, b: Expr) -> KroneckerDelta:
    first, second = sorted((a, b), key=_letter_order)
    return cast(KroneckerDelta, Basic.__new__(KroneckerDelta, first, second))
