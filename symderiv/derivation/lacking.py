"""What a line lacks that the judge does not pass: something in it that must not be 0.

Gives `lacking`, one clause in words and terms, or none.  A mask hides what it kills, so that a
term of a sum is 0 where its mask is, though it divides by what is 0 there; a rule that takes the
divisor out of the sum needs it not to be.  And where something is 0 whatever the arrays are, its
root has no derivative.

Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import sympy
from sympy import Expr
from sympy.core.basic import Basic

from symderiv.judge import Judge
from symderiv.terms import ZERO, Power, Quotient, subterms
from symderiv.terms.problem import Fact, Problem
from symderiv.terms.verdict import ENOUGH, Strength

MOST = 4  # that are tried


def lacking(
    problem: Problem, before: Expr, after: Expr, strength: Strength
) -> tuple[str | Basic, ...]:
    """What must not be 0 for a line to equal the line before, or to have a value, in a clause."""
    terms = (problem.function, *(stage.body for stage in problem.stages), before, after)
    feet = dict(islice(((foot, said) for term in terms for foot, said in _feet(term)), MOST))
    for foot, said in feet.items():
        if strength is not Strength.REFUTED:
            judge = Judge(replace(problem.ranging(foot), function=foot))
            if judge.proof(foot, ZERO) is not None:
                return (f"{said} ", foot, ", which is 0 whatever the arrays are")
        elif said == DIVIDES:
            fact = Fact(sympy.Ne(foot, ZERO, evaluate=False))
            judge = Judge(replace(problem, facts=(*problem.facts, fact)))
            found = judge.attack.on(before, after)
            if found.counterexample is None and found.points >= ENOUGH:
                return ("it does where ", foot, " is not 0, which has to be assumed")
    return ()


DIVIDES = "it divides by"


def _feet(term: Expr) -> Iterator[tuple[Expr, str]]:
    """What must not be 0 for a term to have a derivative, and what is done with it."""
    for t in subterms(term):
        match t:
            case Quotient(denominator=foot) if not foot.is_number:
                yield foot, DIVIDES
            case Power(args=(foot, exponent)) if not exponent.is_integer or exponent.is_negative:
                yield foot, "it differentiates a root or a power of"
            case sympy.log(args=(foot,)):
                yield foot, "it takes the logarithm of"
