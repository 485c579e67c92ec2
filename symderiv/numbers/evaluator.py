"""A term at numbers, with as many digits as are asked for, by mpmath, component by component.

Gives `Evaluator`: it reads the held terms as they stand on the page, with sums as loops, and knows
nothing of how they are computed; and `OffAxis`, raised where an index leaves its axis.  How many
digits a value needs is `exact`'s.

Imports floor 0, the register of elementwise functions and mpmath.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, cast

import mpmath
import numpy as np
import sympy
from mpmath.libmp import mpf_sum, round_nearest
from sympy import Indexed, Integer, KroneckerDelta, Product, Rational, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.elementwise import of_head
from symderiv.numbers.matrices import Matrix, Undefined
from symderiv.numbers.work import Spent, spend
from symderiv.records import dataclass
from symderiv.terms import (
    Iverson,
    Maximum,
    Minimum,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    letter,
)
from symderiv.terms.derived import derived
from symderiv.terms.problem import Problem, name_of
from symderiv.terms.remembering import remembered

BRACKETS = (Iverson, KroneckerDelta)
RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
KEPT = (Sum, Product, Maximum, Quotient, Power, sympy.Function)  # dear to work out twice
NAN, ZERO, ONE = mpmath.mpf("nan"), mpmath.mpf(0), mpmath.mpf(1)
LARGEST = mpmath.mpf(10) ** 400  # an exponent; beyond it a power of e takes too long
WIDEST = float(LARGEST**0.5)
LOG_2 = float(np.log(2))
MOST_BITS = 10**200  # what a float still counts
FLOATS = 2200  # bits from the largest float to the smallest
TIED = 10  # of the digits, which may be rounding alone where two values are compared
DEEPEST = 80  # levels of terms through stages, a few calls each, within Python's limit of recursion
At = Mapping[Symbol, int]
Letters = dict[str | Symbol, int]  # a letter by its name, which has a hash sooner


class Beyond(Undefined):
    """A value that there is, and that takes too long to work out; no float holds it."""


class _Deep(Exception):
    """A component to be worked out first: a chain of hundreds of stages is no recursion."""

    def __init__(self, name: str, places: tuple[int, ...], at: Letters) -> None:
        self.stage = name, places, at


class OffAxis(IndexError):
    """An index beside its axis."""


class Evaluator:
    """The values of one problem's terms where its arrays are given.

    given : arrays and scalars by name; labels count from 0
    sizes : the sizes by name
    """

    def __init__(
        self, problem: Problem, given: Mapping[str, Any], sizes: Mapping[str, int]
    ) -> None:
        self.problem = problem
        self.given = {name: np.asarray(value) for name, value in given.items()}
        self.sizes = sizes
        self.widest = 0.0  # the largest exponent of e met,
        self.tail = 0.0  # of those in an error function,
        self.apart = 0.0  # and of what is far larger than something beside it
        self._matrices: dict[tuple[int, str], Matrix] = {}
        self._depth = 0  # of the stages that are being worked out
        self._entries: dict[tuple[str, tuple[int, ...]], mpmath.mpf] = {}
        self._tables: dict[int, dict[tuple[Any, ...], mpmath.mpf]] = {}
        self._turn(mpmath.mp.dps)

    def _turn(self, digits: int) -> None:
        """Look at what is kept with so many digits: by term and its letters, by stage and place."""
        self._kept = self._tables.setdefault(digits, {})

    def at_digits(self, digits: int, term: Basic, at: At) -> mpmath.mpf:
        """The value with so many digits; nan where there is none at that many."""
        try:
            found = self.open(digits, term, at)
        except Beyond:
            raise
        except Undefined:
            return NAN
        return NAN if isinstance(found, mpmath.mpc) else found

    def open(self, digits: int, term: Basic, at: At) -> mpmath.mpf:
        """The same, and nan for 0 · ∞ alone.

        Raises
        ------
        Undefined
            for what has no value.
        """
        with mpmath.workdps(digits):
            self._turn(digits)
            waiting: list[tuple[str, tuple[int, ...], Letters]] = []
            while True:
                self._depth = 0
                try:
                    if not waiting:
                        return self._value(node_of(term), {_key(s): n for s, n in at.items()})
                    self._stage(*waiting[-1])
                    waiting.pop()
                except _Deep as deep:
                    waiting.append(deep.stage)

    def shape(self, name: str) -> tuple[int, ...]:
        """The lengths of the axes of a stage or a given array."""
        return tuple(self._whole(node_of(n), {}) for n in self.problem.shapes.get(name, ()))

    def places(self, name: str) -> Iterator[tuple[int, ...]]:
        """Its places, counted from 1."""
        return product(*(range(1, n + 1) for n in self.shape(name)))

    def array(self, digits: int, stage: Quantity) -> np.ndarray[Any, Any]:
        """The entries of a stage as floats; nan where there is none at so many digits."""
        every = (dict(zip(stage.indices, at, strict=True)) for at in self.places(stage.name))
        entries = [float(self.at_digits(digits, stage, at)) for at in every]
        return np.array(entries).reshape(self.shape(stage.name))

    def _value(self, node: Node, at: Letters) -> mpmath.mpf:
        if not node.kept:
            return self._worked(node, at)
        key = (node, *map(at.get, node.symbols))
        found = self._kept.get(key)
        if found is None:
            spend(1 + (mpmath.mp.dps / 1000) ** 2)
            found = self._kept[key] = self._worked(node, at)
        return found

    def _worked(self, node: Node, at: Letters) -> mpmath.mpf:
        return node.work(self, node, at)

    def _number(self, node: Node, at: Letters) -> mpmath.mpf:
        term = node.term
        if isinstance(term, Rational):
            return _rational(mpmath.mp.dps, int(term.p), int(term.q))
        return mpmath.mpf(cast(sympy.NumberSymbol, term).evalf(mpmath.mp.dps + 5))

    def _symbol(self, node: Node, at: Letters) -> mpmath.mpf:
        if node.letter in at:
            return _count(at[node.letter])
        s = cast(Symbol, node.term)
        if (found := derived(s.name)) is not None:
            return self.matrix(found.array).number(found.function)
        if s.name in self.problem.labels:
            return mpmath.mpf(int(self.given[s.name]) + 1)
        if s.name in self.sizes and s.is_integer and s.is_positive:
            return mpmath.mpf(self.sizes[s.name])
        return self._given(s.name, ())

    def _component(self, node: Node, at: Letters) -> mpmath.mpf:
        places = tuple([self._whole(i, at) for i in node.args[1:]])
        found = self._entries.get((node.name, places))
        if found is not None:
            return found
        return self._placed(node.name, places, isinstance(node.term, Quantity), at)

    def _placed(self, name: str, places: tuple[int, ...], stage: bool, at: Letters) -> mpmath.mpf:
        if (found := derived(name)) is not None:
            return self.matrix(found.array).inverse[places[0] - 1, places[1] - 1]
        return self._stage(name, places, at) if stage else self._given(name, places)

    def _stage(self, name: str, places: tuple[int, ...], at: Letters) -> mpmath.mpf:
        key = name, places
        if key not in self._kept:
            stage = self.problem.definition(name)
            assert stage is not None
            _check_inside(name, places, self.shape(name))
            own = dict(zip(map(_key, stage.quantity.indices), places, strict=True))
            free = {s: n for s, n in at.items() if not places}
            body = node_of(stage.body)
            if self._depth and self._depth + body.depth > DEEPEST:
                raise _Deep(name, places, at)
            self._depth += body.depth
            self._kept[key] = self._value(body, {**free, **own})
            self._depth -= body.depth
        return self._kept[key]

    def _given(self, name: str, places: tuple[int, ...]) -> mpmath.mpf:
        key = name, places
        if key not in self._entries:
            self._entries[key] = self._entry(name, places)
        return self._entries[key]

    def _entry(self, name: str, places: tuple[int, ...]) -> mpmath.mpf:
        """A given number, or a component of a given array."""
        array = self.given[name]
        _check_inside(name, places, array.shape)
        value = array[tuple(n - 1 for n in places)]
        if name in self.problem.labels:
            return mpmath.mpf(int(value) + 1)
        return mpmath.mpf(value if isinstance(value, mpmath.mpf) else float(value))

    def _whole(self, node: Node, at: Letters) -> int:
        """An index, or the end of a range."""
        if node.whole is not None:
            return node.whole
        found = at.get(node.letter)  # a letter, without a detour by mpmath
        return int(self._value(node, at)) if found is None else found

    def _total(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        values = [*values]
        parts = [v._mpf_ for v in values]
        sizes = [exp + bc for _, man, exp, bc in parts if man]  # those of 0, inf and nan aside
        apart = max(sizes) - min(sizes) if sizes else 0
        self.apart = max(self.apart, _exponent(apart))  # the smallest may be all that is left
        if apart <= mpmath.mp.prec:
            return mpmath.mp.make_mpf(mpf_sum(parts, mpmath.mp.prec, round_nearest))
        with mpmath.workprec(mpmath.mp.prec + min(apart, FLOATS)):
            total = mpmath.fsum(values)
        return +total

    def _plus(self, node: Node, at: Letters) -> mpmath.mpf:
        return self._total([self._value(a, at) for a in node.args])

    def _neg(self, node: Node, at: Letters) -> mpmath.mpf:
        return -self._value(node.args[0], at)

    def _quotient(self, node: Node, at: Letters) -> mpmath.mpf:
        top, bottom = node.args
        if self._hidden(top, at):
            return ZERO
        below = self._value(bottom, at)
        above = self._value(top, at)
        if below == 0:
            raise Undefined(node.term)
        return above / below

    def _extreme(self, node: Node, at: Letters) -> mpmath.mpf:
        values = [self._value(a, at) for a in node.args]
        return max(values) if isinstance(node.term, sympy.Max) else min(values)

    def _delta(self, node: Node, at: Letters) -> mpmath.mpf:
        a, b = node.args
        return ONE if self._value(a, at) == self._value(b, at) else ZERO

    def _bracket(self, node: Node, at: Letters) -> mpmath.mpf:
        (relation,) = node.args
        a, b = (self._value(x, at) for x in relation.args)
        if abs(a - b) < abs(a) * mpmath.mpf(10) ** (TIED - mpmath.mp.dps):  # 3 e x and 3 (e x)
            a = b
        return ONE if RELATIONS[cast(Relational, relation.term).rel_op](a, b) else ZERO

    def matrix(self, name: str) -> Matrix:
        """The matrix of that name with its inverse, given or a stage."""
        key = mpmath.mp.dps, name
        if key not in self._matrices:
            self._matrices[key] = Matrix(self._rows(name))
        return self._matrices[key]

    def _rows(self, name: str) -> list[list[mpmath.mpf]]:
        rows = range(1, self.shape(name)[0] + 1)
        stage = self.problem.definition(name) is not None
        return [[self._placed(name, (i, j), stage, {}) for j in rows] for i in rows]

    def _product(self, node: Node, at: Letters) -> mpmath.mpf:
        if self._hidden(node, at):
            return ZERO
        factors = [self._value(a, at) for a in node.args if not isinstance(a.term, BRACKETS)]
        return prod(factors[1:], start=factors[0]) if factors else ONE

    def _hidden(self, node: Node, at: Letters) -> bool:
        """Is a bracket in a product 0, so that nothing beside it matters?"""
        return any(self._value(guard, at) == 0 for guard in _guards(node))

    def _power(self, node: Node, at: Letters) -> mpmath.mpf:
        base, exponent = node.args
        b, e = self._value(base, at), self._value(exponent, at)
        if b == 0 and e < 0:
            raise Undefined(base.term)
        found = b**e
        if isinstance(found, mpmath.mpc):
            raise Undefined(base.term)
        return found

    def _over(self, node: Node, at: Letters) -> mpmath.mpf:
        body, *limits = node.args
        places: list[Letters] = [at]
        for k, low, high in (limit.args for limit in limits):
            places = [
                {**p, k.letter: n}
                for p in places
                for n in range(self._whole(low, p), self._whole(high, p) + 1)
            ]
        values = [self._value(body, p) for p in places]
        match node.term:
            case Sum():
                return self._total(values)
            case Product():
                return prod(values, start=mpmath.mp.one)
            case Minimum():
                return min(values)
            case _:
                return max(values)

    def _function(self, node: Node, at: Letters) -> mpmath.mpf:
        term = node.term
        x = self._value(node.args[0], at)
        if mpmath.isfinite(x):
            if isinstance(term, sympy.exp | sympy.sinh | sympy.cosh) and abs(x) > LARGEST:
                raise Beyond(f"{term} is beyond all numbers")
            tail = isinstance(term, sympy.erf | sympy.erfc)
            wide = min(float(x * x if tail else 2 * abs(x)), WIDEST)
            self.widest = max(self.widest, wide)
            self.tail = max(self.tail, wide) if tail else self.tail
            if x:  # of e^x = 1 + x, x may be all that is left
                self.apart = max(self.apart, _exponent(-mpmath.mag(x)))
        spend((2 if isinstance(term, sympy.erf | sympy.erfc) else 0.2) * (mpmath.mp.dps / 130) ** 2)
        try:
            found = _called(mpmath.mp.dps, type(term), x)
        except (ValueError, ZeroDivisionError) as error:
            raise Undefined(term) from error
        except OverflowError as error:  # whose digits no number counts
            raise Beyond(f"{term} takes too many digits") from error
        except MemoryError as error:  # tanh of e^(1e9): its digits have no room
            raise Spent from error
        if isinstance(found, mpmath.mpc):
            raise Undefined(term)
        return mpmath.mpf(found)


_WORKED: tuple[tuple[tuple[type[Basic], ...], Callable[..., mpmath.mpf]], ...] = (
    ((Rational, sympy.NumberSymbol), Evaluator._number),
    ((Symbol,), Evaluator._symbol),
    ((Indexed, Quantity), Evaluator._component),
    ((Plus, sympy.Add), Evaluator._plus),
    ((Neg,), Evaluator._neg),
    ((Times, sympy.Mul), Evaluator._product),
    ((Quotient,), Evaluator._quotient),
    ((Power,), Evaluator._power),
    ((Sum, Product, Maximum), Evaluator._over),
    ((sympy.Max, sympy.Min), Evaluator._extreme),
    ((KroneckerDelta,), Evaluator._delta),
    ((Iverson,), Evaluator._bracket),
    ((Basic,), Evaluator._function),
)


@dataclass(frozen=True, eq=False)
class Node:
    """A term, and what is asked of it at every point; terms that are equal are one node.

    Attributes
    ----------
    letter : a letter's key, and of another symbol
    symbols : what it may depend on; bound letters too, so that none can be missed
    work : how it is worked out
    kept : is that dear?
    name : of a component
    whole : the number that it is, if it is a whole one
    guards : the brackets of a product or of its negative, those that look nothing up first
    depth : how many levels there are of terms in one another
    """

    term: Basic
    args: tuple[Node, ...]
    letter: str | Symbol
    symbols: tuple[str | Symbol, ...]
    work: Callable[[Evaluator, Node, Letters], mpmath.mpf]
    kept: bool
    name: str
    whole: int | None
    guards: tuple[Node, ...]
    depth: int


def _guards(node: Node) -> tuple[Node, ...]:
    return (node,) if isinstance(node.term, BRACKETS) else node.guards


def _key(symbol: Symbol) -> str | Symbol:
    """Its name where it is a letter, and no other symbol may have that name."""
    return symbol.name if symbol == letter(symbol.name) else symbol


@remembered
def node_of(term: Basic) -> Node:
    """The node of a term."""
    args = tuple(map(node_of, term.args))
    named = isinstance(term, Indexed | Quantity)
    letters = {s for a in args[named:] for s in a.symbols}
    own = _key(term) if isinstance(term, Symbol) else ""
    guards = (
        [g for a in args for g in _guards(a)] if isinstance(term, Neg | Times | sympy.Mul) else []
    )
    return Node(
        term,
        args,
        own,
        (own,) if own else tuple(letters),
        next(work for types, work in _WORKED if isinstance(term, types)),
        isinstance(term, KEPT),
        name_of(term) if named else "",
        int(term) if isinstance(term, Integer) else None,
        tuple(sorted(guards, key=lambda guard: guard.term.has(Indexed))),
        1 + max((a.depth for a in args), default=0),
    )


def _check_inside(name: str, places: Sequence[int], ends: Sequence[int]) -> None:
    if any(not 1 <= n <= size for n, size in zip(places, ends, strict=True)):
        raise OffAxis(f"{name}[{places}] is outside its axes {ends}")


def _exponent(bits: int) -> float:
    """Of so many bits the exponent of e, twice, for they may be lost twice."""
    return 2 * LOG_2 * max(min(bits, MOST_BITS), 0)


@remembered
def _called(digits: int, head: type[Basic], x: mpmath.mpf) -> Any:
    """A function at a number: a program and its derivatives are tried at the same points."""
    entry = of_head(head)
    assert entry is not None, head.__name__
    return entry.at(x)


@lru_cache(maxsize=1024)
def _count(n: int) -> mpmath.mpf:
    return mpmath.mpf(n)


@lru_cache(maxsize=1024)
def _rational(digits: int, p: int, q: int) -> mpmath.mpf:
    return mpmath.mpf(p) / q
