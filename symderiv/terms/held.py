"""Held: what a bracket keeps from below 0 where it is not 0 itself.

Gives `held` and `beside`.  In [s >= 2] a_{s-1} nothing is looked at where s - 2 is negative.

Floor 0: imports the heads.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy import Expr
from sympy.core.basic import Basic

from symderiv.terms.heads import Iverson, Times, release


def held(condition: Basic) -> tuple[Expr, ...]:
    """The expressions that are not negative where a condition between whole numbers holds."""
    left, right = (release(a) for a in condition.args)
    apart = left - right
    if not apart.is_integer:
        return ()
    match condition:
        case sympy.Ge():
            return (apart,)
        case sympy.Gt():
            return (apart - 1,)
        case sympy.Le():
            return (-apart,)
        case sympy.Lt():
            return (-apart - 1,)
        case sympy.Eq():
            return (apart, -apart)
        case _:
            return ()


def beside(term: Basic, factor: Basic) -> Iterator[Expr]:
    """What the brackets of a product keep from below 0 in another factor of it."""
    if isinstance(term, Times):
        for a in term.args:
            if isinstance(a, Iverson) and a is not factor:
                yield from held(a.condition)
