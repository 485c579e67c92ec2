r"""The walk through a page: display after display, row after row, each side held to the one before.

Gives `Walk`, whose `rows(display)` are what is said of a display.  What a row begins with decides
what it is: a new name is a definition, an equality sign goes on from the row before, anything else
is a statement of its own.

Imports context, rows, readings, verdicts, mends and report.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic

from symderiv.checking import plain
from symderiv.checking.context import ANYTHING, Context, Left, written
from symderiv.checking.mends import mend
from symderiv.checking.pages import Display, Page
from symderiv.checking.pages import Row as Written
from symderiv.checking.readings import Question
from symderiv.checking.report import Row
from symderiv.checking.rows import Said, Side, said_in, spaced
from symderiv.checking.vectors import Lines
from symderiv.checking.verdicts import Outcome, Verdict, decided, decided_in_vectors, worst
from symderiv.patience import OutOfTime, limited
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.latex.cursor import MOST_HEADS
from symderiv.reader.latex.names import GREEK
from symderiv.reader.latex.survey import has_vectors, matrices
from symderiv.reader.latex.tokens import Token, is_latex, tokens
from symderiv.reader.refusal import Source

_GOES_ON = re.compile(r"[&\s{}]*(?:\\[,;!:> ]|\\q?quad|[&\s{}])*(?:[-+*/)]|\\cdot|\\times|\\right)")
_CONTINUED = re.compile(r"[&\s{}]*(?:=|\\(?:stackrel|overset|underset|equiv))")
_HEADING = re.compile(r"^#{1,4} ", re.M)
_LETTERS = re.compile(r"\s*([a-z])\s*(=|\\neq?|\\not\s*=)\s*([a-z])\s*")
_LISTS = ("[", "(", "{", "\\{", "\\begin")
_LEFT_OPEN = re.compile(r"(?:[-+*/=(\[]|\\cdot|\\times)[&\s{}]*$")


@dataclass
class Place:
    """Where a chain stands: its first side, the last one, and under which conditions."""

    start: ast.expr | None = None
    last: ast.expr | None = None
    free: tuple[str, ...] = ()
    conditions: tuple[ast.Compare, ...] = ()
    broken: bool = False  # was a line of it wrong?
    vector: ast.expr | None = None  # the last side in vector notation


@dataclass
class Walk:
    """What is known on the way, and where the chain stands."""

    page: Page
    macros: dict[str, tuple[int, str]]
    context: Context
    capitals: frozenset[str] = frozenset()  # matrices, where vector notation has them
    vectors: Lines = field(default_factory=Lines)
    sayings: set[str] = field(default_factory=set)
    prose: str = ""  # all running text so far
    alone: bool = False  # does the row stand in a display of its own?
    said: set[str] = field(default_factory=set)
    seconds: float = 20.0  # for one line
    end: float = inf  # when the time for all is over
    place: Place = field(default_factory=Place)
    definitions: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)

    @classmethod
    def along(cls, page: Page, macros: dict[str, tuple[int, str]]) -> Walk:
        """A walk over a page of which the tokens are known."""
        found: list[Token] = []
        capitals: set[str] = set()
        for text in _formulas(page):
            try:
                formula = tokens(Source(spaced(text)), macros, typed=False)
            except ReadError:
                continue
            found += formula
            if has_vectors(formula):
                capitals |= matrices(formula)
        return cls(page, macros, Context.over(found), capitals=frozenset(capitals))

    # -- what the text says of names ---------------------------------------------------------------

    def hear(self, prose: str, inline: Sequence[tuple[str, int]]) -> None:
        """Take in what the running text says: definitions, facts, one-hot labels."""
        self.prose = (self.prose + prose)[-20_000:]
        self.context.section += len(_HEADING.findall(prose))
        self.notice(prose)
        self.look_ahead(inline)

    def look_ahead(self, inline: Sequence[tuple[str, int]]) -> None:
        """Take in the formulas of running text."""
        for text, _ in inline:
            self.take(text, latex=True)

    def notice(self, prose: str) -> None:
        """Take in what the words say of labels and probabilities."""
        if re.search(r"one[- ]hot", prose, re.I):
            self.sayings |= {"one-hot", "= 1"}
        if re.search(r"sums?\s+(?:up\s+)?to\s+(?:one|1|\$1\$|\x00)", prose, re.I):
            self.sayings.add("= 1")
        if re.search(r"\b(?:binary|0 or 1)\b|\{0, ?1\}", prose, re.I):
            self.sayings.add("0 or 1")

    def take(self, text: str, *, latex: bool = False) -> bool:
        """Take in a definition or a fact; False for what is neither or is not read."""
        taken = False
        try:
            for said in (
                said_in(text, self.macros) if latex or is_latex(text) else self._typed(text)
            ):
                taken |= self._take(text, said)
        except (ReadError, RecursionError):
            return taken
        return taken

    def _typed(self, text: str) -> list[Said]:
        """The statement of a line in the formula language."""
        sides = [s.strip() for s in plain.split(text)]
        return [Said([s for s in sides if s], continued=len(sides) > 1 and not sides[0])]

    def _take(self, text: str, said: Said) -> bool:
        source = Source(text, "line")
        if self._is_vector(said):
            return bool(said.sides[1:]) and self._defines_vector(source, said)
        if len(said.sides) == 2 and not said.continued and not said.unchecked:
            left = self._left(source, said.sides[0])
            if left is not None and _is_index(left, said):
                return False
            if left is not None and self.context.is_new(left):
                if self._fact(source, said, symmetric=True):
                    return True
                return self._define(source, left, said.sides[1])
        return self._fact(source, said)

    def _define(self, source: Source, left: Left, side: Side) -> bool:
        if isinstance(side, str):
            self.context.stage(left, self._term(source, side))
        elif not self.context.define(source, left, side):
            return False
        if left.name in self.context.unknown:
            arguments = ", ".join(self.context.unknown[left.name])
            self.definitions.append(f"{left.name} is an unknown function of {arguments}")
        elif left.name in self.context.stages:
            self.definitions.append(self.context.stages[left.name].text)
        return True

    def _fact(self, source: Source, said: Said, *, symmetric: bool = False) -> bool:
        """A fact: a sum that is a number, a symmetric array, an inequality with a number."""
        if said.continued or len(said.sides) not in (1, 2):
            return False
        if len(said.sides) == 2:
            left, right = (self._term(source, s) for s in said.sides)
            shown = f"{written(left)} = {written(right)}"
            plain = isinstance(right, ast.Constant) and isinstance(left, ast.Call | ast.BinOp)
            if not (_symmetric(left, right) or (plain and not symmetric)):
                return False
        else:
            found = self._relation(source, said.sides[0])
            if found is None:
                return False
            if isinstance(found.ops[0], ast.Eq | ast.NotEq):
                return False
            shown = written(found)
        if "partial(" in shown or len(set(scan.words(_parsed(shown)))) == 0:
            return False
        if shown not in self.context.facts:
            self.context.facts.append(shown)
            self.assumptions.append(shown)
        return True

    def _relation(self, source: Source, side: Side) -> ast.Compare | None:
        if isinstance(side, str):
            found = plain.term(side)
        else:
            cursor = self.context.cursor(source, side)
            found = cursor.relation()
            if cursor.next is not None:
                return None
        return found if isinstance(found, ast.Compare) else None

    def given(self, display: Display) -> None:
        """What is said just before a display of its letters: "for $i \\neq j$"."""
        self.said = set()
        for text, _ in display.inline[-2:]:
            found = _LETTERS.fullmatch(text)
            if found is not None:
                one, other = sorted((found[1], found[3]))
                self.said.add(f"{one} {'=' if found[2] == '=' else '≠'} {other}")

    # -- rows --------------------------------------------------------------------------------------

    def rows(self, display: Display) -> Iterator[Row]:
        """What is said of each row of a display."""
        groups = list(_joined(display.rows))
        self.alone = len(groups) == 1
        for group in groups:
            text = " ".join(row.text for row in group)
            found = self._row(text, group[0])
            for row in group:
                yield replace(found, line=row.line, source=row.text, at=row.at,
                              column=_column(self.page.text, row.at))  # fmt: skip

    def _row(self, text: str, row: Written) -> Row:
        blank = Row(Verdict.FOLLOWS, row.line, text)
        try:
            with limited(max(0.0, min(self.seconds, self.end - monotonic()))):
                return self._read(blank, text)
        except OutOfTime:
            self._lost(text)
            return replace(blank, verdict=Verdict.UNDECIDED, note="there was no time for it")
        except ReadError as error:
            self._lost(text)
            column = _column(self.page.text, row.at + error.column - 1)
            return replace(blank, verdict=Verdict.UNREAD, note=f"column {column}: {error.message}")
        except RecursionError:
            self._lost(text)
            return replace(blank, verdict=Verdict.UNREAD, note="it is nested too deep")

    def _read(self, blank: Row, text: str) -> Row:
        statements = self._statements(text)
        if not statements:
            return replace(blank, note="nothing is said here")
        outcomes: list[Outcome] = []
        understood: list[str] = []
        for said in statements:
            outcomes += self._either(Source(text, "line"), said, understood)
        return self._told(blank, outcomes, understood)

    def _either(self, source: Source, said: Said, understood: list[str]) -> list[Outcome]:
        """What is said of a statement, as it means or, where it has no meaning, by its form."""
        place, count = replace(self.place), len(understood)
        try:
            return self._statement(source, said, understood)
        except ReadError as error:
            if any(isinstance(side, str) for side in said.sides):
                raise
            self.place = place
            del understood[count:]
            self.context.heads.left = MOST_HEADS
            self.context.by_form = True
            try:
                return self._by_form(source, said, understood, error)
            finally:
                self.context.by_form = False

    # -- by form -----------------------------------------------------------------------------------

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
            if given:
                outcomes.append(Outcome(Verdict.FOLLOWS, note=given))
                del sides[0]
            if sides:
                self.place.start = self.place.last = sides.pop(0)
                self.place.free = scan.free_subscripts(self.place.start)
        for side in sides:
            before = self.place.last if self.place.last is not None else self.place.start
            self.place.last = side
            if vectors or before is None:
                note = f"only its form is read: {error.message}"
                outcomes.append(Outcome(Verdict.UNDECIDED, note=note))
            else:
                outcomes.append(self._as_it_stands(before, side))
        if vectors:
            self.place = Place()
        return outcomes or [Outcome(Verdict.FOLLOWS, note="the chain begins here")]

    def _as_it_stands(self, before: ast.expr, side: ast.expr) -> Outcome:
        try:
            return decided(self._question(before, side), self.prose)
        except ReadError as error:
            return Outcome(Verdict.UNDECIDED, note=f"only its form is read: {error.message}")

    def _formed(self, source: Source, said: Said, sides: list[ast.expr], new: int) -> str:
        """What the first side is where it is said to be the second, "" where that is a claim."""
        if len(sides) < 2:
            return ""
        left = self._left(source, said.sides[0])
        if left is not None and not left.squared and not _is_index(left, said):
            forms = self.context.heads.forms
            words = set(scan.words(sides[1:]))
            mentioned = {t.text for s in said.sides[1:] for t in s if isinstance(t, Token)} | words
            if any(not forms[w].startswith(_LISTS) for w in words & forms.keys()) or not words:
                mentioned.add(ANYTHING)
            self.context.stages.pop(left.name, None)
            self.context.vague[left.name] = frozenset(mentioned)
            return "taken as a definition"
        match sides[0]:
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                fresh = list(self.context.heads.names.values())[new:]
                if name not in fresh:
                    return ""
                if name == fresh[-1] and isinstance(sides[0], ast.Name):
                    self.context.stage(Left(name), sides[1])  # p(x | θ) = ..., all of it known
                return "taken as given"
        return ""

    def _statements(self, text: str) -> list[Said]:
        if not self.page.plain:
            return said_in(text, self.macros)
        return self._typed(text)

    def _lost(self, text: str) -> None:
        """After a row that is not read: what goes on from it goes on from the start at most."""
        self.place.last = None
        if not _CONTINUED.match(text):
            self.place = Place()

    def _told(self, row: Row, outcomes: list[Outcome], understood: list[str]) -> Row:
        found = worst(outcomes)
        verdict, needs, uses = found.verdict, found.needs, found.uses
        needs = self.context.shown(needs)
        if verdict is Verdict.FOLLOWS_IF and self._is_said(needs):
            verdict, uses, needs = Verdict.FOLLOWS, (*uses, needs), ""
        if verdict is Verdict.WRONG and (stale := self._stale(understood)):
            note = f"{stale} is defined in an earlier section, and may be something else here"
            found = Outcome(Verdict.UNDECIDED, note=note)
            verdict = found.verdict
        start = ""
        if self.place.broken and self.place.start is not None and self.place.last is not None:
            start = self._from_the_start()
        mended = ""
        if verdict is Verdict.WRONG and found.pair is not None:
            mended = mend(found.pair)
            self.place.broken = True
        return replace(
            row,
            verdict=verdict,
            understood=tuple(understood),
            strength=found.strength,
            needs=needs,
            uses=uses,
            counterexample=found.counterexample,
            mend=mended,
            start=start,
            note=self.context.shown(found.note),
        )

    def _stale(self, understood: Sequence[str]) -> str:
        """A name that the row rests on and an earlier section defines, "" if there is none."""
        words = set(re.findall(r"\w+", " ".join(understood)))
        if self.place.start is not None:
            words |= set(scan.words([self.place.start]))
        for stage in self.context.stages.values():
            if stage.name in words and stage.section < self.context.section:
                return stage.name
        return ""

    def _is_said(self, needs: str) -> bool:
        return needs in self.said or any(needs.endswith(s) for s in self.sayings)

    def _from_the_start(self) -> str:
        place = self.place
        assert place.start is not None
        assert place.last is not None
        question = self._question(place.start, place.last)
        try:
            outcome = decided(question, self.prose)
        except ReadError:
            return ""
        if outcome.verdict in (Verdict.FOLLOWS, Verdict.FOLLOWS_IF):
            return "follows"
        return "wrong" if outcome.verdict is Verdict.WRONG else "undecided"

    def _question(self, left: ast.expr, right: ast.expr) -> Question:
        facts = tuple(self.context.facts)
        beside = () if self.place.start is None else (self.place.start,)
        return Question(self.context, left, right, self.place.conditions, facts, beside)

    def _statement(self, source: Source, said: Said, understood: list[str]) -> list[Outcome]:
        if said.unchecked:
            self.place = Place()
            note = f"{said.unchecked}; only equalities are checked"
            return [Outcome(Verdict.UNDECIDED, note=note)]
        if self._is_vector(said):
            return self._in_vectors(source, said, understood)
        if not said.sides:
            return [Outcome(Verdict.FOLLOWS, note="nothing is said here")]
        sides = list(said.sides)
        if not said.continued:
            self.place = Place()
            left = self._left(source, sides[0]) if len(sides) > 1 else None
            new = left is not None and not _is_index(left, said)
            if left is not None and new and not self.context.is_new(left):
                new = not left.squared and self._is_another(source, left, sides)
            if left is not None and new and self._define(source, left, sides[1]):
                return self._defined(source, left, sides, understood)
        elif self.place.last is None and self.place.start is None:
            self.place = Place()
        conditions = tuple(self._condition(source, c) for c in said.conditions)
        if conditions:
            self.place.conditions = conditions
        outcomes: list[Outcome] = []
        fresh = not said.continued and len(sides) > 1
        if fresh and (update := self._updated(source, sides)):
            self.place = Place()
            note = f"an update of {update}, and no equality"
            return [Outcome(Verdict.UNDECIDED, note=note)]
        if fresh and self._is_given(source, sides):
            self.place.start = self.place.last = self._term(source, sides[1])
            self.place.free = scan.free_subscripts(self.place.start)
            outcomes.append(Outcome(Verdict.FOLLOWS, note="taken as given"))
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
                    outcomes.append(
                        Outcome(Verdict.UNDECIDED, note="what it goes on from is missing")
                    )
            elif before is not None:
                self.place.last = None
                outcomes.append(decided(self._question(before, term), self.prose))
            self.place.last = term
        return outcomes or [Outcome(Verdict.FOLLOWS, note="the chain begins here")]

    # -- vector notation ---------------------------------------------------------------------------

    def _is_vector(self, said: Said) -> bool:
        """Is it in vector notation, or does it name what is defined there?"""
        if said.vectors or not (self.vectors.stages or self.capitals):
            return said.vectors
        tokens_ = [t for side in said.sides if not isinstance(side, str) for t in side]
        if any(t.text == "_" and t.kind == "mark" for t in tokens_):
            return False
        names = {GREEK.get(t.text, t.text) for t in tokens_ if t.kind in ("letter", "command")}
        return bool(names & self.vectors.stages.keys()) or bool(names & self.capitals)

    def _vector(self, source: Source, side: Side) -> ast.expr:
        assert not isinstance(side, str)
        return self.context.cursor(source, side, vectors=True).whole(side, side[0].at)

    def _defines_vector(self, source: Source, said: Said) -> bool:
        """Is it a definition of a new name?  Then it is taken in."""
        left = self._left(source, said.sides[0])
        if left is None or left.letters or left.squared or said.continued:
            return False
        if left.name in self.vectors.stages or not self.context.is_new(left):
            return False
        body = self._vector(source, said.sides[1])
        if left.name in set(scan.words([body])) or any(
            isinstance(n, ast.Call) and scan.called(n) == "partial" for n in ast.walk(body)
        ):
            return False
        self.vectors.stages[left.name] = body
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

    def _is_another(self, source: Source, left: Left, sides: Sequence[Side]) -> bool:
        """Does a name get another meaning, in a display of its own or of other arrays?"""
        if len(sides) != 2 or left.name not in self.context.stages:
            return False
        right = self._term(source, sides[1], left.letters)
        known = self.context.stages[left.name]
        other = bool(self._given([right]) ^ self._given([known.body]))
        if not (other or self.alone or left.parameters) or set(scan.words([right])) & {left.name}:
            return False
        name = tree.name(left.name, 0)
        target = tree.component(name, [tree.name(x, 0) for x in left.letters], 0)
        question = self._question(target if left.letters else name, right)
        try:
            return decided(question).verdict is Verdict.WRONG
        except ReadError:
            return True

    def _given(self, terms: list[ast.expr]) -> frozenset[str]:
        """The given names that terms come down to."""
        found: set[str] = set()
        waiting = list(scan.words(terms))
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.context.stages:
                waiting += scan.words([self.context.stages[name].body])
            elif name in self.context.ranks:
                found.add(name)
        return frozenset(found)

    def _updated(self, source: Source, sides: Sequence[Side]) -> str:
        """The name that it gives a new value, w = w − η g; "" where it is no update."""
        left, right = (self._term(source, side) for side in sides[:2])
        name = left.id if isinstance(left, ast.Name) else ""
        return name if name in set(scan.words([right])) else ""

    def _is_given(self, source: Source, sides: Sequence[Side]) -> bool:
        """Does it say something of a name that stands nowhere else: Δ w = ..., K L = ...?"""
        met = {*self.context.met}
        left, right = (self._term(source, side) for side in sides[:2])
        if isinstance(right, ast.Name) and right.id not in met | set(scan.words([left])):
            return True  # x - x_0 = z, which is z from here on
        if self._relates(left, right):
            return True
        words = set(scan.words([left]))
        base = left.value if isinstance(left, ast.Subscript) else left
        if isinstance(base, ast.Name):  # a component of what nothing defines
            return base.id not in {*self.context.stages, *self.context.unknown}
        if any(isinstance(n, ast.Call) for n in ast.walk(left)):
            return False
        stages = self.context.stages.values()
        known = {*self.context.stages, *self.context.unknown, *scan.words([right])}
        for stage in stages:
            known |= set(scan.words([stage.body]))
        return bool(words - known)

    def _relates(self, left: ast.expr, right: ast.expr) -> bool:
        """Does it relate given quantities, the right side naming one more: A v = λ v?"""
        one, other = _names_in(left), _names_in(right)
        known = {*self.context.stages, *self.context.unknown, *self.vectors.stages, "partial"}
        words = set(scan.words([left, right]))
        return not words & known and bool(other - one)

    def _defined(
        self, source: Source, left: Left, sides: list[Side], understood: list[str]
    ) -> list[Outcome]:
        """A row that defines a name; what stands behind is held to it."""
        shown = self.definitions[-1] if self.definitions else left.name
        understood.append(shown)
        outcomes = [Outcome(Verdict.FOLLOWS, note="taken as a definition")]
        self.place.free = left.letters
        if left.name in self.context.unknown:
            return outcomes
        self.place.start = self.place.last = self._term(source, sides[1], left.letters)
        for side in sides[2:]:
            term = self._term(source, side, left.letters)
            understood.append(written(term))
            outcomes.append(decided(self._question(self.place.last, term), self.prose))
            self.place.last = term
        return outcomes

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


def _is_index(left: Left, said: Said) -> bool:
    """i = j or n = 1, which says what an index is and defines nothing."""
    plain = not left.letters and not left.parameters and left.name in frozenset("ijklmn")
    right = said.sides[1]
    words = right.split() if isinstance(right, str) else [t for t in right if t.text not in "{}"]
    return plain and len(words) <= 2


def _names_in(term: ast.expr) -> set[str]:
    """The names in a term, without those of functions."""
    called = {scan.called(n) for n in ast.walk(term) if isinstance(n, ast.Call)}
    return set(scan.words([term])) - called


def _symmetric(left: ast.expr, right: ast.expr) -> bool:
    """A_ij = A_ji, or with a minus."""
    bare = right.operand if isinstance(right, ast.UnaryOp) else right
    match left, bare:
        case (
            ast.Subscript(value=ast.Name(id=a)) as one,
            ast.Subscript(value=ast.Name(id=b)) as other,
        ) if a == b:
            return sorted(map(ast.dump, scan.slots(one))) == sorted(
                map(ast.dump, scan.slots(other))
            )
    return False


def _parsed(text: str) -> list[ast.expr]:
    return [ast.parse(part.strip() or "0", mode="eval").body for part in text.split(" = ")]


def _joined(rows: Sequence[Written]) -> Iterator[list[Written]]:
    """The rows, with those that go on in the middle of a formula together."""
    group: list[Written] = []
    for row in rows:
        if group:
            before = group[-1].text
            text = "".join(r.text for r in group)
            unfinished = text.count("\\left") > text.count("\\right") or _depth(text) > 0
            if not (_GOES_ON.match(row.text) or _LEFT_OPEN.search(before) or unfinished):
                yield group
                group = []
        group.append(row)
    if group:
        yield group


def _depth(text: str) -> int:
    bare = re.sub(r"\\.", "", text)
    return sum(bare.count(a) - bare.count(b) for a, b in ("()", "[]"))


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1) + 1


def _formulas(page: Page) -> Iterator[str]:
    for display in page.displays:
        yield from (text for text, _ in display.inline)
        yield from (row.text for row in display.rows)
    yield from (text for text, _ in page.inline)
