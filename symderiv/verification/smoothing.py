"""Smoothing: the slope of a function where the kinks of its terms cancel.

Gives `smoothed`.  max(x, 0) + log(1 + e^{-|x|}) has a slope at 0, and its terms have none: with the
conventional ones, 0 for both, the answer is 0 there and the slope is 1/2.  With brackets that are
1/2 where their sides are equal, as sign(x) is 0 there, every term is the mean of both sides, and so
is the sum: the slope of a function that has one.

Imports slopes and tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import mpmath
import sympy
from sympy import Expr, Integer
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.emit.family import answer_program
from symderiv.emit.program import Program
from symderiv.terms import Iverson, Quotient, bottom_up, plus, subterms
from symderiv.verification.exact import DIGITS, Beyond, Exact
from symderiv.verification.matrices import Undefined
from symderiv.verification.places import place
from symderiv.verification.slopes import sides
from symderiv.verification.tried import components, tried

CLOSE = 1e-6
OTHER: dict[type[Basic], type[Basic]] = {  # the bracket that differs where both sides are equal
    sympy.StrictGreaterThan: sympy.GreaterThan,
    sympy.GreaterThan: sympy.StrictGreaterThan,
    sympy.StrictLessThan: sympy.LessThan,
    sympy.LessThan: sympy.StrictLessThan,
}


def smoothed(derivation: Derivation) -> tuple[Expr, str]:
    """The answer for a program, and where it is another than the page's, in words.

    It is another only where the trial finds kinks that cancel, and none that stays.
    """
    answer = derivation.answer
    if not derivation.exceptions or len(derivation.problem.wrt) != 1 or not _bracketed(answer):
        return answer, ""
    program = answer_program(derivation)
    mean = _mean(program.results[0])
    where = ""
    with mpmath.workdps(DIGITS):
        for slope, usual, between, there in _kinks(program, mean):
            if slope is None or abs(between - slope) > CLOSE * (1 + abs(slope)):
                return answer, ""  # a kink that stays, and its convention
            if abs(usual - slope) > CLOSE * (1 + abs(slope)):
                where = where or there
    return (_mean(answer), where) if where else (answer, "")


def _kinks(
    program: Program, mean: Expr
) -> Iterator[tuple[mpmath.mpf | None, mpmath.mpf, mpmath.mpf, str]]:
    """Where the two answers differ: the slope if there is one, both answers, and the place."""
    (answer,), (axes,) = program.results, program.axes
    for point in tried(program):
        exact = Exact(program.problem, point.given, point.sizes)
        for _, at in components(program, point, axes):
            try:
                usual, between = exact.value(answer, at), exact.value(mean, at)
            except (Undefined, Beyond):
                continue
            if usual == between:
                continue
            both = sides(program, point, at)
            if both is None:
                continue
            left, right = both
            one = abs(right - left) <= CLOSE * (1 + abs(left))
            slope = (left + right) / 2 if one else None
            yield slope, usual, between, place(program.problem, point, answer, at)


def _bracketed(term: Expr) -> bool:
    return any(isinstance(t, Iverson) and type(t.condition) in OTHER for t in subterms(term))


def _mean(term: Expr) -> Expr:
    """Brackets of inequalities as the mean of the open and the closed one."""

    def halved(t: Basic) -> Basic:
        if not isinstance(t, Iverson) or type(t.condition) not in OTHER:
            return t
        other = Basic.__new__(OTHER[type(t.condition)], *t.condition.args)
        return Quotient(plus(t, Iverson(other)), Integer(2))

    return cast(Expr, bottom_up(term, halved))
