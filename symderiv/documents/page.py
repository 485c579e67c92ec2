"""The page of a derivation: which blocks it has and which lines are shown.

Gives `page`.  What must be computed (a matrix, cases, values at a point) is handed in; what is
said about it (definitions, assumptions, verdict) is taken from the derivation.

Floor 4: imports floors 0 to 2.

To add a level of detail: a function from a derivation to its lines, and its name in `DETAIL`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sympy import Eq, Expr, Symbol
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
from symderiv.documents.verdicts import verdict_of
from symderiv.problem import Fact
from symderiv.terms import Partial, subterms

Rows = Sequence[tuple[Expr, Basic | str]]


def page(
    derivation: Derivation,
    *,
    detail: str = "textbook",
    style: str = "delta",
    parts: Sequence[tuple[str, Derivation]] = (),
    cases: Rows = (),
    matrix: Matrix | None = None,
    numbers: Numbers | None = None,
    show_lemmas: bool = False,
    command: str = "",
) -> Page:
    """The page of a derivation.

    Parameters
    ----------
    detail : "brief" (the start, the result of differentiating, the answer), "textbook" (every
        line) or "full" (every line with its law, and the lemmas in full)
    style : "delta" leaves the last line as it is; "cases" goes on from it to the cases
    parts : further chains with their headings, such as the diagonal entry
    cases : the answer by cases: (value, condition)
    matrix, numbers : shown after the lines
    show_lemmas : the lemmas line by line, before the derivation that cites them
    """
    everything = (derivation, *(part for _, part in parts))
    ledger = _ledger(everything)
    lemmas = tuple(dict.fromkeys(lemma for d in everything for lemma in d.lemmas))
    in_full = show_lemmas or detail == "full"
    blocks: list[Block] = []
    if derivation.problem.stages:
        definitions = ((s.quantity, s.body) for s in derivation.problem.stages)
        blocks.append(Where(tuple(definitions)))
    if lemmas and in_full:
        blocks += [_chain(lemma, f"Lemma: {lemma.title}", detail, ledger) for lemma in lemmas]
    elif lemmas:
        blocks.append(Remarks("Lemmas", tuple(_cited(lemma) for lemma in lemmas)))
    heading = "The derivation" if (lemmas and in_full) or parts else ""
    main = _chain(derivation, heading, detail, ledger)
    blocks.append(main)
    blocks += [_chain(part, title, detail, ledger) for title, part in parts]
    if cases:
        blocks.append(Cases(main.start, tuple(cases)))
        if style == "cases":
            blocks = _answer_first(blocks, main)
    blocks += [block for block in (matrix, numbers) if block is not None]
    if ledger:
        blocks.append(Remarks("Assumptions", tuple(_entry(f, m) for f, m in ledger.items())))
    if derivation.exceptions:
        blocks.append(Remarks("Exceptions", tuple((text,) for text in derivation.exceptions)))
    return Page(derivation.title, tuple(blocks), verdict_of(everything), command)


def _answer_first(blocks: list[Block], main: Chain) -> list[Block]:
    """The cases stand before the lines that lead to them: the result, then why."""
    *others, cases = blocks
    at = others.index(main)
    return [*others[:at], cases, *others[at:]]


def _ledger(derivations: Sequence[Derivation]) -> dict[Fact, str]:
    """The mark of every assumption used."""
    facts = dict.fromkeys(f for d in derivations for f in d.facts)
    return {fact: f"A{n}" for n, fact in enumerate(facts, 1)}


def _entry(fact: Fact, mark: str) -> Sentence:
    how = "proved from the definitions" if fact.proved else "declared"
    return (f"({mark}) ", fact.relation, f", {how}")


def _cited(lemma: Derivation) -> Sentence:
    return (f"{lemma.title}: ", Eq(lemma.statement, lemma.answer, evaluate=False))


def _chain(derivation: Derivation, heading: str, detail: str, ledger: dict[Fact, str]) -> Chain:
    lines = []
    for rule, steps in DETAIL[detail](derivation.steps):
        law = steps[0].law if detail == "full" else ""
        last, marks = steps[-1], _marks(steps, ledger)
        lines.append(Line(last.after, _in_words(rule), law, last.verdict.strength, marks))
    return Chain(heading, derivation.statement, tuple(lines))


_NAMED = re.compile(r"(?<=\bdefinition of )\w+|(?<=\bthrough )\w+")


def _in_words(rule: str) -> Sentence:
    """The rule's name, the quantity that it names as a term: "definition of p"."""
    out: list[str | Basic] = []
    at = 0
    for found in _NAMED.finditer(rule):
        out += [rule[at : found.start()], Symbol(found[0])]
        at = found.end()
    return tuple(part for part in (*out, rule[at:]) if part != "")


def _marks(steps: Sequence[Step], ledger: dict[Fact, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ledger[f] for s in steps for f in s.facts))


Grouped = list[tuple[str, tuple[Step, ...]]]  # a line shown: its rule, the steps it stands for


def _every(steps: tuple[Step, ...]) -> Grouped:
    """Every step is a line."""
    return [(s.rule, (s,)) for s in steps]


def _key_lines(steps: tuple[Step, ...]) -> Grouped:
    """The first unfolding, the line on which nothing is left to differentiate, the answer."""
    ends = set()
    for n, step in enumerate(steps):
        if n == 0 and step.rule.startswith("definition"):
            ends.add(n)
        if _is_open(step.before) and not _is_open(step.after):
            ends.add(n)
    ends.add(len(steps) - 1)
    out: Grouped = []
    start = 0
    for end in sorted(e for e in ends if e >= 0):
        group = steps[start : end + 1]
        out.append((_joined([s.rule for s in group]), group))
        start = end + 1
    return out


def _is_open(term: Basic) -> bool:
    return any(isinstance(t, Partial) for t in subterms(term))


def _joined(rules: list[str]) -> str:
    """The rules of several steps in a few words."""
    different = list(dict.fromkeys(rules))
    return ", ".join(different[:3]) + (", …" if len(different) > 3 else "")


DETAIL: dict[str, Callable[[tuple[Step, ...]], Grouped]] = {
    "brief": _key_lines,
    "textbook": _every,
    "full": _every,
}
