"""Smoothing: the slope of a function where the kinks of its terms cancel.

Gives `smoothed`.  max(x, 0) + log(1 + e^{-|x|}) has a slope at 0, and its terms have none: with the
conventional ones, 0 for both, the answer is 0 there and the slope is 1/2.  From one side, with
[x ≥ 0] and with 1 for sign(x), it is the slope of a function that has one; and what autograd makes
of it is the second slope, as |x| has the slope 1 there too.  Where that is of no side, the mean of
what it is with [u > 0] and with [u ≥ 0] is, as sign(x) is 0 there, that of both sides.

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
from symderiv.terms import (
    ONE,
    Iverson,
    Neg,
    Quotient,
    Times,
    bottom_up,
    plus,
    release,
    subterms,
)
from symderiv.terms.factors import factored
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
    with mpmath.workdps(DIGITS):
        for other in (_from_one_side, _mean):
            where = _smooth(program, other(program.results[0]))
            if where is not None:
                return (other(answer), where) if where else (answer, "")
    return answer, ""  # a kink that stays, and its convention


def _smooth(program: Program, other: Expr) -> str | None:
    """Where the answer is not the slope and the other one is; None if that is not so everywhere."""
    where = ""
    for slope, usual, between, there in _kinks(program, other):
        if slope is None or abs(between - slope) > CLOSE * (1 + abs(slope)):
            return None
        if abs(usual - slope) > CLOSE * (1 + abs(slope)):
            where = where or there
    return where


def _kinks(
    program: Program, other: Expr
) -> Iterator[tuple[mpmath.mpf | None, mpmath.mpf, mpmath.mpf, str]]:
    """Where the two answers differ: the slope if there is one, both answers, and the place."""
    (answer,), (axes,) = program.results, program.axes
    for point in tried(program):
        exact = Exact(program.problem, point.given, point.sizes)
        for _, at in components(program, point, axes):
            usual, between = exact.known(answer, at), exact.known(other, at)
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


def _from_one_side(term: Expr) -> Expr:
    """The term as if what each bracket and each sign is of were a little larger."""

    def turned(t: Basic) -> Basic:
        if isinstance(t, sympy.sign):
            above = Iverson(sympy.Ge(t.args[0], 0, evaluate=False))
            return plus(Times(Integer(2), above), Neg(ONE))
        if not _of_numbers(t):
            return t
        condition = cast(Iverson, t).condition
        is_so = isinstance(condition, sympy.Lt | sympy.Ge)
        return t if is_so != _falls(*condition.args) else _turned(t)

    return cast(Expr, bottom_up(term, turned))


def _falls(left: Expr, right: Expr) -> bool:
    """Is it of the negative of something that its left side is larger than its right, as -x > 0?"""
    side, sign = (right, -1) if left == 0 else (left, 1)
    return bool(factored(side).coefficient * sign < 0)


def _mean(term: Expr) -> Expr:
    """The mean of the term and of that in which brackets hold where their sides are equal.

    Each is whole, so that what a bracket hides stays hidden.
    """
    return Quotient(plus(term, cast(Expr, bottom_up(term, _turned))), Integer(2))


def _turned(t: Basic) -> Basic:
    """A bracket of numbers as it is where its sides are equal, if it is not so as it stands."""
    if not _of_numbers(t):
        return t
    return Iverson(Basic.__new__(OTHER[type(t.condition)], *t.condition.args))
