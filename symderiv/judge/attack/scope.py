"""Scopes: where a term is evaluated, with the letters bound there and what has tangents.

A bound letter is an axis of the arrays, in front of the others, so that a sum is a sum over the
first axis.  A stage is a table over its indices, made once.  A derivative gives its variable a
tangent (`duals`) and reads off the tangent of the body; a stage that something is differentiated
by is an array of its own until then.  A factor that is 0 by its indices or its brackets is a mask:
what it multiplies is not looked at, so that δ_i1 log(δ_i1 x_i) is 0 for i = 2.

Imports floor 0, duals, matrices and worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

import numpy as np
import sympy
from sympy import Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.attack import duals, matrices
from symderiv.judge.attack.duals import Dual, Number
from symderiv.judge.attack.ground import Beyond, Ground
from symderiv.terms.contents import contents
from symderiv.terms.derived import derived
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import name_of
from symderiv.terms.remembering import remembered

MOST_CELLS = 4_000_000  # numbers in one array
MOST_TOGETHER = 240_000_000  # where m letters run beside one another, m² arrays of them are kept
LONGEST = 5000  # values of one letter


class Seed:
    """What is differentiated by: a name, its indices as arrays, and the level of its tangent."""

    __slots__ = ("indices", "level", "name", "scope")

    def __init__(self, name: str, indices: list[Any], level: int, scope: Scope) -> None:
        self.name, self.indices, self.level, self.scope = name, indices, level, scope


class Scope:
    """Where a term is evaluated: the letters and their values, and what has tangents."""

    def __init__(
        self,
        ground: Ground,
        parent: Scope | None,
        letters: dict[Symbol, Any],
        depth: int,
        seeds: tuple[Seed, ...],
        letter: Symbol | None = None,
        seed: Seed | None = None,
    ) -> None:
        self.ground, self.parent, self.letters = ground, parent, letters
        self.depth, self.seeds, self.letter, self.seed = depth, seeds, letter, seed
        self.arithmetic = ground.arithmetic
        self._values: dict[Basic, Number] = {}
        self._children: dict[Any, Any] = {}

    # -- scopes inside ---------------------------------------------------------------------

    def bound(self, letter: Symbol, low: int, high: int) -> Scope:
        """The scope inside a binder, in which the letter has all values from low to high."""
        key = (letter, low, high)
        if key not in self._children:
            count = max(high - low + 1, 0)
            cells = count * self.ground.world.count
            if count > LONGEST or cells > MOST_CELLS:
                raise Beyond("too many terms to write out")
            depth = self.depth + 1
            values = np.arange(low, high + 1).reshape((count,) + (1,) * depth)
            if count:
                self.ground.spans[id(values)] = (values, low, high)
            letters = {**self.letters, letter: values}
            self._children[key] = Scope(
                self.ground, self, letters, depth, self.seeds, letter=letter
            )
        return cast(Scope, self._children[key])

    def moving(self, variable: Basic) -> Scope:
        """The scope under a derivative, in which the variable has a tangent."""
        if variable not in self._children:
            indices = [self.index(i) for i in getattr(variable, "indices", ())]
            seed = Seed(name_of(variable), indices, len(self.seeds) + 1, self)
            self._children[variable] = Scope(
                self.ground,
                self,
                self.letters,
                self.depth,
                (*self.seeds, seed),
                seed=seed,
            )
        return cast(Scope, self._children[variable])

    # -- values ------------------------------------------------------------------------------

    def value(self, term: Basic) -> Number:
        """The value of a term here; in the scope around it where nothing of this one is in it."""
        found = self._values.get(term)
        if found is None:
            outer = self.parent
            if outer is None or (
                self.letter in contents(term).letters
                if self.seed is None
                else self.seed.name in self.ground.names(term)
            ):
                found = self.ground.methods[type(term)](self, term)
            else:
                found = outer.value(term)
            self._values[term] = found
        return found

    def index(self, term: Basic) -> Any:
        """A subscript or the end of a range, as whole numbers."""
        match term:
            case sympy.Integer():
                return np.array(int(term))
            case Symbol() if term in self.letters:
                return self.letters[term]
            case Symbol() if term.name in self.ground.world.sizes:
                return np.array(self.ground.world.sizes[term.name])
            case Indexed() if name_of(term) in self.ground.world.labels:
                table = self.ground.world.labels[name_of(term)]
                cells, inside = self._cells(table, [self.index(i) for i in term.indices])
                return table[cells] if inside is None else np.where(inside, table[cells], 0)
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
        """Where to look in a table [index, …, point], and where that is inside it (None: all)."""
        inside: Any = None
        cells = []
        for index, high in zip(indices, table.shape, strict=False):
            place, on = self._placed(index, high)
            inside = _both(inside, on)
            cells.append(place)
        cells.append(self.ground.points)
        return tuple(cells), inside

    def _placed(self, index: Any, high: int) -> tuple[Any, Any]:
        """The place of an index on an axis so long, and where it is on it; None for everywhere."""
        least, most = self.ground.span(index)
        if least >= 1 and most <= high:
            return index - 1, None
        places = np.minimum(np.maximum(index - 1, 0), high - 1)  # those outside at the ends
        return places, (index >= 1) & (index <= high)

    def _inside(self, inside: Any, value: Any) -> Any:
        """A value where the indices are inside their axes, which is noted where they are not."""
        if inside is None or inside.all():
            return value
        self.ground.left_an_axis = True
        return self.arithmetic.where(inside, value, self.arithmetic.outside)

    def given(self, name: str, indices: list[Any]) -> Number:
        """A component of a given array, or a scalar, with its tangents."""
        world = self.ground.world
        if (found := derived(name)) is not None:
            return matrices.component(self.matrix(found.array), found, indices)
        table = world.arrays.get(name)
        if table is None:
            raise Beyond(f"no value for {name}")
        if len(indices) != table.ndim - 1:
            raise Beyond(f"{name} with {len(indices)} indices")
        cells, inside = self._cells(table, indices)
        return self._moving(name, indices, self._inside(inside, table[cells]))

    def matrix(self, array: str) -> matrices.Matrix:
        """A matrix of which all entries are known, with their tangents.

        Raises
        ------
        Beyond
            where it is larger than is expanded.
        """
        reach = {array, *self.ground.reach(array)}
        key = ("matrix", array, tuple(s for s in self.seeds if s.name in reach))
        tables = self.ground.tables
        if key not in tables:
            high, _ = self._shape(array)
            if high > matrices.LARGEST:
                raise Beyond(f"a matrix of size {high} is not expanded")
            stage = self.ground.problem.definition(array) is not None
            of = self.stage if stage else self.given
            places = [np.array(n) for n in range(1, high + 1)]
            entries = [[of(array, [a, b]) for b in places] for a in places]
            tables[key] = matrices.Matrix(entries, self.arithmetic)
        return cast(matrices.Matrix, tables[key])

    def _moving(self, name: str, indices: list[Any], value: Number) -> Number:
        for seed in self.seeds:
            if seed.name == name and len(seed.indices) == len(indices):
                value = self._moved(seed, indices, value)
        return value

    def _moved(self, seed: Seed, indices: list[Any], value: Number) -> Number:
        """A component with its tangent, where its indices are those that are differentiated by."""
        same: Any = np.array(True)
        for a, b in zip(indices, seed.indices, strict=True):
            same = same & (a == b)
        return Dual(seed.level, value, self.arithmetic.integers(same)) if same.any() else value

    def stage(self, name: str, indices: list[Any]) -> Number:
        """A stage at indices: its definition, or itself where it is differentiated by."""
        for seed in reversed(self.seeds):
            if seed.name == name:
                outside = Scope(self.ground, None, self.letters, self.depth, seed.scope.seeds)
                return self._moved(seed, indices, outside.stage(name, indices))
        definition = self.ground.problem.definition(name)
        if definition is None:
            raise Beyond(f"{name} has no definition")
        letters = definition.quantity.indices
        if len(letters) != len(indices):
            raise Beyond(f"{name} with {len(indices)} indices")
        reach = self.ground.reach(name)
        seeds = tuple(s for s in self.seeds if s.name in reach)
        key = (name, seeds)
        tables = self.ground.tables
        depth = max((0, *(np.ndim(i) - 1 for s in seeds for i in s.indices)))
        if key not in tables:
            tables[key] = self._table(name, definition, seeds, depth)
        table = tables[key]
        if not letters:
            return table
        shape = self._shape(name)
        return duals.mapped(table, lambda a: self._looked_up(a, indices, shape, depth))

    def _shape(self, name: str) -> list[int]:
        return [self.ground.world.size(s) for s in self.ground.problem.shapes[name]]

    def _table(self, name: str, definition: Any, seeds: tuple[Seed, ...], depth: int) -> Number:
        """The values of a stage at all its indices, the last index in front."""
        letters = self.ground.world.letters
        scope = Scope(self.ground, None, letters, depth, seeds)
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
        inside: Any = None
        for n in range(count):  # the first axis is that of the last index
            place, on = self._placed(indices[count - 1 - n], shape[count - 1 - n])
            inside = _both(inside, on)
            cells.append(place if table.shape[n] > 1 else np.array(0))
        for n in range(count, whole):
            extent, behind = table.shape[n], whole - 1 - n
            cells.append(np.arange(extent).reshape((extent,) + (1,) * behind))
        return self._inside(inside, table[tuple(cells)])

    # -- products with masks -------------------------------------------------------------------

    def product(self, factors: Iterable[tuple[Basic, int]]) -> Number:
        """The product of factors (term, 1) and divisors (term, -1); masks hide what they kill."""
        masks: list[Basic] = []
        result: Number = None
        for term, sign in factors:
            if sign > 0 and is_mask(term):
                masks.append(term)
                continue
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
            if not isinstance(mask, Dual) and not zero.any():
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
            self._check_cells(body)
            return self.value(body)
        *inner, (letter, low, high) = limits
        lows, highs = self.index(low), self.index(high)
        (least, _), (_, most) = self.ground.span(lows), self.ground.span(highs)
        scope = self.bound(letter, least, most)
        value = scope._folded(body, inner, fold)
        mask = None
        if lows.size > 1 or highs.size > 1:
            values = scope.letters[letter]
            mask = (values >= lows) & (values <= highs)
        return cast(Number, fold(scope, value, max(most - least + 1, 0), mask))

    def _check_cells(self, body: Basic) -> None:
        """Refuse a body of which the array would be too large to hold.

        Raises
        ------
        Beyond
        """
        cells = self.ground.world.count
        letters = [self.letters[x] for x in free_letters(body) if x in self.letters]
        for values in letters:
            cells *= values.shape[0] if values.ndim > 1 else 1
        if cells * len(letters) ** 2 > MOST_TOGETHER:
            raise Beyond("too many terms to write out")


def _both(a: Any, b: Any) -> Any:
    """Where both hold, None being everywhere."""
    return a if b is None else b if a is None else a & b


@remembered
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
