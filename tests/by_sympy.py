"""An oracle for lines and answers: sums written out, and derivatives taken by SymPy's own `diff`.

Nothing here is the engine's or the judge's.  `written(term, world)` is ordinary SymPy at chosen
sizes and indices, and `number(expression)` its value to 30 digits at a point that depends on the
names of the symbols alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import Any

import sympy
from mpmath import mp, mpf
from sympy import Expr, Indexed, Symbol

from symderiv import terms
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem

DIGITS = 30
HEADS = {terms.Plus: sympy.Add, sympy.Add: sympy.Add, terms.Times: sympy.Mul, sympy.Mul: sympy.Mul}


@dataclass(frozen=True)
class World:
    """Sizes by name, letters by name, and the stages that are variables, not definitions."""

    problem: Problem
    sizes: Mapping[str, int]
    letters: Mapping[str, int]
    positive: bool = False
    held: frozenset[str] = field(default_factory=frozenset)

    def symbol(self, name: str, indices: Sequence[int]) -> Symbol:
        """The symbol of a component; positive where its value is, so that SymPy can use it."""
        return Symbol(
            "_".join([name, *map(str, indices)]), real=True, positive=self.positive or None
        )


def whole(term: Any, world: World) -> int:
    """An index or a size as a number."""
    if isinstance(term, Symbol):
        return world.letters[term.name] if term.name in world.letters else world.sizes[term.name]
    if isinstance(term, Indexed):  # a label y_n: any number of its axis
        return 1 + sum(whole(a, world) for a in term.indices) % 2
    if isinstance(term, terms.Neg):
        return -whole(term.term, world)
    if term.is_Integer:
        return int(term)
    parts = [whole(a, world) for a in term.args]
    return int(HEADS[type(term)](*parts))


def written(term: Any, world: World) -> Expr:
    """The term as ordinary SymPy."""

    def of(t: Any) -> Expr:
        return written(t, world)

    match term:
        case sympy.Number() | sympy.NumberSymbol():
            return term
        case Symbol() if term.name in world.letters or term.name in world.sizes:
            return sympy.Integer(whole(term, world))
        case Symbol() if "(" in term.name:
            return _of_matrix(term.name, (), world)
        case Symbol():
            return world.symbol(term.name, ())
        case Indexed() if "(" in str(term.base.label):
            at = tuple(whole(a, world) for a in term.indices)
            return _of_matrix(str(term.base.label), at, world)
        case Indexed():
            return world.symbol(str(term.base.label), [whole(a, world) for a in term.indices])
        case terms.Quantity():
            indices = [whole(a, world) for a in term.indices]
            if term.name in world.held:
                return world.symbol(term.name, indices)
            stage = world.problem.definition(term.name)
            names = [str(s) for s in stage.quantity.indices]
            labels = {n: v for n, v in world.letters.items() if n in world.problem.labels}
            inside = {**labels, **dict(zip(names, indices, strict=True))}
            return written(stage.body, replace(world, letters=inside))
        case sympy.Sum() | sympy.Product() | terms.Maximum():
            parts = list(_unrolled(term, world))
            if isinstance(term, sympy.Sum):
                return sympy.Add(*parts)
            if isinstance(term, sympy.Product):
                return sympy.Mul(*parts)
            return (sympy.Min if isinstance(term, terms.Minimum) else sympy.Max)(*parts)
        case sympy.KroneckerDelta():
            return sympy.Integer(whole(term.args[0], world) == whole(term.args[1], world))
        case terms.Iverson():
            condition = term.condition
            return sympy.Piecewise((1, condition.func(*map(of, condition.args))), (0, True))
        case sympy.Derivative():
            return _differentiated(term, world)
        case terms.Quotient(top, bottom):
            return of(top) / of(bottom)
        case terms.Neg(inner):
            return -of(inner)
        case terms.Power(base, exponent):
            return of(base) ** of(exponent)
        case terms.sigmoid():
            return 1 / (1 + sympy.exp(-of(term.args[0])))
        case terms.softplus():
            return sympy.log(1 + sympy.exp(of(term.args[0])))
        case terms.cbrt():
            inner = of(term.args[0])
            return sympy.sign(inner) * sympy.Abs(inner) ** sympy.Rational(1, 3)
        case terms.relu():
            return sympy.Max(0, of(term.args[0]))
        case _:
            return HEADS.get(type(term), term.func)(*map(of, term.args))


def _of_matrix(name: str, at: tuple[int, ...], world: World) -> Expr:
    """inv(X) at indices, det(X) and logdet(X), by SymPy's own matrices."""
    function, _, array = name.rstrip(")").partition("(")
    rows, columns = (whole(s, world) for s in world.problem.shapes[array])
    stage = world.problem.definition(array)

    def entry(a: int, b: int) -> Expr:
        place = (sympy.Integer(a + 1), sympy.Integer(b + 1))
        if stage is None:
            return world.symbol(array, (a + 1, b + 1))
        return written(terms.Quantity(stage.quantity.symbol, *place), world)

    matrix = sympy.Matrix(rows, columns, entry)
    if function == "inv":
        a, b = at
        return matrix.inv()[a - 1, b - 1]
    return matrix.det() if function == "det" else sympy.log(sympy.Abs(matrix.det()))


def _unrolled(term: Any, world: World) -> Iterator[Expr]:
    body, *limits = term.args
    names = [t.args[0].name for t in limits]
    ends = [[whole(e, world) for e in t.args[1:]] for t in limits]
    for values in product(*(range(low, high + 1) for low, high in ends)):
        inside = {**world.letters, **dict(zip(names, values, strict=True))}
        yield written(body, replace(world, letters=inside))


def _differentiated(term: Any, world: World) -> Expr:
    body, variable = term.args[0], term.args[1].args[0]
    if not isinstance(variable, terms.Quantity):
        return written(body, world).diff(written(variable, world))
    inside = replace(world, held=world.held | {variable.name})
    slope = written(body, inside).diff(written(variable, inside))
    stage = world.problem.definition(variable.name)
    shape = [whole(s, world) for s in world.problem.shapes.get(variable.name, ())]
    values = {
        world.symbol(variable.name, at): written(
            terms.Quantity(stage.quantity.symbol, *map(sympy.Integer, at)), world
        )
        for at in product(*(range(1, n + 1) for n in shape))
    }
    return slope.subs(values)


def number(expression: Expr, facts: Mapping[Symbol, Expr] | None = None) -> mpf:
    """The value at a point that depends on the symbols' names alone; `facts` go in first."""
    expression = expression.subs(dict(facts or {}))
    symbols = sorted(expression.free_symbols, key=str)
    function = sympy.lambdify(symbols, expression, "mpmath", cse=True)
    with mp.workdps(DIGITS + 10):
        return +function(*map(_drawn, symbols))


def _drawn(symbol: Symbol) -> mpf:
    value = mpf(Random(symbol.name).randint(100, 1900)) / 1000
    return value if symbol.is_positive or Random(symbol.name + "'").random() < 0.5 else -value


def worlds(
    problem: Problem, *lines: Expr, positive: bool = False, sizes: Sequence[int] = (2, 3)
) -> Iterator[World]:
    """The lines' free letters at these sizes: all equal, and different as far as they go."""
    names = dict.fromkeys(
        str(s)
        for ends in (*problem.shapes.values(), problem.ranges.values())
        for end in ends
        for s in end.free_symbols
    )
    letters = sorted(
        {s.name for line in lines for s in free_letters(line)} & _indices(problem, lines)
    )
    for n in sizes:
        at = {name: n + position % 2 for position, name in enumerate(names)}
        yield World(problem, at, dict.fromkeys(letters, 1), positive)
        yield World(problem, at, {s: 1 + p % 2 for p, s in enumerate(letters)}, positive)


def _indices(problem: Problem, lines: Sequence[Expr]) -> set[str]:
    sizes = {str(s) for ends in problem.shapes.values() for end in ends for s in end.free_symbols}
    found = {s.name for line in lines for s in free_letters(line) if s.is_integer}
    return (found | {s.name for s in problem.ranges}) - sizes


def agree(a: Expr, b: Expr, facts: Mapping[Symbol, Expr] | None = None) -> bool:
    """Are two expressions equal to 30 digits at the point?"""
    left, right = number(a, facts), number(b, facts)
    return bool(abs(left - right) <= mpf(10) ** -DIGITS * (1 + abs(left)))
