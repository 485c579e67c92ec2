"""First and second derivatives at a point, by central differences in many digits.

Gives `Slope` (a value and what it may be off by) and `slope`.  A place where a neighbour takes
another branch (a kink, a jump, a tie that breaks) has no slope: `Disputed`.

Imports arithmetic, evaluator and language.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import product
from typing import Any

from mpmath import mp, mpf

from tests.opponent.arithmetic import Disputed, NoValue
from tests.opponent.evaluator import Evaluator
from tests.opponent.language import Key, indices_of, name_of


@dataclass(frozen=True)
class Slope:
    value: Any
    error: Any


def variable(node: ast.expr, evaluator: Evaluator) -> Key:
    """The component that a variable is at the point."""
    if isinstance(node, ast.Subscript):
        return (name_of(node.value), *(evaluator.index(i, {}) for i in indices_of(node)))
    return (name_of(node),)


def moved(evaluator: Evaluator, function: ast.expr, shifts: dict[Key, Any]) -> tuple[Any, Any]:
    """The value with components moved, and the branches taken."""
    evaluator.moved, evaluator.known, evaluator.branches = shifts, {}, []
    evaluator.lossy = False
    try:
        value = evaluator.value(function, {})
        return value, tuple(evaluator.branches)
    finally:
        evaluator.moved, evaluator.known = {}, {}


def difference(evaluator: Evaluator, function: ast.expr, keys: list[Key], h: Any) -> Slope:
    total, scale = mpf(0), mpf(1)
    _, here = moved(evaluator, function, {})
    for signs in product((1, -1), repeat=len(keys)):
        shifts: dict[Key, Any] = {}
        for key, sign in zip(keys, signs, strict=True):
            shifts[key] = shifts.get(key, 0) + sign * h
        try:
            value, there = moved(evaluator, function, shifts)
        except NoValue as error:
            raise Disputed("the function ends there") from error
        if there != here:
            raise Disputed("another branch next to it")
        total += value * mp.fprod(signs)
        scale = max(scale, abs(value))
    order = len(keys)
    return Slope(total / (2 * h) ** order, mpf(10) ** (8 - mp.dps) * scale / h**order)


def slope(evaluator: Evaluator, function: ast.expr, variables: tuple[ast.expr, ...]) -> Slope:
    """The derivative of the function by the variables, one after the other.

    Raises
    ------
    NoValue
        where the function has no value.
    Disputed
        where it has no slope, or none that differences find.
    """
    keys = [variable(v, evaluator) for v in variables]
    h = mpf(10) ** (-mp.dps // (3 if len(keys) == 1 else 4))
    wide = difference(evaluator, function, keys, h)
    near = difference(evaluator, function, keys, h / 8)
    error = abs(wide.value - near.value) + near.error
    if error > mpf(10) ** -20 * (abs(near.value) + 1):
        raise Disputed("differences do not settle")
    return Slope(near.value, error)
