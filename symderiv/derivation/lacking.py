"""What a refused line lacks: that something it divides by is not 0.

Gives `lacking`, one clause or "".  A mask hides what it kills, so that a term of a sum is 0 where
its mask is, though it divides by what is 0 there; a rule that takes the divisor out of the sum
needs it not to be.

Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

from dataclasses import replace

import sympy
from sympy import Expr

from symderiv.judge import Judge
from symderiv.printers.text import text
from symderiv.terms import ZERO, Quotient, subterms
from symderiv.terms.problem import Fact, Problem
from symderiv.terms.verdict import ENOUGH

MOST = 4  # divisors that are tried


def lacking(problem: Problem, before: Expr, after: Expr) -> str:
    """The divisor that must not be 0 for a line to equal the line before, said in a clause."""
    terms = (problem.function, *(stage.body for stage in problem.stages), before, after)
    divisors = dict.fromkeys(
        t.denominator for term in terms for t in subterms(term) if isinstance(t, Quotient)
    )
    for divisor in [d for d in divisors if not d.is_number][:MOST]:
        fact = Fact(sympy.Ne(divisor, ZERO, evaluate=False))
        judge = Judge(replace(problem, facts=(*problem.facts, fact)))
        found = judge.attack.on(before, after)
        if found.counterexample is None and found.points >= ENOUGH:
            return f"it does where {text(divisor)} is not 0, which has to be assumed"
    return ""
