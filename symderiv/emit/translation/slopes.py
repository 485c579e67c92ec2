"""Slopes: the derivatives of a function by every input, as one program beside its value.

Gives `slopes`.  By each input a derivative is derived as any other is, then its product with a
cotangent, Σ u_i ∂f_i/∂x_j, or with a tangent, Σ ∂f_i/∂x_j v_j: what autograd asks for.  An input
by which none is derived, or that is declared to sum to 1, is left out, and named.

Imports program and family; floors 0 to 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from sympy import Expr, Indexed, Symbol

from symderiv.derivation import Derivation
from symderiv.derivation.chain import Refusal, Stuck
from symderiv.derivation.textbook import Textbook
from symderiv.emit.family import multiplied
from symderiv.emit.program import Program
from symderiv.mistakes import Mistake, Unanswered
from symderiv.records import dataclass
from symderiv.terms import component, letter, subterms
from symderiv.terms.letters import all_letters, fresh
from symderiv.terms.problem import Problem, name_of


@dataclass(frozen=True)
class Slopes:
    """A program that returns the value and, by each input, a product with a vector.

    Attributes
    ----------
    program : its results are the value, then the products
    by : the inputs of these products
    vectors : the names of what is multiplied: one for all in reverse, else one an input
    """

    program: Program
    by: tuple[str, ...]
    vectors: tuple[str, ...]


def slopes(
    value: Program,
    *,
    reverse: bool,
    settled: Callable[[Derivation], Expr] = lambda derivation: derivation.answer,
) -> Slopes:
    """The derivatives of a function by every input of floats.

    Parameters
    ----------
    value : the program of the function's value
    reverse : are they multiplied by a cotangent, or by a tangent?
    settled : what is computed for the answer of a derivation
    """
    problem, f = value.problem, value.results[0]
    (own,) = value.axes
    floats = [n for n in value.inputs if n not in problem.labels]
    taken = {*problem.shapes, *value.order, *map(str, problem.ranges)}
    declared = {name_of(t) for fact in problem.facts for t in _arrays(fact.relation)}
    by, vectors, results, axes = [], [], [f], [own]
    shapes = dict(problem.shapes)
    if reverse:
        vectors = [_free("u", taken)]
        shapes[vectors[0]] = tuple(problem.ranges[a] for a in own)
    for name in floats:
        letters = _letters(problem, len(value.shape(name)), own)
        derived = None if name in declared else _derivative(value.problem, name, letters, settled)
        if derived is None:
            continue
        answer, whole = derived
        by.append(name)
        if reverse:
            over, kept, vector = own, letters, vectors[0]
        else:
            over, kept, vector = letters, own, _free(f"d{name}", taken)
            vectors.append(vector)
            shapes[vector] = value.shape(name)
        whole = replace(whole, shapes={**whole.shapes, vector: shapes[vector]})
        term, line = multiplied(whole, Textbook(whole), answer, over, vector)
        results.append(line if own else term)  # of a number the gradient keeps its digits
        axes.append(kept)
        problem = replace(problem, ranges={**problem.ranges, **whole.ranges})
    problem = replace(problem, shapes=shapes)
    program = Program(
        f"{value.name}_slopes",
        problem,
        tuple(results),
        tuple(axes),
        extra=tuple(vectors),
        linear=True,
    )
    return Slopes(program, tuple(by), tuple(vectors))


def _arrays(relation: Expr) -> list[Indexed]:
    return [t for t in subterms(relation) if isinstance(t, Indexed)]


def _free(wish: str, taken: set[str]) -> str:
    while wish in taken:
        wish += wish[-1]
    taken.add(wish)
    return wish


def _letters(problem: Problem, many: int, own: Sequence[Symbol]) -> tuple[Symbol, ...]:
    """New letters for the axes of a variable."""
    taken = {*problem.ranges, *own, *all_letters(problem.function)}
    for stage in problem.stages:
        taken |= all_letters(stage.body) | all_letters(stage.quantity)
    found: list[Symbol] = []
    for wish in "jklmnab"[:many]:
        found.append(fresh(letter(wish), {*taken, *found}))
    return tuple(found)


def _derivative(
    problem: Problem, name: str, letters: Sequence[Symbol], settled: Callable[[Derivation], Expr]
) -> tuple[Expr, Problem] | None:
    """The derivative by an array or a number, proved, and its problem; None where there is none."""
    variable = component(name, *letters) if letters else _number(problem, name)
    whole = replace(problem, wrt=(variable,)).ranging(variable)
    try:
        derivation = Textbook(whole).derive()
        derivation.trusted()
    except (Stuck, Refusal, Mistake, Unanswered):
        return None
    return settled(derivation), whole


def _number(problem: Problem, name: str) -> Expr:
    """A given number as the formula has it."""
    for term in (*(s.body for s in problem.stages), problem.function):
        for t in subterms(term):
            if isinstance(t, Symbol) and t.name == name:
                return cast(Expr, t)
    return Symbol(name)
