"""Closing: from the last derivative that was taken to the closed form in the named quantities.

Gives `Closing`, whose `simplify` adds those lines to a chain.

Floor 2: imports floors 0 and 1, `chain`, `known`, `rewrite` and `routes`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property

import sympy
from sympy import Expr
from sympy.core.basic import Basic
from sympy.core.function import Function

from symderiv.derivation.chain import Chain
from symderiv.derivation.known import Known
from symderiv.derivation.rewrite import Group, grouped, innermost, repeated
from symderiv.derivation.routes import Route
from symderiv.records import dataclass
from symderiv.rules import folding, inverses, masks, order, sums
from symderiv.rules.registry import Rule
from symderiv.terms import subterms
from symderiv.terms.factors import key
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.problem import Problem


@dataclass
class Closing:
    """Brings the last lines of derivations of one problem to their closed form."""

    problem: Problem
    route: Route
    known: Known

    def simplify(self, chain: Chain) -> None:
        """Add lines, each by the first group of rules that changes anything, to the last one.

        Raises
        ------
        Refusal
            where the judge does not pass one.
        """
        while self._advance(chain):
            pass

    def _advance(self, chain: Chain) -> bool:
        for group in self._groups(chain.line):
            if group is self._folds:
                after, rules = repeated(group, chain.line)
            elif order.COMMON_FACTOR in group.rules:
                sealed = self._sealed(chain.line)
                after, rules = innermost(group, substitute(chain.line, sealed))
                after = substitute(after, {name: t for t, name in sealed.items()})
            else:
                after, rules = innermost(group, chain.line)
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
        return grouped([folding.folding(s) for s in reversed(self.problem.stages)])

    @cached_property
    def _own(self) -> list[Sequence[Rule]]:
        """Sifting at the sizes that the problem presumes, and a matrix by its inverse is 1."""
        sifting = (sums.sifting_within(self.problem.least_sizes()),)
        return [sifting, (inverses.unit(self.problem),)] if self.problem.inverts else [sifting]

    def _sealed(self, line: Expr) -> dict[Basic, Basic]:
        """Values of functions as the author typed them, each with a name that stands for it.

        No common factor is taken out within: tanh(x + a x³) stays.  Those with letters are none of
        them, since a name would hide its letters from a sum.
        """
        if not self._typed:
            return {}
        found = (t for t in subterms(line) if _is_whole(t) and key(t) in self._typed)
        return {t: sympy.Dummy() for t in found}

    @cached_property
    def _typed(self) -> set[Hashable]:
        bodies = (self.problem.function, *(stage.body for stage in self.problem.stages))
        return {key(t) for body in bodies for t in subterms(body) if _is_whole(t)}


def _is_whole(term: Basic) -> bool:
    """Is it a function's value without letters?"""
    return isinstance(term, Function) and not any(s.is_integer for s in free_letters(term))
