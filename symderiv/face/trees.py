"""Trees: ordinary SymPy into the formula language, and the user's own symbols back.

Gives `Symbols`, the names of one request: what every name stands for in the caller's own SymPy, so
that `Symbol("x", positive=True)` and `Idx("k")` come back as they went in.  What SymPy assumes of
a symbol is a fact of the problem.  The reader decides what an axis, a label and a size is, for
trees as for texts; trees say nothing more about it.

Floor 5: imports terms and the reader.  To take one more head: a case of `_plain`, or a name in
`reader.formulas`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import cast

import sympy
from sympy import (
    Add,
    Expr,
    Float,
    Idx,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    Tuple,
)
from sympy.core.basic import Basic
from sympy.core.numbers import Exp1
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from symderiv.face.counting import counts_from_zero, from_one, from_zero, letters_of
from symderiv.mistakes import Mistake
from symderiv.reader import formula
from symderiv.records import dataclass
from symderiv.terms import (
    Held,
    Maximum,
    Partial,
    bottom_up,
    component,
    exp,
    hold,
    letter,
    rebuild,
    release,
    subterms,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SIGNS = {
    "positive": "> 0",
    "negative": "< 0",
    "nonnegative": ">= 0",
    "nonpositive": "<= 0",
}
# What is read of a term with arguments; the rest is refused by name.
_HEADS = (
    *(Add, Mul, Pow, sympy.Function, Sum, Product, Relational, KroneckerDelta, sympy.Max),
    *(sympy.Min, Tuple, Held, Partial, Maximum),
)


@dataclass
class Symbols:
    """The names of one request, and what they stand for outside.

    `own` holds the caller's symbols and arrays by name, `facts` what SymPy assumes of them, as
    assumptions in the formula language; `letters` are the indices where these count from 0.
    """

    own: dict[str, Basic] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    letters: frozenset[Symbol] | None = None

    @classmethod
    def of(cls, *given: str | Basic | None) -> Symbols:
        """The names of everything that is given with a request.

        Raises
        ------
        Mistake
            for a name with two meanings, or none that a page can show.
        """
        symbols = cls()
        trees = [each for each in given if isinstance(each, Basic)]
        for tree in trees:
            for term in _inner(tree):
                symbols._enter(term)
        plain = [term for tree in trees if (term := _readable(tree)) is not None]
        if any(map(counts_from_zero, plain)):
            symbols.letters = frozenset().union(*map(letters_of, plain))
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
        if isinstance(given, BooleanAtom):
            raise Mistake(f"the assumption {given} says nothing about the function; leave it out")
        try:
            term = _plain(given)
            self._assume(term)
            term = term if self.letters is None else from_one(term, self.letters)
            return formula(bottom_up(hold(term), _exponential))
        except RecursionError:
            raise Mistake("the expression is nested too deep to be read") from None
        except Mistake:
            raise
        except ValueError:
            said = str(given).replace("\n", " ")
            raise Mistake(
                f"{said:.200} has no place in the formula language, which knows sums, products, "
                "powers, elementwise functions, Sum, Product, Max, Min, KroneckerDelta and Indexed"
            ) from None

    def _enter(self, term: Basic) -> None:
        """A symbol or an array that the caller has, under its name."""
        if isinstance(term, Indexed):
            name, own = _name_of(term.base.label), cast(Basic, term.base)
        elif isinstance(term, Idx):
            if isinstance(term.label, Integer):
                return
            name, own = _name_of(term.label), term
        elif isinstance(term, Symbol):
            name, own = _name_of(term), term
        else:
            return
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
            if isinstance(t, Sum | Product)
            for limit in t.limits
            for s in limit.free_symbols
        }
        indices = {
            s for t in inside if isinstance(t, Indexed) for i in t.indices for s in i.atoms()
        }
        names = {s.name for s in limits | indices if isinstance(s, Symbol)}
        found = dict.fromkeys(self.facts)
        for t in inside:
            if isinstance(t, Symbol) and t.name not in names:
                found |= dict.fromkeys(_signs(self.own.get(t.name), t.name))
            elif isinstance(t, Indexed):
                name = str(t.base.label)
                any_ = ",".join(_spare(self.own, len(t.indices)))
                found |= dict.fromkeys(_signs(self.own.get(name), f"{name}[{any_}]"))
        self.facts = tuple(found)

    def renamed(self, names: Mapping[str, str]) -> Symbols:
        """What the names stand for once they are others on the page."""
        own = {names.get(name, name): own for name, own in self.own.items()}
        return replace(self, own=own)

    def back(self, term: Expr) -> Expr:
        """An answer in ordinary SymPy, in the caller's own symbols."""
        if not self.own:
            return term
        if self.letters is not None:
            term = cast(Expr, from_zero(term, {*self.letters, *letters_of(term)}))
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


def _plain(term: Basic) -> Basic:
    """The term with plain symbols, as the reader has them, and exact numbers."""
    match term:
        case Float():
            return Rational(str(term))
        case Idx():
            return term.label if isinstance(term.label, Integer) else letter(term.name)
        case Indexed():
            return component(str(term.base.label), *(_plain(i) for i in term.indices))
        case Symbol():
            return Symbol(term.name)
        case Held() | Partial():
            return _plain(cast(Basic, release(term)))
        case _ if not term.args:
            return term
        case _ if isinstance(term, _HEADS):
            return rebuild(term, tuple(_plain(a) for a in term.args))
        case _:
            raise ValueError(term)


def _exponential(term: Basic) -> Basic:
    """SymPy's number E as e^1, which the language has."""
    return exp(Integer(1)) if isinstance(term, Exp1) else term


def _readable(tree: Basic) -> Basic | None:
    """The tree with plain symbols, if it is one that can be read."""
    try:
        return _plain(tree)
    except (ValueError, RecursionError):
        return None


def _name_of(symbol: Basic) -> str:
    name = str(symbol)
    if not _NAME.fullmatch(name):
        raise Mistake(
            f"the symbol {name!r:.60} has no name that a page can show; names are ASCII letters, "
            "digits and _, and Greek letters are written out, alpha"
        )
    return name


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
