"""The rules that know the problem: definitions, lemmas and the chain.

Gives makers of rules.  A rule made here carries the definition, the finished derivation or the
fact that it cites, so that the line it makes can say which.

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.rules import differentiation as calculus
from symderiv.rules.differentiation import parts
from symderiv.rules.registry import Law, Rule, made
from symderiv.terms import (
    ZERO,
    D,
    Partial,
    Quantity,
    letter,
    summation,
    times,
)
from symderiv.terms.letters import all_letters, fresh, rename_bound, substitute
from symderiv.terms.problem import Definition, Problem, name_of

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

    def constant(term: Basic) -> Expr | None:
        match parts(term):
            case (u, x) if not problem.mentions(u, x):
                return ZERO
        return None

    known = calculus.constant
    return made(known.identifier, known.name, constant, *known.laws, of=Partial)


def citing(statement: Expr, answer: Expr, name: str) -> Rule:
    """The finished derivation `statement = answer` as a rule, at any indices."""
    q, x = cast("tuple[Expr, Expr]", parts(statement))
    letters = [
        a
        for t in (q, x)
        if isinstance(t, Indexed | Quantity)
        for a in t.args[1:]
        if isinstance(a, Symbol)
    ]

    def cite(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None:
            return None
        if found == (q, x):
            return answer
        if not isinstance(q, Quantity) or not _alike(q, found[0]) or not _alike(x, found[1]):
            return None
        moved: dict[Basic, Basic] = {}
        for pattern, actual in ((q, found[0]), (x, found[1])):
            for a, b in zip(pattern.args[1:], actual.args[1:], strict=False):
                if a in letters:
                    if moved.setdefault(a, b) != b:
                        return None
                elif a != b:
                    return None
        return substitute(rename_bound(answer, set().union(*map(all_letters, found))), moved)

    return made("lemma", name, cite, of=Partial, body=type(q))


def _alike(a: Expr, b: Expr) -> bool:
    return type(a) is type(b) and name_of(a) == name_of(b) and len(a.args) == len(b.args)


def chain_through(stage: Definition, problem: Problem, target: Expr) -> Rule:
    """∂f/∂x -> Σ_m (∂f/∂q_m)(∂q_m/∂x), where f depends on x through q alone."""
    name = stage.name

    def chain(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None or found != parts(target):
            return None
        f, x = found
        taken = {*all_letters(f), *all_letters(x), *map(letter, problem.labels)}
        indices: list[Symbol] = []
        for a in stage.quantity.indices:
            index = fresh(cast(Symbol, a), taken)
            taken.add(index)
            indices.append(index)
        q = Quantity(stage.quantity.symbol, *indices)
        body: Expr = times(D(f, q), D(q, x))
        for index, high in reversed(list(zip(indices, problem.shapes[name], strict=True))):
            body = cast(Expr, summation(body, index, high))
        return body

    by = "q[m]" if stage.quantity.indices else "q"
    product = f"D(f, {by})*D({by}, x)"
    law = Law("D(f, x)", f"sum({product}, m)" if stage.quantity.indices else product)
    return made(THROUGH, f"chain rule through {name}", chain, law, of=Partial)
