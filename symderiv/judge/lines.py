"""Lines to normal forms: letters, stages and derivatives of one problem.

`Lines(problem, ...).form(term)` is the normal form of a term.  Named stages are unfolded by their
definitions; under a derivative by a stage, that stage is an array of its own until it is taken.

Imports floor 0 and the other files of the judge.  What each head means is in `heads`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.atoms import Form, Generator, OutOfReach, Range
from symderiv.judge.axes import axes_of
from symderiv.judge.binding import letter_for
from symderiv.judge.differential import Variable, derivative
from symderiv.judge.forms import Ring
from symderiv.judge.heads import READ, Reader
from symderiv.judge.indices import CONSTANT, Index, combined, letter_index
from symderiv.judge.indices import constant as integer
from symderiv.judge.mapping import Change, mapped, relabel
from symderiv.terms.letters import letters_of
from symderiv.terms.problem import Definition, Problem

Scope = tuple[tuple[Symbol, str], ...]  # bound letters and the names they go by inside


class Lines:
    """Normal forms of the terms of one problem, remembered by term."""

    def __init__(self, problem: Problem, sizes: Mapping[str, int]) -> None:
        self.problem = problem
        self.sizes = dict(sizes)
        self.ring = Ring()
        self.ring.labels = set(problem.labels)
        self._scope: Scope = ()
        self._opaque: frozenset[str] = frozenset()
        self._memo: dict[tuple[Basic, Scope, frozenset[str]], Form] = {}
        self._stages: dict[tuple[str, frozenset[str]], tuple[Form, tuple[str, ...]]] = {}
        self._readers: dict[type, Reader] = {}
        for axes in (*problem.shapes.values(), tuple(problem.ranges.values())):
            for axis in axes:
                self._note_size(axis)
        for name, shape in problem.shapes.items():
            self.ring.shapes[name] = tuple(self.index(high) for high in shape)
        for letter, high in problem.ranges.items():
            self.ring.ranges[letter.name] = (integer(1), self.index(high))

    def _note_size(self, axis: Basic) -> None:
        for symbol in axis.free_symbols:
            if cast(Symbol, symbol).name not in self.sizes:
                self.ring.sizes.add(cast(Symbol, symbol).name)

    def note_letters(self, *given: Basic) -> None:
        """Read off the ranges of letters that the problem does not name."""
        ranges = self.ring.ranges
        unknown = {s for s in letters_of(given) if s.is_integer and s.name not in ranges}
        if all(s.name in self.ring.sizes | self.sizes.keys() for s in unknown):
            return
        axes = axes_of(self.problem, given)
        for letter in unknown & axes.letters.keys():
            limits = (integer(1), self.index(axes.letters[letter]))
            if letter in axes.mixed or ranges.setdefault(letter.name, limits) != limits:
                raise OutOfReach(f"{letter} runs over two axes")

    # -- terms ----------------------------------------------------------------------------

    def form(self, term: Basic) -> Form:
        """The normal form of a term."""
        key = (term, self._scope, self._opaque)
        found = self._memo.get(key)
        if found is None:
            head = type(term)
            reader = self._readers.get(head)
            if reader is None:
                reader = next((READ[t] for t in head.__mro__ if t in READ), None)
                if reader is None:
                    raise OutOfReach(f"{head.__name__} has no normal form")
                self._readers[head] = reader
            found = self._memo[key] = reader(self, term)
        return found

    def index(self, term: Basic) -> Index:
        """A subscript, or the end of a range, as a linear form."""
        match term:
            case sympy.Integer():
                return integer(int(term))
            case Symbol():
                if term.name in self.sizes:
                    return integer(self.sizes[term.name])
                if term.is_positive and term.is_integer:
                    self.ring.sizes.add(term.name)
                return letter_index(self._name(term))
            case Indexed():
                label = (str(term.base.label), *(self.index(i) for i in term.indices))
                return ((label, 1),)
            case terms.Plus() | sympy.Add():
                return combined(*((self.index(a), 1) for a in term.args))
            case terms.Neg():
                return combined((self.index(term.term), -1))
            case terms.Times() | sympy.Mul():
                parts = [self.index(a) for a in term.args]
                factor, rest = 1, None
                for part in parts:
                    if all(atom == CONSTANT for atom, _ in part):
                        factor *= part[0][1] if part else 0
                    elif rest is None:
                        rest = part
                    else:
                        raise OutOfReach("an index that is not linear")
                return combined((integer(1) if rest is None else rest, factor))
            case _:
                raise OutOfReach(f"{type(term).__name__} in an index")

    def _name(self, letter: Symbol) -> str:
        return next((name for s, name in reversed(self._scope) if s == letter), str(letter.name))

    # -- binders --------------------------------------------------------------------------

    def bound(self, term: Any) -> tuple[Form, dict[str, Range]]:
        """The form of a binder's body and its letters."""
        before = self._scope
        letters: dict[str, Range] = {}
        entries: list[tuple[Symbol, str]] = []
        for t in term.args[1:]:
            if len(t.args) != 3:
                raise OutOfReach("a sum without limits")
            limits = (self.index(t.args[1]), self.index(t.args[2]))
            avoid = frozenset(name for _, name in (*before, *entries))
            name = letter_for(self.ring, limits, t.args[0].name, avoid)
            letters[name] = limits
            entries.append((t.args[0], name))
        try:
            self._scope = (*before, *entries)
            return self.form(term.args[0]), letters
        finally:
            self._scope = before

    # -- stages ---------------------------------------------------------------------------

    @contextmanager
    def holding(self, names: frozenset[str]) -> Iterator[None]:
        """These stages as arrays of their own, of which nothing is known."""
        before, self._opaque = self._opaque, self._opaque | names
        try:
            yield
        finally:
            self._opaque = before

    def stage(self, name: str, indices: tuple[Index, ...]) -> Form:
        """A named stage at indices: itself where it is held as an array, else its definition; one
        without a definition is an unknown function of everything.
        """
        if name in self._opaque:
            return self.ring.atom("stage", name, *indices)
        definition = self.problem.definition(name)
        if definition is None:
            return self.ring.atom("unknown", name, (), *indices)
        body, letters = self._definition(definition)
        if len(letters) != len(indices):
            raise OutOfReach(f"{name} with {len(indices)} indices")
        moved = dict(zip(letters, indices, strict=True))
        return relabel(self.ring, body, moved) if moved else body

    def _definition(self, definition: Definition) -> tuple[Form, tuple[str, ...]]:
        key = (definition.name, self._opaque)
        found = self._stages.get(key)
        if found is None:
            before, self._scope = self._scope, ()
            shape = self.problem.shapes.get(definition.name)
            entries: list[tuple[Symbol, str]] = []
            for n, letter in enumerate(definition.quantity.indices):
                if not isinstance(letter, Symbol):
                    raise OutOfReach("a definition at a fixed index")
                high = shape[n] if shape else self.problem.ranges.get(letter)
                name = f"{letter.name}!"
                if high is not None:
                    limits = (integer(1), self.index(high))
                    name = letter_for(self.ring, limits, name, frozenset())
                entries.append((letter, name))
            try:
                self._scope = tuple(entries)
                found = self.form(definition.body), tuple(name for _, name in entries)
            finally:
                self._scope = before
            self._stages[key] = found
        return found

    def partial(self, body: Expr, variable: Basic) -> Form:
        """The derivative of a term by a variable, stages unfolded after a derivative by one."""
        match variable:
            case Indexed():
                name = str(variable.base.label)
                v = Variable("given", name, tuple(self.index(i) for i in variable.indices))
            case terms.Quantity():
                name = variable.name
                v = Variable("stage", name, tuple(self.index(i) for i in variable.indices))
            case Symbol():
                v = Variable("scalar", variable.name)
            case _:
                raise OutOfReach(f"a derivative by {type(variable).__name__}")
        if v.kind != "stage" or v.name in self._opaque:
            return derivative(self.ring, self.form(body), v)
        before = self._opaque
        try:
            self._opaque = before | {v.name}
            taken = derivative(self.ring, self.form(body), v)
        finally:
            self._opaque = before
        return self._unfolded(taken, v.name)

    def _unfolded(self, form: Form, name: str) -> Form:
        def leaf(gen: Generator) -> Form | None:
            if gen.kind != "stage" or gen.data[0] != name:
                return None
            return self.stage(name, gen.data[1:])

        change = Change(touches=lambda gen: name in gen.names, leaf=leaf)
        return mapped(self.ring, form, change)
