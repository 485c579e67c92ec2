"""Leaving an axis: x[i+1] where i already runs over all of x.

Gives `leaves`, which names a component of a problem that lies outside its axis for some value of
its letter.  A component beside a bracket that is 0 there is not looked at there, and may leave it:
[s >= 2] a_{s-1}.

Floor 1: imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Quantity
from symderiv.terms.held import beside
from symderiv.terms.letters import BINDERS, bound_letters
from symderiv.terms.problem import Problem, name_of


def leaves(problem: Problem) -> tuple[str, str, str] | None:
    """(array, index, letter) of the first component outside its axis, or None."""
    terms: list[tuple[Basic, Mapping[Symbol, Expr]]] = [(problem.function, problem.ranges)]
    for stage in problem.stages:
        own = dict(zip(stage.quantity.indices, problem.shapes[stage.name], strict=True))
        terms.append((stage.body, {**problem.ranges, **own}))
    for term, ranges in terms:
        found = _leaves(term, ranges, problem, set())
        if found is not None:
            return found
    return None


def _leaves(
    term: Basic,
    ranges: Mapping[Symbol, Expr],
    problem: Problem,
    passed: set[tuple[Basic, tuple[Expr, ...]]],
    held: tuple[Expr, ...] = (),
) -> tuple[str, str, str] | None:
    """The first that is outside.

    `held` is what brackets beside the term keep from below 0; `passed` are the terms over these
    ranges, beside such brackets, in which none is outside.
    """
    if (term, held) in passed:
        return None
    if isinstance(term, Indexed | Quantity):
        shape = problem.shapes.get(name_of(term), ())
        for index, size in zip(term.args[1:], shape, strict=False):
            if isinstance(index, Symbol | Indexed):  # not shifted
                continue
            for letter in index.free_symbols:
                shift = index - letter
                if shift.is_Integer and shift != 0 and ranges.get(letter) == size:
                    room = index - 1 if shift < 0 else size - index
                    if any((room - h).expand().is_nonnegative for h in held):
                        continue
                    return name_of(term), str(index), str(letter)
    if isinstance(term, BINDERS):
        whole = {t[0]: t[2] for t in term.args[1:] if t[1] == 1}  # a part has been fitted
        ranges = {**{s: r for s, r in ranges.items() if s not in bound_letters(term)}, **whole}
        return _leaves(term.args[0], ranges, problem, set(), held)
    for arg in term.args:
        found = _leaves(arg, ranges, problem, passed, (*held, *beside(term, arg)))
        if found is not None:
            return found
    passed.add((term, held))
    return None
