"""Sums without one of their terms: what softmax leaves of 1."""

from __future__ import annotations

from typing import Any

from symderiv.atoms.entries import put, without
from symderiv.atoms.entry import Atom

_put, _without = put, without  # as a program calls them


def rest(e: Any) -> Any:
    """The sum of each row without its largest term."""
    return _without(e, e.argmax(-1))


def others(e: Any) -> Any:
    """For each term of a row of positive ones, the sum of the others."""
    top = e.argmax(-1)
    few = _without(e, top)
    return _put(e.sum(-1)[..., None] - e, top, few)  # far from 0 but for the largest


ATOMS = (
    Atom(
        "others",
        "1 - exp(z[i])/sum(exp(z[k]), k)",
        "sum((1 - delta(k,i))*exp(z[k]), k)/sum(exp(z[k]), k)",
        others,
    ),
    Atom(
        "rest",
        "log(exp(z[y])/sum(exp(z[k]), k))",
        "-log(1 + sum((1 - delta(k,y))*exp(z[k]), k)/exp(z[y]))",
        rest,
    ),
)
