"""Closing: from the last derivative that was taken to the closed form in the named quantities.

Gives `Closing`, whose `simplify` and `shorter` add those lines to a chain.

Floor 2: imports floors 0 and 1, `chain`, `known`, `rewrite` and `routes`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import sympy
from sympy import Expr
from sympy.core.basic import Basic

from symderiv.derivation.chain import Chain, Refusal, Stuck
from symderiv.derivation.known import Known
from symderiv.derivation.rewrite import Group, grouped, innermost, repeated
from symderiv.derivation.routes import Route
from symderiv.records import dataclass
from symderiv.rules import folding, inverses, masks, order, sums
from symderiv.rules.collecting import count
from symderiv.rules.registry import Rule
from symderiv.terms import subterms
from symderiv.terms.contents import contents
from symderiv.terms.factors import key
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength


@dataclass
class Closing:
    """Brings the last lines of derivations of one problem to their closed form."""

    problem: Problem
    route: Route
    known: Known

    def simplify(self, chain: Chain, but: str = "") -> None:
        """Add lines, each by the first group of rules that changes anything, to the last one.

        The body of the stage `but` is not called by its name.

        Raises
        ------
        Refusal
            where the judge does not pass one.
        """
        while self._advance(chain, but):
            pass

    def shorter(self, chain: Chain, name: str) -> Chain:
        """The chain to its closed form, in which the function's own name stands if that is shorter.

        What is called so in one term has no common factor with the others.
        """
        plain = replace(chain, steps=list(chain.steps), seen=set(chain.seen))
        self.simplify(chain)
        if name not in contents(chain.line).names:
            return chain
        try:
            self.simplify(plain, name)
        except (Refusal, Stuck):
            return chain
        return min(chain, plain, key=_reading)

    def _advance(self, chain: Chain, but: str) -> bool:
        for group in self._groups(chain.line):
            if group is self._folds:
                group = self._folding(but)
                after, rules = repeated(group, chain.line)
            else:
                sealed = self._sealed(chain.line, group)
                line = substitute(chain.line, sealed) if sealed else chain.line
                after, rules = innermost(group, line)
                if sealed:
                    after = substitute(after, {name: t for t, name in sealed.items()})
            if rules and chain.advance(after, rules):
                return True
        return False

    def _groups(self, line: Expr) -> Iterator[Group]:
        yield from self._before_known
        yield grouped(self.known.rules(line))
        yield from self._after_known

    @cached_property
    def _before_known(self) -> list[Group]:
        return list(map(grouped, order.BEFORE_FOLDING))

    @cached_property
    def _after_known(self) -> list[Group]:
        unmasked = [masks.unmasked(s) for s in self.problem.stages]
        *closing, last = self.route.closing
        before = (*self._own, *order.SUMS[1:], *self.route.before_folding)
        return [*map(grouped, before), self._folds, *map(grouped, (*closing, unmasked, last))]

    @cached_property
    def _folds(self) -> Group:
        return self._folding("")

    def _folding(self, but: str) -> Group:
        stages = (s for s in reversed(self.problem.stages) if s.name != but)
        return grouped([folding.folding(s) for s in stages])

    @cached_property
    def _own(self) -> list[Sequence[Rule]]:
        """Sifting at the sizes that the problem presumes, and a matrix by its inverse is 1."""
        sifting = (sums.sifting_within(self.problem.least_sizes()),)
        return [sifting, (inverses.unit(self.problem),)] if self.problem.inverts else [sifting]

    def _sealed(self, line: Expr, group: Group) -> dict[Basic, Basic]:
        """What the author typed and a rule keeps as it is, each with a name that stands for it.

        What has letters is none of it, since a name would hide its letters from a sum.
        """
        heads = tuple(order.KEEPING[rule] for rule in group.rules if rule in order.KEEPING)
        if not heads or not self._typed:
            return {}
        found = (t for t in subterms(line) if isinstance(t, heads) and _is_whole(t))
        return {t: sympy.Dummy() for t in found if key(t) in self._typed}

    @cached_property
    def _typed(self) -> set[Hashable]:
        bodies = (self.problem.function, *(stage.body for stage in self.problem.stages))
        return {key(t) for body in bodies for t in subterms(body) if _is_whole(t)}


def _reading(chain: Chain) -> tuple[bool, int]:
    """How much there is to read in the last line; what is proved comes first."""
    proved = all(step.verdict.strength is Strength.PROVED for step in chain.steps)
    return not proved, count(chain.line)


def _is_whole(term: Basic) -> bool:
    """Is it a function's value or a sum of terms, without an index?"""
    if not isinstance(term, tuple(order.KEEPING.values())):
        return False
    return not any(s.is_integer and not s.is_positive for s in free_letters(term))
