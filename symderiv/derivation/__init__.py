"""Derivations: chains of lines, each made by a rule and passed by the judge.

Gives by this name what `step` has (`Step`, `Case`, `Claim`, `Derivation`); beside it, each by its
own name:

    rewrite    where in a line a rule applies
    chain      a derivation while it is written: the one place that makes a step
    routes     the ways to the same answer
    textbook   the way a textbook goes: which rules are tried, and when
    entries    a derivation at chosen sizes, and the answer by cases

Floor 2: imports floors 0 and 1.
"""

from symderiv.derivation.step import Case, Claim, Derivation, Step

__all__ = ["Case", "Claim", "Derivation", "Step"]
