r"""Verdicts: does one side follow from another, as the judge says and under every reading?

Gives `Outcome`, `undecided`, `decided`, and `BEGINS` and `SILENT`, of lines that claim nothing.
*Wrong* is said only where the judge refutes the line as it is read, and no other reading, and no
fact that is often taken for granted, makes it true.

Imports readings and the judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import combinations

from symderiv.checking.excuses import excuse
from symderiv.checking.facts import Pair, domains
from symderiv.checking.guesses import guesses
from symderiv.checking.others import Other
from symderiv.checking.question import Question
from symderiv.checking.readings import others
from symderiv.checking.steps import FURTHER
from symderiv.checking.vectors import Fit
from symderiv.judge import Judge
from symderiv.patience import budget
from symderiv.printers.text import text
from symderiv.reader import ReadError
from symderiv.records import dataclass
from symderiv.terms.verdict import Counterexample, Strength
from symderiv.terms.verdict import Verdict as Judged

MOST_READINGS = 80
SECONDS = 6.0  # of work on the readings of one line, however busy the machine is


class Verdict(StrEnum):
    """What is said of a line, best first."""

    FOLLOWS = "follows"
    FOLLOWS_IF = "follows-if"
    UNDECIDED = "undecided"
    UNREAD = "unread"
    WRONG = "wrong"


ORDER = tuple(Verdict)


@dataclass(frozen=True)
class Outcome:
    """What was found of one equality.

    Attributes
    ----------
    needs : what the text does not say and the line needs, as a clause after "follows if"
    strength : how it was established, "proved for every K"
    uses : declared assumptions that it rests on, as the formula language has them
    pair : the terms that were compared
    """

    verdict: Verdict
    needs: str = ""
    strength: str = ""
    uses: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    note: str = ""
    pair: Pair | None = None


BEGINS = Outcome(Verdict.FOLLOWS, note="the chain begins here")
SILENT = Outcome(Verdict.FOLLOWS, note="nothing is said here")


def undecided(note: str, pair: Pair | None = None) -> Outcome:
    """The outcome where nothing is decided, and why."""
    return Outcome(Verdict.UNDECIDED, note=note, pair=pair)


def decided(question: Question, prose: str = "") -> Outcome:
    """The outcome for a question.

    Parameters
    ----------
    prose : the running text before it, which may name a function

    Raises
    ------
    ReadError
        where the question itself has no meaning.
    """
    if question.stepped is not None:
        return _stepped(*question.stepped)
    if question.hidden:
        return undecided(question.hidden)
    try:
        pair = question.pair
    except ReadError:
        outcome = None if question.guess is not None else _guessed(question, prose)
        if outcome is None:
            raise
        return outcome
    first = compared(pair)
    if first.holds:
        needs = f"{question.retaken} is what is said of it last" if question.retaken else ""
        verdict = Verdict.FOLLOWS_IF if needs else Verdict.FOLLOWS
        return Outcome(verdict, needs, strength(first, pair), _used(first), pair=pair)
    perhaps = question.doubt
    for other, judged in _tried(question) if not perhaps else _in_domains(question):
        if other is None or judged is None:
            perhaps = perhaps or "it took too long to try every reading"
            break
        if judged.holds:
            return Outcome(
                Verdict.FOLLOWS_IF, other.needs, strength(judged, other.pair), pair=other.pair
            )
        if judged.agrees and not perhaps:
            perhaps = f"agrees at {judged.points} points if {other.needs}"
    perhaps = perhaps or excuse(question, first.counterexample)
    if first.strength is Strength.REFUTED and not perhaps and not first.note:
        return Outcome(Verdict.WRONG, counterexample=first.counterexample, pair=pair)
    own = first.note if first.agrees else ""
    note = own or perhaps or first.note or "nothing was decided"
    return undecided(note, pair)


def _stepped(question: Question, needs: str) -> Outcome:
    """The outcome where a recurrence is written out by one step; as it stands it says nothing."""
    if not question.written_out:
        return undecided(needs)
    try:
        judged = compared(question.pair)
    except ReadError as error:
        return undecided(error.message)
    if not judged.holds:
        return undecided(FURTHER)
    verdict = Verdict.FOLLOWS_IF if needs else Verdict.FOLLOWS
    how = strength(judged, question.pair)
    return Outcome(verdict, needs, how, _used(judged), pair=question.pair)


def decided_in_vectors(question: Question, fits: Sequence[Fit]) -> Outcome:
    """The outcome for two sides in vector notation, in each way in which their shapes fit."""
    outcome = undecided("no way was found in which the shapes fit")
    for count, fit in enumerate(fits):
        known = replace(question.context, stages={**question.context.stages, **fit.guess.stages})
        asked = replace(question, context=known, left=fit.left, right=fit.right)
        try:
            found = decided(asked)
            question.context.solving = max(question.context.solving, known.solving)
        except ReadError:
            if count == len(fits) - 1 and not outcome.pair:
                raise
            continue
        if found.verdict in (Verdict.FOLLOWS, Verdict.FOLLOWS_IF):
            return found
        if found.pair is None:  # nothing was compared
            outcome = outcome if outcome.pair else found
            continue
        if fit.turned is not None:
            judged = compared(replace(asked, right=fit.turned).pair)
            if judged.holds:
                needs = "the derivative is laid out the other way"
                return Outcome(Verdict.FOLLOWS_IF, needs, strength(judged, asked.pair))
        if fit.jacobian and found.verdict is Verdict.WRONG:
            note = "it does not follow where the rows of a Jacobian are the function"
            found = replace(found, verdict=Verdict.UNDECIDED, counterexample=None, note=note)
        if not outcome.pair or found.verdict is not Verdict.WRONG:
            outcome = found
    return outcome


def _guessed(question: Question, prose: str) -> Outcome | None:
    """The outcome under what may be meant by quantities that nothing defines."""
    note = ""
    for guess in guesses(question.context, (question.left, question.right), prose):
        try:
            pair = replace(question, guess=guess).pair
        except ReadError:
            continue
        judged = _doubted(pair)
        if judged.holds:
            how = strength(judged, pair)
            return Outcome(Verdict.FOLLOWS_IF, guess.needs, how, pair=pair)
        note = note or f"it does not follow if {guess.needs}"
    return undecided(note) if note else None


def _in_domains(question: Question) -> Iterator[tuple[Other | None, Judged | None]]:
    """The readings where what a line says of unknown terms holds: log p of p that is positive."""
    for found in domains(question.pair):
        yield Other(found.pair, found.needs, found.about), compared(found.pair)


def compared(pair: Pair) -> Judged:
    """What the judge says."""
    return Judge(pair.problem).compare(pair.left, pair.right)


def _doubted(pair: Pair) -> Judged:
    """What the judge says of a reading that is one of many."""
    return Judge(pair.problem).doubt(pair.left, pair.right)


def _tried(question: Question) -> Iterator[tuple[Other | None, Judged | None]]:
    """The other readings with what the judge says, then facts two at a time.

    (None, None) where there was no time for all of them.
    """
    work = budget(SECONDS)
    facts: list[Other] = []
    for count, other in enumerate(others(question)):
        if work.spent or count >= MOST_READINGS:
            yield None, None
            return
        yield other, _doubted(other.pair)
        if other.about:
            facts.append(other)
        else:
            # a reading together with one fact
            for fact in facts[:1]:
                joined = _with_facts(other.pair, fact.pair)
                if joined is not None and not work.spent:
                    both = Other(joined, f"{other.needs} and {fact.needs}")
                    yield both, _doubted(joined)
    for one, two in combinations(facts[:3], 2):
        if one.about == two.about:
            continue
        joined = _with_facts(one.pair, two.pair)
        if joined is not None and not work.spent:
            yield Other(joined, f"{one.needs} and {two.needs}"), _doubted(joined)


def _with_facts(pair: Pair, more: Pair) -> Pair | None:
    """A pair with the facts of another over the same arrays."""
    known = pair.problem
    extra = tuple(f for f in more.problem.facts if f not in known.facts)
    if not extra or not more.problem.shapes.items() <= known.shapes.items():
        return None
    return Pair(replace(known, facts=(*known.facts, *extra)), pair.left, pair.right)


def strength(judged: Judged, pair: Pair) -> str:
    """How it was established, in words."""
    sized = bool({s for shape in pair.problem.shapes.values() for s in shape})
    if judged.strength is Strength.PROVED:
        return f"proved {judged.note}" if sized else "proved"
    return f"exact at {judged.note}" if sized else "exact"


def _used(judged: Judged) -> tuple[str, ...]:
    return tuple(text(f.relation) for f in judged.facts)


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcome of a line with several equality signs: that of its worst one.

    Of several that follow all that they need and use is told, and how the weakest was established.
    """
    found = max(outcomes, key=lambda o: ORDER.index(o.verdict))
    if found.verdict not in (Verdict.FOLLOWS, Verdict.FOLLOWS_IF):
        return found
    needs = dict.fromkeys(o.needs for o in outcomes if o.needs)
    uses = dict.fromkeys(used for o in outcomes for used in o.uses)
    how = max((o.strength for o in outcomes), key=_weakness)
    return replace(found, needs=" and ".join(needs), uses=tuple(uses), strength=how)


def _weakness(how: str) -> tuple[bool, bool]:
    """Exact at sizes is weaker than proved; some sizes less than all."""
    return how.startswith("exact"), bool(how) and ("for every" not in how or how.endswith(" on"))
