r"""Vector lines: statements in vector notation, each side held to the one before in components.

Gives `VectorLines`.

Imports state and verdicts.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symderiv.checking.rows import Said, Side
from symderiv.checking.stages import written
from symderiv.checking.state import Place, State
from symderiv.checking.verdicts import Outcome, Verdict, decided_in_vectors
from symderiv.reader import scan
from symderiv.reader.latex.cursor import Function
from symderiv.reader.refusal import Source


class VectorLines(State):
    """A walk that takes statements in vector notation."""

    def _defines_vector(self, source: Source, said: Said) -> bool:
        """Is it a definition of a new name?  Then it is taken in."""
        left = self._left(source, said.sides[0])
        if left is None or left.letters or left.squared or said.continued:
            return False
        if left.name in self.vectors.stages or not self.context.is_new(left):
            return False
        body = self._vector(source, said.sides[1])
        if left.name in set(scan.words([body])) or scan.slopes(body):
            return False
        self.vectors.stages[left.name] = body
        self.context.known.defined |= {left.name}
        if left.parameters and set(left.parameters) <= set(scan.words([body])):
            self.context.known.applied |= {left.name}
            self.context.known.functions[left.name] = Function(left.parameters, body)
        self.definitions.append(f"{left.name} = {written(body)}")
        return True

    def _in_vectors(self, source: Source, said: Said, understood: list[str]) -> list[Outcome]:
        """A statement in vector notation."""
        if not said.continued:
            self.place = Place()
            if len(said.sides) > 1 and self._defines_vector(source, said):
                understood.append(self.definitions[-1])
                self.place.vector = self._vector(source, said.sides[1])
                outcomes = [Outcome(Verdict.FOLLOWS, note="taken as a definition")]
                return outcomes + self._against(source, said.sides[2:], understood)
            left = self._left(source, said.sides[0])
            known = {*self.vectors.stages, *self.context.stages, *self.context.unknown}
            if left is not None and left.name in self.context.stages and len(said.sides) > 1:
                self.context.twice.add(left.name)
            if left is not None and len(said.sides) > 1 and left.name not in known:
                self.place.vector = self._vector(source, said.sides[1])
                understood.append(f"{left.name} = {written(self.place.vector)}")
                outcomes = [Outcome(Verdict.FOLLOWS, note="taken as given")]
                return outcomes + self._against(source, said.sides[2:], understood)
            self.place.vector = self._vector(source, said.sides[0])
            understood.append(written(self.place.vector))
            if len(said.sides) > 1:
                second = self._vector(source, said.sides[1])
                if self._relates(self.place.vector, second):
                    self.place.vector = second
                    understood.append(written(second))
                    outcomes = [Outcome(Verdict.FOLLOWS, note="taken as given")]
                    return outcomes + self._against(source, said.sides[2:], understood)
            outcomes = self._against(source, said.sides[1:], understood)
            return outcomes or [Outcome(Verdict.FOLLOWS, note="the chain begins here")]
        return self._against(source, said.sides, understood)

    def _against(
        self, source: Source, sides: Sequence[Side], understood: list[str]
    ) -> list[Outcome]:
        """Each side held to the one before, in components."""
        outcomes: list[Outcome] = []
        for side in sides:
            term = self._vector(source, side)
            understood.append(written(term))
            before, self.place.vector = self.place.vector, term
            if before is None:
                note = "what it goes on from is missing"
                outcomes.append(Outcome(Verdict.UNDECIDED, note=note))
                continue
            fits = list(self.vectors.fits(self.context, source, before, term))
            question = self._question(before, term)
            outcomes.append(decided_in_vectors(question, fits))
        return outcomes

    def _relates(self, left: ast.expr, right: ast.expr) -> bool:
        """Does it relate given quantities, the right side naming one more: A v = λ v?"""
        one, other = set(scan.names(left)), set(scan.names(right))
        known = {*self.context.stages, *self.context.unknown, *self.vectors.stages, "partial"}
        words = set(scan.words([left, right]))
        return not words & known and bool(other - one)
