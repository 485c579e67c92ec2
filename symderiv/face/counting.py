"""Counting: indices from 0, as SymPy's `Idx` has them, to indices from 1, and back.

Gives `counts_from_zero`, `from_one` (z_0 is z_1 from then on, a sum over 0 … n−1 one over 1 … n)
and `from_zero`, its inverse for answers.  A letter keeps its name: as a subscript it stands for the
same component, as a number it is one less outside.

Floor 5: imports terms.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Product, Sum, Symbol, Tuple
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.mistakes import Mistake
from symderiv.terms import Maximum, component, rebuild, subterms

_BINDERS = (Sum, Product, Maximum)


def counts_from_zero(term: Basic) -> bool:
    """Does a sum begin at 0, or is there a component z_0?"""
    for t in subterms(term):
        if isinstance(t, Indexed) and any(i == 0 for i in t.indices):
            return True
        if isinstance(t, _BINDERS) and any(limit[1] == 0 for limit in t.args[1:]):
            return True
    return False


def letters_of(term: Basic) -> set[Symbol]:
    """The symbols that are indices in the term, or run in its sums."""
    found: set[Symbol] = set()
    for t in subterms(term):
        if isinstance(t, Indexed):
            found |= {s for i in t.indices for s in i.atoms(Symbol) if not i.atoms(Indexed)}
        elif isinstance(t, _BINDERS):
            found |= {cast(Symbol, limit[0]) for limit in t.args[1:]}
    return found


def from_one(term: Basic, letters: Collection[Symbol]) -> Basic:
    """The term with its indices counted from 1.

    Raises
    ------
    Mistake
        where an index is more than a letter with a number added, or a letter is counted with.
    """
    return _shifted(term, letters, 1)


def from_zero(term: Basic, letters: Collection[Symbol]) -> Basic:
    """The term with its indices counted from 0."""
    return _shifted(term, letters, -1)


def _shifted(term: Basic, letters: Collection[Symbol], by: int) -> Basic:
    match term:
        case Indexed():
            indices = (_index(i, letters, by) for i in term.indices)
            return component(str(term.base.label), *indices)
        case KroneckerDelta():
            return rebuild(term, tuple(_index(i, letters, by) for i in term.args))
        case Sum() | Product() | Maximum():
            body = _shifted(term.args[0], letters, by)
            return rebuild(term, (body, *(_limits(limit, by) for limit in term.args[1:])))
        case Relational() if all(_is_index(side, letters) for side in term.args):
            return rebuild(term, tuple(_index(side, letters, by) for side in term.args))
        case Symbol() if term in letters and by > 0:
            raise Mistake(
                f"{term} counts from 0 and is more than an index; sums that count with their "
                f"letter are written from 1, ({term}, 1, N)"
            )
        case Symbol() if term in letters:
            return Add(term, -by)
        case _ if term.args:
            return rebuild(term, tuple(_shifted(a, letters, by) for a in term.args))
        case _:
            return term


def _limits(limit: Basic, by: int) -> Tuple:
    letter, low, high = (cast(Expr, a) for a in limit.args)
    return Tuple(letter, low + by, high + by)


def _is_index(side: Basic, letters: Collection[Symbol]) -> bool:
    """Is it a number, or a letter with a number added?"""
    number, rest = cast(Expr, side).as_coeff_Add()
    return isinstance(number, Integer) and (rest == 0 or rest in letters)


def _index(index: Basic, letters: Collection[Symbol], by: int) -> Expr:
    """A subscript: a number is moved, and a letter with a number added stands as it is."""
    if isinstance(index, Integer):
        return cast(Expr, index + by)
    number, rest = cast(Expr, index).as_coeff_Add()
    if rest in letters and isinstance(number, Integer):
        return cast(Expr, index)
    if isinstance(index, Indexed):
        return cast(Expr, _shifted(index, letters, by))
    raise Mistake(f"the index {index} counts from 0; only a letter with a number added can do so")
