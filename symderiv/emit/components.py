"""Components: indexed arrays and stages, whatever their indices are.

Gives `Components`: z_i is an array under its letters, z_{i+1} a part of it, z_y an entry of each
row, x_ii a diagonal.  An index that can leave its axis is refused.

Imports graph, indices, shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, cast

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.emit.indices import Range, Scope, linear
from symderiv.emit.inverses import Inverses
from symderiv.emit.lowers import Lowers
from symderiv.emit.meanwhile import meanwhile
from symderiv.emit.nodes import Loop, View
from symderiv.emit.scaled import Scaled
from symderiv.mistakes import Mistake
from symderiv.terms import ONE, ZERO, Quantity, letter, release, subterms
from symderiv.terms.derived import derived
from symderiv.terms.letters import all_letters, rename_bound
from symderiv.terms.problem import name_of

CHAIN = 8  # stages, of which each waits for the one before it


class Leaving(Mistake):
    """An index that can leave its axis."""


class Components:
    """The indexed arrays of one lowering."""

    def __init__(self, lowering: Lowers) -> None:
        self.lowering = lowering
        self.graph = lowering.graph
        self.problem = lowering.problem
        self.inverses = Inverses(lowering, self.stage)
        self.stages: dict[str, tuple[Scaled, tuple[Symbol, ...]]] = {}
        self.steps: dict[Symbol, View] = {}  # letters at the step of the loop that is being made
        self.within: dict[str, tuple[Scaled, tuple[Symbol, ...], int]] = {}
        self.needs: dict[tuple[Expr, Expr], str] = {}  # a size, what it is not below, whose it is

    def component(self, term: Expr, scope: Scope) -> Scaled:
        """A component of a given array, a stage, or a label of an array of labels."""
        name, indices = name_of(term), term.args[1:]
        if (found := derived(name)) is not None:
            own = tuple(letter(f"_{n}") for n in range(len(indices)))
            inverse = self.inverses.array(found, own)
            shape = self.problem.shapes.get(name, ())
            return Scaled(self.indexed(inverse, own, indices, scope, name, shape))
        if isinstance(term, Quantity):
            made, own = self.stage(name)
            shape = self.problem.shapes.get(name, ())
            if name in self.within:
                now, rest, axis = self.within[name]
                if indices[axis] in self.steps:  # at the step that is being made
                    made, own = now, rest
                    indices = (*indices[:axis], *indices[axis + 1 :])
                    shape = (*shape[:axis], *shape[axis + 1 :])
            return self._at(made, own, indices, scope, name, shape)
        if name in self.problem.labels:
            return Scaled(self.graph.map("float", self.whole(term, scope)))
        return Scaled(self.given(name, indices, scope))

    def _at(self, made: Scaled, *at: Any) -> Scaled:
        """Every array of a value at some indices."""
        views = [made.value, made.shift, made.direct]
        value, shift, direct = (v and self.indexed(v, *at) for v in views)
        scale = tuple((self.indexed(n, *at), k) for n, k in made.scale)
        share = made.share and self._at(made.share, *at)
        return Scaled(cast(View, value), shift, direct, scale, share)

    def settle(self, name: str) -> None:
        """Make a stage the array that it is, with no shift beside it."""
        scaled, own = self.stage(name)
        self.stages[name] = Scaled(self.lowering.shifts.plain(scaled)), own
        self.lowering.known.forget()

    def stage(self, name: str) -> tuple[Scaled, tuple[Symbol, ...]]:
        """The whole array of a stage, and its letters in order."""
        for earlier in self._below(name):
            self._stage(earlier)
        return self._stage(name)

    def _below(self, name: str) -> Iterator[str]:
        """Every eighth of the stages that one is made of: none waits for a long chain of others."""
        opened: dict[str, set[str]] = {}
        levels: dict[str, int] = {}
        waiting = [name]
        while waiting:
            top = waiting.pop()
            if top in levels or top in self.stages:
                continue
            if top in opened:
                levels[top] = 1 + max((levels.get(n, 0) for n in opened[top]), default=0)
                if levels[top] % CHAIN == 0:
                    yield top
                continue
            definition = self.problem.definition(top)
            body = ZERO if definition is None else definition.body
            opened[top] = {t.name for t in subterms(body) if isinstance(t, Quantity)}
            waiting += [top, *sorted(opened[top] - opened.keys())]

    def _stage(self, name: str) -> tuple[Scaled, tuple[Symbol, ...]]:
        if name not in self.stages:
            definition = self.problem.definition(name)
            if definition is None:
                raise Mistake(f"{name} has no definition")
            own = definition.quantity.indices
            shape = self.problem.shapes.get(name, ())
            ranges = {s: Range(ONE, high) for s, high in zip(own, shape, strict=True)}
            body = cast(
                Expr, rename_bound(definition.body, {*own, *all_letters(definition.quantity)})
            )
            with meanwhile(self.graph, order=tuple(own)):
                made = self.lowering.bare(body, replace(self.lowering.scope(), letters=ranges))
            self.stages[name] = (self.lowering.shifts.settled(made), own)
        return self.stages[name]

    def loop(
        self, sides: Sequence[tuple[Quantity, Expr]], axes: Sequence[int], *, backwards: bool
    ) -> None:
        """The stages of a recurrence, each as what its body says at one step.

        sides : their quantities and bodies, in the order in which one step computes them
        axes : which index of each counts the steps
        """
        g = self.graph
        shapes = [tuple(self.problem.shapes[q.name]) for q, _ in sides]
        step = g.step(len(self.stages))
        high = shapes[0][axes[0]]
        arrays = tuple((q.name, s, n) for (q, _), s, n in zip(sides, shapes, axes, strict=True))
        for (quantity, _), shape in zip(sides, shapes, strict=True):
            own = quantity.indices
            self.stages[quantity.name] = Scaled(View(g.filled(quantity.name, shape), own)), own
        values: list[View] = []
        for (quantity, body), shape, n in zip(sides, shapes, axes, strict=True):
            own = quantity.indices
            letters = {s: Range(ONE, z) for s, z in zip(own, shape, strict=True)}
            at = own[n]
            self.steps = {at: step}
            self.lowering.known.forget()
            scope = self.lowering.scope()
            runs = {s: r for s, r in letters.items() if s != at}
            scope = replace(scope, letters=runs, steps={**scope.steps, at: letters[at]})
            clear = cast(Expr, rename_bound(body, {*own, *all_letters(quantity)}))
            made = self.lowering.shifts.settled(self.lowering.scaled(clear, scope))
            rest = (*own[:n], *own[n + 1 :])
            self.within[quantity.name] = made, rest, n
            whole = self.lowering.shifts.plain(made)
            kept = [s for s in rest if s in whole.letters]
            if kept != [*rest[len(rest) - len(kept) :]]:
                whole, kept = g.along(whole, {s: letters[s] for s in rest}), [*rest]
            values.append(g.ordered(whole, kept))
        self.steps, self.within = {}, {}
        self.lowering.known.forget()
        loop = Loop(step.node, high, backwards, arrays)
        node = g.loop(loop, values)
        for (quantity, _), shape in zip(sides, shapes, strict=True):
            looped = View(g.looped(node, quantity.name, shape), quantity.indices)
            self.stages[quantity.name] = Scaled(looped), quantity.indices

    # -- indices -----------------------------------------------------------------------------------

    def is_index(self, term: Basic, scope: Scope) -> bool:
        """Is it made of letters, labels, sizes and whole numbers alone?"""
        if isinstance(term, sympy.Indexed):
            return name_of(term) in self.problem.labels
        if isinstance(term, Symbol):
            return bool(term in scope.letters or self.lowering.is_label(term) or term.is_integer)
        if isinstance(term, Integer):
            return True
        plain = (sympy.Add, sympy.Mul)
        made = release(term)
        return isinstance(made, plain) and all(self.is_index(a, scope) for a in made.args)

    def index(self, term: Basic, scope: Scope) -> View:
        """An index, counted from 0."""
        return self.graph.sub(self.whole(release(term), scope), self.graph.number(ONE))

    def whole(self, term: Expr, scope: Scope) -> View:
        """An expression of whole numbers, as it is on the page."""
        g = self.graph
        if isinstance(term, sympy.Add | sympy.Mul):
            added = isinstance(term, sympy.Add)
            parts = term.as_ordered_terms() if added else term.args
            values = (self.whole(cast(Expr, a), scope) for a in parts)
            return reduce(g.add if added else g.mul, values)
        if isinstance(term, Symbol) and term in scope.letters:
            run = scope.letters[term]
            return g.add(g.count(term, run.length), self.lowering.size(run.low))
        if term in self.steps:
            return g.add(self.steps[cast(Symbol, term)], g.number(ONE))
        if self.lowering.is_label(term) or isinstance(term, sympy.Indexed):
            name, indices = name_of(term), term.args[1:] if isinstance(term, sympy.Indexed) else ()
            return g.add(self.given(name, indices, scope, label=True), g.number(ONE))
        return self.lowering.size(term)

    def given(
        self, name: str, indices: Sequence[Basic], scope: Scope, *, label: bool = False
    ) -> View:
        """An entry of a given array; labels count from 0."""
        own = tuple(letter(f"_{n}") for n in range(len(indices)))
        shape = tuple(self.problem.shapes.get(name, ()))
        array = View(self.graph.input(name, shape, label=label), own)
        return self.indexed(array, own, tuple(indices), scope, name, shape)

    def indexed(
        self,
        view: View,
        own: tuple[Symbol, ...],
        indices: tuple[Expr, ...],
        scope: Scope,
        name: str,
        shape: tuple[Expr, ...],
    ) -> View:
        """An array of a shape, whose axes carry `own`, at other indices."""
        taken = {*own, *scope.letters}
        moved: dict[Symbol, Symbol] = {}
        for s in own:  # out of the way of the letters that come
            moved[s] = letter(f"_{s.name}_{len(taken)}")
            taken.add(moved[s])
        view = view.named(moved.get(s, s) for s in view.letters)
        for n, (s, index) in enumerate(zip(own, indices, strict=True)):
            if moved[s] in view.letters:
                view = self._placed(view, moved[s], index, scope, name, shape[n] if shape else ONE)
        return view

    def _placed(
        self, view: View, axis: Symbol, index: Expr, scope: Scope, name: str, size: Expr
    ) -> View:
        g = self.graph
        plain = linear(index, scope.letters)
        if plain is not None:
            return self._run(view, axis, plain, scope, name, size)
        if index.is_Integer:
            if index < 1 or (size.is_Integer and index > size):
                raise Leaving(f"{name}[{index}] is outside its axis, 1 to {size}")
            if not size.is_Integer and index > 1:
                known = next((k for k in self.needs if k[0] == size and k[1].is_Integer), None)
                if known is None or known[1] < index:
                    self.needs.pop(known or (size, index), None)
                    self.needs[size, index] = name
            return g.at(view, axis, g.number(cast(Expr, index - 1)))
        if self.lowering.is_label(index) or isinstance(index, sympy.Indexed):
            if scope.steps.get(index, Range(ONE, size)).high != size:  # a label of another axis
                self._check(index, size, scope, name)
                return self._kept(view, axis, index, scope, size)
            return g.at(view, axis, self.index(index, scope))
        if not self.is_index(index, scope):
            raise Mistake(f"the index {index} of {name} is no whole number")
        back = sympy.expand(size - release(index))
        if back.is_Integer and back >= 0 and size.is_Symbol:  # the last but one, which is one
            self.needs[size, cast(Expr, back + 1)] = name
        else:
            self._check(release(index), size, scope, name)
        return self._kept(view, axis, index, scope, size)

    def _kept(self, view: View, axis: Symbol, index: Expr, scope: Scope, size: Expr) -> View:
        """The entries of an axis at an index, where that leaves the axis its end."""
        g, place = self.graph, self.index(index, scope)
        free = replace(scope, held=())  # whatever brackets say
        ends = (sympy.expand(release(index) - 1), sympy.expand(size - release(index)))
        if all(map(free.never_negative, ends)):
            return g.at(view, axis, place)
        top = g.sub(self.lowering.size(size), g.number(ONE))
        return g.at(view, axis, g.map("clip", place, g.number(ZERO), top))

    def _run(
        self,
        view: View,
        axis: Symbol,
        plain: tuple[Symbol, int, Expr],
        scope: Scope,
        name: str,
        size: Expr,
    ) -> View:
        """The entries of an axis at a·k + c."""
        g = self.graph
        k, slope, rest = plain
        run = scope.letters[k]
        low, high = run.low, run.high
        self._check(slope * k + rest, size, scope, name)
        first = sympy.expand(slope * low + rest - 1)
        last = sympy.expand(slope * high + rest)
        free = replace(scope, held=())  # whatever brackets say
        over = sympy.expand(last - size)
        begins = free.never_negative(first)
        ends = (size, last) in self.needs or free.never_negative(-over)
        before, behind = ZERO if begins else sympy.expand(-first), ZERO if ends else over
        fits = begins and ends
        if slope == 1:  # a part of it, and zeros where a bracket is 0 whatever stands there
            fits = free.never_negative(before) and free.never_negative(behind)
        if not fits:
            return self._kept(view, axis, slope * k + rest, scope, size)
        start, stop = sympy.expand(first + before), sympy.expand(last - behind)
        node, along = view.node, view.letters.index(axis)
        if slope != 1 or start != 0 or stop != size:
            node = g.part(node, along, start, stop, slope)
        if before != 0 or behind != 0:
            node = g.pad(node, along, before, run.length)
        letters = [k if s == axis else s for s in view.letters]
        if letters.count(k) == 2:
            first_at, second_at = (n for n, s in enumerate(letters) if s == k)
            node = g.diagonal(node, first_at, second_at)
            del letters[second_at]
        return View(node, tuple(letters))

    def _check(self, index: Expr, size: Expr, scope: Scope, name: str) -> None:
        """Refuse an index that can be below 1 or above the size."""
        below, above = sympy.expand(index - 1), sympy.expand(size - index)
        if not scope.never_negative(below):
            raise Leaving(f"{name}[{index}] can be below 1; say where it begins, as in (t, 2, T)")
        if not scope.never_negative(above):
            highest = scope.highest(index)
            if highest is None or highest.has(size):
                raise Leaving(
                    f"{name}[{index}] can be above {size}; say where it ends, as in (t, 1, T-1)"
                )
            self.needs[size, highest] = name  # looked at when the function is called
