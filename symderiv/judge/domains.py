"""Domains: is one side real wherever the other is?

Gives `missing`, a point at which a function and its derivative are real and what is claimed of the
derivative is not: 2 log x for log x², which lives at x < 0 too.  Points at which something is
divided by 0 are no such points: a removable gap is nobody's mistake.

Imports trials, digits and floor 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import sympy
from mpmath import mp
from sympy import Expr

from symderiv.judge.digits import NotReal, Outside, Point, value
from symderiv.judge.trials import FEW_CHOICES, QUICK, Trials
from symderiv.terms import Power, subterms
from symderiv.terms.verdict import Counterexample

# what is not real everywhere, besides a power that is not whole
PARTLY_REAL = (sympy.log, sympy.asin, sympy.acos, sympy.acosh, sympy.atanh)
LARGEST = 2  # the largest size that is tried
DIGITS = (60, 240)  # what is not real at both is not an effect of rounding


def missing(trials: Trials, function: Expr) -> Counterexample | None:
    """A point at which the function and the left side are real, and the right side is not."""
    written = [trials.problem.unfold(t) for t in (function, trials.before, trials.after)]
    known, left, right = (frozenset(_partial(t)) for t in written)
    if right <= known | left:
        return None
    for case in trials.cases(LARGEST, FEW_CHOICES):
        whole = case.world.plain(function, case.letters)
        for point in trials.points(case, QUICK):
            if _real(whole, point) and _real(case.left, point) and _unreal(case.right, point):
                with mp.workdps(DIGITS[0]):
                    found = mp.nstr(value(case.left, point, {}), 12)
                return trials.shown(case, point, found, "not real")
    return None


def _partial(term: Expr) -> Iterator[Expr]:
    """The roots, logarithms, powers and inverses in a term that are not real everywhere."""
    for t in subterms(term):
        if isinstance(t, PARTLY_REAL) or (isinstance(t, Power) and not t.exponent.is_Integer):
            yield cast(Expr, t)


def _real(term: Expr, point: Point) -> bool:
    with mp.workdps(DIGITS[0]):
        try:
            value(term, point, {})
        except Outside:
            return False
    return True


def _unreal(term: Expr, point: Point) -> bool:
    for digits in DIGITS:
        with mp.workdps(digits):
            try:
                value(term, point, {})
            except NotReal:
                continue
            except Outside:
                return False
        return False
    return True
