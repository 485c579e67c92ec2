"""What is known of a problem's quantities, as rules: declared sums, and those that are proved.

Gives `Known`.  Whether a quantity is symmetric or sums to one the judge is asked once, where a
line has a use for it.

Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, Sum, Symbol
from sympy.core.basic import Basic

from symderiv import late
from symderiv.derivation.undefined import Judging
from symderiv.records import dataclass
from symderiv.rules.registry import Rule
from symderiv.terms import (
    ONE,
    ZERO,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    subterms,
    summation,
)
from symderiv.terms.contents import holds
from symderiv.terms.letters import bound_letters, free_letters
from symderiv.terms.problem import Definition, Fact, Problem, Symmetry, symmetry_of

if TYPE_CHECKING:
    from symderiv.rules import facts
else:
    facts = late.module("symderiv.rules.facts")

_ARITHMETIC = (Plus, Times, Neg, Quotient, Power)


@dataclass
class Known:
    """The facts of a problem, and what its judge proves of its stages, as rules for a line."""

    problem: Problem
    judge: Judging
    _sums: dict[tuple[str, int], list[Rule]] = field(default_factory=dict)
    _symmetric: dict[str, bool] = field(default_factory=dict)

    def rules(self, line: Expr) -> list[Rule]:
        """Declared sums, and sums of named quantities whose value follows from the definition."""
        rules: list[Rule] = []
        for fact in self.problem.facts:
            symmetry = symmetry_of(fact)
            if symmetry is not None:
                rules.append(facts.symmetric(symmetry))
            elif isinstance(fact.relation, sympy.Eq):
                rules.append(facts.known_sum(fact, "declared assumption"))
                rules.append(facts.known_part(fact, "declared assumption"))
                if isinstance(fact.relation.lhs, Plus):
                    rules.append(facts.gathered(fact, "gathering the terms of the assumption"))
        stages = [stage for stage in self.problem.stages if stage.quantity.indices]
        if not stages or not holds(line, Quantity):
            return rules
        found = list(subterms(line))
        shown = {t for t in found if isinstance(t, Quantity)}
        summed = {pair for t in found if isinstance(t, Sum) for pair in _summed(t, frozenset())}
        for stage in stages:
            own = [t for t in shown if t.name == stage.name]
            for place in range(len(stage.quantity.indices)):
                if (stage.name, place) in summed:
                    rules.extend(self._proved_sums(stage, place))
            if len(own) > 1:
                rules.extend(self._proved_symmetry(stage))
        return rules

    def _proved_symmetry(self, stage: Definition) -> list[Rule]:
        """q_ij is q_ji, where the judge proves it; it is asked where a line holds several q."""
        indices = stage.quantity.indices
        if len(indices) != 2 or len(set(self.problem.shapes[stage.name])) != 1:
            return []
        if stage.name not in self._symmetric:
            turned = Quantity(stage.quantity.symbol, *reversed(indices))
            proof = self.judge(stage.quantity, turned).proof(stage.quantity, turned)
            self._symmetric[stage.name] = proof is not None
        if not self._symmetric[stage.name]:
            return []
        return [facts.symmetric(Symmetry(stage.name, (1, 0)), f"{stage.name} is symmetric")]

    def _proved_sums(self, stage: Definition, place: int) -> list[Rule]:
        """Σ over that index of a stage, where the judge proves that it is 1 or 0."""
        found = self._sums.get((stage.name, place))
        if found is None:
            found = self._sums[stage.name, place] = []
            high = self.problem.shapes[stage.name][place]
            total = summation(stage.quantity, cast(Symbol, stage.quantity.indices[place]), high)
            for value in (ONE, ZERO) if not high.is_Integer else ():
                if self.judge(total).proof(total, value) is not None:
                    fact = Fact(sympy.Eq(total, value, evaluate=False), proved=True)
                    name = f"{stage.name} sums to {'one' if value == 1 else 'zero'}"
                    found += [facts.known_sum(fact, name), facts.known_part(fact, name)]
                    break
        return found


def _summed(term: Basic, bound: frozenset[Symbol]) -> Iterator[tuple[str, int]]:
    """The named quantities that stand as factors or summands under a sum, q of Σ a (q + b), with
    the places of the indices that are summed over.
    """
    if isinstance(term, Quantity):
        for place, index in enumerate(term.indices):
            if free_letters(index) & bound:
                yield term.name, place
    elif isinstance(term, Sum):
        yield from _summed(term.function, bound.union(bound_letters(term)))
    elif isinstance(term, _ARITHMETIC):
        for arg in term.args:
            yield from _summed(arg, bound)
