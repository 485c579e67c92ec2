"""Sums without one of their terms: what softmax leaves of 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def rest(e: Any) -> Any:
    """The sum of each row without its largest term, which is 0 meanwhile."""
    at = (*np.indices(e.shape[:-1], sparse=True), e.argmax(-1))
    top, e[at] = e[at], 0
    total, e[at] = e.sum(-1), top
    return total


def others(e: Any) -> Any:
    """For each term of a row of positive ones, the sum of the others."""
    total = e.sum(-1, keepdims=True) - e  # far from 0 but for the largest term
    at = (*np.indices(e.shape[:-1], sparse=True), e.argmax(-1))
    top, e[at] = e[at], 0
    total[at], e[at] = e.sum(-1), top
    return total


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
