"""Masks: factors that leave out cases of indices, and with them what has no value there.

Gives `product`, the form of a product as written.  Where a factor is 1 - delta_ij the others are
read with delta_ij = 0, down to what they are made of, and where delta_ij is a factor with i = j: so
(1 - delta_ij) log((1 - delta_ij) w_ij) is (1 - delta_ij) log w_ij: what a mask leaves out has no
value to be known, as in a sum over k != i.

Imports reductions, mapping and what is below them, and floor 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.atoms import Form, OutOfReach
from symderiv.judge.forms import Ring
from symderiv.judge.indices import combined
from symderiv.judge.mapping import Change, mapped
from symderiv.judge.polynomials import UNIT
from symderiv.judge.reductions import delta
from symderiv.judge.walk import Walk
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.problem import name_of


def product(lines: Walk, factors: tuple[Expr, ...], below: Form | None = None) -> Form:
    """The form of a product, times another form; the masks last.

    Last, because (1 - delta_ij) (z_i - z_j) is z_i - z_j, and only the mask says that
    (1 - delta_ij) (z_i - z_j) / (z_i - z_j) is not 1 at i = j.
    """
    factors = tuple(_flat(factors))
    masks = [f for f in factors if is_mask(f)]
    others = [f for f in factors if not is_mask(f)]
    left_out = [pair for f in masks if (pair := _different(f)) is not None]
    one: Form = {UNIT: 1} if below is None else below
    try:
        with lines.apart(deltas(lines, left_out)) as apart:
            forms = [without(lines.ring, one, apart), *map(lines.form, others)]
    except OutOfReach:
        together = _together(factors) if below is None else None
        if together is None:
            raise
        mask, rest = together
        return lines.ring.product(lines.form(mask), product(lines, rest))
    return lines.ring.multiplied([*forms, *map(lines.form, masks)])


def is_mask(term: Basic) -> bool:
    """Is a term a delta, a bracket of indices, 1 minus one of these, or a power of one?"""
    match term:
        case KroneckerDelta():
            return True
        case terms.Iverson(condition):
            return all(map(is_index, condition.args))
        case terms.Plus(args=(sympy.Integer() as one, terms.Neg(inside))):
            return bool(one == 1) and is_mask(inside)
        case terms.Power(base, sympy.Integer() as n):
            return bool(n > 0) and is_mask(base)
        case _:
            return False


def _is_whole(term: Basic) -> bool:
    """Is a term made of whole numbers by adding and subtracting?"""
    if isinstance(term, terms.Plus | terms.Neg):
        return all(map(_is_whole, term.args))
    return isinstance(term, sympy.Integer)


def is_index(term: Basic, labels: Collection[str] = ()) -> bool:
    """Is a term made of letters, whole numbers and components of these labels?"""
    match term:
        case Symbol() | sympy.Integer():
            return bool(term.is_integer)
        case Indexed():
            return name_of(term) in labels
        case terms.Plus() | terms.Neg() | terms.Times():
            return all(is_index(a, labels) for a in term.args)
        case _:
            return False


def masks_of(term: Basic) -> Iterator[Expr]:
    """The masks among the factors of a term; 1 - 1, which one may come to be, among them.

    A 0 that is written is none: 0 log(a) has no value where log(a) has none.
    """
    for factor in _flat((cast(Expr, term),)):
        if is_mask(factor) or (isinstance(factor, terms.Plus) and _is_whole(factor)):
            yield factor
        elif isinstance(factor, terms.Quotient):
            yield from masks_of(factor.numerator)


def _flat(factors: tuple[Expr, ...]) -> Iterator[Expr]:
    for factor in factors:
        if isinstance(factor, terms.Times):
            yield from _flat(cast("tuple[Expr, ...]", factor.args))
        else:
            yield factor


def _different(factor: Expr) -> tuple[Basic, Basic] | None:
    """(i, j) of 1 - delta_ij, or of [i != j]."""
    match factor:
        case terms.Plus(args=(sympy.Integer() as one, terms.Neg(KroneckerDelta() as d))):
            return (d.args[0], d.args[1]) if one == 1 else None
        case terms.Iverson(sympy.Unequality(args=(Symbol() as a, b))) if a.is_integer:
            return (a, b)
        case terms.Power(base, _):
            return _different(base)
    return None


def deltas(lines: Walk, left_out: list[tuple[Basic, Basic]]) -> frozenset[int]:
    """The generators delta_ij of indices that masks hold apart."""
    forms = (
        delta(lines.ring, combined((lines.index(a), 1), (lines.index(b), -1))) for a, b in left_out
    )
    return frozenset(g for form in forms if len(form) == 1 for m in form for g, _ in m)


def without(ring: Ring, form: Form, apart: frozenset[int]) -> Form:
    """A form where these deltas are 0: the indices that masks hold apart are different."""
    for g in sorted(apart) if apart else ():
        letters = ring.table[g].letters
        change = Change(
            touches=lambda gen, letters=letters: letters <= gen.letters,  # type: ignore[misc]
            leaf=lambda gen, g=g: {} if gen.number == g else None,  # type: ignore[misc]
        )
        form = mapped(ring, form, change)
    return form


def _together(factors: tuple[Expr, ...]) -> tuple[Expr, tuple[Expr, ...]] | None:
    """A factor delta_ij, and the others with j in the place of i."""
    for n, f in enumerate(factors):
        if not isinstance(f, KroneckerDelta):
            continue
        for old, new in (f.args, f.args[::-1]):
            rest = factors[:n] + factors[n + 1 :]
            if isinstance(old, Symbol) and any(old in free_letters(r) for r in rest):
                return f, tuple(substitute(r, {old: new}) for r in rest)
    return None
