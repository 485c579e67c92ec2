"""Catalogue functions: `softmax(z)[i]` from the text that defines softmax.

Gives `Calls`.  A call reads the text of the function (see `library`) anew with the arguments put
in: its stages become stages of the problem (with the letters that the arguments bring, so
softmax(z[n,:])[i] makes p[n,i]), and its last part is the value.

Imports letters, problem, terms and the rest of the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from functools import lru_cache, partial
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.reader import scan
from symderiv.reader.library import Library
from symderiv.reader.names import counted
from symderiv.reader.pieces import Piece
from symderiv.reader.scope import Closure, Index, Scope, unbound
from symderiv.reader.settle import settle
from symderiv.reader.walk import Walk
from symderiv.records import dataclass
from symderiv.terms import Quantity, letter, subterms
from symderiv.terms.letters import free_letters, fresh, same, substitute
from symderiv.terms.problem import Definition

PLAIN = frozenset("ijklmn")  # letters that are never taken for labels
NESTED = 2  # an argument through so many functions, one in another, has a name of its own
INNER = "u"
Stage = Callable[[tuple[Index, ...], Scope, ast.AST], Expr]


@dataclass
class Calls:
    """The catalogue functions of one problem, and the stages that they brought.

    Attributes
    ----------
    library : catalogue functions by name, each a text
    words : every name in the texts of the problem
    avoid : those of them that no letter of a catalogue function may take
    shadowed : the user's own stages, which are called no functions
    free : the letters that are free in the function, with their axes
    bound : the letters that the user's sums bind
    stages : all stages so far
    adding : whether a call may add stages; in a claim it may not, and is written out
    """

    library: Mapping[str, str]
    words: set[str] = field(default_factory=set)
    avoid: frozenset[str] = frozenset()
    shadowed: set[str] = field(default_factory=set)
    free: dict[str, Index] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    stages: list[Definition] = field(default_factory=list)
    adding: bool = True
    known: Library = field(init=False)
    _depths: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = Library(self.library)

    @property
    def functions(self) -> frozenset[str]:
        """The names of the catalogue functions."""
        return self.known.functions

    def expand(
        self,
        reader: Walk,
        node: ast.Call,
        scope: Scope,
        indices: tuple[Index, ...] | None,
    ) -> Expr:
        """The value of a call at its indices; its stages are entered in the problem."""
        name = scan.called(node)
        entry = self.known.entry(name, partial(scope.refuse, node))
        if len(node.args) != len(entry.formals):
            wanted = ", ".join(entry.formals)
            raise scope.refuse(
                node,
                f"{name} takes {len(entry.formals)} argument{'s' * (len(entry.formals) != 1)}, "
                f"{name}({wanted}), not {len(node.args)}",
            )
        if indices is None:
            indices = scope.implicit if entry.letters and scope.implicit else ()
        if len(indices) != len(entry.letters):
            own = f"[{','.join(entry.letters)}]" if entry.letters else ""
            written = f"{name}({', '.join(entry.formals)}){own}"
            raise scope.refuse(node, f"{name} has {counted(entry.letters)}; write {written}")
        formals = {
            formal: Closure(arg, scope, rank)
            for (formal, rank), arg in zip(entry.formals.items(), node.args, strict=True)
        }
        staged = any(part.left is not None for part in entry.pieces)
        for closure in formals.values():
            if closure.rank == 0:  # before what it stands in, which is then no deeper for it
                given = reader.argument(closure)
                if staged and not isinstance(given, Quantity) and self._deep(given) >= NESTED:
                    named = self._entered(reader, INNER, given, {}, closure.scope, node)
                    reader.known_as(closure, named((), closure.scope, node))
        source, at = scope.place(node)
        stages: dict[str, Stage] = {}
        inner = Scope(
            entry.source,
            unbound,
            formals=formals,
            stages=stages,
            sizes={size: reader.names.axes.new(letter=size) for size in entry.sizes},
            call=(source, at, name),
        )
        for part in entry.pieces:
            if part.left is not None:
                stages[scan.name_of(part.left)] = self._stage(reader, part, inner, node)
        last = entry.pieces[-1]
        if last.left is not None:
            return stages[scan.name_of(last.left)](indices, scope, node)
        return reader.term(
            last.right, inner.with_letters(dict(zip(entry.letters, indices, strict=True)))
        )

    def _stage(self, reader: Walk, part: Piece, scope: Scope, node: ast.AST) -> Stage:
        """Enter one stage of a catalogue function; what is returned makes its components."""
        assert part.left is not None
        axes = reader.names.axes
        own: dict[str, Index] = {}
        for name in scan.free_subscripts(part.left):
            own[name] = Index(
                scope.with_letters(own).name_for(name, self.avoid), axes.new(letter=name)
            )
        body = reader.term(part.right, scope.with_letters(own))
        return self._entered(reader, scan.name_of(part.left), body, own, scope, node)

    def _entered(
        self,
        reader: Walk,
        wanted: str,
        body: Expr,
        own: Mapping[str, Index],
        scope: Scope,
        node: ast.AST,
    ) -> Stage:
        """Enter a stage of that name, or of one like it; what is returned makes its components."""
        axes = reader.names.axes
        own_live = dict(scope.live())
        live = {cast(Symbol, i.expr): i.axis for i in self.free.values()} | own_live
        mine = [cast(Symbol, index.expr) for index in own.values()]
        brought = [s for s in live if s in free_letters(body) and s not in mine]
        renamed: dict[Symbol, Symbol] = {}
        for symbol in brought:  # a label is never the index of a definition
            if symbol not in own_live and symbol.name not in PLAIN:
                taken = {*free_letters(body), *mine, *renamed.values(), *map(letter, self.avoid)}
                renamed[symbol] = fresh(letter("n"), taken)
        left = [renamed.get(s, s) for s in brought] + mine
        definition = Definition(Quantity(Symbol(wanted), *left), substitute(body, dict(renamed)))
        extra = tuple(Index(s, live[s]) for s in brought)
        known = self._known(reader, definition)
        if known is None and not self.adding:
            return _written_out(reader, definition, extra, tuple(own.values()))
        if known is None:
            known = self._free_name(wanted, reader.names.roles)
            quantity = Quantity(Symbol(known), *left)
            self.stages.append(Definition(quantity, definition.body))
            self._depths[known] = 1 + self._deep(definition.body)
            owned = (axes.new(owner=known) for _ in left)
            reader.names.stage(known, tuple(owned))
        final = known
        names = reader.names
        names.component(final, (*extra, *own.values()), scope, node)
        return lambda at, where, place: names.component(final, (*extra, *at), where, place)

    def _deep(self, term: Expr) -> int:
        """Through how many stages of catalogue functions, one in another, a term is said."""
        names = (t.name for t in subterms(term) if isinstance(t, Quantity))
        return max((self._depths.get(name, 0) for name in names), default=0)

    def _known(self, reader: Walk, made: Definition) -> str | None:
        """The stage of the problem that says the same already."""
        about = _arrays(made.body)
        alike = [
            stage
            for stage in self.stages
            if len(stage.quantity.indices) == len(made.quantity.indices)
            and type(stage.body) is type(made.body)
            and _arrays(stage.body) == about
        ]
        if alike:
            axes = reader.names.axes
            count = len(axes.parents)
            roots = {axes.placeholder(n): axes.size_so_far(n) for n in range(count)}
            body = settle(made.body, roots)
            for stage in alike:
                there = stage.at(Quantity(stage.quantity.symbol, *made.quantity.indices))
                if same(settle(there, roots), body):
                    return stage.name
        return None

    def _free_name(self, wanted: str, roles: Collection[str]) -> str:
        name, number = wanted, 1
        while name in self.words or name in roles:
            name, number = f"{wanted}{number}", number + 1
        self.words.add(name)
        self.avoid |= {name}
        return name


@lru_cache(maxsize=4096)
def _arrays(body: Expr) -> frozenset[Basic]:
    """The arrays and stages of a body: bodies that say the same have the same."""
    return frozenset(t.args[0] for t in subterms(body) if isinstance(t, Indexed | Quantity))


def _written_out(
    reader: Walk, definition: Definition, extra: tuple[Index, ...], own: tuple[Index, ...]
) -> Stage:
    """Components of a stage that the problem does not have: its body at their indices."""

    def at(indices: tuple[Index, ...], scope: Scope, node: ast.AST) -> Expr:
        for mine, index in zip(own, indices, strict=True):
            if mine.axis is not None and index.axis is not None:
                reader.names.axes.join(mine.axis, index.axis, *scope.place(node))
        terms = (index.expr for index in (*extra, *indices))
        return definition.at(Quantity(definition.quantity.symbol, *terms))

    return at
