"""Reading: typed text to a `Problem`, and claims to terms over its letters.

Gives `read` and `read_claim`.  Imports problem, terms and the rest of the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational

from symderiv.reader import scan
from symderiv.reader.axes import Axes
from symderiv.reader.calls import Calls
from symderiv.reader.conditions import held_relation, relation_of
from symderiv.reader.expressions import MOST_NODES, Expressions
from symderiv.reader.freedom import FreeLetters
from symderiv.reader.functions import RESERVED
from symderiv.reader.leaving import leaves
from symderiv.reader.names import ARRAY, LETTER, SCALAR, SIZE, STAGE, Names
from symderiv.reader.parsed import parsed
from symderiv.reader.pieces import Piece
from symderiv.reader.recurrences import (
    Recurrence,
    Start,
    by_step,
    recurrences,
    sizes,
    steps_back,
    without_starts,
)
from symderiv.reader.refusal import meant
from symderiv.reader.restrictions import last, starts, subscripting, unrestricted
from symderiv.reader.scope import Index, Scope
from symderiv.reader.settle import settle
from symderiv.reader.sizes import meant_sizes, notes
from symderiv.reader.typed import names_e, with_euler
from symderiv.reader.vectors import bare_arrays
from symderiv.terms import Quantity, letter, size
from symderiv.terms.contents import contents
from symderiv.terms.delays import Steps, with_delays
from symderiv.terms.nesting import in_stages
from symderiv.terms.problem import Definition, Fact, Problem


def read(
    text: str,
    wrt: Sequence[str] = (),
    assume: Sequence[str] = (),
    library: Mapping[str, str] | None = None,
) -> Problem:
    """The problem that a formula, its variables and its assumptions state.

    Parameters
    ----------
    text : stages and, last, the function, separated by ';' or line ends
    wrt : the variables, one after the other, "z[j]"
    assume : facts declared to hold, "sum(y[i], i) = 1"
    library : catalogue functions by name, each a text of the same language

    Raises
    ------
    ReadError
        for what is not in the formula language, with line and column.
    """
    variables = (wrt,) if isinstance(wrt, str) else tuple(wrt)
    facts = (assume,) if isinstance(assume, str) else tuple(assume)
    return _Reading(text, variables, facts, library or {}).problem()


def read_sides(
    stages: str,
    sides: Sequence[str],
    assume: Sequence[str] = (),
    library: Mapping[str, str] | None = None,
) -> tuple[Problem, tuple[Expr, ...]]:
    """Terms that somebody says are equal, over the stages before them, as one problem.

    Derivatives stand in the sides, `partial(L, z[j])`; a letter that is free in them means the same
    in all, and arrays and scalars that only they mention are given ones.

    Raises
    ------
    ReadError
        for what is not in the formula language; the role is "formula", "line" or "assumption".
    """
    reading = _Reading(stages, (), tuple(assume), library or {}, tuple(sides))
    return reading.problem(), reading.terms


class _Reading:
    """One problem as it is read: names and axes are shared by all its texts."""

    def __init__(
        self,
        text: str,
        wrt: tuple[str, ...],
        assume: tuple[str, ...],
        library: Mapping[str, str],
        sides: tuple[str, ...] = (),
    ) -> None:
        texts = parsed(text, wrt, assume, library, sides)
        self.source, self.first = texts.source, texts.first
        self.parts = tuple(map(by_step, texts.parts))
        self.variables, self.assumed, self.sides = texts.variables, texts.assumed, texts.sides
        self.terms: tuple[Expr, ...] = ()
        everything = (*self.parts, *self.variables, *self.assumed, *self.sides)
        trees = scan.Trees(t for p in everything for t in p.trees)
        words = set(scan.words(trees))
        steps = sizes(recurrences(self.parts, words), trees)  # T in h[T,i] is no letter
        letters = subscripting(trees) - {*steps, *last(trees)}
        begins = starts(trees)
        own_e = (
            "e" not in words or any(map(names_e, everything)) or any(w.strip() == "e" for w in wrt)
        )
        declared = {*letters, "e"} if own_e else letters
        self.parts, self.assumed, self.sides = (
            tuple(with_euler(unrestricted(p, letters), declared) for p in pieces)
            for pieces in (self.parts, self.assumed, self.sides)
        )
        self.recurrences = recurrences(self.parts, words)
        self.parts = without_starts(self.parts, self.recurrences)
        begun = [s.piece.right for r in self.recurrences.values() for s in r.starts.values()]
        everything = (*self.parts, *self.variables, *self.assumed, *self.sides)
        self.spoken = {
            name for piece in (*self.variables, *self.assumed) for name in scan.words(piece.trees)
        }
        trees = scan.Trees((*(t for p in everything for t in p.trees), *begun))
        self.bound = set(scan.bound(trees))
        self.axes = Axes()
        self.starts: dict[str, dict[int, Definition]] = {}
        self.names = Names(self.axes, ranks=scan.ranks(trees))
        own = [p for p in self.parts if p.left is not None]
        self.calls = Calls(library, words={*words, *scan.words(trees)})
        self.reader = Expressions(self.names, self.calls)
        self.reader.derivatives = bool(sides)
        for name in {*scan.sizes(trees), *sizes(self.recurrences, trees)}:
            if name not in RESERVED:
                self.names.roles[name] = SIZE
        self.free = FreeLetters(
            self.names,
            self.calls,
            in_variables={x for v in self.variables for x in scan.free_subscripts(v.right)},
            on_the_left={
                *(x for p in own for x in scan.free_subscripts(cast(ast.expr, p.left))),
                *(
                    x.id
                    for r in self.recurrences.values()
                    for start in r.starts.values()
                    for x in start.letters
                ),
            },
        )
        self.calls.avoid = self.free.never_letters(trees)
        self.reader.ahead = frozenset(
            name
            for part in self.parts
            for name in {*scan.free_subscripts(part.right), *(begins & {*scan.names(part.right)})}
            if part.left is None or name not in scan.free_subscripts(part.left)
        )
        for part in own:
            stage, _ = self._left(part)
            if stage.id in self.names.later:
                raise part.source.refuse(part.at, f"{stage.id!r} is defined twice")
            self.names.later.add(stage.id)
            self.calls.shadowed.add(stage.id)
        for r in self.recurrences.values():  # a step before is known before the stage is
            for before in r.before:
                axes = (self.axes.new(owner=before) for _ in (*r.start.letters, r.position))
                self.names.stage(before, tuple(axes))
        self.names.ranks = {**self.names.ranks, **self._bare_arrays()}

    def _bare_arrays(self) -> dict[str, int]:
        variables = {v.right.id for v in self.variables if isinstance(v.right, ast.Name)}
        taken = {*variables, *self.names.later, *self.names.roles}
        scope = Scope(self.source, self.free.in_function)
        return bare_arrays(self.calls, self.parts, self.names.ranks, taken, scope)

    # -- the texts, in order -------------------------------------------------------------------

    def problem(self) -> Problem:
        for part in self.parts[:-1]:
            if part.left is None:
                raise part.source.refuse(
                    part.at, "only the last part is the function; a stage is named, s = ..."
                )
        for part in self.parts:
            if part.left is not None:
                self._stage(part)
        function = self._function(self.parts[-1]) if self.parts else sympy.S.Zero
        sides = [self._side(piece) for piece in self.sides]
        wrt = tuple(self._variable(piece) for piece in self.variables)
        facts = [self._fact(piece) for piece in self.assumed]
        if not sides:
            self.free.check_labels()
        numbers = meant_sizes(self.names.roles, self.bound)
        numbers = {name: by for name, by in numbers.items() if Symbol(name) not in wrt}
        sizes = self.axes.sizes({*self.calls.words, *self.names.roles}, numbers)
        named = {str(s): s for s in sizes.values() if str(s) in numbers}
        sizes |= {Symbol(name): s for name, s in named.items()}
        self.terms = tuple(settle(side, sizes) for side in sides)
        problem = Problem(
            function=settle(function, sizes),
            wrt=wrt,
            stages=tuple(Definition(s.quantity, settle(s.body, sizes)) for s in self.calls.stages),
            facts=tuple(Fact(cast(Relational, settle(f, sizes))) for f in facts),
            shapes={
                name: tuple(sizes[self.axes.placeholder(axis)] for axis in shape)
                for name, shape in self.names.shapes.items()
            },
            ranges={
                letter(name): sizes[self.axes.placeholder(axis)]
                for name, axis in (
                    *((n, cast(int, i.axis)) for n, i in self.calls.free.items()),
                    *self.names.label_axes.items(),
                )
                if self.axes.placeholder(axis) in sizes
            },
            labels=self.free.labels(),
            text=self.source.text,
            first=self.first,
        )
        outside = leaves(problem)
        problem = self._with_delays(problem, sizes)
        if outside is not None:
            array, index, letter_ = outside
            raise self.source.refuse(
                max(self.source.text.find(f"{array}["), 0),
                f"{array}[{index}] leaves {array}'s axis: {letter_} already runs over all of it; "
                f"a sum can stop earlier, ({letter_}, 1, N-1)",
            )
        problem = self._bounded(problem)
        return replace(problem, notes=tuple(notes(problem, numbers, self.spoken)))

    def _bounded(self, problem: Problem) -> Problem:
        """The problem, its inner values in stages where it is too long written out.

        Raises
        ------
        ReadError
            where it still is: an argument of a function may stand in its formula more than once.
        """
        found = in_stages(problem) if self._too_long(problem) else problem
        if found is None or self._too_long(found):
            raise self.source.refuse(0, f"the formula has more than {MOST_NODES} terms written out")
        return found

    def _too_long(self, problem: Problem) -> bool:
        bodies = (problem.function, *(s.body for s in problem.stages), *self.terms)
        return max(contents(body).length for body in bodies) > MOST_NODES

    def _starts(self, r: Recurrence) -> None:
        """The lines for single steps, on the axes of the stage."""
        axes = self.names.shapes[r.stage]
        source, at = r.start.piece.source, r.start.piece.at
        for before in r.before:
            for own, other in zip(axes, self.names.shapes[before], strict=True):
                self.axes.join(own, other, source, at)
        if r.last is not None:
            self.axes.give(axes[r.position], size(r.last.id), source, at)
        for step in r.starts:
            if step > 0 and r.last is None:
                self.axes.reach(axes[r.position], step, source, at)
        self.starts[r.stage] = {step: self._start(r, start) for step, start in r.starts.items()}

    def _start(self, r: Recurrence, start: Start) -> Definition:
        scope = Scope(start.piece.source, self.free.in_body(r.stage, [x.id for x in start.letters]))
        others = [a for n, a in enumerate(self.names.shapes[r.stage]) if n != r.position]
        letters: dict[str, Index] = {}
        for node, axis in zip(start.letters, others, strict=True):
            self.names.declare(node.id, LETTER, scope, node)
            if node.id in letters:
                raise scope.refuse(node, f"{node.id!r} stands twice on the left of {r.stage!r}")
            letters[node.id] = Index(letter(node.id), axis)
        body = self.reader.term(start.piece.right, scope.with_letters(letters))
        indices = tuple(index.expr for index in letters.values())
        return Definition(Quantity(Symbol(r.stage), *indices), body)

    def _with_delays(self, problem: Problem, sizes: Mapping[Symbol, Expr]) -> Problem:
        """The problem with the stages that are another one some steps before."""
        for r in self.recurrences.values():
            starts = {
                step: Definition(start.quantity, settle(start.body, sizes))
                for step, start in self.starts[r.stage].items()
            }
            back = r.last is not None
            problem = with_delays(problem, Steps(r.stage, r.position, r.before, starts, back))
        return problem

    def _left(self, part: Piece) -> tuple[ast.Name, tuple[ast.Name, ...]]:
        """The name and letters on the left of a stage."""
        match part.left:
            case ast.Name() as name:
                return name, ()
            case ast.Subscript(value=ast.Name() as name) as subscript:
                letters = scan.slots(subscript)
                for slot in letters:
                    if not isinstance(slot, ast.Name):
                        raise part.source.refuse(
                            slot.col_offset, f"{name.id!r} is defined for letters, {name.id}[i]"
                        )
                found = cast("tuple[ast.Name, ...]", letters)
                for n, slot in enumerate(found):
                    if slot.id in {other.id for other in found[:n]}:
                        raise part.source.refuse(
                            slot.col_offset, f"{slot.id!r} stands twice on the left of {name.id!r}"
                        )
                return name, found
            case _:
                raise part.source.refuse(
                    part.at, "on the left of '=' stands a name, s, or a component, p[i]"
                )

    def _stage(self, part: Piece) -> None:
        name, letters = self._left(part)
        scope = Scope(part.source, self.free.in_body(name.id, [x.id for x in letters]))
        if name.id in self.names.roles or name.id in RESERVED:
            self.names.declare(name.id, STAGE, scope, name)
        own: dict[str, Index] = {}
        for node in letters:
            self.names.declare(node.id, LETTER, scope, node)
            own[node.id] = Index(letter(node.id), self.axes.new(owner=name.id, letter=node.id))
        for inner in scan.walk(part.right):
            if isinstance(inner, ast.Name) and inner.id == name.id:
                back = f", {name.id}[0,…] = … is its start" if steps_back(part, name.id) else ""
                raise part.source.refuse(
                    inner.col_offset, f"{name.id!r} is defined by itself{back}"
                )
        body = self.reader.term(part.right, scope.with_letters(own))
        quantity = Quantity(Symbol(name.id), *(index.expr for index in own.values()))
        self.calls.stages.append(Definition(quantity, body))
        self.names.stage(name.id, tuple(cast(int, index.axis) for index in own.values()))
        if name.id in self.recurrences:
            self._starts(self.recurrences[name.id])

    def _function(self, part: Piece) -> Expr:
        scope = Scope(part.source, self.free.in_function)
        function = part.left if part.left is not None else part.right
        return self.reader.term(function, scope)

    def _side(self, piece: Piece) -> Expr:
        self.reader.ahead = frozenset(scan.free_subscripts(piece.right))
        return self.reader.term(piece.right, Scope(piece.source, self.free.in_function))

    def _variable(self, piece: Piece) -> Expr:
        scope, names = Scope(piece.source, self.free.in_function), self.names
        match piece.right:
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                role = names.roles.get(name)
                if role not in (ARRAY, STAGE, SCALAR):
                    if role is not None or name in RESERVED:
                        what = role or RESERVED[name]
                        raise scope.refuse(piece.right, f"{name!r} is {what}, not a variable")
                    known = [n for n, r in names.roles.items() if r in (ARRAY, STAGE, SCALAR)]
                    near = meant(name, known)
                    raise scope.refuse(piece.right, f"{name!r} is not in the formula{near}")
                if name in names.label_axes:
                    raise scope.refuse(piece.right, f"{name!r} holds labels, which are fixed")
            case _:
                raise scope.refuse(piece.right, "a variable is a component z[j] or a scalar x")
        if isinstance(piece.right, ast.Subscript):
            for slot in scan.slots(piece.right):
                if not isinstance(slot, ast.Name | ast.Constant):
                    raise scope.refuse(slot, "the indices of a variable are letters or numbers")
        return self.reader.term(piece.right, scope)

    def _fact(self, piece: Piece) -> Relational:
        self.names.closed = True
        scope = Scope(piece.source, self.free.in_a_fact())
        if piece.left is None:
            if not isinstance(piece.right, ast.Compare):
                raise scope.refuse(piece.right, "an assumption is a comparison, a = b or a > 0")
            return relation_of(self.reader, piece.right, scope)
        left, right = self.reader.term(piece.left, scope), self.reader.term(piece.right, scope)
        return held_relation(sympy.Eq, left, right)
