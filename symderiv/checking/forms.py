r"""Forms: statements of which a part has no meaning here, read as far as their form goes.

Gives `Forms`.  What is defined by a form is known no better than that, and nothing is called wrong
by it.

Imports statements.
"""

from __future__ import annotations

import ast
import re

from symderiv.checking.context import ANYTHING
from symderiv.checking.rows import Said
from symderiv.checking.slopes import is_slope
from symderiv.checking.stages import written
from symderiv.checking.state import Place, is_index
from symderiv.checking.statements import Statements
from symderiv.checking.vector_lines import DEFINITION
from symderiv.checking.verdicts import BEGINS, Outcome, Verdict, decided, undecided
from symderiv.reader import ReadError, scan
from symderiv.reader.latex.lefts import Left
from symderiv.reader.latex.names import FUNCTIONS, GREEK
from symderiv.reader.latex.tokens import Token
from symderiv.reader.refusal import NO_VARIABLE, Source

GIVEN = "taken as given"
_SAID = dict.fromkeys((GIVEN, DEFINITION), Verdict.FOLLOWS)
_HEAD = re.compile(r"[\[(]|\\left|\\big", re.I)  # what is behind it is what it is applied to
_OPERATORS = ("\\int", "\\iint", "\\oint", "\\lim")  # what they are no text says
_LISTS = ("[", "(", "{", "\\{", "\\begin")


class Forms(Statements):
    """A walk that takes statements by their form."""

    def _by_form(
        self, source: Source, said: Said, understood: list[str], error: ReadError
    ) -> list[Outcome]:
        """A statement of which a part has no meaning here, each side as far as its form goes."""
        vectors, new = self._is_vector(said), len(self.context.heads.names)
        free = () if not said.continued else self.place.free
        sides = [
            self._vector(source, s) if vectors else self._term(source, s, free) for s in said.sides
        ]
        understood += (self.context.shown(written(side)) for side in sides)
        outcomes: list[Outcome] = []
        if not said.continued:
            self.place = Place()
            given = self._formed(source, said, sides, new)
            new_name = isinstance(sides[-1], ast.Name) and sides[-1].id not in self.met
            slope = not isinstance(said.sides[0], str) and is_slope(said.sides[0], self.defined)
            if (given or slope) and error.kind == NO_VARIABLE and not new_name:
                raise error  # what it is said to be is a claim, and no definition
            if given:
                outcomes.append(Outcome(_SAID.get(given, Verdict.UNDECIDED), note=given))
                del sides[0]
            if sides:
                self.place.start = self.place.last = sides.pop(0)
                self.place.free = scan.free_subscripts(self.place.start)
        for side in sides:
            before = self.place.last if self.place.last is not None else self.place.start
            self.place.last = side
            if vectors or before is None:
                outcomes.append(undecided(f"only its form is read: {error.message}"))
            else:
                outcomes.append(self._as_it_stands(before, side))
        if vectors:
            self.place = Place()
        return outcomes or [BEGINS]

    def _as_it_stands(self, before: ast.expr, side: ast.expr) -> Outcome:
        try:
            return decided(self._question(before, side), self.prose)
        except ReadError as error:
            return undecided(f"only its form is read: {error.message}")

    def _formed(self, source: Source, said: Said, sides: list[ast.expr], new: int) -> str:
        """What the first side is where it is said to be the second, "" where that is a claim."""
        if len(sides) < 2:
            return ""
        if (head := self._shared(sides)) and not self._supposes(sides[0]):
            return f"nothing says what {head} is"  # E[XY] = E[X] E[Y]
        left = self._left(source, said.sides[0])
        if left is not None and not left.squared and not is_index(left, said):
            forms = self.context.heads.forms
            words = set(scan.words(sides[1:]))
            mentioned = {t.text for s in said.sides[1:] for t in s if isinstance(t, Token)} | words
            if any(not forms[w].startswith(_LISTS) for w in words & forms.keys()) or not words:
                mentioned.add(ANYTHING)
            again = self.context.stages.pop(left.name, None)
            self.context.vague[left.name] = frozenset(mentioned)
            if again is not None and again.section == self.context.section:
                self.context.twice.add(left.name)
                return f"{left.name} is something else above; taken as another meaning of it"
            return DEFINITION
        match sides[0]:
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                form = self.context.heads.forms.get(name, "")
                if form.startswith(_OPERATORS) and not self._supposes(sides[0]):
                    return f"nothing says what {form} is"
                fresh = list(self.context.heads.names.values())[new:]
                if name not in fresh or name in set(scan.words(sides[1:])):
                    return ""
                if not isinstance(said.sides[0], str) and (
                    is_slope(said.sides[0], self.defined)
                    or self._is_of_known(source, said.sides[0])
                ):
                    return ""
                if name == fresh[-1] and isinstance(sides[0], ast.Name):
                    self.context.stage(Left(name), sides[1])  # p(x | θ) = ..., all of it known
                return GIVEN
        return ""

    def _shared(self, sides: list[ast.expr]) -> str:
        r"""The operator on both sides, \mathbb{E} of E[XY] and E[X]; "" where there is none.

        It has a meaning that the text does not give; p of p(x, y) = p(x) p(y | x) is a name.
        """
        forms = self.context.heads.forms
        first, *others = (
            {_HEAD.split(forms[w])[0] for w in scan.words([side]) if w in forms} for side in sides
        )
        return min((h for h in first.intersection(*others) if h[:1] == "\\"), default="")

    def _is_of_known(self, source: Source, side: list[Token]) -> bool:
        """Is it a value of a function that is known, L(2w), σ^{-1}(p)?  Nothing is new in that."""
        word, _ = self.context.cursor(source, side).word()
        known = {*self.context.stages, *self.vectors.stages, "sigma"}
        return GREEK.get(word, word) in known or (len(word) > 1 and word in FUNCTIONS)
