"""The page of a derivation: which blocks it has and in which order.

Gives `page`, and `exceptions_of` and `lemma_of` for pages of other kinds.  Lines, cases, matrix,
assumptions and verdict are the derivation's own; values at a point are handed in.

Floor 4: imports floors 0 to 2.

To add a level of detail: see `lines`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence, Sized
from functools import partial
from typing import cast

from sympy import Eq, Expr, Indexed, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation, Step
from symderiv.documents.blocks import (
    Block,
    Cases,
    Chain,
    Line,
    Matrix,
    Numbers,
    Page,
    Remarks,
    Sentence,
    Where,
)
from symderiv.documents.lines import DETAIL, in_letters, in_words
from symderiv.documents.opened import opened
from symderiv.documents.places import CITING, places
from symderiv.documents.verdicts import verdict_of
from symderiv.terms import D, Partial, Plus, Quantity
from symderiv.terms.problem import Fact, name_of
from symderiv.terms.verdict import weakest


def page(
    derivation: Derivation,
    *,
    detail: str = "textbook",
    style: str = "delta",
    numbers: Numbers | None = None,
    command: str = "",
) -> Page:
    """The page of a derivation.

    For chosen sizes the entries of each kind come first, then the cases, the line that joins
    them, and the matrix.

    Parameters
    ----------
    detail, style : as a `Setting` has them
    numbers : values at a point, shown last
    command : the command that makes this page
    """
    in_full = detail == "full"
    told_by_cases = in_full or _is_a_sum_of_cases(derivation)
    worked = derivation.cases if derivation.sizes or told_by_cases else ()
    lemmas = _lemmas([derivation, *(case.derivation for case in worked)])
    told = lemmas if in_full else tuple(filter(_is_hard, lemmas))
    shown = {lemma.statement for lemma in told}
    every = {lemma.statement: lemma for lemma in (*lemmas, *_lemmas(told))}
    listed = tuple(lemma for said, lemma in every.items() if said not in shown)
    everything = (*told, *(case.derivation for case in worked), derivation)
    ledger = _ledger(everything)

    def chain(d: Derivation, heading: Sentence, known: bool = False) -> Chain:
        return _chain(d, heading, detail, ledger, known)

    blocks: list[Block] = []
    if stages := derivation.problem.stages:
        blocks.append(Where(tuple((stage.quantity, stage.body) for stage in stages)))
    if listed:
        blocks.append(Remarks(_many("Lemma", listed), tuple(map(_cited, listed)), _stated(listed)))
    blocks += [chain(lemma, ("Lemma. ", *in_words(lemma.title)), True) for lemma in told]
    entries = [chain(c.derivation, _heading(c.condition)) for c in worked]
    cases = [Cases(derivation.statement, tuple((c.value, c.condition) for c in derivation.cases))]
    cases = cases if len(derivation.cases) > 1 else []
    main = chain(derivation, _main_heading(derivation, told))
    if derivation.sizes:
        joined = [] if style == "cases" and cases else [main]
        blocks += [*entries, *cases, *joined]
    elif style == "cases":
        blocks += [main, *entries, *cases]
    else:
        blocks += [main, *entries, *(cases if told_by_cases else [])]
    blocks += [block for block in (matrix_of(derivation), numbers) if block is not None]
    if notes := derivation.problem.notes:
        blocks.append(Remarks(_many("Note", notes), tuple(in_words(note) for note in notes)))
    if ledger:
        blocks.append(
            Remarks(_many("Assumption", ledger), tuple(_entry(f, m) for f, m in ledger.items()))
        )
    if derivation.exceptions:
        blocks.append(exceptions_of(derivation.exceptions, derivation.conventions))
    return Page(derivation.title, tuple(blocks), verdict_of(everything), command)


def _is_a_sum_of_cases(derivation: Derivation) -> bool:
    """A matrix left as a sum, δ_ij p_i − p_i p_j: what it is by cases is worth the lines."""
    return isinstance(derivation.answer, Plus) and len(derivation.axes) == 2


def matrix_of(derivation: Derivation) -> Matrix | None:
    """The answer written out for the chosen sizes, where it has one index or two."""
    order = [_size(derivation, axis) for axis in derivation.axes]
    if not derivation.sizes or not 1 <= len(order) <= 2 or None in order:
        return None
    height, width = (*order, 1)[:2]
    problem = derivation.problem
    array = [Symbol(name_of(x)) for x in problem.wrt]
    function = problem.function
    whole = Quantity(function.symbol) if isinstance(function, Quantity) else function
    if len(array) > 1:
        left: Expr | str = "H"
    elif len(order) == 2 and whole != function:
        left = "J"
    else:
        left = D(whole, array[0])
    return Matrix(
        left,
        int(height or 1),
        int(width or 1),
        lambda a, b: derivation.entry(*(a, b)[: len(order)]),
        _kind_of(derivation, len(order)),
        frozenset(n for case in derivation.cases for n in case.indices.values()),
    )


def _kind_of(derivation: Derivation, axes: int) -> Callable[[int, int], Hashable] | None:
    """The case of an entry; None where an index is counted with and not a subscript alone."""
    letters = set(derivation.axes)
    if not all(_subscripts_alone(case.value, letters) for case in derivation.cases):
        return None
    return lambda a, b: derivation.case_at(*(a, b)[:axes])


def _subscripts_alone(term: Basic, letters: Collection[Basic]) -> bool:
    """Do the letters stand in the term as whole subscripts only?"""
    if isinstance(term, Indexed | Quantity):
        return all(i in letters or not (i.free_symbols & set(letters)) for i in term.args[1:])
    if term in letters:
        return False
    return all(_subscripts_alone(arg, letters) for arg in term.args)


def _size(derivation: Derivation, axis: Symbol) -> int | None:
    size = derivation.problem.ranges.get(axis)
    size = derivation.sizes.get(size, size)
    return int(size) if isinstance(size, int | Integer) else None


def _lemmas(derivations: Sequence[Derivation]) -> tuple[Derivation, ...]:
    """Every lemma cited, once a statement."""
    return tuple({lemma.statement: lemma for d in derivations for lemma in d.lemmas}.values())


def exceptions_of(places: Sequence[Sentence], conventions: Mapping[Sentence, str]) -> Remarks:
    """Where the derivative may not exist, and what is taken there instead."""

    def said(place: Sentence) -> Sentence:
        taken = conventions.get(place, "")
        return (*place, f": the derivative may not exist there; {taken}") if taken else place

    return Remarks(_many("Exception", places), tuple(map(said, places)))


def _is_hard(lemma: Derivation) -> bool:
    """The derivative of a named quantity that rests on another one: not to be seen at a glance."""
    of = cast(Partial, lemma.statement).expr
    return bool(lemma.lemmas) and isinstance(of, Quantity)


def _heading(condition: Basic | str) -> Sentence:
    return ("The entry",) if condition == "" else ("The entries with ", *in_letters(condition))


def _main_heading(derivation: Derivation, told: Sequence[Derivation]) -> Sentence:
    """A heading where other chains stand beside the derivation's own."""
    if derivation.sizes and len(derivation.cases) > 1:
        return ("All entries",)
    return ("The derivation",) if told else ()


def _many(word: str, things: Sized) -> str:
    """The word for one thing or for several."""
    return word if len(things) == 1 else f"{word}s"


def _ledger(derivations: Sequence[Derivation]) -> dict[Fact, str]:
    """The mark of every assumption used."""
    facts = dict.fromkeys(f for d in derivations for f in d.facts)
    return {fact: f"A{n}" for n, fact in enumerate(facts, 1)}


def _entry(fact: Fact, mark: str) -> Sentence:
    how = "proved from the definitions" if fact.proved else "declared"
    return (f"({mark}) ", fact.relation, f", {how}")


def _cited(lemma: Derivation) -> Sentence:
    equation = Eq(lemma.statement, lemma.answer, evaluate=False)
    return (*in_words(lemma.title), ": ", equation) if lemma.title else (equation,)


def lemma_of(lemma: Derivation, ledger: dict[Fact, str] | None = None) -> Chain:
    """A lemma line by line, as it stands behind the line that cites it."""
    marks = _ledger([lemma]) if ledger is None else ledger
    return _chain(lemma, ("Lemma. ", *in_words(lemma.title)), "textbook", marks)


def _stated(lemmas: Sequence[Derivation]) -> tuple[Expr, ...]:
    return tuple(lemma.statement for lemma in lemmas)


def _cites(steps: Sequence[Step], derivation: Derivation) -> tuple[Expr, ...]:
    """What the lemmas are of that these steps cite, each once."""
    citing = (s for s in steps if CITING & {*s.identifiers})
    found = (place.lemma for s in citing for place in places(s, derivation))
    return _stated([lemma for lemma in dict.fromkeys(found) if lemma is not None])


def _chain(
    derivation: Derivation,
    heading: Sentence,
    detail: str,
    ledger: dict[Fact, str],
    known: bool = False,
) -> Chain:
    lines = []
    for rule, steps in DETAIL[detail](derivation.steps, known):
        laws = steps[0].laws if detail == "full" else ()
        marks = tuple(dict.fromkeys(ledger[f] for s in steps for f in s.facts))
        last = steps[-1]
        strength = weakest([s.verdict for s in steps])
        behind = partial(opened, steps, derivation, ledger, partial(lemma_of, ledger=ledger))
        cites = _cites(steps, derivation)
        lines.append(Line(last.after, in_words(rule), laws, strength, marks, cites, opened=behind))
    return Chain(heading, derivation.statement, tuple(lines), derivation.name)
