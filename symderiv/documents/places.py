"""Places: where in a line its rules were applied, and with what in the letters of their laws.

Gives `places`: a step taken apart, each application of a rule as `before = after` on its own, with
u, v, … of the law where it is an instance of it.  The rules are applied once more, from outside in
or from inside out as the engine does; where that does not give the line again, nothing is said.

Floor 4: imports floors 0 to 2.

To add a rule that knows the problem: its maker in `_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import cast

from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation, Step
from symderiv.derivation.rewrite import WAYS, Application, Group, everywhere
from symderiv.records import dataclass
from symderiv.rules import folding, naming
from symderiv.rules.order import RULES
from symderiv.rules.registry import Law, Rule, made
from symderiv.terms import Quantity, subterms
from symderiv.terms.arrangement import arranged
from symderiv.terms.factors import key, tidy
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.matching import match

X = Symbol("x")
CITING = {"lemma", "first-derivative"}  # the rules that cite a lemma
LAWS = 1024  # of which the patterns are kept, as the laws themselves are
PASSES = 8  # times that a line is gone through: what one rule makes the next may be used on


@dataclass(frozen=True)
class Place:
    """One application: the rule, what it was applied to, what came of it.

    `letters` are those of the law with what they stand for; `lemma` the derivation that was cited.
    """

    rule: Rule
    before: Expr
    after: Expr
    letters: tuple[tuple[Symbol, Expr], ...] = ()
    lemma: Derivation | None = None


def places(step: Step, derivation: Derivation) -> tuple[Place, ...]:
    """Every application of a rule that made the step, once each; none where they are not found."""
    cited = _cited(step, derivation)
    rules = [*_rules(step, derivation), *cited]
    group = Group(tuple(rules))
    for way in WAYS:
        found: list[Application] = []
        line = step.before
        for _ in range(PASSES):
            now, more = everywhere(way, group, line)
            found += more
            if arranged(now, derivation.order) == step.after:
                once = {(a.before, a.after): a for a in found}
                return tuple(Place(*a, _letters(a), cited.get(a.rule)) for a in once.values())
            if not more:
                break
            line = now
    return ()


def _rules(step: Step, derivation: Derivation) -> Iterator[Rule]:
    """The rules that the step names, as the engine had them."""
    problem = derivation.problem
    for identifier in step.identifiers:
        if identifier == "definition":
            for stage in problem.stages:
                yield from (naming.definition_of(stage), folding.folding(stage))
        elif identifier == "chain-rule":
            yield from (naming.chain_through(s, problem, step.before) for s in problem.stages)
        elif identifier in RULES:
            if identifier == "constants":
                yield naming.independent(problem)
            yield RULES[identifier]


def _cited(step: Step, derivation: Derivation) -> dict[Rule, Derivation]:
    """The lemmas that the step may cite, as rules."""
    if not CITING & {*step.identifiers}:
        return {}
    return {
        made("lemma", x.title, partial(_as_it_stands, x))
        if "first-derivative" in step.identifiers
        else naming.citing(x.statement, x.answer, x.title): x
        for x in derivation.lemmas
    }


def _as_it_stands(lemma: Derivation, term: Basic) -> Expr | None:
    return lemma.answer if term == lemma.statement else None


def _letters(place: Application) -> tuple[tuple[Symbol, Expr], ...]:
    """What the letters of the law stand for, where both its sides are the place's."""
    for law in place.rule.laws:
        before, after = _pattern(law)
        letters = frozenset(cast("set[Symbol]", free_letters(before)))
        for binding in match(before, place.before, letters):
            instance = tidy(substitute(after, dict(binding)))
            if instance == place.after or key(instance) == key(place.after):
                shown = sorted(binding.items(), key=lambda pair: pair[0].name)
                return tuple((name, term) for name, term in shown if name != X and name != term)
    return ()


@lru_cache(maxsize=LAWS)
def _pattern(law: Law) -> tuple[Expr, Expr]:
    """The sides of a law, its unknown functions of no index as letters."""
    sides = law.identity.before, law.identity.after
    unknown = {
        t: t.symbol for side in sides for t in subterms(side)
        if isinstance(t, Quantity) and not t.indices
    }  # fmt: skip
    before, after = (cast(Expr, substitute(side, dict(unknown))) for side in sides)
    return before, after
