"""Evaluation: the numbers that stages and adjoints stand for, index by index, as they are defined.

Gives `Definitions` (left sides with their bodies, in order, as Python loops) and `World`, which is
their values for one choice of sizes and inputs.  Nothing is vectorised, simplified or shared with
what writes programs: a sum is a loop, a stage a table of its entries.

Floor 2: imports floor 0.  To add a head: one case in `_Spelling.number`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import CodeType
from typing import Any, cast

import mpmath
import sympy
from sympy import Expr, Indexed, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv import elementwise, terms
from symderiv.derivation.network.matrices import MATRICES
from symderiv.records import dataclass
from symderiv.terms.derived import derived
from symderiv.terms.problem import name_of

Entry = tuple[int, ...]
Table = Mapping[Entry, float]  # a number is a table with the one entry ()
Equation = tuple[terms.Quantity, tuple[Expr, ...], Expr]  # left side, shape, right side


class OffAxis(KeyError):
    """An index beside its axis."""


RELATIONS: Mapping[str, type[ast.cmpop]] = {
    ">": ast.Gt, ">=": ast.GtE, "<": ast.Lt, "<=": ast.LtE, "==": ast.Eq, "!=": ast.NotEq,
}  # fmt: skip
LOOPS: Mapping[type[Basic], str] = {
    Sum: "fsum",
    Product: "prod",
    terms.Maximum: "max",
    terms.Minimum: "min",
}
EXTREMES: Mapping[type[Basic], str] = {sympy.Max: "max", sympy.Min: "min"}


@dataclass(frozen=True, eq=False)
class Steps:
    """Equations of a recurrence: all of them at one step, then all at the next.

    `places` says which index of each left side counts the steps; `back`: from the last step on.
    """

    equations: tuple[Equation, ...]
    places: tuple[int, ...]
    back: bool = False


@dataclass(frozen=True, eq=False)
class Definitions:
    """Equations in order, each right side in what stands before it and in inputs.

    `labels` are the letters that are fixed labels.
    """

    equations: tuple[Equation | Steps, ...]
    labels: frozenset[str] = frozenset()

    @cached_property
    def code(self) -> CodeType:
        spelling = _Spelling(self.labels)
        lines = [line for equation in self.equations for line in spelling.lines(equation)]
        module = ast.Module(lines, [])
        return compile(ast.fix_missing_locations(module), "<definitions>", "exec")

    def world(self, sizes: Mapping[str, int], inputs: Mapping[str, Table]) -> World:
        """The values of all entries.

        Parameters
        ----------
        sizes : every size, by name
        inputs : the entries of given arrays, numbers and labels, which count from 1

        Raises
        ------
        ValueError, ZeroDivisionError, OverflowError
            outside the domain of a function.
        OffAxis
            for an index beside its axis.
        KeyError
            for a name of which nothing is known.
        """
        values: dict[str, Any] = {**KNOWN}
        values |= {_index(name): size for name, size in sizes.items()}
        values |= {_own(name): table for name, table in inputs.items()}
        try:
            exec(self.code, values)
        except KeyError as error:
            if isinstance(error.args[0], tuple):
                raise OffAxis(error.args[0]) from None
            raise
        return World(values)


@dataclass(frozen=True, eq=False)
class World:
    """The values of definitions."""

    values: Mapping[str, Any]

    def table(self, name: str) -> Table:
        """The entries of a stage, adjoint or input, by indices that count from 1."""
        return cast(Table, self.values[_own(name)])

    def number(self, name: str) -> float:
        """The value of what has no indices."""
        return self.table(name)[()]


def _own(name: str) -> str:
    """The name of a table: no function, no word of Python and no letter."""
    return f"v_{name}"


def _index(name: str) -> str:
    """The name of a letter or a size."""
    return f"i_{name}"


def _power(base: float, exponent: float) -> float:
    """A power, which is real."""
    found: float | complex = base**exponent
    if isinstance(found, complex):
        raise ValueError("a root of a negative number")
    return found


class _Floats:
    """What is called mpmath in a spelling, for floats: no value there is a ValueError."""

    def __getattr__(self, name: str) -> Any:
        return getattr(math, name, None) or getattr(mpmath.fp, name)


KNOWN: Mapping[str, Any] = {
    **{
        name: entry.valued(_Floats())
        for name, entry in elementwise.FUNCTIONS.items()
        if "mpmath" in entry.spellings
    },
    **MATRICES,
    "fsum": math.fsum,
    "prod": math.prod,
    "max": max,
    "min": min,
    "power": _power,
    "range": range,
    "reversed": reversed,
    "pi": math.pi,
    "__builtins__": {},
}


def _assign(name: str, code: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], code)


def _call(name: str, args: Iterable[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


@dataclass
class _Spelling:
    """Terms as Python expressions over tables; `labels` are letters that nothing binds here."""

    labels: frozenset[str]

    def under(self, letters: Iterable[Basic]) -> _Spelling:
        """The same where these letters are bound, whatever else has their name."""
        return _Spelling(self.labels - {str(s) for s in letters})

    def lines(self, given: Equation | Steps) -> Iterator[ast.stmt]:
        """An equation as an assignment, a recurrence as a loop over its steps."""
        if not isinstance(given, Steps):
            yield _assign(_own(given[0].name), self.table(*given))
            return
        body: list[ast.stmt] = []
        for (left, shape, term), place in zip(given.equations, given.places, strict=True):
            high = shape[place]
            yield _assign(_own(left.name), ast.Dict([], []))
            body.append(_assign(_index(str(left.indices[place])), ast.Name("step", ast.Load())))
            whole = ast.Name(_own(left.name), ast.Load())
            update = ast.Attribute(whole, "update", ast.Load())
            body.append(ast.Expr(ast.Call(update, [self.table(left, shape, term, place)], [])))
        values = self.loop(Symbol("step"), sympy.S.One, high).iter
        if given.back:
            values = _call("reversed", [values])
        yield ast.For(ast.Name("step", ast.Store()), values, body, [])

    def table(
        self, left: terms.Quantity, shape: Sequence[Expr], body: Expr, step: int | None = None
    ) -> ast.expr:
        """All entries of a left side, or those of one step."""
        inner = self.under(left.indices)
        key = ast.Tuple([inner.index(a) for a in left.indices], ast.Load())
        value = inner.number(body)
        loops = [
            self.loop(cast(Symbol, letter), sympy.S.One, high)
            for n, (letter, high) in enumerate(zip(left.indices, shape, strict=True))
            if n != step
        ]
        if not loops:
            return ast.Dict([key], [value])
        return ast.DictComp(key, value, loops)

    def loop(self, letter: Symbol, low: Basic, high: Basic) -> ast.comprehension:
        end = ast.BinOp(self.index(high), ast.Add(), ast.Constant(1))
        values = _call("range", [self.index(low), end])
        return ast.comprehension(ast.Name(_index(letter.name), ast.Store()), values, [], 0)

    def entry(self, name: str, indices: Sequence[Basic]) -> ast.expr:
        key = ast.Tuple([self.index(a) for a in indices], ast.Load())
        found = derived(name)
        if found is not None:
            name = found.array
        table: ast.expr = ast.Name(_own(name), ast.Load())
        if found is not None:
            table = _call(found.function, [table])
        return ast.Subscript(table, key, ast.Load())

    def index(self, term: Basic) -> ast.expr:
        """A subscript or the end of a range."""
        match term:
            case sympy.Integer():
                return ast.Constant(int(term))
            case Symbol() if term.name in self.labels:
                return self.entry(term.name, ())
            case Symbol():
                return ast.Name(_index(term.name), ast.Load())
            case Indexed():
                return self.entry(name_of(term), term.indices)
            case sympy.Add() | terms.Plus():
                return self.folded(ast.Add(), map(self.index, term.args))
            case sympy.Mul() | terms.Times():
                return self.folded(ast.Mult(), map(self.index, term.args))
            case terms.Neg():
                return ast.UnaryOp(ast.USub(), self.index(term.term))
        raise KeyError(str(term))

    @staticmethod
    def folded(op: ast.operator, parts: Iterable[ast.expr]) -> ast.expr:
        first, *rest = parts
        for part in rest:
            first = ast.BinOp(first, op, part)
        return first

    def number(self, term: Basic) -> ast.expr:
        """A term as a number, its letters bound by the loops round it."""
        match term:
            case Indexed():
                return self.entry(name_of(term), term.indices)
            case terms.Quantity():
                return self.entry(term.name, term.indices)
            case Symbol():
                return self.index(term) if term.is_integer else self.entry(term.name, ())
            case sympy.Rational():
                return ast.BinOp(ast.Constant(int(term.p)), ast.Div(), ast.Constant(int(term.q)))
            case KroneckerDelta():
                left, right = map(self.index, term.args)
                return ast.Compare(left, [ast.Eq()], [right])
            case terms.Iverson():
                left, right = map(self.number, term.condition.args)
                return ast.Compare(left, [RELATIONS[term.condition.rel_op]()], [right])
            case Sum() | Product() | terms.Maximum():
                inner = self.under(t.args[0] for t in term.args[1:])
                loops = [inner.loop(*t.args) for t in term.args[1:]]
                body = ast.GeneratorExp(inner.number(term.args[0]), loops)
                return _call(LOOPS[type(term)], [body])
            case terms.Times() | sympy.Mul():
                return self.product(term.args)
            case terms.Plus() | sympy.Add():
                return self.folded(ast.Add(), map(self.number, term.args))
            case terms.Neg():
                return ast.UnaryOp(ast.USub(), self.number(term.term))
            case terms.Quotient(above, below):
                return ast.BinOp(self.number(above), ast.Div(), self.number(below))
            case terms.Power() | sympy.Pow():
                return _call("power", map(self.number, term.args))
        if term == sympy.pi:
            return ast.Name("pi", ast.Load())
        entry = elementwise.of_head(type(term))
        name = EXTREMES.get(type(term), "") if entry is None else entry.name
        if name not in KNOWN:
            raise KeyError(str(term))
        return _call(name, map(self.number, term.args))

    def product(self, factors: Sequence[Basic]) -> ast.expr:
        """A product; where a bracket in it is 0, what it guards is not looked at."""
        guards = [a for a in factors if isinstance(a, terms.Iverson | KroneckerDelta)]
        guards.sort(key=lambda a: bool(a.atoms(Indexed)))  # those that look nothing up come first
        others = [self.number(a) for a in factors if a not in guards]
        value = self.folded(ast.Mult(), others) if others else ast.Constant(1.0)
        if not guards:
            return value
        test = ast.BoolOp(ast.And(), [*map(self.number, guards), ast.Constant(True)])
        return ast.IfExp(test, value, ast.Constant(0.0))
