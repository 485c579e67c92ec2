"""Scopes: what the letters and names of one place in a text stand for.

Gives `Index` (a term in a subscript and the axis it ranges over), `Closure` (an argument of a
catalogue function, read anew wherever its formal name stands) and `Scope`.

Imports terms, letters and refusal.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace

from sympy import Expr, Symbol

from symderiv.reader.refusal import ReadError, Source
from symderiv.reader.scan import words
from symderiv.records import dataclass
from symderiv.terms import letter
from symderiv.terms.letters import free_letters, fresh


@dataclass(frozen=True)
class Index:
    """A term in a subscript; `axis` where it ranges over one (a shifted letter does not).

    `span` is where the letter of a part of an axis begins and ends.
    """

    expr: Expr
    axis: int | None = None
    span: tuple[int, Expr] | None = None


@dataclass(frozen=True)
class Closure:
    """The actual argument for a formal name of `rank` indices."""

    node: ast.expr
    scope: Scope
    rank: int

    @property
    def words(self) -> frozenset[str]:
        """Every name in the argument, and in the arguments that stand for its formal names."""
        own = frozenset(words([self.node]))
        inner = (self.scope.formals[name].words for name in own & self.scope.formals.keys())
        return own.union(*inner)

    def holds(self, names: Collection[str]) -> bool:
        """Can the argument hold one of these letters, whatever index it is read at?"""
        return not {*self.words, *(s.name for s, _ in self.live())}.isdisjoint(names)

    def live(self) -> Iterator[tuple[Symbol, int | None]]:
        """Every bound letter that the argument can hold, with its axis."""
        own = frozenset(words([self.node]))
        yield from _letters_in(self.scope.implicit or ())
        yield from _letters_in(i for name, i in self.scope.letters.items() if name in own)
        for name in own & self.scope.formals.keys():
            yield from self.scope.formals[name].live()


@dataclass(frozen=True)
class Scope:
    """The meaning of names at one place.

    Attributes
    ----------
    source : the text that is read here
    free : what a letter means that nothing binds (or the refusal)
    letters : letters that are bound here, or on the left side of this stage
    implicit : the indices that ':' and bare arrays stand for, inside an argument
    formals : formal names of a catalogue function
    stages : stages of a catalogue function, by their names there
    sizes : axes named in the text of a catalogue function
    call : where the catalogue function was called, and its name; refusals point there
    compared : inside a comparison, where a free letter may stand for its value
    """

    source: Source
    free: Callable[[ast.Name, Scope], Index]
    letters: Mapping[str, Index] = field(default_factory=dict)
    implicit: tuple[Index, ...] | None = None
    formals: Mapping[str, Closure] = field(default_factory=dict)
    stages: Mapping[str, Callable[[tuple[Index, ...], Scope, ast.AST], Expr]] = field(
        default_factory=dict
    )
    sizes: dict[str, int] = field(default_factory=dict)
    call: tuple[Source, int, str] | None = None
    compared: bool = False

    @property
    def foreign(self) -> bool:
        """Is the text of a catalogue function read here?"""
        return self.call is not None

    def place(self, node: ast.AST) -> tuple[Source, int]:
        """Where a refusal about this node points."""
        if self.call is not None:
            return self.call[0], self.call[1]
        return self.source, getattr(node, "col_offset", 0)

    def refuse(self, node: ast.AST, message: str) -> ReadError:
        source, at = self.place(node)
        return source.refuse(at, f"in {self.call[2]}: {message}" if self.call else message)

    def with_letters(self, letters: Mapping[str, Index]) -> Scope:
        return replace(self, letters={**self.letters, **letters})

    def live(self) -> Iterator[tuple[Symbol, int | None]]:
        """Every bound letter that a term read here can hold, with its axis."""
        yield from _letters_in((*(self.implicit or ()), *self.letters.values()))
        for closure in self.formals.values():
            yield from closure.live()

    def name_for(self, bound: str, avoid: Collection[str]) -> Symbol:
        """The letter to bind: its own name, or a fresh one where letters come from elsewhere."""
        wanted = letter(bound)
        if self.implicit is None and not self.foreign:
            return wanted
        names = frozenset(avoid).union(*(closure.words for closure in self.formals.values()))
        return fresh(wanted, {s for s, _ in self.live()} | {letter(name) for name in names})


def unbound(node: ast.Name, scope: Scope) -> Index:
    """The refusal of a letter where none can be free."""
    raise scope.refuse(node, f"{node.id!r} is bound by nothing")


def _letters_in(indices: Iterable[Index]) -> Iterator[tuple[Symbol, int | None]]:
    for index in indices:
        for symbol in free_letters(index.expr):
            yield symbol, index.axis if index.expr == symbol else None
