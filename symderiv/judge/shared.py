"""What two lines share: a line is proved by what it changes, whatever the rest of it is.

    differing(before, after)     the parts in which two lines differ, and the sums that they are in
    one_by_one(before, after)    these parts term by term, or factor by factor
    Opaque().pairs(b, a)         such a pair with the terms that both hold as unknown functions

b + c = a + c, b c = a c, f(b) = f(a) where b = a.  And what holds for every function u holds for
the one that stands there, its derivatives being those of u: ∂/∂x σ(u) = σ(u)(1 − σ(u)) ∂u/∂x says
nothing of u, however deep it is nested.  Both are ways to a proof; where they lead nowhere, nothing
is said.

Imports floor 0 only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast

from sympy import Derivative, Expr, Function, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Iverson, Plus, Quantity, Times, plus, rebuild, times
from symderiv.terms.contents import contents, holds
from symderiv.terms.letters import BINDERS, free_letters
from symderiv.terms.problem import name_of

ATOMS = (Indexed, Quantity, KroneckerDelta, Iverson, Symbol)
HIDDEN = "?"  # with this begin the names of the unknown functions, and no other
LEVELS = 6  # how far into what is shared is looked, where the whole of it is not enough
Place = tuple[tuple[Basic, ...], Expr, Expr]


def differing(before: Expr, after: Expr) -> Place:
    """The parts in which two lines differ, after the sums, outermost first, that they stand in."""
    inside: list[Basic] = []
    while True:
        found = _closer(before, after)
        if found is None:
            return tuple(inside), before, after
        if isinstance(before, BINDERS):
            inside.append(before)
        before, after = found


def one_by_one(before: Expr, after: Expr) -> list[tuple[Expr, Expr]]:
    """The terms of two sums, or the factors of two products, of which each may be the other's."""
    if not isinstance(before, Plus | Times) or type(before) is not type(after):
        return []
    same_count = len(before.args) == len(after.args)
    return list(zip(before.args, after.args, strict=True)) if same_count else []


def _closer(b: Expr, a: Expr) -> tuple[Expr, Expr] | None:
    """A pair further in of which it is enough that it is equal."""
    if type(b) is not type(a) or b == a or isinstance(b, (*ATOMS, Derivative)):
        return None
    if isinstance(b, Plus | Times):
        make = plus if isinstance(b, Plus) else times
        left, right = Counter[Expr](b.args), Counter[Expr](a.args)
        if left & right:
            return make(*(left - right).elements()), make(*(right - left).elements())
        return None
    pairs = [(x, y) for x, y in zip(b.args, a.args, strict=False) if x != y]
    if len(b.args) != len(a.args) or len(pairs) != 1:
        return None
    x, y = pairs[0]
    if isinstance(b, BINDERS) and x is not b.args[0]:
        return None
    return x, y


class Opaque:
    """Unknown functions, each for one term wherever it stands."""

    def __init__(self) -> None:
        self._names: dict[Basic, Quantity] = {}

    def pairs(self, b: Expr, a: Expr) -> Iterator[tuple[Expr, Expr]]:
        """The pair with what both hold unknown: all of it, or a part where that says too little."""
        if not _one_kind(b, a):
            return
        shared = _inside(b) & _inside(a)
        for chosen in _choices(shared):
            yield tuple(cast(Expr, self._hidden(t, chosen, {})) for t in (b, a))

    def _hidden(self, term: Basic, chosen: set[Basic], done: dict[Basic, Basic]) -> Basic:
        if term in chosen:
            return self._name(term)
        if not term.args or isinstance(term, (*ATOMS, *BINDERS)):
            return term
        if term not in done:
            args = tuple(self._hidden(t, chosen, done) for t in term.args)
            done[term] = rebuild(term, args)
        return done[term]

    def _name(self, term: Basic) -> Quantity:
        if term not in self._names:
            letters = (s for s in free_letters(term) if s.is_integer and not s.is_positive)
            name = Symbol(f"{HIDDEN}{len(self._names)}")
            self._names[term] = Quantity(name, *sorted(letters, key=name_of))
        return self._names[term]


def _choices(shared: set[Basic]) -> Iterator[set[Basic]]:
    """What is hidden: all; all but one function, whose law the line is; what is further in."""
    yield shared
    for head in sorted({type(t) for t in shared if isinstance(t, Function)}, key=str):
        yield {t for t in shared if isinstance(t, Function) and not isinstance(t, head)}
    for _ in range(LEVELS):
        within = {t for whole in shared for t in _inside(whole) if t != whole}
        if not shared & within:
            return
        shared = shared & within
        yield shared


def _inside(term: Basic) -> set[Basic]:
    """The compound terms in a term, itself one of them, that are in no sum of it."""
    found: set[Basic] = set()
    waiting = [term]
    while waiting:
        t = waiting.pop()
        if t in found or not t.args or isinstance(t, ATOMS):
            continue
        if isinstance(t, Derivative):
            waiting.append(t.args[0])
            continue
        if isinstance(t, Expr) and not _is_bare(t):
            found.add(t)
        if not isinstance(t, BINDERS):
            waiting.extend(t.args)
    return found


def _is_bare(term: Basic) -> bool:
    """Is a term a number, or one with a derivative or a delta in it, which is what is worked at?"""
    return not holds(term, Symbol) or holds(term, Derivative, KroneckerDelta, Iverson)


def _one_kind(*lines: Expr) -> bool:
    """Is all that is differentiated by given, or all of it one stage?

    By x means another thing under a derivative by a stage, which is held there.
    """
    if not any(contents(line).stages for line in lines):
        return True
    by: set[Basic] = set()
    waiting: list[Basic] = [*lines]
    seen: set[Basic] = set()
    while waiting:
        t = waiting.pop()
        if t not in seen and t.args and not isinstance(t, ATOMS):
            seen.add(t)
            waiting.extend(t.args)
            if isinstance(t, Derivative):
                by |= {v.args[0] for v in t.args[1:]}
    stages = {v.name for v in by if isinstance(v, Quantity)}
    return not stages or (len(stages) == 1 and all(isinstance(v, Quantity) for v in by))
