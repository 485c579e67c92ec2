"""Where a derivative does not exist, and what is taken there instead.

Gives `conventions`.

Floor 2: imports floors 0 and 1.  A kink of another kind belongs to `rules.kinks`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from functools import cache

from sympy import Expr

from symderiv.judge import Judge
from symderiv.rules.kinks import Kink, Place, divisors, kinks, one_valued, removable
from symderiv.terms import Quantity
from symderiv.terms.factors import key
from symderiv.terms.problem import Problem

Judging = Callable[..., Judge]  # the judge of lines with the free letters of these terms


def conventions(
    problem: Problem, judge: Judging, f: Expr, x: Expr, answer: Expr
) -> dict[Place, str]:
    """Where f, or a named quantity in it, has no derivative by x as it is written, and what then.

    Parameters
    ----------
    answer : the derivative; a kink that f smooths out, and where it holds, is no exception
    """
    unfold = problem.unfold
    below = cache(lambda: divisors(unfold(f)))  # asked where there is a root
    under = {t.name for t in problem.reached(f) if isinstance(t, Quantity)}
    found = {kink: kink for kink in _kinks(problem, judge, f, x, below)}
    for body in (stage.body for stage in problem.stages if stage.name in under):
        for kink in _kinks(problem, judge, body, x, below):
            found[kink] = kink
            if kink.switch is not None:
                scope = unfold(kink.scope or body)
                found[kink] = replace(kink, switch=unfold(kink.switch), scope=scope)
    if any(kink.switch is not None for kink in found):  # the others are there whatever f is
        f, answer = unfold(f), unfold(answer)

    def equal(a: Expr, b: Expr) -> bool:
        """Surely equal, and with a value: a quotient by 0 is equal to nothing."""
        return judge(a, b).proof(a, b) is not None

    settled = cache(lambda array: one_valued(answer, array, equal))
    places: dict[Place, str] = {}
    for kink, written in found.items():
        if not removable(written, f, settled, equal):
            places.setdefault(kink.place, kink.convention)
    return places


def _kinks(
    problem: Problem, judge: Judging, term: Expr, x: Expr, below: Callable[[], set[Hashable]]
) -> Iterator[Kink]:
    """The places in a term that may be exceptions.

    The foot of a root is none where it is surely positive, or where the function divides by it.
    """
    for kink in kinks(term, lambda t: problem.mentions(t, x)):
        foot = kink.foot
        if foot is None or not (key(problem.unfold(foot)) in below() or judge(foot).positive(foot)):
            yield kink
