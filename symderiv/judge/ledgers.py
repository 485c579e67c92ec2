"""Ledgers: the normal forms of one problem, under each choice of its facts.

Gives `Ledgers`.  A derivation asks of lines with several sets of free letters: those of ∂L/∂z_j,
and those of its lemma ∂p_i/∂z_k.  What a stage, the function or a term is does not depend on which
letters other lines have, so one table of forms serves them all, as long as each letter has one
range.

Imports the ledger, lines and floor 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symderiv.judge.ledger import Ledger
from symderiv.judge.lines import Lines
from symderiv.terms.problem import Fact, Problem


class Ledgers:
    """The ledgers of a problem, one for each choice of facts that was asked for."""

    def __init__(self, problem: Problem, sizes: Mapping[str, int]) -> None:
        self.problem, self.sizes = problem, sizes
        self._made: dict[tuple[Fact, ...], Ledger] = {}

    def under(self, facts: tuple[Fact, ...]) -> Ledger:
        """The ledger with these facts in it, and no others."""
        found = self._made.get(facts)
        if found is None:
            found = self._made[facts] = Ledger(Lines(self.problem, self.sizes), facts)
        return found

    def admits(self, problem: Problem) -> bool:
        """Does every letter range in the same problem over what it ranges over here?

        If so it does from now on, and letters that were not here have come.
        """
        more = problem.ranges.items() - self.problem.ranges.items()
        here = {letter.name: high for letter, high in self.problem.ranges.items()}
        if any(letter.name in here for letter, _ in more):
            return False
        if not all(ledger.lines.may_range(dict(more)) for ledger in self._made.values()):
            return False
        if more:
            self.problem = replace(problem, ranges={**self.problem.ranges, **dict(more)})
            for ledger in self._made.values():
                ledger.lines.range_over(self.problem)
        return True
