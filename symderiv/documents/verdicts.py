"""Verdicts in words: the sentence at the foot of a page.

Gives `verdict_of`, `said_of`, the same of one line, `in_short` for a table, `each_of`, a number of
steps, and `listed`, terms in a sentence.  Only what the judge proved is called proved.

Floor 4: imports floors 0 to 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Eq
from sympy.core.basic import Basic

from symderiv.derivation import Derivation, Step
from symderiv.documents.blocks import Sentence
from symderiv.terms.problem import Fact
from symderiv.terms.verdict import Strength, weakest

_SAYS = {
    Strength.EXACT: "exact at sizes",
    Strength.NUMERIC: "accepted without a proof",
    Strength.UNDECIDED: "undecided",
    Strength.REFUTED: "refuted",
}


def verdict_of(derivations: Sequence[Derivation]) -> Sentence:
    """How strongly the steps hold; the derivation that the page is of comes last.

    "Each of the 9 steps is proved for every K."
    """
    steps = [s for d in derivations for s in d.steps]
    main = derivations[-1]
    if not steps:
        return ("There is nothing to work out.",)
    scope = _scope(main)
    each = each_of(len(steps))
    if all(s.verdict.strength is Strength.PROVED for s in steps):
        return (f"{each} is proved", *scope, *_holds_beyond(main), ".")
    if not scope and all(s.verdict.strength is Strength.EXACT for s in steps):
        return (f"{each} holds exactly.",)
    out: list[str | Basic] = []
    if proved := [s for s in steps if s.verdict.strength is Strength.PROVED]:
        out += [f"Of {len(steps)} steps {len(proved)} {_are(proved)} proved", *scope]
    for strength, says in _SAYS.items():
        if group := [s for s in steps if s.verdict.strength is strength]:
            rules = ", ".join(dict.fromkeys(s.rule for s in group))
            of = "; " if out else f"Of {len(steps)} steps "
            out.append(f"{of}{len(group)} {_are(group)} {says}{_note(group)}: {rules}")
    return (*out, ".")


def each_of(steps: int) -> str:
    """All of so many steps, as a sentence begins."""
    return f"Each of the {steps} steps" if steps > 1 else "The one step"


def in_short(derivation: Derivation) -> tuple[str, Sentence]:
    """How strongly the weakest line holds, in a word, and for which sizes.

    ("proved", (" for every ", K))
    """
    strength = derivation.strength
    return _SAYS.get(strength, "proved"), _scope(derivation)


def said_of(steps: Sequence[Step], derivation: Derivation, marks: Mapping[Fact, str]) -> Sentence:
    """How the judge came to pass these steps, with the assumptions that were needed."""
    verdicts = [s.verdict for s in steps]
    strength, points = weakest(verdicts), min(v.points for v in verdicts)
    if strength is Strength.PROVED:
        said: list[str | Basic] = ["Proved", *_scope(derivation)]
        said.append(": both sides have one normal form")
        said.append(f", and {points} points drawn to part them did not." if points else ".")
    elif strength is Strength.EXACT:
        notes = "; ".join(dict.fromkeys(v.note for v in verdicts if v.note))
        said = [f"Holds exactly{' at ' + notes if notes else ''}: written out and compared."]
    else:
        said = [f"Not proved: it agrees at {points} points."]
    for n, fact in enumerate(dict.fromkeys(f for v in verdicts for f in v.facts)):
        mark = f" ({marks[fact]}) " if fact in marks else " "
        said += [" It rests on" if n == 0 else " and", mark, fact.relation]
    return (*said, ".") if any(v.facts for v in verdicts) else tuple(said)


def _are(steps: Sequence[Step]) -> str:
    return "is" if len(steps) == 1 else "are"


def _note(steps: Sequence[Step]) -> str:
    notes = list(dict.fromkeys(s.verdict.note for s in steps if s.verdict.note))
    return f" ({'; '.join(notes)})" if notes else ""


def _scope(derivation: Derivation) -> Sentence:
    """For every K, or at the chosen sizes."""
    if derivation.sizes:
        chosen = [Eq(size, value, evaluate=False) for size, value in derivation.sizes.items()]
        return (" at ", *listed(chosen))
    letters = derivation.problem.free_sizes
    return (" for every ", *listed(letters)) if letters else ()


def _holds_beyond(derivation: Derivation) -> Sentence:
    """The answer for chosen sizes is joined by lines that hold for every size."""
    letters = derivation.problem.free_sizes
    if not derivation.sizes or not letters or not derivation.axes:
        return ()
    return (", and the closed form for every ", *listed(letters))


def listed(terms: Sequence[Basic], last: str = " and ") -> Sentence:
    """Terms as they are listed in a sentence."""
    out: list[str | Basic] = [terms[0]]
    for n, term in enumerate(terms[1:], 2):
        out += [last if n == len(terms) else ", ", term]
    return tuple(out)
