"""Weights: factors that are 0 beside what may be infinite there, which hide it.

Gives `hiding`, and `is_smooth`, of what hides a jump.
Such is w of w x^g, where the power overflows; n of n x^(n - 1), the slope of x^0,
which is 0 at 0 too; and 1 - y of the slope of (1 - y) f(√S), which is 0 where y is 1, also where S
is 0: the function has a value there, only √S has no slope.

Imports laws, norms and roots; floor 0.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from functools import lru_cache
from typing import cast

import sympy
from sympy import Expr, Indexed, Sum, Symbol

from symderiv.emit.laws import body_of
from symderiv.emit.norms import names_of
from symderiv.emit.roots import is_square_sum
from symderiv.terms import ZERO, Plus, Power, Quantity, bottom_up, release, subterms
from symderiv.terms.factors import Factored, factored, key, multiply_exponents, terms_of
from symderiv.terms.problem import Problem, name_of


def hiding(view: Factored, weights: Collection[str], problem: Problem) -> list[Expr]:
    """The factors of a product that hide another where they are 0.

    weights : names that stand before powers in a sum
    """
    given = any(not e.is_number for e in view.powers.values())
    beside = _beside_roots(view, problem)
    return [
        b
        for b, e in view.powers.items()
        if (b in beside)
        or (
            e == 1
            and not b.has(Sum, Power)
            and (
                (given and names_of(b) & {*weights})
                or (not release(b).is_nonzero and _is_fallen(view, b))
            )
        )
    ]


def is_smooth(view: Factored, jump: Expr) -> bool:
    """Is what is beside sign u 0 where u is, so that 0 may be counted to either side?"""
    u = jump.args[0]
    beside = bottom_up(view.without(jump).term(), lambda t: ZERO if t == u else t)
    return bool(release(beside).is_zero)


def _is_fallen(view: Factored, factor: Expr) -> bool:
    """Is there what a derivative leaves beside a factor: x^(n - 1), or a sum of such, beside n?"""
    return any(
        _less_whole(e, factor)
        if not e.is_number
        else isinstance(b, Plus) and all(_is_fallen(factored(t), factor) for t in terms_of(b))
        for b, e in view.powers.items()
    )


def _less_whole(exponent: Expr, factor: Expr) -> bool:
    """Is an exponent a multiple of a factor, less a whole number: n - 1 or 2n - 1, of n?"""
    left, whole = release(exponent), release(factor)
    slopes = ((sympy.diff(left, s), sympy.diff(whole, s)) for s in whole.free_symbols)
    less = [sympy.expand(a / b * whole - left) for a, b in slopes if b != 0]
    return any(n.is_Integer and n > 0 for n in less)


def _beside_roots(view: Factored, problem: Problem) -> list[Expr]:
    """Factors made of arguments alone, beside a root below that is not so in the function."""
    found = {key(s): s for b, e in view.powers.items() for s in _below(b, e, problem)}
    for own in _of_function(problem) if found else ():
        found.pop(own, None)
    if not found:
        return []
    taken = {name_of(x) for x in problem.wrt}.union(*map(names_of, found.values()))
    return [
        b
        for b, e in view.powers.items()
        if e.is_positive and _is_plain(b) and not names_of(b) & taken
    ]


def _is_plain(base: Expr) -> bool:
    """Is it made of arguments alone, as 1 - y is?"""
    bases = [b for t in terms_of(base) for b in factored(t).powers]
    return bool(bases) and all(isinstance(b, Symbol | Indexed) and not b.is_integer for b in bases)


@lru_cache(maxsize=512)
def _below(base: Expr, exponent: Expr, problem: Problem) -> tuple[Expr, ...]:
    """The sums of squares of which a root stands under a bar, in a power of a term."""
    return tuple(_found(base, exponent, problem))


def _found(base: Expr, exponent: Expr, problem: Problem) -> Iterator[Expr]:
    opened = isinstance(base, Quantity) and not problem.delays  # a recurrence opens without end
    body = body_of(cast(Quantity, base), problem) if opened else None
    if is_square_sum(base):
        foot = not any(t.is_Rational for t in terms_of(base))
        if foot and exponent.is_Rational and exponent < 0 and not exponent.is_Integer:
            yield base
    elif body is not None:
        for b, e in factored(body).powers.items():
            yield from _below(b, multiply_exponents(e, exponent), problem)
    elif isinstance(base, Plus | Sum):
        for t in terms_of(cast(Expr, base.function) if isinstance(base, Sum) else base):
            for b, e in factored(t).powers.items():
                yield from _below(b, e, problem)


@lru_cache(maxsize=64)
def _of_function(problem: Problem) -> frozenset[Hashable]:
    """The keys of those of the function itself, which has no value where they are 0."""
    every = (
        t
        for whole in (problem.function, *(s.body for s in problem.stages))
        for t in subterms(whole)
    )
    powers = (p for t in every if isinstance(t, Expr) for p in factored(t).powers.items())
    return frozenset(key(s) for b, e in powers for s in _below(b, e, problem))
