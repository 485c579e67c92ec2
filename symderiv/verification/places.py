"""Places: where a formula has no value, as a docstring says it.

Gives `place`: an array of a few numbers in full, of a longer one the entries that it is owed to.

Imports exact and points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from symderiv.numbers.exact import Exact
from symderiv.terms.problem import Problem
from symderiv.verification.points import Point

FEW = 4  # entries that are said in full
Array = np.ndarray[Any, Any]


def place(problem: Problem, point: Point, term: Expr, at: Mapping[Symbol, int]) -> str:
    """The place in words, where at this point the term has no value: "x = (0, 2), W[3, 0] = 0".

    Indices count from 0, as in the file.
    """
    given = {name: np.array(value) for name, value in point.given.items()}
    said: list[str] = []
    for name, value in given.items():
        if value.size <= FEW:
            numbers = ", ".join(f"{v:.6g}" for v in value.ravel())
            said.append(f"{name} = {f'({numbers})' if value.ndim else numbers}")
        else:
            said += _owed_to(problem, Point(point.kind, given, point.sizes), name, term, at)
    return ", ".join(said) or ", ".join(f"{s} = {n}" for s, n in point.sizes.items())


def _owed_to(
    problem: Problem, point: Point, name: str, term: Expr, at: Mapping[Symbol, int]
) -> Iterator[str]:
    """The entries of an array that cannot be 1 as well; the others become 1 in it."""
    array = point.given[name]
    for index in np.ndindex(array.shape):
        held = array[index]
        if name not in problem.labels:
            array[index] = 1
            if Exact(problem, point.given, point.sizes).known(term, at) is None:
                continue
            array[index] = held
        yield f"{name}[{', '.join(map(str, index))}] = {held:.6g}"
