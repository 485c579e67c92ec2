"""Derivatives of the largest and the smallest over a letter.

Where several terms attain it with one derivative, that derivative counts once; where they differ
there is a kink.  Imports the register, pairs, ties and floor 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

import sympy
from sympy import Expr, Sum, Symbol

from symderiv.rules.pairs import pair
from symderiv.rules.registry import Law, Rule, derivative, held, of_parts
from symderiv.rules.ties import moves_one
from symderiv.terms import (
    D,
    Iverson,
    Maximum,
    Minimum,
    Quotient,
    Times,
    function_of,
    rebuild,
    relu,
    summation,
)
from symderiv.terms.letters import all_letters, free_letters, rename_bound

EXTREMES = (Maximum, Minimum)


@derivative(
    "maximum-of-a-constant",
    "maximum of a constant",
    Law("D(max(u, (k, 1, K)))", "D(u)"),
    Law("D(min(u, (k, 1, K)))", "D(u)"),
    of=Maximum,
    examples=(Law("D(max(x**2, (k, 1, K)))", "D(x**2)"),),
)
def maximum_of_constant(u: Maximum, x: Expr) -> Expr | None:
    return None if u.limits[0][0] in free_letters(u.function) else D(u.function, x)


@derivative(
    "constant-out-of-the-maximum",
    "constant out of the maximum",
    Law("D(max(max(z[k], c), k), z[j])", "D(max(max(z[k], k), c), z[j])"),
    Law("D(max(min(z[k], c), k), z[j])", "D(min(max(z[k], k), c), z[j])"),
    of=Maximum,
    examples=(
        Law("D(max(min(x, z[k]), k))", "D(min(max(z[k], k), x))"),
        Law("D(min(relu(z[k]), k), z[j])", "D(relu(min(z[k], k)), z[j])"),
    ),
)
def clipped(u: Maximum, x: Expr) -> Expr | None:
    """The same for a minimum, and for relu."""
    clip, index = u.function, u.limits[0][0]
    if not isinstance(clip, sympy.Max | sympy.Min | relu):
        return None
    fixed = [a for a in clip.args if index not in free_letters(a)]
    moving = [a for a in clip.args if index in free_letters(a)]
    if not moving or not (fixed or isinstance(clip, relu)):
        return None
    head = type(clip)
    inner = moving[0] if len(moving) == 1 else function_of(head, *moving)
    return D(function_of(head, rebuild(u, (inner, *u.limits)), *fixed), x)


@pair(
    "maximum",
    "maximum",
    Law("D(max(z[k], k), z[j])", "sum(iverson(z[k] == max(z[m], m))*D(z[k], z[j]), k)"),
    of=EXTREMES,
    examples=(Law("D(max(z[k], k), z[j])", "sum(iverson(z[k] == max(z[m], m))*D(z[k], z[j]), k)"),),
    refuses=("D(max(a, x))", "D(min(z[k], k), z[j])"),
)
def moved(u: Maximum, x: Expr) -> Expr | None:
    """By what moves one of the terms only."""
    own = moves_one(u.function, cast(Symbol, u.limits[0][0]), x)
    return attained(u, x) if own else None


def moving_one(known: Callable[[Maximum, Expr], bool]) -> tuple[Rule, ...]:
    """The same two rules where it is known that the variable moves one term only."""

    def apply(head: type[Maximum], u: Maximum, x: Expr) -> Expr | None:
        total = attained(u, x) if type(u) is head else None
        return total if total is not None and known(u, x) else None

    return tuple(
        replace(rule, function=held(of_parts(partial(apply, head))))
        for rule, head in zip(moved, EXTREMES, strict=True)
    )


@pair(
    "mean-over-the-maximum",
    "mean over those that attain the maximum",
    Law(
        "D(max(u[k], k))",
        "sum(iverson(u[k] == max(u[m], m))*D(u[k]), k)/sum(iverson(u[k] == max(u[m], m)), k)",
    ),
    of=EXTREMES,
    examples=(
        Law(
            "D(max(z[k] + relu(x + z[k]), k))",
            "sum(iverson(z[k] + relu(x + z[k]) == max(z[m] + relu(x + z[m]), m))"
            "*D(z[k] + relu(x + z[k])), k)"
            "/sum(iverson(z[k] + relu(x + z[k]) == max(z[m] + relu(x + z[m]), m)), k)",
        ),
    ),
)
def mean(u: Maximum, x: Expr) -> Expr | None:
    """By any variable: where several attain it with one derivative, that counts once."""
    total = attained(u, x)
    if total is None:
        return None
    there = cast(Times, total.function).args[0]  # Σ [c] u' -> Σ [c] u' / Σ [c]
    return Quotient(total, rebuild(total, (there, *total.args[1:])))


def attained(u: Maximum, x: Expr) -> Sum | None:
    """Σ over the terms that attain the extreme of their derivatives."""
    if u.limits[0][0] not in free_letters(u.function):
        return None
    u = cast(Maximum, rename_bound(u, all_letters(x) | free_letters(u)))
    ((index, low, high),) = u.limits
    inner = rename_bound(u, {index, *all_letters(x), *free_letters(u)})
    there = Iverson(sympy.Eq(u.function, inner, evaluate=False))
    return summation(there * D(u.function, x), index, high, low)
