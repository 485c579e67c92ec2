"""Arrangement: the order in which an author writes factors and differences.

Gives `arranged`.  What stands in which order changes nothing but how a line
reads: components of one array stand together, in the order of the function's indices and then the
variable's, and of two that are subtracted the one at these indices comes first where a minus can be
spent on it; names stand before exponentials, values of functions and Iverson's brackets.

Floor 0: imports heads and letters only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sympy import Expr, Indexed, KroneckerDelta, Sum, Symbol, Tuple
from sympy.core.basic import Basic
from sympy.core.function import Function

from symderiv.terms import (
    Iverson,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    bottom_up,
    rebuild,
    subterms,
    times,
)
from symderiv.terms.contents import contents, kinds
from symderiv.terms.remembering import remembered

WHOLE = (Indexed, Quantity, KroneckerDelta, Tuple)
_MOVED = kinds((Neg, Times))  # in nothing else does anything move


def arranged(term: Expr, letters: Sequence[Symbol], before: Expr | None = None) -> Expr:
    """The term, x_e p_k x_c as p_k x_c x_e where `letters` are k, c, l, e.

    Only components whose indices are all among the letters are moved.  −Σ_i (x_i − x_k) is
    Σ_i (x_k − x_i).  With the line `before` it, −e^(−y x) y is −y e^(−y x) as well, and [x > 0] w_j
    is w_j [x > 0]; but a product that stood in that line is left as it stood there, and one with a
    derivative waits for the names that come of it.
    """
    order = tuple(letters)
    if _settled(term, order):
        return term
    made = cast(Expr, bottom_up(term, lambda t: _ordered(t, order)))
    if before is None:
        return made

    def plain_first(t: Basic) -> Basic:
        moved = _names_first(t)
        return t if moved is t or t in subterms(before) else moved

    return cast(Expr, bottom_up(made, plain_first))


def _ordered(t: Basic, letters: tuple[Symbol, ...]) -> Basic:
    """A difference turned, or a product in order, at this place."""
    if not isinstance(t, Neg | Times):
        return t
    rank: dict[Basic, int] = {letter: n for n, letter in enumerate(letters)}
    if isinstance(t, Neg):
        return _turned(t.term, rank) or t
    factors = cast("tuple[Expr, ...]", t.args)
    names = [_array(f, rank) for f in factors]
    twice = {name for name in names if name is not None and names.count(name) > 1}
    if not twice:
        return t
    made: list[Expr] = []
    for n, (factor, name) in enumerate(zip(factors, names, strict=True)):
        if name not in twice:
            made.append(factor)
        elif name not in names[n + 1 :]:
            alike = (f for f, other in zip(factors, names, strict=True) if other == name)
            made += sorted(alike, key=lambda f: _place(f, rank))
    return times(*made)


def _names_first(t: Basic) -> Basic:
    """A product with its names before its exponentials and brackets."""
    if not isinstance(t, Times):
        return t
    factors = cast("tuple[Expr, ...]", t.args)
    if any(isinstance(f, Partial) for f in factors):
        return t
    first = next((n for n, f in enumerate(factors) if _is_last(f)), len(factors))
    moved = [f for f in factors[first:] if _is_plain(f)]
    if not moved:
        return t
    kept = (f for f in factors[first:] if not _is_plain(f))
    return times(*factors[:first], *moved, *kept)


@remembered
def _settled(term: Basic, letters: tuple[Symbol, ...]) -> bool:
    """Is nothing to be moved in a term?  Most of it stood so in the line before."""
    if isinstance(term, WHOLE):
        return True
    if _ordered(term, letters) != term or _names_first(term) != term:
        return False
    return all(_settled(arg, letters) for arg in term.args if contents(arg).kinds & _MOVED)


def _is_last(factor: Expr) -> bool:
    """An exponential, another function's value, Iverson's bracket, or a power of one."""
    if isinstance(factor, Power):
        return _is_last(factor.base)
    return isinstance(factor, Iverson | Function) and not isinstance(factor, KroneckerDelta)


def _is_plain(factor: Expr) -> bool:
    """A name, with indices or without, or a power of one."""
    if isinstance(factor, Power):
        return _is_plain(factor.base) and not factor.exponent.free_symbols
    return isinstance(factor, Symbol | Indexed | Quantity)


def _turned(term: Basic, rank: Mapping[Basic, int]) -> Expr | None:
    """Minus the term, by turning a difference in it whose first component is not at the letters."""
    match term:
        case Plus(args=(first, Neg(last))) if _array(last, rank) not in (None, _array(first, rank)):
            alike = isinstance(first, Indexed | Quantity) and first.args[0] == last.args[0]
            return Plus(last, Neg(first)) if alike else None
        case Quotient(above, below):
            turned = _turned(above, rank)
            return None if turned is None else Quotient(turned, below)
        case Sum():
            turned = _turned(term.args[0], rank)
            return None if turned is None else cast(Expr, rebuild(term, (turned, *term.args[1:])))
        case Times():
            factors = cast("tuple[Expr, ...]", term.args)
            for n, factor in enumerate(factors):
                turned = _turned(factor, rank)
                if turned is not None:
                    return times(*factors[:n], turned, *factors[n + 1 :])
    return None


def _array(factor: Expr, rank: Mapping[Basic, int]) -> Basic | None:
    """The array that a factor is a component of, where its indices have a rank."""
    if not isinstance(factor, Indexed | Quantity):
        return None
    indices = factor.args[1:]
    return factor.args[0] if indices and all(a in rank for a in indices) else None


def _place(factor: Expr, rank: Mapping[Basic, int]) -> tuple[int, ...]:
    return tuple(rank[a] for a in factor.args[1:])
