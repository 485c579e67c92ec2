r"""Vector lines: statements in vector notation, each side held to the one before in components.

Gives `VectorLines`.

Imports excuses, state and verdicts.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from math import inf

from symderiv.checking.excuses import are_differentials
from symderiv.checking.rows import Said, Side
from symderiv.checking.stages import written
from symderiv.checking.state import Place, State
from symderiv.checking.verdicts import BEGINS, Outcome, Verdict, decided_in_vectors, undecided
from symderiv.reader import scan
from symderiv.reader.latex.cursor import Function
from symderiv.reader.latex.lefts import Left
from symderiv.reader.refusal import Source

DEFINITION = "taken as a definition"


class VectorLines(State):
    """A walk that takes statements in vector notation."""

    def _defines_vector(self, source: Source, said: Said, *, anew: bool = False) -> bool:
        """Is it a definition of a new name, or of one that is meant anew?  Then it is taken in."""
        left = self._left(source, said.sides[0])
        if left is None or left.squared or said.continued:
            return False
        anew = anew and left.name in self.vectors.stages
        if not anew and (left.name in self.vectors.stages or not self.context.is_new(left)):
            return False
        body = self._vector(source, said.sides[1])
        if left.name in set(scan.words([body])) or scan.slopes(body):
            return False
        if left.letters:
            return self._defines_by_index(source, left, body)
        if anew:  # what was brought to components rests on what it was
            for name in self.vectors.stages.keys() & self.context.stages.keys():
                del self.context.stages[name]
        self.vectors.stages[left.name] = body
        self.sections[left.name] = self.context.section
        self.context.known.defined |= {left.name}
        if left.parameters and set(left.parameters) <= set(scan.words([body])):
            self.context.known.applied |= {left.name}
            self.context.known.functions[left.name] = Function(left.parameters, body)
        self.definitions.append(f"{left.name} = {written(body)}")
        return True

    def _means_anew(self, source: Source, said: Said, *, doubtful: bool = False) -> bool:
        """Is a name in vector notation said to be what it cannot be, as it is known by now?

        It is that from here on; where that is doubtful, it has two meanings.
        """
        left = None if said.continued or len(said.sides) != 2 else self._left(source, said.sides[0])
        if left is None or left.squared or left.letters or left.name not in self.vectors.stages:
            return False
        place, self.place = self.place, Place()
        try:
            self.place.vector = self._vector(source, said.sides[0])
            (found,) = self._against(source, said.sides[1:], [])
        finally:
            self.place = place
        if found.verdict is Verdict.WRONG and doubtful:
            self.context.twice.add(left.name)
        return (
            found.verdict is Verdict.WRONG
            and not doubtful
            and self._defines_vector(source, said, anew=True)
        )

    def _defines_by_index(self, source: Source, left: Left, body: ast.expr) -> bool:
        """Is it a number or a column for each index, z_k = w_k^T x?  Then it is taken in."""
        found = self.vectors.placed(self.context, source, left, body)
        if found is None:
            return False
        stage, ranks = found
        self.context.enter(stage)
        self.context.ranks = ranks | self.context.ranks
        self.definitions.append(stage.text)
        return True

    def _vector_fact(self, source: Source, said: Said) -> bool:
        """Is it a fact, ‖w‖ = 1?  Then it is taken in, by components."""
        if said.continued or len(said.sides) != 2:
            return False
        term, right = (self._vector(source, side) for side in said.sides)
        whole = isinstance(right, ast.Constant) and isinstance(right.value, int)
        found = self.vectors.number(self.context, source, term) if whole else None
        if found is None or scan.slopes(term):
            return False
        left, squared = found
        shown = f"{written(left)} = {int(written(right)) ** (2 if squared else 1)}"
        if shown not in self.context.facts:
            self.context.facts.append(shown)
            self.assumptions.append(shown)
        return True

    def _in_vectors(self, source: Source, said: Said, understood: list[str]) -> list[Outcome]:
        """A statement in vector notation."""
        if said.continued:
            return self._against(source, said.sides, understood)
        self.place = Place()
        left = self._left(source, said.sides[0])
        earlier = left is not None and self.sections.get(left.name, inf) < self.context.section
        if left is not None and earlier and self.alone and self._means_anew(source, said):
            self.place.vector = self._vector(source, said.sides[1])
            understood.append(self.definitions[-1])
            note = f"{left.name} is something else above; taken as another meaning of it"
            return [undecided(note)]
        note = self._begun(source, said, understood)
        if note and left is not None and (drawn := self._drawn(left.name)) and note == DEFINITION:
            outcomes = [undecided(drawn)]
        else:
            outcomes = [Outcome(Verdict.FOLLOWS, note=note)] if note else []
        begun = self.place.vector
        outcomes += self._against(source, said.sides[2 if note else 1 :], understood)
        if (
            not note
            and outcomes
            and outcomes[0].verdict is not Verdict.FOLLOWS
            and begun is not None
        ):
            second = self._vector(source, said.sides[1])
            new = self._unsaid(begun, second) or self._solved(scan.name_of(begun), second)
            if self._supposes(begun):
                outcomes[0] = Outcome(Verdict.FOLLOWS, note="taken as given")
            elif new and outcomes[0].verdict is Verdict.WRONG:
                outcomes[0] = undecided(new, outcomes[0].pair)
        return outcomes or [BEGINS]

    def _begun(self, source: Source, said: Said, understood: list[str]) -> str:
        """What the second side of a statement is said to be; "" where the first is held to it."""
        left = self._left(source, said.sides[0])
        solved = (
            left is not None
            and len(said.sides) > 1
            and bool(self._solved(left.name, self._vector(source, said.sides[1])))
        )
        if len(said.sides) > 1 and not solved:
            if self._defines_vector(source, said):
                understood.append(self.definitions[-1])
                self.place.vector = self._vector(source, said.sides[1])
                return DEFINITION
            if left is not None and left.name in self.context.stages:
                self.context.twice.add(left.name)
            known = {*self.vectors.stages, *self.context.stages, *self.context.unknown}
            if left is not None and left.name not in known:
                self.place.vector = self._vector(source, said.sides[1])
                if left.name in set(scan.words([self.place.vector])):
                    self.implicit.add(left.name)
                understood.append(f"{left.name} = {written(self.place.vector)}")
                return "taken as given"
        self.place.vector = self._vector(source, said.sides[0])
        understood.append(written(self.place.vector))
        if len(said.sides) > 1:
            second = self._vector(source, said.sides[1])
            if self._relates(self.place.vector, second):
                self.place.vector = second
                understood.append(written(second))
                return "taken as given"
        return ""

    def _against(
        self, source: Source, sides: Sequence[Side], understood: list[str]
    ) -> list[Outcome]:
        """Each side held to the one before, in components."""
        outcomes: list[Outcome] = []
        for side in sides:
            term = self._vector(source, side)
            understood.append(written(term))
            before = self.place.last if self.place.vector is None else self.place.vector
            self.place.vector, self.place.last = term, None
            if before is None:
                outcomes.append(undecided("what it goes on from is missing"))
                continue
            if differential := are_differentials(before, term):
                outcomes.append(undecided(differential))
                continue
            fits = list(self.vectors.fits(self.context, source, before, term))
            question = self._question(before, term)
            outcomes.append(decided_in_vectors(question, fits))
        return outcomes
