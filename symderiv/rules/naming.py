"""The rules that know the problem: definitions, lemmas and the chain.

Gives makers of rules.  A rule made here carries the definition, the finished derivation or the
fact that it cites, so that the line it makes can say which.

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.rules import differentiation as calculus
from symderiv.rules.differentiation import parts
from symderiv.rules.registry import Law, Rule, held, made, of_parts
from symderiv.terms import (
    ZERO,
    D,
    Partial,
    Quantity,
    letter,
    summation,
    times,
)
from symderiv.terms.letters import all_fresh, all_letters, rename_bound, substitute
from symderiv.terms.matching import match
from symderiv.terms.problem import Definition, Problem

THROUGH = "chain-rule"  # the identifier of the rule that goes through a stage


@lru_cache(maxsize=64)
def definition_of(stage: Definition) -> Rule:
    """p_i -> its definition."""

    def unfold(term: Basic) -> Expr | None:
        if isinstance(term, Quantity) and term.name == stage.name:
            return stage.at(term)
        return None

    return made("definition", f"definition of {stage.name}", unfold, of=Quantity)


def independent(problem: Problem) -> Rule:
    """A named quantity that does not depend on the variable is a constant."""

    def constant(u: Expr, x: Expr) -> Expr | None:
        return None if problem.mentions(u, x) else ZERO

    return replace(calculus.constant, function=held(of_parts(constant)))


def citing(statement: Expr, answer: Expr, name: str) -> Rule:
    """The finished derivation `statement = answer` as a rule, at any indices."""
    q, x = cast(Partial, statement).parts
    general = (t for t in (q, x) if isinstance(t, Indexed | Quantity))
    letters = frozenset(a for t in general for a in t.args[1:] if isinstance(a, Symbol))

    def cite(term: Partial) -> Expr | None:
        if term.parts == (q, x):
            return answer
        found = match(statement, term, letters) if isinstance(q, Quantity) else iter(())
        for binding in found:
            return substitute(rename_bound(answer, all_letters(term)), dict(binding))
        return None

    return made("lemma", name, cite, of=Partial)


def chain_through(stage: Definition, problem: Problem, target: Expr) -> Rule:
    """∂f/∂x -> Σ_m (∂f/∂q_m)(∂q_m/∂x), where f depends on x through q alone."""
    name = stage.name

    def chain(f: Expr, x: Expr) -> Expr | None:
        if (f, x) != parts(target):
            return None
        named = map(letter, (*problem.labels, *problem.shapes))
        taken = {*all_letters(f), *all_letters(x), *named}
        indices = all_fresh(stage.quantity.indices, taken)
        q = Quantity(stage.quantity.symbol, *indices)
        body: Expr = times(D(f, q), D(q, x))
        for index, high in reversed(list(zip(indices, problem.shapes[name], strict=True))):
            body = cast(Expr, summation(body, index, high))
        return body

    by = "q[m]" if stage.quantity.indices else "q"
    product = f"D(f, {by})*D({by}, x)"
    law = Law("D(f, x)", f"sum({product}, m)" if stage.quantity.indices else product)
    return made(THROUGH, f"chain rule through {name}", of_parts(chain), law, of=Partial)
