"""Accepted: derivations of which a person lets lines stand that only agree at many points.

Gives `accepted` and `as_numeric`.

Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

from dataclasses import replace

from symderiv.derivation.step import Derivation
from symderiv.terms.verdict import Strength, Verdict


def accepted(derivation: Derivation) -> Derivation:
    """The derivation with every line that agrees at many points as one that holds numerically."""
    steps = tuple(replace(s, verdict=as_numeric(s.verdict)) for s in derivation.steps)
    cases = tuple(replace(c, derivation=accepted(c.derivation)) for c in derivation.cases)
    return replace(derivation, steps=steps, cases=cases)


def as_numeric(verdict: Verdict) -> Verdict:
    """The verdict on what agrees at many points, once that is accepted."""
    if verdict.agrees and not verdict.holds:
        return replace(verdict, strength=Strength.NUMERIC)
    return verdict
