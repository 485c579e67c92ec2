"""Closed forms: a gradient in the stages and given arrays alone, its adjoints written out.

Gives `written_out` (a term with some adjoints by their own lines), `recurring` (the adjoints of a
recurrence, which have no closed form for every number of steps) and `closed_form`.

Floor 2: imports floor 0 and the rest of this room.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.derivation.network.adjoints import Backpropagation
from symderiv.derivation.network.lines import Adjoint
from symderiv.terms import Quantity, Times, bottom_up, times
from symderiv.terms.problem import Definition

LARGEST = 3_000  # characters' worth of a term in which adjoints are written out


def written_out(term: Expr, lines: Mapping[str, Adjoint]) -> Expr:
    """A term with these adjoints, by name, by their own lines; what those mention stays."""

    def change(t: Basic) -> Basic:
        line = lines.get(t.name) if isinstance(t, Quantity) else None
        return t if line is None else Definition(line.quantity, line.term).at(cast(Quantity, t))

    return cast(Expr, bottom_up(term, change))


def wholly(term: Expr, lines: Mapping[str, Adjoint]) -> Expr:
    """A term in which none of these is left, or that has become too large."""
    before = None
    while term != before and len(str(term)) <= LARGEST:
        before, term = term, written_out(term, lines)
    return term


def recurring(made: Backpropagation) -> frozenset[str]:
    """The adjoints that come back to themselves, one step after."""
    block = made.network.block
    return frozenset(a.quantity.name for of, a in made.adjoints.items() if of in block)


def closed_form(made: Backpropagation, line: Adjoint) -> Expr | None:
    """The line with every adjoint written out but those of a recurrence; None if it is too long."""
    kept = recurring(made)
    others = {name: a for name, a in made.lines.items() if name not in kept}
    term = wholly(line.term, others)
    return None if len(str(term)) > LARGEST else _flat(term)


def _flat(term: Expr) -> Expr:
    """The same with the factors of factors side by side."""

    def change(t: Basic) -> Basic:
        return times(*cast(tuple[Expr, ...], t.args)) if isinstance(t, Times) else t

    return cast(Expr, bottom_up(term, change))
