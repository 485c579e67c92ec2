r"""The walk through a page: display after display, row after row, each side held to the one before.

Gives `Walk`, whose `rows(display)` are what is said of a display.  What a row begins with decides
what it is: a new name is a definition, an equality sign goes on from the row before, anything else
is a statement of its own.

Imports context, rows, readings, verdicts, mends and report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import monotonic

from symderiv.checking.convention import CONVENTION
from symderiv.checking.forms import Forms
from symderiv.checking.mends import mend
from symderiv.checking.pages import Display
from symderiv.checking.pages import Row as Written
from symderiv.checking.report import Row
from symderiv.checking.rows import Said, said_in
from symderiv.checking.state import Place
from symderiv.checking.verdicts import SILENT, Outcome, Verdict, decided, undecided, worst
from symderiv.mistakes import Unanswered
from symderiv.patience import OutOfTime, limited
from symderiv.reader import ReadError, scan
from symderiv.reader.latex.cursor import MOST_HEADS
from symderiv.reader.refusal import Source

_GOES_ON = re.compile(r"(?:\\[,;!:> ]|\\q?quad|[&\s{}])*+(?:[-+*/)]|\\cdot|\\times|\\right)")
_CONTINUED = re.compile(r"[&\s{}]*(?:=|\\(?:stackrel|overset|underset|equiv))")
_BEFORE_A_BRACKET = re.compile(
    r"(?<![\\A-Za-z])([A-Za-z])\s*(?:\\left)?\((\d[^()]*|[^()]*[-+/][^()]*)\)"
)
_LEFT_OPEN = re.compile(r"(?:[-+*/=(\[]|\\cdot|\\times)[&\s{}]*$")


class Walk(Forms):
    """The walk through a page, row after row."""

    def rows(self, display: Display) -> Iterator[Row]:
        """What is said of each row of a display."""
        groups = list(_joined(display.rows))
        self.alone = len(groups) == 1
        for group in groups:
            text = " ".join(row.text for row in group)
            if display.open:
                found = Row(Verdict.UNREAD, 0, "", note=f"{display.open} is not closed")
            elif monotonic() > self.end:
                late = "the time for the text was over before it"
                found = Row(Verdict.UNDECIDED, 0, "", note=late, reached=False)
            else:
                found = self._row(text, group[0])
            for row in group:
                yield replace(found, line=row.line, source=row.text, at=row.at,
                              column=self.page.column(row.at))  # fmt: skip

    def _row(self, text: str, row: Written) -> Row:
        blank = Row(Verdict.FOLLOWS, row.line, text)
        try:
            with limited(max(0.0, min(self.seconds, self.end - monotonic()))):
                return self._read(blank, text)
        except Unanswered as error:
            self._lost(text)
            room = "time" if isinstance(error, OutOfTime) else "memory"
            return replace(blank, verdict=Verdict.UNDECIDED, note=f"there was no {room} for it")
        except ReadError as error:
            self._lost(text)
            column = self.page.column(row.at + error.column - 1)
            return replace(blank, verdict=Verdict.UNREAD, note=f"column {column}: {error.message}")
        except RecursionError:
            self._lost(text)
            return replace(blank, verdict=Verdict.UNREAD, note="it is nested too deep")

    def _read(self, blank: Row, text: str) -> Row:
        statements = self._statements(text)
        if not statements:
            return replace(blank, note=SILENT.note)
        self._settle()
        outcomes: list[Outcome] = []
        understood: list[str] = []
        self.met = frozenset(self.context.met)
        premise = False  # is there an equation that may hold somewhere only?
        for said in statements:
            self.implied = said.implied and premise
            defined = len(self.definitions)
            found = self._either(Source(text, "line"), said, understood)
            outcomes += found
            if (
                said.sides
                and not said.continued
                and all(o.verdict is Verdict.FOLLOWS for o in found)
            ):
                left = self._left(Source(text, "line"), said.sides[0])
                self._say_again("" if left is None else left.name)
            self._hear_of(Source(text, "line"), said)
            premise |= len(self.definitions) == defined
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
        found = worst([self._granted(outcome) for outcome in outcomes])
        verdict = found.verdict
        if verdict is Verdict.WRONG and (stale := self._stale(row, understood)):
            found = undecided(stale)
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
            needs=found.needs,
            uses=found.uses,
            counterexample=found.counterexample,
            mend=mended,
            start=start,
            note=self.context.shown(found.note),
        )

    def _granted(self, found: Outcome) -> Outcome:
        """An outcome, which follows where what it needs was said before."""
        needs = self.context.shown(found.needs)
        if found.verdict is Verdict.FOLLOWS_IF and self._is_said(needs):
            return replace(found, verdict=Verdict.FOLLOWS, uses=(*found.uses, needs), needs="")
        return replace(found, needs=needs)

    def _stale(self, row: Row, understood: Sequence[str]) -> str:
        """Why a name that the row rests on may be something else in it, "" if none may.

        A function is put in where it is applied: its letter stands in the row alone.
        """
        words = set(re.findall(r"\w+", " ".join(understood)))
        if self.place.start is not None:
            words |= set(scan.words([self.place.start]))
        words |= {*re.findall("[A-Za-z]", row.source)} & self.context.own.keys()
        sections = {s.name: s.section for s in self.context.stages.values()} | self.sections
        for name in (n for n in sections if n in words):
            if sections[name] < self.context.section:
                return f"{name} is defined in an earlier section, and may be something else here"
            if name in self.context.twice:
                return f"{name} has more than one meaning in the text"
        for found in _BEFORE_A_BRACKET.finditer(row.source):
            stage = self.context.stages.get(found[1])
            inner = {*re.findall("[A-Za-z]", found[2])} - {found[1]}
            applied = found[1] in self.context.known.functions
            if stage and not applied and inner & self.context.reached([stage.body]):
                return f"{found[0]} may be a value of {found[1]}, and no product"
        return ""

    def _is_said(self, needs: str) -> bool:
        if needs.startswith(CONVENTION):
            rest = needs.partition(") and ")[2]
            return CONVENTION in self.sayings and (not rest or self._is_said(rest))
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


def _joined(rows: Sequence[Written]) -> Iterator[list[Written]]:
    """The rows, with those that go on in the middle of a formula together."""
    group: list[Written] = []
    drawn = depth = 0  # how many \\left and brackets of the group are open
    for row in rows:
        if group:
            unfinished = drawn > 0 or depth > 0
            if not (_GOES_ON.match(row.text) or _LEFT_OPEN.search(group[-1].text) or unfinished):
                yield group
                group, drawn, depth = [], 0, 0
        group.append(row)
        drawn += row.text.count("\\left") - row.text.count("\\right")
        depth += _depth(row.text)
    if group:
        yield group


def _depth(text: str) -> int:
    bare = re.sub(r"\\.", "", text)
    return sum(bare.count(a) - bare.count(b) for a, b in ("()", "[]"))
