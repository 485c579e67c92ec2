"""The rules of inverses and determinants, by the components of the matrix.

    d X^-1_ij / dX_kl = -X^-1_ik X^-1_lj        d log|det X| / dX_ij = X^-1_ji
    d det X / dX_ij = det X X^-1_ji

Where the matrix is a stage, `through` writes the chain rule over its components.

Source: K. B. Petersen, M. S. Pedersen, The Matrix Cookbook, 2012, (49), (57), (60).

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.rules.differentiation import parts
from symderiv.rules.registry import Law, Rule, made, rule
from symderiv.terms import D, Neg, Partial, Quantity, component, subterms, summation, times
from symderiv.terms.derived import Derived, derived
from symderiv.terms.letters import all_letters, fresh
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


@rule(
    "derivative-of-the-inverse",
    "derivative of the inverse",
    Law("D(inv(X)[i,j], X[k,m])", "-inv(X)[i,k]*inv(X)[m,j]"),
    of=Partial,
    examples=(Law("D(inv(X)[i,i], X[k,m])", "-inv(X)[i,k]*inv(X)[m,i]"),),
    refuses=("D(inv(X)[i,j], z[k])",),
)
def inverse(term: Basic) -> Expr | None:
    match parts(term):
        case (u, Indexed() as x) if (found := _of(u)) and found.function == "inv":
            return _by(u, found, *x.args[1:]) if found.array == name_of(x) else None
    return None


@rule(
    "derivative-of-the-determinant",
    "derivative of the determinant",
    Law("D(det(X), X[i,j])", "det(X)*inv(X)[j,i]"),
    Law("D(logdet(X), X[i,j])", "inv(X)[j,i]"),
    of=Partial,
    examples=(
        Law("D(det(X), X[i,i])", "det(X)*inv(X)[i,i]"),
        Law("D(logdet(X), X[i,j])", "inv(X)[j,i]"),
    ),
    refuses=("D(det(X), z[k])",),
)
def determinant(term: Basic) -> Expr | None:
    match parts(term):
        case (u, Indexed() as x) if (found := _of(u)) and found.function != "inv":
            return _by(u, found, *x.args[1:]) if found.array == name_of(x) else None
    return None


def through(problem: Problem) -> Rule:
    """The chain rule through a matrix that is a stage, over its components."""

    def apply(term: Basic) -> Expr | None:
        match parts(term):
            case (u, x) if found := _of(u):
                stage = problem.definition(found.array)
                if stage is None or not problem.depends(found.array, x):
                    return None
                taken = set(all_letters(term))
                a = fresh(cast(Symbol, stage.quantity.indices[0]), taken)
                b = fresh(cast(Symbol, stage.quantity.indices[1]), taken | {a})
                inner = Quantity(stage.quantity.symbol, a, b)
                body = times(_by(u, found, a, b), D(inner, x))
                rows, columns = problem.shapes[found.array]
                return summation(summation(body, b, columns), a, rows)
        return None

    return made("chain-rule-through-the-matrix", "chain rule through the matrix", apply)


def derived_in(term: Basic) -> bool:
    """Does a term hold an inverse or a determinant?"""
    return any(_of(t) is not None for t in subterms(term))
