"""Rewritings: what a lowering computes in place of a term, passed by the judge.

Gives `Rewritings`, and `Unwritable`, the refusal of a term that has no form in an array program.

Imports the judge, and what floor 2 says of networks.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import replace

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.derivation.network.graph import opaque
from symderiv.derivation.network.pattern import pattern_of
from symderiv.judge import Judge
from symderiv.mistakes import Mistake
from symderiv.printers.text import text
from symderiv.terms import Quantity, subterms
from symderiv.terms.problem import Problem


class Unwritable(Mistake):
    """A term that has no array form here."""


class Rewritings:
    """The rewritings of one problem's terms; each is judged once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._passed: set[tuple[Expr, Expr]] = set()
        self._judged: dict[Hashable, bool] = {}

    def passed(self, before: Expr, after: Expr) -> None:
        """Ask the judge about a rewriting.

        Raises
        ------
        Unwritable
            where it does not hold.
        """
        if not self.proved(before, after):
            raise Unwritable(
                f"{text(before)} is not proved to be {text(after)}; nothing is written"
            )

    def proved(self, before: Expr, after: Expr) -> bool:
        """Does the judge pass a rewriting?"""
        if (before, after) in self._passed:
            return True
        problem = self.problem.ranging(before, after)
        every = {s.name for s in problem.stages}
        near = _mentioned(before)
        for seen in dict.fromkeys(map(frozenset, (set[str](), near, every))):
            if self._holds(before, after, problem, seen):
                self._passed.add((before, after))
                return True
        return False

    def _holds(self, before: Expr, after: Expr, problem: Problem, seen: Collection[str]) -> bool:
        """Does a rewriting hold, whatever the stages are that are not seen through?

        One that differs in names alone from another is not judged again.
        """
        bodies = (s for s in problem.stages if s.name in seen)
        stages = tuple(replace(s, body=opaque(s.body, seen)) for s in bodies)
        facts = tuple(f for f in problem.facts if _mentioned(f.relation) <= {*seen})
        one, other = opaque(before, seen), opaque(after, seen)
        own = replace(problem, function=one, wrt=(other,), stages=stages, facts=facts)
        key = pattern_of(own).key
        if key not in self._judged:  # a label's axis is read off the line that is the function
            judge = Judge(replace(own, wrt=problem.wrt))
            self._judged[key] = judge.compare(one, other).holds
        return self._judged[key]


def _mentioned(term: Basic) -> set[str]:
    return {t.name for t in subterms(term) if isinstance(t, Quantity)}
