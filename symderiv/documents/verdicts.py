"""Verdicts in words: the sentence at the foot of a page.

Gives `verdict_of`.  Only what the judge proved is called proved.

Floor 4: imports floors 0 to 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation, Step
from symderiv.documents.blocks import Sentence
from symderiv.problem import Problem
from symderiv.verdict import Strength

_SAYS = {
    Strength.EXACT: "exact at sizes",
    Strength.NUMERIC: "numeric, to 50 digits, and not proved",
    Strength.UNDECIDED: "undecided",
    Strength.REFUTED: "refuted",
}


def verdict_of(derivations: Sequence[Derivation]) -> Sentence:
    """How strongly the lines hold: "Each of the 9 steps is proved for every K."."""
    steps = [s for d in derivations for s in d.steps]
    if not steps:
        return ("Nothing is to be done.",)
    scope = _scope(derivations[0].problem)
    count = f"Each of the {len(steps)} steps" if len(steps) > 1 else "The one step"
    if all(s.verdict.strength is Strength.PROVED for s in steps):
        return (f"{count} is proved", *scope, ".")
    proved = [s for s in steps if s.verdict.strength is Strength.PROVED]
    out: list[Sentence] = []
    if proved:
        out.append((f"Of {len(steps)} steps {len(proved)} {_are(proved)} proved", *scope))
    for strength, says in _SAYS.items():
        if group := [s for s in steps if s.verdict.strength is strength]:
            rules = ", ".join(dict.fromkeys(s.rule for s in group))
            out.append((f"{len(group)} {_are(group)} {says}{_note(group)}: {rules}",))
    joined: list[str | Basic] = []
    for n, sentence in enumerate(out):
        joined += ["; "] * bool(n) + list(sentence)
    return (*joined, ".")


def _are(steps: Sequence[Step]) -> str:
    return "is" if len(steps) == 1 else "are"


def _note(steps: Sequence[Step]) -> str:
    notes = list(dict.fromkeys(s.verdict.note for s in steps if s.verdict.note))
    return f" ({'; '.join(notes)})" if notes else ""


def _scope(problem: Problem) -> Sentence:
    """For every K: the sizes that are not chosen."""
    sizes = [*problem.ranges.values(), *(a for axes in problem.shapes.values() for a in axes)]
    letters = list(dict.fromkeys(s for s in sizes if isinstance(s, Symbol)))
    if not letters:
        return ()
    out: list[str | Basic] = [" for every ", letters[0]]
    for letter in letters[1:]:
        out += [" and " if letter is letters[-1] else ", ", letter]
    return tuple(out)
