r"""Statements: what a line says, a definition, a given quantity, or an equality to be judged.

Gives `Statements`.

Imports excuses, givens, guesses, hearing, mends and verdicts.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from symderiv.checking.context import ANYTHING
from symderiv.checking.excuses import is_change
from symderiv.checking.givens import counts_beside, quantities
from symderiv.checking.guesses import Guess
from symderiv.checking.hearing import Hearing
from symderiv.checking.mends import mend
from symderiv.checking.remarks import NOT, UNCHECKED
from symderiv.checking.rows import Said, Side
from symderiv.checking.slopes import is_other
from symderiv.checking.stages import written
from symderiv.checking.state import Place, is_index
from symderiv.checking.vector_lines import DEFINITION
from symderiv.checking.verdicts import BEGINS, SILENT, Outcome, Verdict, decided, undecided
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.latex.lefts import Left
from symderiv.reader.latex.names import FUNCTIONS, GREEK
from symderiv.reader.latex.tokens import Token
from symderiv.reader.refusal import Source

MISTAKEN = "taken as given; with a small change it would be an identity"
_NUMBERS = frozenset(("pi",))  # names that are no letters


class Statements(Hearing):
    """A walk that takes statements in components."""

    def _statement(self, source: Source, said: Said, understood: list[str]) -> list[Outcome]:
        if said.unchecked:
            self._value(said)
            self._half_heard(source, said)
            self.place = Place()
            return [undecided(f"{said.unchecked}; only equalities are checked")]
        first = None if said.continued or len(said.sides) < 2 else said.sides[0]
        if first is not None and not isinstance(first, str) and self._is_unread_slope(first):
            self.place = Place()
            note = "a derivative written so is not read; write \\frac{\\partial p}{\\partial z}"
            return [undecided(note)]
        if self._is_vector(said) or (said.continued and self.place.vector is not None):
            return self._in_vectors(source, said, understood)
        if not said.sides:
            return [SILENT]
        sides = list(said.sides)
        if not said.continued:
            self.place = Place()
            left = self._left(source, sides[0]) if len(sides) > 1 else None
            new = left is not None and not is_index(left, said)
            if left is not None and left.squared and left.name in self.met:
                new = bool([*scan.names(self._term(source, sides[1]))])  # x² = 4 asks for an x
            earlier = None if left is None else self.context.stages.get(left.name)
            if left is not None and new and not self.context.is_new(left):
                new = not left.squared and self._is_another(source, left, sides)
            if left is not None and new and left.letters and _is_of_some(said):
                self._half_heard(source, said)
                return [undecided(f"of {left.name} it is said what some components are")]
            if left is not None and new and self._define(source, left, sides[1]):
                again = earlier is not None and earlier.section == self.context.section
                return self._defined(source, left, sides, understood, again=again)
        elif self.place.last is None and self.place.start is None:
            self.place = Place()
        conditions = tuple(self._condition(source, c) for c in said.conditions)
        if conditions:
            self.place.conditions = conditions
        outcomes: list[Outcome] = []
        fresh = not said.continued and len(sides) > 1
        if fresh:
            self._relate(source, said)
            self.place.applied = self._applies(sides[0])
        if fresh and (update := self._updated(source, sides)):
            self.implicit.add(update)
            self.place = Place()
            return [undecided(f"an update of {update}, and no equality")]
        if fresh and (premise := self._premise(source, sides)) is not None:
            self.place.start = self.place.last = self._term(source, sides[1])
            self.place.free = scan.free_subscripts(self.place.start)
            outcomes.append(premise)
            understood += (written(self._term(source, side)) for side in sides[:2])
            sides = sides[2:]
        for side in sides:
            term = self._term(source, side, self.place.free)
            understood.append(written(term))
            before = self.place.last if self.place.last is not None else self.place.start
            if self.place.start is None:
                self.place.start = term
                self.place.free = scan.free_subscripts(term)
                if said.continued:
                    outcomes.append(undecided("what it goes on from is missing"))
            elif before is not None:
                self.place.last = None
                outcomes.append(self._held(before, term))
            self.place.last = term
        return outcomes or [BEGINS]

    def _held(self, before: ast.expr, term: ast.expr) -> Outcome:
        """The outcome for two sides, under what is said before the display if it needs that.

        A name that stands nowhere before is a new name for something; no line is wrong by it.
        """
        question = self._question(before, term)
        outcome = decided(question, self.prose)
        if outcome.verdict is not Verdict.WRONG:
            return outcome
        if self.implied and not scan.slopes(before):
            note = "it is said to be implied, and may hold only where the equation before does"
            return undecided(note, outcome.pair)
        for condition in (c for c in self.stated if not question.conditions):
            under = decided(replace(question, conditions=(condition,)), self.prose)
            if under.verdict is Verdict.FOLLOWS:
                return replace(under, uses=(*under.uses, written(condition)))
        by = {
            name
            for side in (before, term)
            for _, v in scan.slopes(side)
            for name in scan.words([v])
        }
        values = {n: s for n, s in (self.values | self.here).items() if n not in by}
        for some in [*({n: s} for n, s in values.items()), values]:
            needs = " and ".join(stage.text for stage in some.values())
            under = decided(replace(question, guess=Guess(some, needs)), self.prose)
            if some and under.verdict is Verdict.FOLLOWS:
                return replace(under, uses=(*under.uses, needs))
        partly = self.partly.keys() - self.context.stages.keys()
        for name in sorted(self.context.reached([before, term]) & partly):
            note = f"of {name} it is said what one component is, and not of which others"
            return undecided(note, outcome.pair)
        known = {*self.met, *self.context.stages, *self.context.unknown, *scan.words([before])}
        bodies = [*self.vectors.stages.values(), *(s.body for s in self.context.stages.values())]
        known |= {*self.vectors.stages, *scan.words(bodies)}
        bases = {name.partition("_")[0] for name in known}  # a_lm1 is met, a_l is of its kind
        fresh = self.context.ranks.keys() & set(scan.words([term])) - known
        for name in sorted(n for n in fresh if n.partition("_")[0] not in bases):
            self.context.vague[name] = frozenset((ANYTHING,))
            note = f"{name} stands nowhere before, and nothing says what it is"
            return undecided(note, outcome.pair)
        return outcome

    def _is_unread_slope(self, side: list[Token]) -> bool:
        """Is it a derivative that is read as something else, or f' of an f that is not read?"""
        primed = any(t.text == "'" for t in side)
        if any(str(t) == "^" and _is_order(side, n) for n, t in enumerate(side)):
            return bool(self._applies(side[:1]))
        vague = primed and any(GREEK.get(t.text, t.text) in self.context.vague for t in side)
        return vague or is_other(side, self.defined)

    def _is_another(self, source: Source, left: Left, sides: Sequence[Side]) -> bool:
        """Does a name get another meaning, in a display of its own or of other arrays?"""
        if len(sides) != 2 or left.name not in self.context.stages:
            return False
        right = self._term(source, sides[1], left.letters)
        known = self.context.stages[left.name]
        other = bool(self._given([right]) ^ self._given([known.body]))
        if not (other or self.alone or left.parameters):
            return False
        return self._as_known(source, left, sides[1]) is Verdict.WRONG

    def _given(self, terms: list[ast.expr]) -> frozenset[str]:
        """The given names that terms come down to."""
        return self.context.reached(terms) & self.context.ranks.keys() - self.context.stages.keys()

    def _updated(self, source: Source, sides: Sequence[Side]) -> str:
        """The name that it gives a new value, w = w − η g; "" where it is no update."""
        left, right = (self._term(source, side) for side in sides[:2])
        name = left.id if isinstance(left, ast.Name) else ""
        return name if name in set(scan.words([right])) else ""

    def _is_given(self, source: Source, sides: Sequence[Side]) -> bool:
        """Does it say something of a name that stands nowhere else: Δ w = ..., K L = ...?"""
        left, right = (self._term(source, side) for side in sides[:2])
        applied = self._applies(sides[0]) or any(isinstance(n, ast.Call) for n in ast.walk(left))
        if applied and set(scan.names(right)) <= _NUMBERS:
            return False  # arctan x = π/2 asks for x, and says nothing new of arctan
        inside = {"partial", *self.context.stages, *self.context.unknown, *self._counts(left)}
        if not quantities(left):
            return False  # Σ_j δ_ij = N
        named = isinstance(right, ast.Name) and right.id not in {*inside, *scan.words([left])}
        if named and not (self.met.issuperset(scan.words([right])) and scan.slopes(left)):
            return True  # x - x_0 = z, which is z from here on
        if not [*scan.names(left)] and self._applies(sides[0]):
            return False  # f''(x) = 3 x of a known f is judged, though f'' is a number
        if self._relates(left, right):
            if {*scan.names(left)} & {*scan.names(right)}:  # an equation, A v = λ v
                self.context.solving = self.context.section
            return True
        words = set(scan.words([left]))
        if name := scan.name_of(left):  # a component of what nothing defines
            return name not in {*self.context.stages, *self.context.unknown}
        if any(isinstance(n, ast.Call) for n in ast.walk(left)):
            return False
        if words & set(scan.words([right])) and not is_change(left):
            return False  # (a + b)² = a² is no name for what its left side is
        stages = self.context.stages.values()
        known = {*self.context.stages, *self.context.unknown, *scan.words([right])}
        for stage in stages:
            known |= set(scan.words([stage.body]))
        if not is_change(left):
            known |= self.met
        return bool(words - known)

    def _counts(self, left: ast.expr) -> frozenset[str]:
        """Names that count: the ends of ranges on the page, and N beside the slope of a sum."""
        bodies = [stage.body for stage in self.context.stages.values()]
        return scan.sizes([left, *bodies]) | (counts_beside(left) if scan.slopes(left) else set())

    def _premise(self, source: Source, sides: Sequence[Side]) -> Outcome | None:
        """What is given, and no identity, as log Σ e^z = c + log Σ e^{z − c} is for every c.

        With e^{z + c} there it is one with a mistake in it, and not to be taken for what is given.
        """
        solving = self.context.solving
        left, right = (self._term(source, side) for side in sides[:2])
        given = self._is_given(source, sides) or self._supposes(left)
        new = self._solved(scan.name_of(left), right) if given else self._unsaid(left, right)
        if not (given or new):
            return None
        with suppress(ReadError):
            found = decided(self._question(left, right), self.prose)
            judged = {Verdict.FOLLOWS, Verdict.FOLLOWS_IF if new else Verdict.FOLLOWS}
            if not (self.supposed or quantities(right)):
                judged.add(Verdict.WRONG)  # x/x = 2 says of no x what it is
            if found.verdict in judged:
                self.context.solving = solving
                return None
            alike = {*scan.names(left)} & {*scan.names(right)}
            if alike and found.pair is not None and mend(found.pair).startswith("right"):
                return undecided(MISTAKEN)
        if new:
            return undecided(new)
        return Outcome(Verdict.FOLLOWS, note="taken as given")

    def _applies(self, side: Side) -> frozenset[str]:
        """The functions that it applies and the text defines."""
        known = self.context.known.functions
        return frozenset(t.text for t in side if not isinstance(t, str) and t.text in known)

    def _defined(
        self,
        source: Source,
        left: Left,
        sides: list[Side],
        understood: list[str],
        *,
        again: bool = False,
    ) -> list[Outcome]:
        """A row that defines a name, first or anew; what stands behind is held to it."""
        shown = self.definitions[-1] if self.definitions else left.name
        understood.append(shown)
        outcomes = [Outcome(Verdict.FOLLOWS, note=DEFINITION)]
        if drawn := self._drawn(left.name):
            outcomes = [undecided(drawn)]
        if again:
            self.context.twice.add(left.name)
            self.context.retaken.add(left.name)
            note = f"{left.name} is something else above; taken as another meaning of it"
            outcomes = [undecided(note)]
        self.place.free = left.letters
        if left.name in self.context.unknown:
            return outcomes
        self.place.start = self.place.last = self._term(source, sides[1], left.letters)
        if other := self._is_not(left, self.place.last):
            note = f"{left.name} is not the function {other}; taken as the author's own"
            outcomes = [undecided(note)]
        for side in sides[2:]:
            term = self._term(source, side, left.letters)
            understood.append(written(term))
            outcomes.append(decided(self._question(self.place.last, term), self.prose))
            self.place.last = term
        return outcomes

    def _is_not(self, left: Left, body: ast.expr) -> str:
        """The function that has the name of what is defined, where that is another one, or ""."""
        other = FUNCTIONS.get(left.name, "")
        if not other or len(left.parameters) != 1 or quantities(body) != {*left.parameters}:
            return ""
        known = tree.call(other, [tree.name(left.parameters[0], 0)], 0)
        with suppress(ReadError):
            if decided(self._question(known, body), self.prose).verdict is Verdict.WRONG:
                return other
        return ""


def _is_of_some(said: Said) -> bool:
    """Is it said for i \\neq j or for j \\le i alone?"""
    return any(str(t) in (*UNCHECKED, *NOT) for found in said.conditions for t in found)


def _is_order(side: list[Token], place: int) -> bool:
    """Is it the order of a derivative, f^{(2)}(x), that is raised here?"""
    shown = [t.text for t in side[place : place + 7]]
    return shown[1:3] == ["{", "("] and shown[4:] == [")", "}", "("] and shown[3].isdigit()
