"""Conventions: how somebody's function wants to be called, found by trying.

Gives `convention`: by name where it has our names, else by place; one row or a batch; with arrays
of NumPy, or of torch or JAX where it takes no others; in another order where it fails in ours; and
which of its results is meant, where it gives a loss and a gradient.

Imports calls, measured and tried.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from symderiv.emit.program import Program
from symderiv.terms.problem import name_of
from symderiv.verification.calls import ARRAYS, Calling, Outcome, called
from symderiv.verification.measured import measured
from symderiv.verification.points import Point
from symderiv.verification.tried import shape

MOST = 4  # arguments whose orders are tried, and points at which they are
NONE = frozenset[str]()
PLACED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def convention(call: Callable[..., Any], program: Program, points: Sequence[Point]) -> Calling:
    """How a function is to be called: the first way in which it gives what has the right shape."""
    ordinary = [p for p in points if p.kind == "ordinary"]
    rows = [p for p in ordinary if any(n > 1 for n in p.sizes.values())]
    apart = {tuple(p.sizes.values()): p for p in rows}  # one of each size: what fits fits them all
    easy = [*apart.values(), *(rows or ordinary)][:MOST]
    libraries = ["numpy", *(name for name in ARRAYS if name in sys.modules)]
    first = _order(call, program)
    free = not first.named and len(first.names) <= MOST
    others = permutations(first.names) if free else ()
    orders = [first, *(replace(first, names=n) for n in others if n != first.names)]
    ways = ((False, NONE, NONE), *((True, *way) for way in batched(program)))
    best, least = _tried(call, program, easy, first)
    for order in orders:
        for library in libraries:
            for batch, whole, once in ways:
                asked = replace(order, library=library, batch=batch, whole=whole, once=once)
                how, far = _tried(call, program, easy, asked)
                if far < least / 2:
                    best, least = how, far
            if least < np.inf:
                return best
    return best


def batched(program: Program) -> list[tuple[frozenset[str], frozenset[str]]]:
    """What has no rows in a batch, each way that there is: weights, and numbers.

    Weights are what a function is differentiated by.
    """
    weights = frozenset(map(name_of, program.problem.wrt))
    floats = (n for n in program.inputs if n not in program.problem.labels)
    numbers = {n for n in floats if not program.shape(n)} | {*map(str, program.sizes)}
    ways = [(w, n) for n in (NONE, frozenset(numbers) - weights) for w in (NONE, weights)]
    return [*dict.fromkeys(ways)]


def outcome(
    call: Callable[..., Any], program: Program, point: Point, how: Calling, *others: Point
) -> Outcome:
    """What a function gives at a point, called so; of a batch the other rows may be others."""
    ours = [{**p.given, **p.sizes} for p in (point, *others)]
    return called(call, [{name: np.asarray(row[name]) for name in how.names} for row in ours], how)


def said(how: Calling, program: Program, results: int) -> list[str]:
    """What is particular about a way of calling, in words."""
    found = []
    if not how.named and [n for n in how.names if n in program.inputs] != [*program.inputs]:
        found.append(f"its arguments are taken to be {', '.join(how.names)}")
    if how.library != "numpy":
        found.append(f"it is given arrays of {how.library}")
    if results > 1:
        found.append(f"of {results} results, number {how.part + 1} is compared")
    return found


def _order(call: Callable[..., Any], program: Program) -> Calling:
    """By name where every name that is asked for is one of ours, also one that does not matter.

    By place it takes what the answer needs, or all that is in the formula, as many as it asks for.
    """
    needed = Calling((*program.inputs, *program.given_sizes))
    try:
        parameters = list(inspect.signature(call).parameters.values())
    except (TypeError, ValueError):
        return needed
    ours = {*program.order, *map(str, program.sizes)}
    asked = {p.name for p in parameters if p.default is p.empty and p.kind in (*PLACED, *NAMED)}
    placed = tuple(p.name for p in parameters if p.kind in PLACED)
    by_name = tuple(p.name for p in parameters if p.kind in NAMED and p.name in ours)
    if any(p.kind is p.VAR_KEYWORD for p in parameters) and not placed:
        by_name = needed.names
    if by_name and asked <= {*by_name}:
        return Calling(by_name, keywords=by_name != placed[: len(by_name)], named=True)
    whole = len(asked) == len(program.order) and len(asked) != len(needed.names)
    return Calling(program.order) if whole else needed


def _tried(
    call: Callable[..., Any], program: Program, easy: Sequence[Point], how: Calling
) -> tuple[Calling, float]:
    """The best of the results, with how far off it is: without end where one has another shape."""
    found = [(p, outcome(call, program, p, how)) for p in easy]
    best, least = how, np.inf
    for part in range(max((len(o.values) for _, o in found), default=0)):
        values = {id(p): v for p, o in found if (v := o.value(part)) is not None}
        shapes = {id(p): shape(program, p, *program.axes) for p in easy}
        if shapes != {n: v.shape for n, v in values.items()}:
            continue
        far = max(f.scale for f in measured(program, easy, partial(_at, values)))
        far = far if np.isfinite(far) else np.finfo(float).max
        if far <= least:
            best, least = replace(how, part=part), far
    return best, float(least)


def _at(values: Mapping[int, Any], point: Point) -> Any:
    return values[id(point)]
