"""The rules of inverses and determinants, by the components of the matrix.

    d X^-1_ij / dX_kl = -X^-1_ik X^-1_lj        d log|det X| / dX_ij = X^-1_ji
    d det X / dX_ij = det X X^-1_ji                sum_k X_ik X^-1_kj = delta_ij

Where the matrix is a stage, `through` writes the chain rule over its components; `unit` multiplies
a given matrix with its inverse.

Source: K. B. Petersen, M. S. Pedersen, The Matrix Cookbook, 2012, (49), (57), (60).

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from sympy import Expr, Indexed, KroneckerDelta, Sum, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.rules.ranges import over
from symderiv.rules.registry import Law, Rule, derivative, made, of_parts
from symderiv.terms import (
    ONE,
    D,
    Neg,
    Partial,
    Quantity,
    component,
    summation,
    times,
)
from symderiv.terms.derived import Derived, derived
from symderiv.terms.factors import Factored, factored
from symderiv.terms.letters import all_fresh, all_letters, free_letters
from symderiv.terms.problem import Problem, name_of


def _of(term: Basic) -> Derived | None:
    return derived(name_of(term)) if isinstance(term, Indexed | Symbol) else None


def _by(u: Expr, found: Derived, k: Expr, l: Expr) -> Expr:
    """The derivative of an inverse, determinant or log-determinant by the component kl."""
    inverse = Derived("inv", found.array).name
    match found.function:
        case "inv":
            i, j = u.args[1:]
            return Neg(times(component(inverse, i, k), component(inverse, l, j)))
        case "det":
            return times(u, component(inverse, l, k))
        case _:
            return component(inverse, l, k)


@derivative(
    "derivative-of-the-inverse",
    "derivative of the inverse",
    Law("D(inv(X)[i,j], X[k,m])", "-inv(X)[i,k]*inv(X)[m,j]"),
    examples=(Law("D(inv(X)[i,i], X[k,m])", "-inv(X)[i,k]*inv(X)[m,i]"),),
    refuses=("D(inv(X)[i,j], z[k])",),
)
def inverse(u: Expr, x: Expr) -> Expr | None:
    return _by_component(u, x, ("inv",))


@derivative(
    "derivative-of-the-determinant",
    "derivative of the determinant",
    Law("D(det(X), X[i,j])", "det(X)*inv(X)[j,i]"),
    Law("D(logdet(X), X[i,j])", "inv(X)[j,i]"),
    examples=(
        Law("D(det(X), X[i,i])", "det(X)*inv(X)[i,i]"),
        Law("D(logdet(X), X[i,j])", "inv(X)[j,i]"),
    ),
    refuses=("D(det(X), z[k])",),
)
def determinant(u: Expr, x: Expr) -> Expr | None:
    return _by_component(u, x, ("det", "logdet"))


def _by_component(u: Expr, x: Expr, functions: Collection[str]) -> Expr | None:
    found = _of(u)
    if found is None or found.function not in functions:
        return None
    own = isinstance(x, Indexed) and found.array == name_of(x)
    return _by(u, found, *x.args[1:]) if own else None


def through(problem: Problem) -> Rule:
    """The chain rule through a matrix that is a stage, over its components."""

    def apply(u: Expr, x: Expr) -> Expr | None:
        found = _of(u)
        stage = None if found is None else problem.definition(found.array)
        if found is None or stage is None or not problem.depends(found.array, x):
            return None
        a, b = all_fresh(stage.quantity.indices, all_letters(D(u, x)))
        inner = Quantity(stage.quantity.symbol, a, b)
        body = times(_by(u, found, a, b), D(inner, x))
        rows, columns = problem.shapes[found.array]
        return summation(summation(body, b, columns), a, rows)

    name = "chain rule through the matrix"
    return made("chain-rule-through-the-matrix", name, of_parts(apply), of=Partial)


def unit(problem: Problem) -> Rule:
    """The product of a given matrix with its inverse, over the whole axis: a delta."""

    def apply(term: Sum) -> Expr | None:
        body, limits = _flat(term)
        for limit in term.limits:
            index, low, high = limit
            found = _meeting(problem, body.powers, cast(Symbol, index)) if low == 1 else None
            if found is None or found.size != high:
                continue
            del body.powers[found.matrix], body.powers[found.inverse]
            product = times(KroneckerDelta(*found.outer), body.term())
            return over(product, tuple(t for t in limits if t != limit))
        return None

    return made("matrix-times-its-inverse", "matrix times its inverse", apply, of=Sum)


def _flat(term: Sum) -> tuple[Factored, tuple[Tuple, ...]]:
    """The factors of a sum and of the sums that are factors in it, and the letters of all."""
    body, limits = factored(term.function), tuple(term.limits)
    for inner in [b for b, e in body.powers.items() if isinstance(b, Sum) and e == ONE]:
        taken = {t[0] for t in limits} | (free_letters(body.term()) - free_letters(inner))
        if taken & {t[0] for t in inner.limits}:
            continue
        del body.powers[inner]
        within, own = _flat(inner)
        body = factored(times(body.term(), within.term()))
        limits += own
    return body, limits


@dataclass(frozen=True)
class _Meeting:
    """X_ik and X^-1_kj, or X^-1_ik and X_kj: their outer indices, and the size of the axis of k."""

    matrix: Expr
    inverse: Expr
    outer: tuple[Expr, Expr]
    size: Expr


def _meeting(problem: Problem, powers: Mapping[Expr, Expr], index: Symbol) -> _Meeting | None:
    """The matrix and its inverse that alone have an index, once each, and side by side."""
    own = [base for base, e in powers.items() if index in free_letters(base) | free_letters(e)]
    if len(own) != 2 or any(powers[base] != ONE for base in own):
        return None
    for matrix, inverse in (own, own[::-1]):
        found = _of(inverse)
        if not isinstance(matrix, Indexed) or found is None or found.function != "inv":
            continue
        if name_of(matrix) != found.array or found.array not in problem.shapes:
            continue
        (a, b), (c, d) = matrix.args[1:], inverse.args[1:]
        size = problem.shapes[found.array][0]
        if b == c == index and index not in (a, d):
            return _Meeting(matrix, inverse, (cast(Expr, a), cast(Expr, d)), size)
        if a == d == index and index not in (b, c):
            return _Meeting(matrix, inverse, (cast(Expr, c), cast(Expr, b)), size)
    return None
