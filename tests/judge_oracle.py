"""A second opinion on lines, for the tests of the judge: plain evaluation, nothing of the judge.

`value(term, world)` evaluates a term at concrete sizes with mpmath, derivatives by a central
difference at so many digits that they are good to 30.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

import mpmath
import sympy
from mpmath import mp, mpf
from sympy import Expr, Indexed, Symbol

from symderiv import terms
from symderiv.terms.problem import Problem

DIGITS, STEP = 110, mpf(10) ** -30


@dataclass
class World:
    """Sizes, and a value for every component and scalar, drawn when it is first asked for."""

    problem: Problem
    sizes: dict[str, int]
    random: Random
    positive: bool = False
    values: dict[Any, Any] = field(default_factory=dict)
    fixed: dict[Any, Any] = field(default_factory=dict)  # stages held while differentiating

    def drawn(self, key: Any) -> Any:
        if key not in self.values:
            low = 0.2 if self.positive else -1.7
            self.values[key] = mpf(self.random.uniform(low, 1.9))
        return self.values[key]


def index(term: Any, world: World, letters: dict[Symbol, int]) -> int:
    match term:
        case sympy.Integer():
            return int(term)
        case Symbol():
            return letters[term] if term in letters else world.sizes[term.name]
        case Indexed():
            key = (str(term.base.label), tuple(index(i, world, letters) for i in term.indices))
            return 1 + (hash(key[1]) + len(key[0])) % 2
        case terms.Plus() | sympy.Add():
            return sum(index(a, world, letters) for a in term.args)
        case terms.Neg():
            return -index(term.term, world, letters)
        case sympy.Mul() | terms.Times():
            return index(term.args[0], world, letters) * index(term.args[1], world, letters)
    raise NotImplementedError(str(term))


def value(term: Any, world: World, letters: dict[Symbol, int]) -> Any:
    def of(t: Any) -> Any:
        return value(t, world, letters)

    match term:
        case sympy.Rational():
            return mpf(int(term.p)) / int(term.q)
        case Symbol() if term.is_integer:
            return mpf(index(term, world, letters))
        case Symbol():
            return world.drawn((term.name,))
        case Indexed():
            key = (str(term.base.label), *(index(i, world, letters) for i in term.indices))
            return world.drawn(key)
        case terms.Quantity():
            key = (term.name, *(index(i, world, letters) for i in term.indices))
            if key in world.fixed:
                return world.fixed[key]
            stage = world.problem.definition(term.name)
            inner = dict(zip(stage.quantity.indices, key[1:], strict=True))
            labels = {s: n for s, n in letters.items() if s.name in world.problem.labels}
            return value(stage.body, world, {**labels, **inner})
        case sympy.Sum() | sympy.Product() | terms.Maximum():
            body, *limits = term.args
            names = [t.args[0] for t in limits]
            ranges = [
                range(*(index(e, world, letters) + n for n, e in enumerate(t.args[1:])))
                for t in limits
            ]
            parts = [
                value(body, world, {**letters, **dict(zip(names, v, strict=True))})
                for v in product(*ranges)
            ]
            if isinstance(term, sympy.Sum):
                return mpmath.fsum(parts)
            if isinstance(term, sympy.Product):
                return mpmath.fprod(parts)
            return min(parts) if isinstance(term, terms.Minimum) else max(parts)
        case sympy.KroneckerDelta():
            a, b = (index(t, world, letters) for t in term.args)
            return mpf(a == b)
        case terms.Iverson():
            return mpf(holds(term.condition, of))
        case sympy.Derivative():
            return slope(term, world, letters)
        case terms.Plus() | sympy.Add():
            return mpmath.fsum(of(a) for a in term.args)
        case terms.Times() | sympy.Mul():
            if any(is_mask(a) and of(a) == 0 for a in term.args):
                return mpf(0)  # what a mask leaves out need not have a value
            return mpmath.fprod(of(a) for a in term.args)
        case terms.Quotient(a, b):
            above = of(a)
            factors = a.args if isinstance(a, terms.Times) else (a,)
            masked = any(is_mask(t) and of(t) == 0 for t in factors)
            return mpf(0) if masked else above / of(b)
        case terms.Neg(a):
            return -of(a)
        case terms.Power() | sympy.Pow():
            return of(term.args[0]) ** of(term.args[1])
        case terms.sigmoid():
            return 1 / (1 + mpmath.exp(-of(term.args[0])))
        case terms.softplus():
            return mpmath.log(1 + mpmath.exp(of(term.args[0])))
        case terms.relu():
            return max(mpf(0), of(term.args[0]))
        case sympy.Max():
            return max(of(a) for a in term.args)
        case sympy.Min():
            return min(of(a) for a in term.args)
        case sympy.Abs():
            return abs(of(term.args[0]))
        case sympy.Function():
            return getattr(mpmath, type(term).__name__)(*(of(a) for a in term.args))
        case _ if term == sympy.pi:
            return +mp.pi
    raise NotImplementedError(str(type(term)))


def is_mask(term: Any) -> bool:
    """A delta, or 1 minus a delta."""
    if isinstance(term, terms.Plus) and len(term.args) == 2 and term.args[0] == 1:
        return isinstance(term.args[1], terms.Neg) and is_mask(term.args[1].term)
    return isinstance(term, sympy.KroneckerDelta)


def holds(condition: Any, of: Any) -> bool:
    difference = of(condition.args[0]) - of(condition.args[1])
    name = type(condition).__name__
    return {
        "StrictGreaterThan": difference > 0, "GreaterThan": difference >= 0,
        "StrictLessThan": difference < 0, "LessThan": difference <= 0,
        "Equality": difference == 0, "Unequality": difference != 0,
    }[name]  # fmt: skip


def slope(term: Any, world: World, letters: dict[Symbol, int]) -> Any:
    """A central difference; nested derivatives take nested differences."""
    body, variable = term.args[0], term.args[1].args[0]
    indices = getattr(variable, "indices", ())
    name = (
        variable.name if isinstance(variable, terms.Quantity | Symbol) else str(variable.base.label)
    )
    key = (name, *(index(i, world, letters) for i in indices))
    if isinstance(variable, terms.Quantity):
        return stage_slope(body, variable, key, world, letters)
    before = world.drawn(key)
    try:
        ends = []
        for sign in (1, -1):
            world.values[key] = before + sign * STEP
            ends.append(value(body, world, letters))
    finally:
        world.values[key] = before
    return (ends[0] - ends[1]) / (2 * STEP)


def stage_slope(body: Any, variable: Any, key: Any, world: World, letters: Any) -> Any:
    """By a named stage: all its components are held, one of them is moved."""
    stage = world.problem.definition(variable.name)
    shape = world.problem.shapes.get(variable.name, ())
    outer = dict(world.fixed)
    for values in product(*(range(1, index(s, world, {}) + 1) for s in shape)):
        quantity = terms.Quantity(stage.quantity.symbol, *values)
        world.fixed[(variable.name, *values)] = value(quantity, world, letters)
    held = world.fixed[key]
    ends = []
    for sign in (1, -1):
        world.fixed[key] = held + sign * STEP
        ends.append(value(body, world, letters))
    world.fixed = outer
    return (ends[0] - ends[1]) / (2 * STEP)


def share_out(world: World) -> None:
    """Values for a declared sum(y) = 1: the only kind of fact that the tests here declare."""
    for fact in world.problem.facts:
        total = fact.relation.args[0]
        name = str(total.args[0].base.label)
        count = index(total.args[1].args[2], world, {})
        parts = [mpf(world.random.uniform(0.1, 1)) for _ in range(count)]
        for n, part in enumerate(parts):
            world.values[name, n + 1] = part / mpmath.fsum(parts)


def differ(problem: Problem, before: Expr, after: Expr, free: dict[Symbol, str]) -> bool | None:
    """Do two lines differ at sizes 2 and 3?  None where nothing could be evaluated."""
    seen = False
    with mp.workdps(DIGITS):
        for base, seed, positive in ((2, 0, False), (3, 1, True), (2, 2, True), (3, 3, False)):
            names = dict.fromkeys(
                str(s) for shape in (*problem.shapes.values(), problem.ranges.values())
                for size in shape for s in size.free_symbols
            )  # fmt: skip
            sizes = {name: base + n % 2 for n, name in enumerate(names)}
            ranges = [range(1, sizes.get(free[s], 2) + 1) for s in free]
            choices = list(product(*ranges))
            Random(seed).shuffle(choices)
            for choice in choices[:12]:
                world = World(problem, sizes, Random(seed), positive)
                letters = dict(zip(free, choice, strict=True))
                share_out(world)
                try:
                    a, b = value(before, world, letters), value(after, world, letters)
                except (ZeroDivisionError, ValueError):
                    continue
                if isinstance(a, mpmath.mpc) or isinstance(b, mpmath.mpc):
                    continue
                seen = True
                if abs(a - b) > mpf(10) ** -20 * (1 + abs(a) + abs(b)):
                    return True
    return False if seen else None
