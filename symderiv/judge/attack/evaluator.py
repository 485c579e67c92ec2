"""Lines evaluated at points: sums written out, derivatives by tangents; no law of algebra at all.

`Evaluator(problem, world, arithmetic).value(term)` is the value of a term at the points of a
world, an array with one number for each point.

A bound letter is an axis of the arrays, in front of the others, so that a sum is a sum over the
first axis.  A stage is a table over its indices, made once.  A derivative gives its variable a
tangent (`duals`) and reads off the tangent of the body; a stage that something is differentiated
by is an array of its own until then.  A factor that is 0 by its indices or its brackets is a mask:
what it multiplies is not looked at, so that δ_i1 log(δ_i1 x_i) is 0 for i = 2.

Imports floor 0, duals and arithmetic.  To add a head: one method under `VALUES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

import numpy as np
import sympy
from sympy import Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.attack import duals, matrices
from symderiv.judge.attack.arithmetic import Arithmetic
from symderiv.judge.attack.duals import Dual, Number
from symderiv.judge.attack.worlds import World
from symderiv.judge.known import KNOWN
from symderiv.terms.derived import derived
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem, name_of

MOST_CELLS = 4_000_000  # numbers in one array
LONGEST = 5000  # values of one letter


class Beyond(Exception):
    """A term that cannot be evaluated, or one that takes too much."""


class Evaluator:
    """Terms of one problem at the points of one world."""

    def __init__(self, problem: Problem, world: World, arithmetic: Arithmetic) -> None:
        self.problem, self.world, self.arithmetic = problem, world, arithmetic
        self.left_an_axis = False  # did an index go outside its axis, where it counts or not?
        self._tables: dict[tuple[Any, ...], Number] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self._names: dict[Basic, frozenset[str]] = {}
        self.top = Scope(self, None, world.letters, 0, ())

    def value(self, term: Basic) -> Any:
        """The value of a term at every point, nan where it has none."""
        value = np.asarray(duals.plain(self.top.value(term)))
        whole = (self.world.count,)
        return value if value.shape == whole else np.broadcast_to(value, whole)

    def names(self, term: Basic) -> frozenset[str]:
        """The arrays, scalars and stages that a term depends on, through stages too."""
        found = self._names.get(term)
        if found is None:
            match term:
                case terms.Quantity():
                    found = frozenset((term.name,)) | self.reach(term.name)
                    found = found.union(*(self.names(i) for i in term.indices))
                case Indexed():
                    found = self._named(name_of(term)).union(*map(self.names, term.indices))
                case Symbol():
                    found = self._named(term.name)
                case _:
                    found = frozenset().union(*map(self.names, term.args))
            self._names[term] = found
        return found

    def _named(self, name: str) -> frozenset[str]:
        """The array or number of that name, and what it is derived from."""
        found = derived(name)
        if found is None:
            return frozenset((name,))
        return frozenset((name, found.array)) | self.reach(found.array)

    def reach(self, stage: str) -> frozenset[str]:
        """What the definition of a stage depends on."""
        if stage not in self._reach:
            definition = self.problem.definition(stage)
            self._reach[stage] = frozenset()  # a stage in terms of itself does not end here
            if definition is not None:
                self._reach[stage] = self.names(definition.body)
        return self._reach[stage]


class Seed:
    """What is differentiated by: a name, its indices as arrays, and the level of its tangent."""

    __slots__ = ("indices", "level", "name", "scope")

    def __init__(self, name: str, indices: list[Any], level: int, scope: Scope) -> None:
        self.name, self.indices, self.level, self.scope = name, indices, level, scope


class Scope:
    """Where a term is evaluated: the letters and their values, and what has tangents."""

    def __init__(
        self,
        evaluator: Evaluator,
        parent: Scope | None,
        letters: dict[Symbol, Any],
        depth: int,
        seeds: tuple[Seed, ...],
        letter: Symbol | None = None,
        seed: Seed | None = None,
    ) -> None:
        self.evaluator, self.parent, self.letters = evaluator, parent, letters
        self.depth, self.seeds, self.letter, self.seed = depth, seeds, letter, seed
        self.arithmetic = evaluator.arithmetic
        self._values: dict[Basic, Number] = {}
        self._children: dict[Any, Any] = {}

    # -- scopes inside ---------------------------------------------------------------------

    def bound(self, letter: Symbol, low: int, high: int) -> Scope:
        """The scope inside a binder, in which the letter has all values from low to high."""
        key = (letter, low, high)
        if key not in self._children:
            count = max(high - low + 1, 0)
            cells = count * self.evaluator.world.count
            if count > LONGEST or cells > MOST_CELLS:
                raise Beyond("too many terms to write out")
            depth = self.depth + 1
            values = np.arange(low, high + 1).reshape((count,) + (1,) * depth)
            letters = {**self.letters, letter: values}
            self._children[key] = Scope(
                self.evaluator, self, letters, depth, self.seeds, letter=letter
            )
        return cast(Scope, self._children[key])

    def moving(self, variable: Basic) -> Scope:
        """The scope under a derivative, in which the variable has a tangent."""
        if variable not in self._children:
            indices = [self.index(i) for i in getattr(variable, "indices", ())]
            seed = Seed(name_of(variable), indices, len(self.seeds) + 1, self)
            self._children[variable] = Scope(
                self.evaluator,
                self,
                self.letters,
                self.depth,
                (*self.seeds, seed),
                seed=seed,
            )
        return cast(Scope, self._children[variable])

    # -- values ------------------------------------------------------------------------------

    def value(self, term: Basic) -> Number:
        """The value of a term here."""
        if self.parent is not None:
            if self.letter is not None and self.letter not in free_letters(term):
                return self.parent.value(term)
            if self.seed is not None and self.seed.name not in self.evaluator.names(term):
                return self.parent.value(term)
        found = self._values.get(term)
        if found is None:
            head = type(term)
            method = _METHODS.get(head)
            if method is None:
                method = next((VALUES[t] for t in head.__mro__ if t in VALUES), None)
                if method is None:
                    raise Beyond(f"{head.__name__} has no value")
                _METHODS[head] = method
            found = self._values[term] = method(self, term)
        return found

    def index(self, term: Basic) -> Any:
        """A subscript or the end of a range, as whole numbers."""
        match term:
            case sympy.Integer():
                return np.array(int(term))
            case Symbol() if term in self.letters:
                return self.letters[term]
            case Symbol() if term.name in self.evaluator.world.sizes:
                return np.array(self.evaluator.world.sizes[term.name])
            case Indexed() if name_of(term) in self.evaluator.world.labels:
                table = self.evaluator.world.labels[name_of(term)]
                cells, inside = self._cells(table, [self.index(i) for i in term.indices])
                return np.where(inside, table[cells], 0)
            case terms.Plus() | sympy.Add():
                return sum(self.index(a) for a in term.args)
            case terms.Neg():
                return -self.index(term.term)
            case terms.Times() | sympy.Mul():
                product = np.array(1)
                for a in term.args:
                    product = product * self.index(a)
                return product
            case _:
                raise Beyond(f"nothing is known of the index {term}")

    def _cells(self, table: Any, indices: list[Any]) -> tuple[tuple[Any, ...], Any]:
        """Where to look in a table [index, …, point], and whether that is inside it."""
        inside: Any = np.array(True)
        cells = []
        for index, high in zip(indices, table.shape, strict=False):
            inside = inside & (index >= 1) & (index <= high)
            cells.append(_within(index - 1, high))
        cells.append(np.arange(self.evaluator.world.count))
        return tuple(cells), inside

    def given(self, name: str, indices: list[Any]) -> Number:
        """A component of a given array, or a scalar, with its tangents."""
        world = self.evaluator.world
        if (found := derived(name)) is not None:
            return matrices.component(self, found, indices)
        table = world.arrays.get(name)
        if table is None:
            raise Beyond(f"no value for {name}")
        if len(indices) != table.ndim - 1:
            raise Beyond(f"{name} with {len(indices)} indices")
        cells, inside = self._cells(table, indices)
        value = table[cells]
        if not inside.all():
            self.evaluator.left_an_axis = True
            value = self.arithmetic.where(inside, value, self.arithmetic.outside)
        return self._moving(name, indices, value)

    def entries(self, array: str) -> matrices.Entries:
        """The entries of a matrix, row by row, with their tangents.

        Raises
        ------
        Beyond
            where it is larger than is expanded.
        """
        key = ("entries", array)
        if key not in self._children:
            high, _ = self._shape(array)
            if high > matrices.LARGEST:
                raise Beyond(f"a matrix of size {high} is not expanded")
            stage = self.evaluator.problem.definition(array) is not None
            of = self.stage if stage else self.given
            places = [np.array(n) for n in range(1, high + 1)]
            self._children[key] = [[of(array, [a, b]) for b in places] for a in places]
        return cast(matrices.Entries, self._children[key])

    def _moving(self, name: str, indices: list[Any], value: Number) -> Number:
        for seed in self.seeds:
            if seed.name == name and len(seed.indices) == len(indices):
                same: Any = np.array(True)
                for a, b in zip(indices, seed.indices, strict=True):
                    same = same & (a == b)
                if np.any(same):
                    value = Dual(seed.level, value, self.arithmetic.integers(same))
        return value

    def stage(self, name: str, indices: list[Any]) -> Number:
        """A stage at indices: its definition, or itself where it is differentiated by."""
        for seed in reversed(self.seeds):
            if seed.name == name:
                return self._moving_stage(seed, name, indices)
        definition = self.evaluator.problem.definition(name)
        if definition is None:
            raise Beyond(f"{name} has no definition")
        letters = definition.quantity.indices
        if len(letters) != len(indices):
            raise Beyond(f"{name} with {len(indices)} indices")
        reach = self.evaluator.reach(name)
        seeds = tuple(s for s in self.seeds if s.name in reach)
        key = (name, seeds)
        tables = self.evaluator._tables
        depth = max((np.ndim(i) - 1 for s in seeds for i in s.indices), default=0)
        depth = max(depth, 0)
        if key not in tables:
            tables[key] = self._table(name, definition, seeds, depth)
        table = tables[key]
        if not letters:
            return table
        shape = self._shape(name)
        return duals.mapped(table, lambda a: self._looked_up(a, indices, shape, depth))

    def _moving_stage(self, seed: Seed, name: str, indices: list[Any]) -> Number:
        value = Scope(self.evaluator, None, self.letters, self.depth, seed.scope.seeds).stage(
            name, indices
        )
        same: Any = np.array(True)
        for a, b in zip(indices, seed.indices, strict=True):
            same = same & (a == b)
        if not np.any(same):
            return value
        return Dual(seed.level, value, self.arithmetic.integers(same))

    def _shape(self, name: str) -> list[int]:
        return [self.evaluator.world.size(s) for s in self.evaluator.problem.shapes[name]]

    def _table(self, name: str, definition: Any, seeds: tuple[Seed, ...], depth: int) -> Number:
        """The values of a stage at all its indices, the last index in front."""
        letters = self.evaluator.top.letters
        scope = Scope(self.evaluator, None, letters, depth, seeds)
        indices = definition.quantity.indices
        if indices:
            for letter, high in zip(indices, self._shape(name), strict=True):
                scope = scope.bound(cast(Symbol, letter), 1, high)
        return scope.value(definition.body)

    def _looked_up(self, table: Any, indices: list[Any], shape: list[int], depth: int) -> Any:
        table = np.asarray(table)
        count = len(shape)
        whole = count + depth + 1
        if table.ndim < whole:
            table = table.reshape((1,) * (whole - table.ndim) + table.shape)
        cells: list[Any] = []
        inside: Any = np.array(True)
        for n in range(count):  # the first axis is that of the last index
            index, high = indices[count - 1 - n], shape[count - 1 - n]
            inside = inside & (index >= 1) & (index <= high)
            wide = table.shape[n] > 1
            cells.append(_within(index - 1, high) if wide else np.array(0))
        for n in range(count, whole):
            extent, behind = table.shape[n], whole - 1 - n
            cells.append(np.arange(extent).reshape((extent,) + (1,) * behind))
        value = table[tuple(cells)]
        if not inside.all():
            self.evaluator.left_an_axis = True
            value = self.arithmetic.where(inside, value, self.arithmetic.outside)
        return value

    # -- products with masks -------------------------------------------------------------------

    def product(self, factors: list[tuple[Basic, int]]) -> Number:
        """The product of factors (term, 1) and divisors (term, -1); masks hide what they kill."""
        masks = [t for t, sign in factors if sign > 0 and is_mask(t)]
        others = [(t, sign) for t, sign in factors if sign < 0 or not is_mask(t)]
        result: Number = None
        for term, sign in others:
            value = self.value(term)
            if sign < 0:
                result = duals.div(self.arithmetic, 1.0 if result is None else result, value)
            else:
                result = value if result is None else duals.mul(result, value)
        for term in masks:
            mask = self.value(term)
            if result is None:
                result = mask
                continue
            zero = self.arithmetic.tied(duals.plain(mask), 0.0)
            if not isinstance(mask, Dual) and not np.any(zero):
                result = duals.mul(mask, result)
                continue
            whole = duals.mul(mask, result)
            result = duals.where(self.arithmetic, zero, mask, whole)
        return self.arithmetic.integers(1) if result is None else result

    # -- letters bound by a head ---------------------------------------------------------------

    def folded(self, term: Any, fold: Callable[[Scope, Number, int, Any], Number]) -> Number:
        """A binder over its letters, the innermost first in `term.args`."""
        return self._folded(term.args[0], list(term.args[1:]), fold)

    def _folded(self, body: Basic, limits: list[Any], fold: Any) -> Number:
        if not limits:
            return self.value(body)
        *inner, (letter, low, high) = limits
        lows, highs = self.index(low), self.index(high)
        least, most = int(np.min(lows)), int(np.max(highs))
        scope = self.bound(letter, least, most)
        value = scope._folded(body, inner, fold)
        mask = None
        if np.size(lows) > 1 or np.size(highs) > 1:
            values = scope.letters[letter]
            mask = (values >= lows) & (values <= highs)
        return cast(Number, fold(scope, value, max(most - least + 1, 0), mask))


def _within(places: Any, count: int) -> Any:
    """Places in a table that has so many, those outside at its ends."""
    return np.minimum(np.maximum(places, 0), count - 1)


# -- folds: what a binder does with the values of its body ---------------------------------------


def _layers(scope: Scope, value: Number, count: int) -> Iterator[Number]:
    """The values at each value of the letter."""

    def layer(a: Any, n: int) -> Any:
        a = np.asarray(a)
        if a.ndim < scope.depth + 1:
            return a
        return a[n if a.shape[0] > 1 else 0]

    for n in range(count):
        yield duals.mapped(value, lambda a, n=n: layer(a, n))  # type: ignore[misc]


def _summed(scope: Scope, value: Number, count: int, mask: Any) -> Number:
    ar = scope.arithmetic
    if not count:
        return ar.integers(0)
    if mask is not None:
        value = duals.where(ar, mask, value, ar.integers(0))

    def total(a: Any) -> Any:
        a = np.asarray(a)
        if a.ndim < scope.depth + 1:
            return a * float(count)
        return np.add.reduce(a, axis=0) if a.shape[0] == count else a[0] * float(count)

    return duals.mapped(value, total)


def _multiplied(scope: Scope, value: Number, count: int, mask: Any) -> Number:
    ar = scope.arithmetic
    if mask is not None:
        value = duals.where(ar, mask, value, ar.integers(1))
    result: Number = ar.integers(1)
    for layer in _layers(scope, value, count):
        result = duals.mul(result, layer)
    return result


def _largest(scope: Scope, value: Number, count: int, mask: Any) -> Number:
    if mask is not None:
        raise Beyond("a maximum over a range that depends on a letter")
    result: Number = None
    for layer in _layers(scope, value, count):
        result = layer if result is None else duals.maximum(scope.arithmetic, result, layer)
    return scope.arithmetic.integers(0) * scope.arithmetic.nan if result is None else result


# -- heads -----------------------------------------------------------------------------------------

Method = Callable[[Scope, Any], Number]


def _rational(scope: Scope, term: Any) -> Number:
    return scope.arithmetic.number(Fraction(int(term.p), int(term.q)))


def _symbol(scope: Scope, term: Symbol) -> Number:
    if term in scope.letters or term.name in scope.evaluator.world.sizes:
        return scope.arithmetic.integers(scope.index(term))
    return scope.given(term.name, [])


def _indexed(scope: Scope, term: Indexed) -> Number:
    if name_of(term) in scope.evaluator.world.labels:
        return scope.arithmetic.integers(scope.index(term))
    return scope.given(name_of(term), [scope.index(i) for i in term.indices])


def _quantity(scope: Scope, term: terms.Quantity) -> Number:
    return scope.stage(term.name, [scope.index(i) for i in term.indices])


def _plus(scope: Scope, term: Basic) -> Number:
    first, *rest = (scope.value(a) for a in term.args)
    for value in rest:
        first = duals.add(first, value)
    return first


def _factors(term: Basic, sign: int = 1) -> Iterator[tuple[Basic, int]]:
    match term:
        case terms.Times() | sympy.Mul():
            for a in term.args:
                yield from _factors(a, sign)
        case terms.Quotient(numerator, denominator):
            yield from _factors(numerator, sign)
            yield from _factors(denominator, -sign)
        case _:
            yield term, sign


def _product(scope: Scope, term: Basic) -> Number:
    return scope.product(list(_factors(term)))


def _neg(scope: Scope, term: terms.Neg) -> Number:
    return duals.neg(scope.value(term.term))


def _power(scope: Scope, term: Any) -> Number:
    base, exponent = term.args
    if exponent.is_Integer and abs(int(exponent)) <= 10_000:
        return duals.whole_power(scope.arithmetic, scope.value(base), int(exponent))
    return duals.power(scope.arithmetic, scope.value(base), scope.value(exponent))


def _delta(scope: Scope, term: Basic) -> Number:
    a, b = (scope.index(t) for t in term.args)
    return scope.arithmetic.integers(np.asarray(a == b, dtype=int))


def _bracket(scope: Scope, term: terms.Iverson) -> Number:
    ar = scope.arithmetic
    relation = type(term.condition).__name__
    try:
        low, high = (scope.index(t) for t in term.condition.args)
        return ar.integers(np.asarray(_COMPARED[relation](low, high), dtype=int))
    except Beyond:
        pass
    left, right = (scope.value(t) for t in term.condition.args)
    a, b = duals.plain(left), duals.plain(right)
    less, tie = ar.less(a, b), ar.tied(a, b)
    more = ar.less(b, a)
    holds = {
        "StrictGreaterThan": more, "StrictLessThan": less, "Equality": tie,
        "GreaterThan": np.logical_or(more, tie), "LessThan": np.logical_or(less, tie),
        "Unequality": np.logical_or(more, less),
    }.get(relation)  # fmt: skip
    if holds is None:
        raise Beyond(f"the condition {relation}")
    known = np.logical_and(ar.finite(a), ar.finite(b))
    value = ar.unsure(a, b, ar.integers(np.asarray(holds, dtype=int)))
    value = ar.where(known, value, ar.nan)
    return duals.at_kink(ar, tie, duals.sub(left, right), value)


_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "StrictGreaterThan": np.greater, "GreaterThan": np.greater_equal,
    "StrictLessThan": np.less, "LessThan": np.less_equal,
    "Equality": np.equal, "Unequality": np.not_equal,
}  # fmt: skip


def _derivative(scope: Scope, term: Any) -> Number:
    body, *first, last = term.args
    for t in first:
        body = terms.Partial(body, t)
    variable, times = last.args
    inner = scope
    levels = []
    for _ in range(int(times)):
        inner = inner.moving(variable)
        levels.append(len(inner.seeds))
    value = inner.value(body)
    there = duals.plain(value) * 0.0  # where the body has no value it has no derivative either
    for level in reversed(levels):
        value = duals.tangent(value, level)
    return duals.add(value, there)


def _sign(scope: Scope, term: Basic) -> Number:
    ar = scope.arithmetic
    x = scope.value(term.args[0])
    a = duals.plain(x)
    value = ar.integers(np.asarray(ar.less(0.0, a), dtype=int)) - ar.integers(
        np.asarray(ar.less(a, 0.0), dtype=int)
    )
    value = ar.unsure(a, 0.0, ar.where(ar.finite(a), value, ar.nan))
    return duals.at_kink(ar, ar.tied(a, 0.0), x, value)


def _largest_of(scope: Scope, term: Basic) -> Number:
    values = [scope.value(a) for a in term.args]
    result = values[0]
    for value in values[1:]:
        result = duals.maximum(scope.arithmetic, result, value)
    return result


def _smallest_of(scope: Scope, term: Basic) -> Number:
    result: Number = None
    for a in term.args:
        value = duals.neg(scope.value(a))
        result = value if result is None else duals.maximum(scope.arithmetic, result, value)
    return duals.neg(result)


def _smallest(scope: Scope, term: Any) -> Number:
    def fold(inner: Scope, value: Number, count: int, mask: Any) -> Number:
        return duals.neg(_largest(inner, duals.neg(value), count, mask))

    return scope.folded(term, fold)


def _absolute(scope: Scope, term: Basic) -> Number:
    x = scope.value(term.args[0])
    return duals.maximum(scope.arithmetic, x, duals.neg(x))


def _relu(scope: Scope, term: Basic) -> Number:
    return duals.maximum(scope.arithmetic, scope.value(term.args[0]), 0.0)


def _function(scope: Scope, term: Basic) -> Number:
    name = type(term).__name__
    if name not in KNOWN:
        raise Beyond(f"{name} has no value")
    return duals.call(scope.arithmetic, name, scope.value(term.args[0]))


VALUES: dict[Any, Method] = {
    sympy.Rational: _rational,
    type(sympy.pi): lambda scope, term: scope.arithmetic.constant("pi"),
    type(sympy.E): lambda scope, term: scope.arithmetic.constant("e"),
    Symbol: _symbol, Indexed: _indexed, terms.Quantity: _quantity,
    terms.Plus: _plus, sympy.Add: _plus, terms.Neg: _neg,
    terms.Times: _product, sympy.Mul: _product, terms.Quotient: _product,
    terms.Power: _power, sympy.Pow: _power,
    KroneckerDelta: _delta, terms.Iverson: _bracket,
    sympy.Sum: lambda scope, term: scope.folded(term, _summed),
    sympy.Product: lambda scope, term: scope.folded(term, _multiplied),
    terms.Minimum: _smallest,
    terms.Maximum: lambda scope, term: scope.folded(term, _largest),
    sympy.Derivative: _derivative,
    sympy.Max: _largest_of, sympy.Min: _smallest_of,
    sympy.Abs: _absolute, sympy.sign: _sign, terms.relu: _relu,
    sympy.Function: _function,
}  # fmt: skip
_METHODS: dict[type, Method] = {}


@lru_cache(maxsize=16384)
def is_mask(term: Basic) -> bool:
    """Is a term made of deltas, brackets and whole numbers alone, with one of the first two?"""
    return _masking(term) is True


def _masking(term: Basic) -> bool | None:
    """True for a mask, None for a whole number, False for everything else."""
    match term:
        case KroneckerDelta() | terms.Iverson():
            return True
        case sympy.Integer():
            return None
        case terms.Plus() | terms.Times() | terms.Neg():
            kinds = [_masking(a) for a in term.args]
            return False if False in kinds else True if True in kinds else None
        case _:
            return False
