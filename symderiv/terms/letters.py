"""Letters: which indices are free, which are bound, and how to rename without capture.

Gives `free_letters`, `substitute` (capture-avoiding), `rename_bound`, `fresh`, `all_fresh` and
`same` (equal up to the names of bound letters).  A letter is bound by `Sum`, `Product` and
`Maximum`; every other index is free.

Floor 0: imports heads and SymPy only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, count
from typing import cast

from sympy import Expr, Indexed, IndexedBase, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.terms import Quantity, letter, rebuild
from symderiv.terms.contents import BINDING, contents
from symderiv.terms.remembering import remembered

BINDERS = BINDING
_SPARE = "kmlnqrstuvabcdefgh"


def bound_letters(term: Basic) -> tuple[Symbol, ...]:
    """The letters that this term itself binds, outermost binder only."""
    return tuple(cast(Symbol, t[0]) for t in term.args[1:]) if isinstance(term, BINDERS) else ()


def free_letters(term: Basic) -> frozenset[Symbol]:
    """The names free in a term: index letters, sizes and scalars, no array names."""
    return contents(term).letters


def all_letters(term: Basic) -> frozenset[Symbol]:
    """Every name in a term, free or bound, and those of label arrays, which are letters' too."""
    if isinstance(term, Symbol):
        return frozenset((term,))
    if isinstance(term, IndexedBase) or not term.args:
        return frozenset()
    found = frozenset().union(*(all_letters(a) for a in term.args))
    if isinstance(term, Indexed | Quantity):
        found |= {letter(str(a.base)) for a in term.args[1:] if isinstance(a, Indexed)}
    return found


def fresh(wanted: Symbol, taken: Collection[Symbol]) -> Symbol:
    """`wanted` if it is free to use, or the next letter that is."""
    names = {t.name for t in taken}
    if wanted.name not in names:
        return wanted
    for name in _SPARE:
        if name not in names:
            return letter(name)
    return letter(unused_name(wanted.name, names))


def unused_name(wanted: str, taken: Collection[str]) -> str:
    """The name, or with the first number that makes it new."""
    numbered = (f"{wanted}{number}" for number in count(1))
    return next(name for name in chain([wanted], numbered) if name not in taken)


def all_fresh(wanted: Iterable[Basic], taken: Collection[Symbol]) -> list[Symbol]:
    """For each letter wanted one that is free to use, no two alike."""
    found: list[Symbol] = []
    for letter_ in wanted:
        found.append(fresh(cast(Symbol, letter_), {*taken, *found}))
    return found


def substitute(term: Basic, mapping: Mapping[Basic, Basic]) -> Expr:
    """Replace letters (or whole components) by terms; bound letters step aside, never capture.

    A bound letter shadows: it is never replaced inside its own sum.
    """
    return cast(Expr, _substitute(term, dict(mapping)))


def _substitute(term: Basic, mapping: dict[Basic, Basic]) -> Basic:
    if not mapping:
        return term
    if term in mapping:
        return mapping[term]
    if isinstance(term, IndexedBase) or not term.args:
        return term
    if isinstance(term, BINDERS):
        return _under_binder(term, mapping)
    return rebuild(term, tuple(_substitute(a, mapping) for a in term.args))


def _under_binder(term: Basic, mapping: dict[Basic, Basic]) -> Basic:
    body, *limits = term.args
    free = free_letters(body) | _components(body)
    inner = {
        old: new
        for old, new in mapping.items()
        if old not in bound_letters(term) and (old in free or not isinstance(old, Symbol))
    }
    incoming = frozenset().union(*(free_letters(new) for new in inner.values()))
    moved: dict[Basic, Basic] = {}
    new_limits: list[Basic] = []
    for t in limits:
        index, *ends = t.args
        if index in incoming:
            taken = incoming | all_letters(body) | set(bound_letters(term))
            spare = fresh(cast(Symbol, index), taken)
            moved[index] = spare
            index = spare
        new_limits.append(Tuple(index, *(_substitute(end, mapping) for end in ends)))
    body = _substitute(_substitute(body, moved), inner)
    return rebuild(term, (body, *new_limits))


def _components(term: Basic) -> frozenset[Basic]:
    if isinstance(term, Indexed):
        return frozenset((term,))
    return frozenset().union(*(_components(a) for a in term.args)) if term.args else frozenset()


def rename_bound(term: Basic, taken: Collection[Symbol]) -> Basic:
    """The same term with every bound letter outside `taken`, at every depth."""
    if isinstance(term, Indexed | IndexedBase) or not term.args:
        return term
    if isinstance(term, BINDERS):
        body, *limits = term.args
        moved: dict[Basic, Basic] = {}
        new_limits = []
        for t in limits:
            index, *ends = t.args
            if index in taken:
                spare = fresh(cast(Symbol, index), set(taken) | all_letters(term))
                moved[index], index = spare, spare
            new_limits.append(Tuple(index, *ends))
        body = rename_bound(_substitute(body, moved), {*taken, *(t[0] for t in new_limits)})
        return rebuild(term, (body, *new_limits))
    return rebuild(term, tuple(rename_bound(a, taken) for a in term.args))


def same(a: Basic, b: Basic) -> bool:
    """Are two terms equal up to the names of their bound letters?"""
    return bool(a == b or _canonical(a) == _canonical(b))


@remembered
def _canonical(term: Basic, depth: int = 0) -> Basic:
    if isinstance(term, Indexed | IndexedBase) or not term.args:
        return term
    if isinstance(term, BINDERS):
        names = {t[0]: letter(f"_{depth + n}") for n, t in enumerate(term.args[1:])}
        limits = (Tuple(names[t[0]], *t.args[1:]) for t in term.args[1:])
        body = _canonical(_substitute(term.args[0], dict(names)), depth + len(names))
        return rebuild(term, (body, *limits))
    return rebuild(term, tuple(_canonical(a, depth) for a in term.args))


def letters_of(terms: Iterable[Basic]) -> frozenset[Symbol]:
    """The names free in any of the terms."""
    return frozenset[Symbol]().union(*map(free_letters, terms))
