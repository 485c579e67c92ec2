"""Claims: what a page says of a claim about the answer.

Gives `remark_on`: that it holds and how that was established, or where it fails.

Floor 4: imports floors 0 to 2 and the blocks.
"""

from __future__ import annotations

from sympy import Expr

from symderiv.derivation import Claim, Derivation
from symderiv.documents.blocks import Remarks, Sentence
from symderiv.verdict import Counterexample, Strength, Verdict, weakest


def remark_on(claim: Claim, derivation: Derivation) -> Remarks:
    """What is to be said of the claim: that it holds and how that is known, or where it fails."""
    steps = [s.verdict for s in derivation.steps]
    return Remarks("Claim", (_said(claim.term, claim.verdict, weakest([*steps, claim.verdict])),))


def _said(term: Expr, verdict: Verdict, strength: Strength) -> Sentence:
    note = f" ({verdict.note})" if verdict.note else ""
    match strength:
        case Strength.PROVED:
            return (term, f" holds: proved {verdict.note}".rstrip() + ".")
        case Strength.EXACT:
            sizes = ", ".join(map(str, verdict.sizes))
            return (term, f" holds exactly at sizes {sizes}; it is not proved for every size.")
        case Strength.NUMERIC:
            return (term, f" holds to 50 digits{note}; it is not proved.")
        case Strength.UNDECIDED:
            return (term, f" could not be decided{note}.")
        case Strength.REFUTED:
            found = verdict.counterexample
            return (term, " is wrong" + (f": {_place(found)}." if found else "."))


def _place(found: Counterexample) -> str:
    chosen = {**found.sizes, **found.indices, **found.point}
    where = ", ".join(f"{name} = {value}" for name, value in chosen.items())
    return f"at {where} the derivative is {found.left} and the claim {found.right}"
