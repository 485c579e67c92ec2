"""Claims: what a page says of a claim about the answer.

Gives `remark_on`: that it holds and how that was established, or where it fails.

Floor 4: imports floors 0 to 2 and the blocks.
"""

from __future__ import annotations

from sympy import Expr

from symderiv.derivation import Claim, Derivation
from symderiv.documents.blocks import Remarks, Sentence
from symderiv.documents.verdicts import free_sizes
from symderiv.terms.verdict import Counterexample, Strength, Verdict, weakest


def remark_on(claim: Claim, derivation: Derivation) -> Remarks:
    """What is to be said of the claim: that it holds and how that is known, or where it fails."""
    steps = [s.verdict for s in derivation.steps]
    strength = weakest([*steps, claim.verdict])
    sized = bool(free_sizes(derivation.problem))
    return Remarks("Claim", (_said(claim.term, claim.verdict, strength, sized),))


def _said(term: Expr, verdict: Verdict, strength: Strength, sized: bool) -> Sentence:
    """The claim and what is found; `sized` says whether there is a size it can hold for."""
    note = f" ({verdict.note})" if verdict.note else ""
    match strength:
        case Strength.PROVED:
            return (term, f" holds: proved {verdict.note if sized else ''}".rstrip() + ".")
        case Strength.EXACT:
            if not sized:
                return (term, " holds exactly.")
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
    at = f"at {where} " if where else ""
    return f"{at}the derivative is {found.left} and the claim {found.right}"
