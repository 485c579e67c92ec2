"""Smoothing: the slope of a function where the kinks of its terms cancel.

Gives `smoothed`.  max(x, 0) + log(1 + e^{-|x|}) has a slope at 0, and its terms have none: with the
conventional ones, 0 for both, the answer is 0 there and the slope is 1/2.  The mean of what it
is with [x > 0] and with [x ≥ 0] is, as sign(x) is 0 there, the mean of both sides: the slope of a
function that has one.

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
from symderiv.numbers.exact import DIGITS, Exact
from symderiv.terms import Iverson, Quotient, bottom_up, plus, release, subterms
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
            usual, between = exact.known(answer, at), exact.known(mean, at)
            if usual is None:
                continue
            if between is None:  # what a bracket hid at a tie
                yield None, usual, usual, ""
                continue
            both = None if usual == between else sides(program, point, at)
            if both is not None:
                left, right = both
                one = abs(right - left) <= CLOSE * (1 + abs(left))
                slope = (left + right) / 2 if one else None
                yield slope, usual, between, place(program.problem, point, answer, at)


def _bracketed(term: Expr) -> bool:
    return any(map(_of_numbers, subterms(term)))


def _of_numbers(term: Basic) -> bool:
    """Is it a bracket of numbers, and not of indices, which have no sides?"""
    if not isinstance(term, Iverson) or type(term.condition) not in OTHER:
        return False
    return not all(release(cast(Expr, side)).is_integer for side in term.condition.args)


def _mean(term: Expr) -> Expr:
    """The mean of the term and of that in which brackets hold where their sides are equal.

    Each is whole, so that what a bracket hides stays hidden.
    """

    def turned(t: Basic) -> Basic:
        if not _of_numbers(t):
            return t
        return Iverson(Basic.__new__(OTHER[type(t.condition)], *t.condition.args))

    return Quotient(plus(term, cast(Expr, bottom_up(term, turned))), Integer(2))
