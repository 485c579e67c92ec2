"""Contents: what stands in a term, found in one walk and remembered with it.

Gives `contents` (a term's `Contents`: its heads, letters, names, fixed subscripts, stages and
length), `kinds` and `holds`.  Every line asks all of this of nearly every term in it.

Floor 0: imports heads and the names of derived arrays.  To add what else is asked of every term:
a field of `Contents`, with what a leaf and a component have of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast

from sympy import Add, Expr, Indexed, IndexedBase, Integer, Product, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.function import UndefinedFunction

from symderiv.terms.derived import names_in
from symderiv.terms.heads import Maximum, Quantity
from symderiv.terms.remembering import remembered

BINDING = (Sum, Product, Maximum)  # a letter
Fixed = tuple[str, int, Expr]  # an array, a place and what subscripts it there


class Contents(NamedTuple):
    """What there is in a term, itself and everything in it.

    Attributes
    ----------
    kinds : a bit for each kind of head
    letters : the names free in it: index letters, sizes and scalars, no array names
    names : the arrays, stages and scalars; a letter that is called so is none
    fixed : the subscripts that are 2 or K - 2, each with its array and place
    stages : the names of the stages
    length : how many terms there are, one that stands in it twice counted twice
    """

    kinds: int
    letters: frozenset[Symbol]
    names: frozenset[str]
    fixed: frozenset[Fixed]
    stages: frozenset[str]
    length: int


@remembered
def contents(term: Basic) -> Contents:
    """What stands in a term."""
    found, length = _kinds(type(term)), 1
    letters: frozenset[Symbol] = frozenset()
    names: frozenset[str] = frozenset()
    fixed: frozenset[Fixed] = frozenset()
    stages: frozenset[str] = frozenset()
    for arg in term.args:
        more = contents(arg)
        found |= more.kinds
        length += more.length
        if not more.letters <= letters:
            letters = letters | more.letters if letters else more.letters
        if not more.names <= names:
            names = names | more.names if names else more.names
        if more.fixed:
            fixed |= more.fixed
        if more.stages:
            stages |= more.stages
    if isinstance(term, Symbol):
        letters = frozenset((term,))
        if not term.assumptions0.get("integer"):  # SymPy, asked for it, would deduce what it can
            names = frozenset(names_in(term.name))
    elif isinstance(term, IndexedBase):
        letters = frozenset()
    elif isinstance(term, Indexed):
        names = frozenset(names_in(term.args[0].name))
        fixed = _fixed(term.args[0].name, term.args[1:])
        stages = frozenset()
    elif isinstance(term, Quantity):
        letters = _letters(term.indices) if term.indices else letters
        fixed, stages = _fixed(term.name, term.indices), frozenset((term.name,))
    elif isinstance(term, BINDING):
        body, *limits = term.args
        inner = contents(body).letters.difference([t.args[0] for t in limits])
        letters = inner | _letters(end for t in limits for end in t.args[1:])
    return Contents(found, letters, names, fixed, stages, length)


def _letters(terms: Iterable[Basic]) -> frozenset[Symbol]:
    return frozenset[Symbol]().union(*(contents(t).letters for t in terms))


def _fixed(name: str, indices: Iterable[Basic]) -> frozenset[Fixed]:
    return frozenset(
        (name, place, cast(Expr, index))
        for place, index in enumerate(indices)
        if isinstance(index, Integer | Add)
    )


def kinds(heads: Iterable[type]) -> int:
    """The bits of some heads, none of which is an unknown function's own."""
    found = 0
    for head in heads:
        found |= 1 << _BITS.setdefault(head, len(_BITS))
    return found


def holds(term: Basic, *heads: type[Basic]) -> bool:
    """Is there one of these heads in a term, wherever it stands?"""
    wanted = _ASKED.get(heads)
    if wanted is None:
        wanted = _ASKED[heads] = kinds(heads)
    return bool(contents(term).kinds & wanted)


_ASKED: dict[tuple[type, ...], int] = {}
_BITS: dict[type, int] = {}
_KINDS: dict[type, int] = {}  # what each head is a kind of


def _kinds(head: type) -> int:
    found = _KINDS.get(head)
    if found is None:
        known = [c for c in head.__mro__ if not isinstance(c, UndefinedFunction)]
        found = kinds(known)
        if len(known) == len(head.__mro__):
            _KINDS[head] = found
    return found
