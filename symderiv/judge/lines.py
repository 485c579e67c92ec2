"""Lines to normal forms: letters, stages and derivatives of one problem.

`Lines(problem, ...).form(term)` is the normal form of a term.  Named stages are unfolded by their
definitions; under a derivative by a stage, that stage is an array of its own until it is taken.

Imports floor 0 and the other files of the judge.  What each head means is in `heads`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import sympy
from sympy import Derivative, Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.atoms import Form, Generator, OutOfReach, Range
from symderiv.judge.axes import axes_of
from symderiv.judge.binding import letter_for
from symderiv.judge.brackets import bound
from symderiv.judge.differential import Variable, derivative
from symderiv.judge.forms import Ring
from symderiv.judge.heads import READ, Reader
from symderiv.judge.indices import CONSTANT, Index, combined, letter_index
from symderiv.judge.indices import constant as integer
from symderiv.judge.kinks import Slope, slope_of
from symderiv.judge.mapping import Change, mapped, relabel
from symderiv.judge.masks import without
from symderiv.judge.polynomials import at
from symderiv.terms import letter as letter_of
from symderiv.terms.contents import contents
from symderiv.terms.derived import derived
from symderiv.terms.letters import letters_of
from symderiv.terms.problem import Definition, Problem, name_of

Scope = tuple[tuple[Symbol, str], ...]  # bound letters and the names they go by inside


class Lines:
    """Normal forms of the terms of one problem, remembered by term."""

    def __init__(self, problem: Problem, sizes: Mapping[str, int]) -> None:
        self.problem = problem
        self.sizes = dict(sizes)
        self.ring = Ring()
        self._presumed = problem.least_sizes()
        self._scope: Scope = ()
        self._named = frozenset(stage.name for stage in problem.stages)
        self._opaque: frozenset[str] = frozenset()
        self._apart: frozenset[int] = frozenset()  # the deltas that a mask around makes 0
        self._memo: dict[tuple[Basic, Scope, frozenset[str], frozenset[int]], Form] = {}
        self._slopes: dict[tuple[Basic, Basic, frozenset[int]], Slope] = {}
        self._stages: dict[tuple[str, frozenset[str]], tuple[Form, tuple[str, ...]]] = {}
        self._readers: dict[type, Reader] = {}
        self._bare: set[str] = set()  # letters that were met without a range
        for axes in (*problem.shapes.values(), tuple(problem.ranges.values())):
            for axis in axes:
                self._note_size(axis)
        for name, shape in problem.shapes.items():
            found = derived(name)
            if found is not None and problem.definition(found.array) is not None:
                self.ring.entries[found.array] = partial(self.stage, found.array)
            self.ring.shapes[name] = tuple(self.index(high) for high in shape)
        self.range_over(problem)
        labelled = axes_of(problem, (problem.function, *(s.body for s in problem.stages))).labels
        for label in problem.labels:
            high = labelled.get(label, problem.ranges.get(letter_of(label)))
            self.ring.labels[label] = None if high is None else self.index(high)

    def may_range(self, ranges: Mapping[Symbol, Expr]) -> bool:
        """Has none of these letters been met with another range, or as a number without one?"""
        known = self.ring.ranges
        wanted = {s.name: (integer(1), self.index(high)) for s, high in ranges.items()}
        return not self._bare & wanted.keys() and all(
            known.get(name, limits) == limits for name, limits in wanted.items()
        )

    def range_over(self, problem: Problem) -> None:
        """Lines of the same problem with the letters that range over its axes are read as well."""
        self.problem = problem
        for letter, high in problem.ranges.items():
            self._note_size(high)
            self.ring.ranges[letter.name] = (integer(1), self.index(high))

    def _note_size(self, axis: Basic) -> None:
        for symbol in axis.free_symbols:
            name = cast(Symbol, symbol).name
            if name not in self.sizes:
                self.ring.sizes[name] = self._presumed.get(name, 1)

    def note_letters(self, *given: Basic) -> None:
        """Read off the ranges of letters that the problem does not name."""
        ranges = self.ring.ranges
        unknown = {s for s in letters_of(given) if s.name not in ranges and s.is_integer}
        if all(s.name in self.ring.sizes.keys() | self.sizes.keys() for s in unknown):
            return
        axes = axes_of(self.problem, given)
        for letter in unknown & axes.letters.keys():
            limits = (integer(1), self.index(axes.letters[letter]))
            if letter in axes.mixed or ranges.setdefault(letter.name, limits) != limits:
                raise OutOfReach(f"{letter} runs over two axes")
        self._bare |= {s.name for s in unknown} - ranges.keys() - self.ring.sizes.keys()

    def presuming(self, form: Form, *given: Basic) -> Form:
        """A form at sizes that the numbers in some lines presume: [K >= 2] is 1 beside z_2."""
        known: dict[int, int] = {}
        if not any(self.ring.table[g].kind == "iverson" for m in form for g, _ in m):
            return form
        for name, least in self.problem.least_sizes(*given).items():
            if name not in self.ring.sizes or least <= self.ring.sizes[name]:
                continue
            for g in {g for m in form for g, _ in m if self.ring.table[g].kind == "iverson"}:
                condition = dict(self.ring.table[g].data[0])
                shifted = relabel(self.ring, condition, {name: self._beyond(name, least)})
                lowest = bound(self.ring, shifted, 1)
                if lowest is not None and lowest > 0:
                    known[g] = 1
        return at(form, known)

    def _beyond(self, name: str, least: int) -> Index:
        """K + n, which is at least what is presumed where K is at least what it always is."""
        return combined((letter_index(name), 1), (integer(least - self.ring.sizes[name]), 1))

    # -- terms ----------------------------------------------------------------------------

    def form(self, term: Basic) -> Form:
        """The normal form of a term."""
        opaque = self._opaque
        if opaque and self._named.isdisjoint(contents(term).names):
            opaque = frozenset()  # of a term with no stage in it the same is known
        key = (term, self._scope, opaque, self._apart)
        found = self._memo.get(key)
        if found is None:
            head = type(term)
            reader = self._readers.get(head)
            if reader is None:
                reader = next((READ[t] for t in head.__mro__ if t in READ), None)
                if reader is None:
                    raise OutOfReach(f"{head.__name__} has no normal form")
                self._readers[head] = reader
            found = reader(self, term)
            if self._apart:
                found = without(self.ring, found, self._apart)
            self._memo[key] = found
        return found

    def index(self, term: Basic) -> Index:
        """A subscript, or the end of a range, as a linear form."""
        match term:
            case sympy.Integer():
                return integer(int(term))
            case Symbol():
                if term.name in self.sizes:
                    return integer(self.sizes[term.name])
                known = term.name in self.ring.sizes or term.name in self.ring.ranges
                if not known and term.is_positive and term.is_integer:
                    self._note_size(term)
                return letter_index(self._name(term))
            case Indexed():
                label = (name_of(term), *(self.index(i) for i in term.indices))
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
        for s, name in self._scope[::-1]:
            if s is letter or (s.name == letter.name and s == letter):
                return name
        return str(letter.name)

    # -- binders --------------------------------------------------------------------------

    def bound(self, term: Any) -> tuple[Form, dict[str, Range]]:
        """The form of a binder's body and its letters."""
        with self.inside(term) as letters:
            return self.form(term.args[0]), letters

    @contextmanager
    def inside(self, term: Any) -> Iterator[dict[str, Range]]:
        """Under a binder: its letters have names of their own."""
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
            yield letters
        finally:
            self._scope = before

    @contextmanager
    def apart(self, deltas: frozenset[int]) -> Iterator[frozenset[int]]:
        """Under masks: these deltas are 0, and those of the masks around them."""
        before, self._apart = self._apart, self._apart | deltas
        try:
            yield self._apart
        finally:
            self._apart = before

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
            with self.defining(definition) as names:
                found = self._stages[key] = self.form(definition.body), names
        return found

    @contextmanager
    def defining(self, definition: Definition) -> Iterator[tuple[str, ...]]:
        """In the body of a definition: its letters have names of their own."""
        before = self._scope, self._apart
        self._scope, self._apart = (), frozenset()
        shape = self.problem.shapes.get(definition.name)
        entries: list[tuple[Symbol, str]] = []
        try:
            for n, letter in enumerate(definition.quantity.indices):
                if not isinstance(letter, Symbol):
                    raise OutOfReach("a definition at a fixed index")
                high = shape[n] if shape else self.problem.ranges.get(letter)
                name = f"{letter.name}!"
                if high is not None:
                    limits = (integer(1), self.index(high))
                    name = letter_for(self.ring, limits, name, frozenset())
                entries.append((letter, name))
            self._scope = tuple(entries)
            yield tuple(name for _, name in entries)
        finally:
            self._scope, self._apart = before

    def partial(self, body: Expr, variable: Basic) -> Form:
        """The derivative of a term by a variable, stages unfolded after a derivative by one."""
        match variable:
            case Indexed():
                name = name_of(variable)
                v = Variable("given", name, tuple(self.index(i) for i in variable.indices))
            case terms.Quantity():
                name = variable.name
                v = Variable("stage", name, tuple(self.index(i) for i in variable.indices))
            case Symbol():
                v = Variable("scalar", variable.name)
            case _:
                raise OutOfReach(f"a derivative by {type(variable).__name__}")
        held = v.kind == "stage" and v.name not in self._opaque
        with self.holding(frozenset({v.name} if held else ())):
            form = self.form(body)
            slope = slope_of(self.ring, form, derivative(self.ring, form, v), frozenset({v.name}))
        if held:
            both = (slope.tied, slope.smooth)
            tied, smooth = (tuple(self._unfolded(c, v.name) for c in part) for part in both)
            slope = Slope(self._unfolded(slope.form, v.name), tied, smooth)
        self._slopes[body, variable, self._apart] = slope
        return slope.form

    def kinks(self, *given: Basic) -> Callable[[Form], bool]:
        """Is the zero of a condition a kink of what these lines differentiate?"""

        def left_out(condition: Form) -> bool:
            found = [t for line in given for t in terms.subterms(line) if isinstance(t, Derivative)]
            bodies = {t.args[0] for t in found}
            taken = (slope for (body, *_), slope in self._slopes.items() if body in bodies)
            return any(slope.leaves_out(self.ring, condition) for slope in taken)

        return left_out

    def _unfolded(self, form: Form, name: str) -> Form:
        def leaf(gen: Generator) -> Form | None:
            if gen.kind != "stage" or gen.data[0] != name:
                return None
            return self.stage(name, gen.data[1:])

        change = Change(touches=lambda gen: name in gen.names, leaf=leaf)
        return mapped(self.ring, form, change)
