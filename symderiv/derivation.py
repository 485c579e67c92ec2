"""Derivations: chains of lines, each made by a rule and passed by the judge.

Gives `Step` and `Derivation`.  Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from symderiv.problem import Fact, Problem
from symderiv.verdict import Strength, Verdict, weakest


@dataclass(frozen=True)
class Step:
    """One line: `before` became `after` by the rule named, and the judge's verdict on it."""

    before: Expr
    rule: str
    law: str  # the law in LaTeX, with the letters of the textbook
    after: Expr
    verdict: Verdict

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The assumptions this line uses."""
        return self.verdict.facts


@dataclass(frozen=True, eq=False)
class Derivation:
    """A finished chain of steps; its last line is the answer.

    Attributes
    ----------
    name : catalogue name, "softmax-jacobian"
    title : what a page is headed with, "The Jacobian of softmax"
    problem : the stages, function, variables, facts and sizes it starts from
    statement : the first line, the derivative to be worked out
    steps : one per line
    lemmas : the finished derivations that steps cite
    exceptions : where the derivative does not exist, and the convention taken there
    """

    name: str
    title: str
    problem: Problem
    statement: Expr
    steps: tuple[Step, ...]
    lemmas: tuple[Derivation, ...] = ()
    exceptions: tuple[str, ...] = ()

    @property
    def answer(self) -> Expr:
        """The last line, as written; `symderiv.terms.release` of it is ordinary SymPy."""
        return self.steps[-1].after if self.steps else self.statement

    @property
    def lines(self) -> tuple[Expr, ...]:
        """All lines, the statement first."""
        return (self.statement, *(s.after for s in self.steps))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every assumption used on some line, in order of first use."""
        return tuple(dict.fromkeys(f for s in self.steps for f in s.facts))

    @property
    def strength(self) -> Strength:
        """The strength of the weakest line."""
        return weakest([s.verdict for s in self.steps])
