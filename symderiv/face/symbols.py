"""Symbols: what the names of a request stand for in the caller's own SymPy.

Gives `Symbols`, so that `Symbol("x", positive=True)` and `Idx("k")` come back as they went in.
What SymPy assumes of a symbol is a fact of the problem.

Floor 5: imports terms, counting and trees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, cast

from sympy import Expr, Idx, Indexed, IndexedBase, Integer, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv import late
from symderiv.mistakes import Mistake
from symderiv.records import dataclass
from symderiv.terms import Maximum, subterms
from symderiv.terms.problem import Problem

if TYPE_CHECKING:
    from symderiv.face import counting, trees
else:
    counting = late.module("symderiv.face.counting")
    trees = late.module("symderiv.face.trees")

_SIGNS = {
    "positive": "> 0",
    "negative": "< 0",
    "nonnegative": ">= 0",
    "nonpositive": "<= 0",
}


@dataclass
class Symbols:
    """The names of one request, and what they stand for outside.

    `own` holds the caller's symbols and arrays by name, `facts` what SymPy assumes of them, each an
    assumption in the formula language with the name that it is of; `letters` are the indices where
    these count from 0.
    """

    own: dict[str, Basic] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    letters: frozenset[Symbol] | None = None

    @classmethod
    def of(cls, *given: str | Basic | None) -> Symbols:
        """The names of everything that is given with a request.

        Raises
        ------
        Mistake
            for a name with two meanings, or none that a formula can have.
        """
        symbols = cls()
        typed = [each for each in given if isinstance(each, Basic)]
        read = [(tree, term) for tree in typed if (term := _readable(tree)) is not None]
        for tree, _ in read:
            for part in _inner(tree):
                symbols._enter(part)
        if any(counting.counts_from_zero(term) for _, term in read):
            symbols.letters = frozenset().union(*(counting.letters_of(term) for _, term in read))
        return symbols

    def text(self, given: str | Basic) -> str:
        """The text of a formula, a variable, a fact or a claim; text stays as it is.

        Raises
        ------
        Mistake
            for what has no place in the formula language.
        """
        if isinstance(given, str):
            return given
        made = trees.spelled(given, self.letters)
        self._assume(trees.plain(given))
        return made

    def _enter(self, term: Basic) -> None:
        """A symbol or an array that the caller has, under its name."""
        if isinstance(term, Idx) and isinstance(term.label, Integer):
            return
        if not isinstance(term, Indexed | Idx | Symbol):
            return
        own = cast(Basic, term.base) if isinstance(term, Indexed) else term
        name = trees.name_of(own)
        if not own.is_commutative or own.is_real is False:
            raise Mistake(f"{name} is no real number, and the formula language is of real numbers")
        known = self.own.setdefault(name, own)
        if known != own:
            raise Mistake(
                f"two different symbols are called {name}: {_told(known)} and {_told(own)}; "
                "use one of them throughout"
            )

    def _assume(self, term: Basic) -> None:
        """What SymPy knows of the sign of scalars and arrays, as facts."""
        inside = list(subterms(term))
        limits = {
            s
            for t in inside
            if isinstance(t, Sum | Product | Maximum)
            for limit in t.limits
            for s in limit.free_symbols
        }
        indices = {
            s for t in inside if isinstance(t, Indexed) for i in t.indices for s in i.atoms()
        }
        names = {s.name for s in limits | indices if isinstance(s, Symbol)}
        for t in inside:
            if isinstance(t, Symbol) and t.name not in names:
                self.facts |= dict.fromkeys(_signs(self.own.get(t.name), t.name), t.name)
            elif isinstance(t, Indexed):
                name = str(t.base.label)
                any_ = ",".join(_spare(self.own, len(t.indices)))
                self.facts |= dict.fromkeys(_signs(self.own.get(name), f"{name}[{any_}]"), name)

    def facts_of(self, problem: Problem) -> tuple[str, ...]:
        """What is assumed of the arrays and numbers of a problem; a size is positive anyway."""
        terms = (problem.function, *(stage.body for stage in problem.stages))
        numbers = {s.name for term in terms for s in term.atoms(Symbol)}
        known = {*problem.shapes, *numbers}.difference(s.name for s in problem.free_sizes)
        return tuple(fact for fact, name in self.facts.items() if name in known)

    def renamed(self, names: Mapping[str, str]) -> Symbols:
        """What the names stand for once they are others on the page."""
        own = {names.get(name, name): own for name, own in self.own.items()}
        return replace(self, own=own)

    def back(self, term: Expr) -> Expr:
        """An answer in ordinary SymPy, in the caller's own symbols."""
        if not self.own:
            return term
        if self.letters is not None:
            term = cast(Expr, counting.from_zero(term, {*self.letters, *counting.letters_of(term)}))
        named: dict[Basic, Basic] = {}
        for t in term.atoms(Symbol, IndexedBase):
            own = self.own.get(str(t.label if isinstance(t, IndexedBase) else t))
            if own is not None and isinstance(own, IndexedBase) == isinstance(t, IndexedBase):
                named[t] = own
        return cast(Expr, term.xreplace(named))


def _inner(term: Basic) -> Iterator[Basic]:
    """The term and all in it; of an array its indices, and not its name as a symbol."""
    yield term
    if isinstance(term, Idx):
        return
    for arg in term.indices if isinstance(term, Indexed) else term.args:
        yield from _inner(arg)


def _readable(tree: Basic) -> Basic | None:
    """The tree with plain symbols; None where it is refused as soon as it is to be spelled."""
    try:
        return trees.plain(tree)
    except (trees.NoPlace, RecursionError):
        return None


def _told(symbol: Basic) -> str:
    """The symbol with what SymPy assumes of it, for two that look alike."""
    if isinstance(symbol, IndexedBase):
        return "an array"
    if isinstance(symbol, Idx):
        return "an Idx"
    given = ", ".join(f"{k}={v}" for k, v in sorted(symbol._assumptions_orig.items()))
    return f"Symbol({str(symbol)!r}{', ' + given if given else ''})"


def _signs(own: Basic | None, term: str) -> list[str]:
    """The strongest thing that SymPy knows of the sign of a symbol or an array."""
    assumed = {} if own is None else own.assumptions0
    for sign, said in _SIGNS.items():
        if assumed.get(sign):
            return [f"{term} {said}"]
    return []


def _spare(taken: dict[str, Basic], count: int) -> list[str]:
    """Letters for a fact about all components of an array."""
    return [name for name in "ijklmnabcdfgh" if name not in taken][:count]
