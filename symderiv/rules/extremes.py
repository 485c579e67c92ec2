"""Derivatives of the largest and the smallest over a letter.

Where several terms attain it with one derivative, that derivative counts once; where they differ
there is a kink.  Imports differentiation (`parts`) and what is below it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import sympy
from sympy import Expr, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.rules.differentiation import parts
from symderiv.rules.registry import Law, Rule, made, rule
from symderiv.rules.ties import moves_one
from symderiv.terms import (
    D,
    Iverson,
    Maximum,
    Minimum,
    Partial,
    Quotient,
    Times,
    function_of,
    rebuild,
    relu,
    summation,
)
from symderiv.terms.letters import all_letters, free_letters, rename_bound


@rule(
    "maximum-of-a-constant",
    "maximum of a constant",
    Law("D(max(u, (k, 1, K)))", "D(u)"),
    Law("D(min(u, (k, 1, K)))", "D(u)"),
    of=Partial,
    body=Maximum,
    examples=(Law("D(max(x**2, (k, 1, K)))", "D(x**2)"),),
)
def maximum_of_constant(term: Basic) -> Expr | None:
    match parts(term):
        case (Maximum() as u, x) if u.limits[0][0] not in free_letters(u.function):
            return D(u.function, x)
    return None


@rule(
    "constant-out-of-the-maximum",
    "constant out of the maximum",
    Law("D(max(max(z[k], c), k), z[j])", "D(max(max(z[k], k), c), z[j])"),
    Law("D(max(min(z[k], c), k), z[j])", "D(min(max(z[k], k), c), z[j])"),
    of=Partial,
    body=Maximum,
    examples=(
        Law("D(max(min(x, z[k]), k))", "D(min(max(z[k], k), x))"),
        Law("D(min(relu(z[k]), k), z[j])", "D(relu(min(z[k], k)), z[j])"),
    ),
)
def clipped(term: Basic) -> Expr | None:
    """The same for a minimum, and for relu."""
    match parts(term):
        case (Maximum() as u, x) if isinstance(u.function, sympy.Max | sympy.Min | relu):
            clip, index = u.function, u.limits[0][0]
            fixed = [a for a in clip.args if index not in free_letters(a)]
            moving = [a for a in clip.args if index in free_letters(a)]
            if moving and (fixed or isinstance(clip, relu)):
                head = type(clip)
                inner = moving[0] if len(moving) == 1 else function_of(head, *moving)
                extreme = rebuild(u, (inner, *u.limits))
                return D(function_of(head, extreme, *fixed), x)
    return None


@rule(
    "maximum",
    "maximum",
    Law("D(max(z[k], k), z[j])", "sum(iverson(z[k] == max(z[m], m))*D(z[k], z[j]), k)"),
    of=Partial,
    body=Maximum,
    examples=(Law("D(max(z[k], k), z[j])", "sum(iverson(z[k] == max(z[m], m))*D(z[k], z[j]), k)"),),
    refuses=(
        "D(max(a, x))",
        "D(min(z[k], k), z[j])",
    ),
)
def maximum(term: Basic) -> Expr | None:
    """By what moves one of the terms only."""
    return attained(term, Maximum) if _moves_one(term) else None


@rule(
    "minimum",
    "minimum",
    Law("D(min(z[k], k), z[j])", "sum(iverson(z[k] == min(z[m], m))*D(z[k], z[j]), k)"),
    of=Partial,
    body=Minimum,
    examples=(Law("D(min(z[k], k), z[j])", "sum(iverson(z[k] == min(z[m], m))*D(z[k], z[j]), k)"),),
    refuses=("D(max(z[k], k), z[j])",),
)
def minimum(term: Basic) -> Expr | None:
    """By what moves one of the terms only."""
    return attained(term, Minimum) if _moves_one(term) else None


def moving_one(known: Callable[[Maximum, Expr], bool]) -> tuple[Rule, ...]:
    """The same two rules where it is known that the variable moves one term only."""
    return tuple(
        made(
            rule.identifier,
            rule.name,
            partial(_known, known, head),
            *rule.laws,
            of=Partial,
            body=head,
        )
        for rule, head in ((maximum, Maximum), (minimum, Minimum))
    )


def _known(known: Callable[[Maximum, Expr], bool], head: type[Maximum], term: Basic) -> Expr | None:
    total = attained(term, head)
    if total is None:
        return None
    extreme, x = cast("tuple[Maximum, Expr]", parts(term))
    return total if known(extreme, x) else None


def _moves_one(term: Basic) -> bool:
    match parts(term):
        case (Maximum() as u, x):
            return moves_one(u.function, cast(Symbol, u.limits[0][0]), x)
    return False


@rule(
    "mean-over-the-maximum",
    "mean over those that attain the maximum",
    Law(
        "D(max(u[k], k))",
        "sum(iverson(u[k] == max(u[m], m))*D(u[k]), k)/sum(iverson(u[k] == max(u[m], m)), k)",
    ),
    of=Partial,
    body=Maximum,
    examples=(
        Law(
            "D(max(z[k] + relu(x + z[k]), k))",
            "sum(iverson(z[k] + relu(x + z[k]) == max(z[m] + relu(x + z[m]), m))"
            "*D(z[k] + relu(x + z[k])), k)"
            "/sum(iverson(z[k] + relu(x + z[k]) == max(z[m] + relu(x + z[m]), m)), k)",
        ),
    ),
)
def maximum_of_any(term: Basic) -> Expr | None:
    """By any variable: where several attain it with one derivative, that counts once."""
    return _mean(attained(term, Maximum))


@rule(
    "mean-over-the-minimum",
    "mean over those that attain the minimum",
    Law(
        "D(min(u[k], k))",
        "sum(iverson(u[k] == min(u[m], m))*D(u[k]), k)/sum(iverson(u[k] == min(u[m], m)), k)",
    ),
    of=Partial,
    body=Minimum,
    examples=(
        Law(
            "D(min(z[k] + relu(x + z[k]), k))",
            "sum(iverson(z[k] + relu(x + z[k]) == min(z[m] + relu(x + z[m]), m))"
            "*D(z[k] + relu(x + z[k])), k)"
            "/sum(iverson(z[k] + relu(x + z[k]) == min(z[m] + relu(x + z[m]), m)), k)",
        ),
    ),
)
def minimum_of_any(term: Basic) -> Expr | None:
    """The same for the smallest."""
    return _mean(attained(term, Minimum))


def _mean(total: Expr | None) -> Expr | None:
    """Σ [c] u' -> Σ [c] u' / Σ [c]."""
    if total is None:
        return None
    there = cast(Times, cast(Sum, total).function).args[0]
    return Quotient(total, rebuild(total, (there, *total.args[1:])))


def attained(term: Basic, head: type[Maximum]) -> Expr | None:
    """Σ over the terms that attain the extreme of their derivatives."""
    match parts(term):
        case (Maximum() as u, x) if type(u) is head and u.limits[0][0] in free_letters(u.function):
            u = cast(Maximum, rename_bound(u, all_letters(x) | free_letters(u)))
            ((index, low, high),) = u.limits
            inner = rename_bound(u, {index, *all_letters(x), *free_letters(u)})
            there = Iverson(sympy.Eq(u.function, inner, evaluate=False))
            return cast(Expr, summation(there * D(u.function, x), index, high, low))
    return None
