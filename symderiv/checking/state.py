r"""State: what is known on the way through a page, and where its chain stands.

Gives `Place` and `State`, on which the parts of the walk stand.

Imports context, elsewhere, givens, plain, readings, rows, stages and vectors.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import field, replace
from math import inf

from symderiv.checking import plain
from symderiv.checking.context import Context
from symderiv.checking.elsewhere import elsewhere, is_of
from symderiv.checking.givens import relates, unsaid
from symderiv.checking.pages import Page
from symderiv.checking.question import Question
from symderiv.checking.rows import Said, Side
from symderiv.checking.stages import Stage
from symderiv.checking.vectors import Lines
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.lefts import Left
from symderiv.reader.latex.names import FUNCTIONS, GREEK
from symderiv.reader.latex.survey import mentioned
from symderiv.reader.latex.tokens import Token
from symderiv.reader.refusal import Source
from symderiv.records import dataclass
from symderiv.terms.dependence import reached


@dataclass
class Place:
    """Where a chain stands: its first side, the last one, and under which conditions."""

    start: ast.expr | None = None
    last: ast.expr | None = None
    free: tuple[str, ...] = ()
    conditions: tuple[ast.Compare, ...] = ()
    broken: bool = False  # was a line of it wrong?
    vector: ast.expr | None = None  # the last side in vector notation
    applied: frozenset[str] = frozenset()  # functions of the text that it starts from a value of


@dataclass
class State:
    """What is known on the way, and where the chain stands."""

    page: Page
    macros: dict[str, tuple[int, str]]
    context: Context
    capitals: frozenset[str] = frozenset()  # matrices, where vector notation has them
    vectors: Lines = field(default_factory=Lines)
    sayings: set[str] = field(default_factory=set)
    prose: str = ""  # all running text so far
    alone: bool = False  # does the row stand in a display of its own?
    implied: bool = False  # does the statement follow an arrow behind an equation?
    met: frozenset[str] = frozenset()  # the names that stand before the row
    supposed: bool = False  # does the sentence before the display lay down what stands in it?
    solved: bool = False  # does it solve for what stands there?
    said: set[str] = field(default_factory=set)
    stated: list[ast.Compare] = field(default_factory=list)  # the same, as conditions
    seconds: float = 20.0  # for one line
    end: float = inf  # when the time for all is over
    place: Place = field(default_factory=Place)
    sections: dict[str, int] = field(default_factory=dict)  # of what is defined by vectors
    implicit: set[str] = field(default_factory=set)  # what an equation says by itself, V = R + P V
    values: dict[str, Stage] = field(default_factory=dict)  # λ = 0, for all that follows
    here: dict[str, Stage] = field(default_factory=dict)  # the same, for one display
    partly: dict[str, dict[str, str]] = field(default_factory=dict)  # y_c = 1, by its value
    definitions: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    beside: set[int] = field(default_factory=set)  # where the running text has an equation,
    taken: set[int] = field(default_factory=set)  # and where one is a definition or a fact

    def __post_init__(self) -> None:
        self.context.known.elsewhere = self._elsewhere

    def _elsewhere(self, cursor: Cursor, name: str, given: str) -> ast.expr | None:
        """L(w_0) as a term, of what is defined in components or, where that is read, in vectors."""
        stages = self.context.stages
        if cursor.known.vectors:
            stages = stages | {n: Stage(n, (), b) for n, b in self.vectors.stages.items()}
        return elsewhere(cursor, name, given, stages)

    def _question(self, left: ast.expr, right: ast.expr) -> Question:
        self._bring_to_components((left, right))
        facts = tuple(self.context.facts)
        beside = () if self.place.start is None else (self.place.start,)
        place = self.place
        return Question(
            self.context, left, right, place.conditions, facts, beside, applied=place.applied
        )

    def _relates(self, left: ast.expr, right: ast.expr) -> bool:
        """Does it relate given quantities, one of them new: A v = λ v?"""
        return not self._touches(left, right) and relates(left, right, self.met)

    def _value(self, said: Said, *, laid: bool = False) -> None:
        """Take in the values that letters are given: \\lambda = 0, and no index."""
        for left, sign, *right in (c for c in said.conditions if not said.sides and len(c) == 3):
            name = GREEK.get(left.text, left.text)
            if sign.text == "=" and right[0].kind == "digit" and name not in frozenset("ijklmn"):
                values = self.values if laid else self.here
                values[name] = Stage(name, (), tree.number(right[0].text, 0))

    def _drawn(self, name: str) -> str:
        """Why it is a claim what a name is, V = (I - P)^{-1} R; "" where it is a definition.

        What a known name, or x^* of a known x, is solved to be, is drawn from what stands before.
        """
        if self.solved and any(is_of(name, known) for known in self.met):
            return f"{name} is solved for, and what it comes to is not checked"
        if name not in {*self.implicit, *self.context.steps}:
            return ""
        return f"{name} is given by itself above, and what it comes to is not checked"

    def _say_again(self, name: str) -> None:
        """A name is in this section what it is in an earlier one."""
        if name in self.sections:
            self.sections[name] = self.context.section
        if name in self.context.stages:
            here = replace(self.context.stages[name], section=self.context.section)
            self.context.stages[name] = here

    def _supposes(self, left: ast.expr) -> bool:
        """Does the sentence lay it down, and not draw it from what it lays down?"""
        return self.supposed and not self.implied and not scan.slopes(left)

    def _unsaid(self, left: ast.expr, right: ast.expr) -> str:
        """Why it may say something though it is no identity; "" where it can only assert."""
        new = "" if self._touches(left, right) else unsaid(left, right, self.met)
        return f"{new} stands nowhere before, and nothing says what it is" if new else ""

    def _solved(self, name: str, right: ast.expr) -> str:
        """Why it is a claim, or one of several equations, x = (y - b)/a of y = a x + b; or "".

        Of a_j = Σ_i w_ij z_i and z_j = h(a_j) each says something new.
        """
        stages = self.context.stages
        bodies = {n: s.body for n, s in stages.items()} | self.vectors.stages
        words = {*scan.words([right])}
        for word in sorted(words & bodies.keys()) if name not in words else ():
            places = [
                {slot.id if isinstance(slot, ast.Name) else "" for slot in scan.slots(n)}
                for n in ast.walk(bodies[word])
                if isinstance(n, ast.Subscript) and scan.name_of(n) == name
            ]
            letters = {*stages[word].letters} if word in stages else set()
            summed = bool(places) and not any(place <= letters for place in places)
            inner = reached([word], lambda n: scan.words([bodies[n]] if n in bodies else []))
            if name in inner and not summed:
                return f"{word} is said to be made of {name}, and both may hold together only"
        return ""

    def _touches(self, left: ast.expr, right: ast.expr) -> bool:
        """Is there a derivative in it, or what the text defines?"""
        known = {*self.context.stages, *self.context.unknown, *self.vectors.stages, "partial"}
        return not known.isdisjoint(scan.words([left, right]))

    def _bring_to_components(self, sides: Sequence[ast.expr]) -> None:
        """What is defined in vector notation and used beside indices: p_j, of p = softmax(W x)."""
        context = self.context
        reached = context.reached(sides)
        used = scan.ranks([*sides, *(context.stages[n].body for n in reached & {*context.stages})])
        names = [n for n in self.vectors.stages if n in reached and n not in context.stages]
        with suppress(ReadError):
            made = self.vectors.components(context, names)
            if all(len(made[name].letters) == used.get(name, 0) for name in names):
                context.stages |= {n: s for n, s in made.items() if n not in context.stages}

    @property
    def defined(self) -> frozenset[str]:
        """The names of which the text says what they are, if only by a form."""
        context = self.context
        return frozenset((*context.stages, *context.unknown, *context.vague, *self.vectors.stages))

    def _is_vector(self, said: Said) -> bool:
        """Is it in vector notation, or does it name what is defined there?"""
        if self._names_an_array(said):
            return True
        if said.vectors or not (self.vectors.stages or self.capitals):
            return said.vectors
        tokens_ = [t for side in said.sides if not isinstance(side, str) for t in side]
        indexed = any(
            t.text == "_" and (a is None or a.text not in ("nabla", "|"))
            for t, a in zip(tokens_, [None, *tokens_], strict=False)
        )
        names = set(mentioned(tokens_))
        if any("_" in name for name in self.vectors.stages):  # of a layer, z^{[1]}
            with suppress(ReadError):
                source = Source("", "line")
                names.update(scan.words([self._vector(source, side) for side in said.sides]))
        stages = self.vectors.stages
        if not indexed:
            return bool(names & (stages.keys() | self.capitals))
        over_samples = (self.vectors.needed([tree.name(name, 0)]) for name in names & stages.keys())
        return any(scan.ranks([stages[n] for n in needed]) for needed in over_samples)

    def _names_an_array(self, said: Said) -> bool:
        """p = softmax(z) in a text with p_j, h = tanh(a) in one with h_i and a_i."""
        if len(said.sides) != 2 or said.continued or said.conditions:
            return False
        arrays, source = self.context.known.lettered, Source("", "line")
        left, right = (None if isinstance(s, str) else s for s in said.sides)
        if not left or not right or any(t.text == "_" for t in (*left, *right)):
            return False
        with suppress(ReadError):
            name, body = self._left(source, left), self._vector(source, right)
            if name is not None and name.name in arrays and isinstance(body, ast.Call):
                function = scan.called(body)
                among = bool(arrays & set(scan.words(body.args)))
                return function == "softmax" or (function in FUNCTIONS.values() and among)
        return False

    def _vector(self, source: Source, side: Side) -> ast.expr:
        assert not isinstance(side, str)
        read = self.context.cursor(source, side, vectors=True).whole(side, side[0].at)
        self.context.met.update(scan.words([read]))
        return read

    def _left(self, source: Source, side: Side) -> Left | None:
        return plain.left(side) if isinstance(side, str) else self.context.left(source, side)

    def _term(self, source: Source, side: Side, free: Sequence[str] = ()) -> ast.expr:
        if not isinstance(side, str):
            return self.context.term(source, side, free)
        return self.context.noted(plain.term(side))

    def _condition(self, source: Source, found: list[Token]) -> ast.Compare:
        cursor = self.context.cursor(source, found)
        read = cursor.relation()
        if cursor.next is not None or not isinstance(read, ast.Compare):
            raise source.refuse(found[0].at, "a condition is a comparison, such as i ≠ j")
        return read


def is_index(left: Left, said: Said) -> bool:
    """i = j or n = 1, which says what an index is and defines nothing."""
    plain = not left.letters and not left.parameters and left.name in frozenset("ijklmn")
    right = said.sides[1]
    words = right.split() if isinstance(right, str) else [t for t in right if t.text not in "{}"]
    return plain and len(words) <= 2
