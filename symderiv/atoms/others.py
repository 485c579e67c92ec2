"""Sums without one of their terms: what softmax leaves of 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def rest(e: Any) -> Any:
    """The sum of each row without its largest term."""
    e = e.copy()
    np.put_along_axis(e, e.argmax(-1)[..., None], 0, -1)
    return e.sum(-1)


def others(e: Any) -> Any:
    """For each term of a row of positive ones, the sum of the others."""
    top = e.argmax(-1)[..., None]
    few = e.copy()
    np.put_along_axis(few, top, 0, -1)
    left = e.sum(-1)[..., None] - e  # far from 0 but for the largest
    np.put_along_axis(left, top, few.sum(-1)[..., None], -1)
    return left


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
