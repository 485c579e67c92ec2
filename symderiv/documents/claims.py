"""Claims: what a page says of a claim about the answer.

Gives `remark_on` and `remark`: that it holds and how that was established, or where it fails.

Floor 4: imports floors 0 to 2 and the blocks.
"""

from __future__ import annotations

from typing import cast

from sympy import Eq, Expr

from symderiv.derivation import Claim, Derivation
from symderiv.documents.blocks import Remarks, Sentence
from symderiv.terms.verdict import Counterexample, Strength, Verdict


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
