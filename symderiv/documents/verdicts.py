"""Verdicts in words: the sentence at the foot of a page, and what is said of a claim.

Gives `verdict_of`, `said_of`, the same of one line, `in_short` for a table, `each_of`, a number of
steps, `listed`, terms in a sentence, and of claims `remark_on` and `remark`: that one holds and how
that was established, or where it fails.  Only what the judge proved is called proved.

Floor 4: imports floors 0 to 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sympy import Eq, Expr
from sympy.core.basic import Basic

from symderiv.derivation import Claim, Derivation, Step
from symderiv.documents.blocks import Remarks, Sentence
from symderiv.terms.problem import Fact
from symderiv.terms.verdict import Counterexample, Strength, Verdict, weakest

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


def remark_on(claim: Claim, derivation: Derivation) -> Remarks:
    """What is to be said of the claim: that it holds and how that is known, or where it fails."""
    sized = bool(derivation.problem.free_sizes)
    return Remarks("Claim", (_said(claim.term, claim.verdict, sized),))


def remark(left: Expr, claim: Claim, *, sized: bool) -> Sentence:
    """The same of an equation, in one sentence; `sized`: is there a size it can hold for?"""
    equation = Eq(left, claim.term, evaluate=False)
    return _said(cast(Expr, equation), claim.verdict, sized)


def _said(term: Expr, verdict: Verdict, sized: bool) -> Sentence:
    """The claim and what is found; `sized` says whether there is a size it can hold for."""
    match verdict.strength:
        case Strength.PROVED:
            return (term, f" holds: proved {verdict.note if sized else ''}".rstrip() + ".")
        case Strength.EXACT:
            if not sized:
                return (term, " holds exactly.")
            return (term, f" holds exactly at {verdict.note}; it is not proved for every size.")
        case Strength.NUMERIC:
            return (term, f" {verdict.note}; that was accepted, and is no proof.")
        case Strength.UNDECIDED if verdict.points:
            return (term, f" is undecided: it {verdict.note}, and no proof was found.")
        case Strength.UNDECIDED:
            return (term, f" is undecided{': ' + verdict.note if verdict.note else ''}.")
        case Strength.REFUTED:
            found = verdict.counterexample
            said = f": {_place(found)}" if found else ""
            advice = f"; {verdict.note}" if verdict.note else ""
            return (term, f" is wrong{said}{advice}.")


def _place(found: Counterexample) -> str:
    at = f"at {found.place} " if found.place else ""
    apart = f", a difference of {found.difference}" if found.difference else ""
    return f"{at}the derivative is {found.left} and the claim {found.right}{apart}"
