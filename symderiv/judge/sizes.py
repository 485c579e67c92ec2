"""Lines written out: at concrete sizes, indices and labels, as ordinary SymPy.

`World` is one choice of sizes and labels.  `World.plain(term, letters)` writes a term out over
plain symbols z[1], z[2], ...: sums become sums of terms, derivatives are taken by SymPy's own
`diff`, stages are unfolded.  Nothing of the normal form is used here.

Imports floor 0, axes and inverses only.  To add a head: one case in `_written`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import islice, product
from typing import Any, cast

import sympy
from sympy import Add, Expr, Indexed, Mul, Pow, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge.axes import Axes
from symderiv.judge.inverses import written
from symderiv.patience import FOREVER, Budget, room
from symderiv.records import dataclass
from symderiv.terms.contents import contents
from symderiv.terms.derived import Derived, derived
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem, name_of

Letters = dict[Symbol, int]
MOST_TERMS = 20_000
LARGEST_INVERSE = 3


class TooLarge(Exception):
    """More terms than are worth writing out."""


class Positive(sympy.Function):
    """[x > 0] as a function with derivative 0, quicker and plainer than a Piecewise."""

    nargs = 1

    @classmethod
    def eval(cls, x: Any) -> Any:
        if x.is_Rational:
            return sympy.Integer(int(bool(x > 0)))
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Integer(0)


class Largest(sympy.Function):
    """max, with brackets for its derivatives; SymPy's own compares its arguments at length."""

    @classmethod
    def eval(cls, *args: Any) -> Any:
        flat = {b for a in args for b in (a.args if isinstance(a, cls) else (a,))}
        if len(flat) == 1 or all(a.is_Rational for a in flat):
            return max(flat)
        ordered = tuple(sorted(flat, key=sympy.default_sort_key))
        return None if ordered == args else cls(*ordered)

    def fdiff(self, argindex: int = 1) -> Any:
        mine = self.args[argindex - 1]
        return Mul(*(Positive(mine - a) for a in self.args if a != mine))


@dataclass(eq=False)
class World:
    """One choice of sizes, of the values of label arrays, and of which symbols are positive."""

    problem: Problem
    sizes: Mapping[str, int]
    labels: Mapping[tuple[str, tuple[int, ...]], int] = field(default_factory=dict)
    positive: frozenset[str] = frozenset()
    symbols: dict[str, Symbol] = field(default_factory=dict)
    unknown: set[Symbol] = field(default_factory=set)  # values of stages without a definition
    budget: Budget = FOREVER
    _memo: dict[tuple[Any, ...], Expr] = field(default_factory=dict)
    _count: int = 0

    def symbol(self, name: str) -> Symbol:
        """The plain symbol of a component or scalar."""
        if name not in self.symbols:
            array = name.partition("[")[0]
            known = {"positive": True} if {array, name} & self.positive else {"real": True}
            self.symbols[name] = Symbol(name, **known)
        return self.symbols[name]

    def index(self, term: Basic, letters: Letters) -> int:
        """The value of a subscript."""
        match term:
            case sympy.Integer():
                return int(term)
            case Symbol():
                if term in letters:
                    return letters[term]
                if term.name in self.sizes:
                    return self.sizes[term.name]
                raise TooLarge(f"nothing is known of the letter {term.name}")
            case Indexed():
                key = (name_of(term), tuple(self.index(i, letters) for i in term.indices))
                return self.labels.get(key, 1)
            case terms.Plus() | Add():
                return sum(self.index(a, letters) for a in term.args)
            case terms.Neg():
                return -self.index(term.term, letters)
            case terms.Times() | Mul():
                value = 1
                for a in term.args:
                    value *= self.index(a, letters)
                return value
            case _:
                raise TooLarge(f"{type(term).__name__} in an index")

    def plain(self, term: Basic, letters: Letters, held: frozenset[str] = frozenset()) -> Expr:
        """A term written out; the stages in `held` stay symbols of their own."""
        free = free_letters(term)
        labels = self.problem.labels  # a stage may use one without showing it
        used = tuple((s, n) for s, n in letters.items() if s in free or s.name in labels)
        key = (term, held, used)
        found = self._memo.get(key)
        if found is None:
            room()
            self._count += 1
            if self._count > MOST_TERMS or self.budget.spent:
                raise TooLarge("it takes too long to write out")
            found = self._memo[key] = self._written(term, letters, held)
        return found

    def _named(self, name: str, indices: tuple[Expr, ...], letters: Letters) -> str:
        if not indices:
            return name
        return f"{name}[{','.join(str(self.index(i, letters)) for i in indices)}]"

    def _written(self, term: Basic, letters: Letters, held: frozenset[str]) -> Expr:
        match term:
            case terms.Quantity():
                stage = self.problem.definition(term.name)
                if stage is None or term.name in held:
                    value = self.symbol(self._named(term.name, term.indices, letters))
                    if term.name not in held:
                        self.unknown.add(value)
                    return value
                inner = {
                    cast(Symbol, a): self.index(b, letters)
                    for a, b in zip(stage.quantity.indices, term.indices, strict=True)
                }
                labels = {s: n for s, n in letters.items() if s.name in self.problem.labels}
                return self.plain(stage.body, {**labels, **inner}, held)
            case Indexed():
                name = name_of(term)
                if (found := derived(name)) is not None:
                    places = tuple(self.index(i, letters) for i in term.indices)
                    return self._derived(found, places, held)
                if name in self.problem.labels:
                    return sympy.Integer(self.index(term, letters))
                return self.symbol(self._named(name, term.indices, letters))
            case Symbol():
                if term.is_integer:
                    return sympy.Integer(self.index(term, letters))
                if (found := derived(term.name)) is not None:
                    return self._derived(found, (), held)
                return self.symbol(term.name)
            case sympy.KroneckerDelta():
                a, b = (self.index(t, letters) for t in term.args)
                return sympy.Integer(int(a == b))
            case terms.Iverson():
                return self._bracket(term, letters, held)
            case sympy.Sum():
                return Add(*self._bodies(term, letters, held))
            case sympy.Product():
                return Mul(*self._bodies(term, letters, held))
            case terms.Minimum():
                return -Largest(*(-body for body in self._bodies(term, letters, held)))
            case terms.Maximum():
                return cast(Expr, Largest(*self._bodies(term, letters, held)))
            case sympy.Derivative():
                return self._derivative(term, letters, held)
            case terms.Times():
                return self._product(term, letters, held)
        args = [self.plain(a, letters, held) for a in term.args]
        match term:
            case _ if not args:
                return cast(Expr, term)
            case terms.Plus():
                return Add(*args)
            case terms.Quotient():
                return Mul(args[0], Pow(args[1], -1))
            case terms.Power():
                return Pow(*args)
            case terms.Neg():
                return Mul(-1, args[0])
            case terms.sigmoid():
                return Pow(1 + sympy.exp(-args[0]), -1)
            case terms.softplus():
                return cast(Expr, sympy.log(1 + sympy.exp(args[0])))
            case terms.relu():
                return cast(Expr, Largest(sympy.S.Zero, args[0]))
            case terms.cbrt():
                return Mul(sympy.sign(args[0]), Pow(sympy.Abs(args[0]), sympy.Rational(1, 3)))
            case sympy.Max():
                return cast(Expr, Largest(*args))
            case sympy.Min():
                return cast(Expr, -Largest(*(-a for a in args)))
            case _:
                return cast(Expr, term.func(*args))

    def _product(self, term: Basic, letters: Letters, held: frozenset[str]) -> Expr:
        """A product; what a bracket that is 0 leaves out is not looked at: h_0 in [t >= 2] h_{t-1}.

        It need not have a value there, and a stage defined by itself one step before has none.
        """
        masks = [a for a in term.args if isinstance(a, sympy.KroneckerDelta | terms.Iverson)]
        if any(self.plain(a, letters, held) == 0 for a in masks):
            return sympy.S.Zero
        return Mul(*(self.plain(a, letters, held) for a in term.args))

    def _derived(self, found: Derived, places: tuple[int, ...], held: frozenset[str]) -> Expr:
        """An inverse or a determinant, from the entries of its matrix written out."""
        array = found.array
        stage = self.problem.definition(array)
        high = self.index(self.problem.shapes[array][0], {})
        if high > LARGEST_INVERSE:
            raise TooLarge(f"{found.name} at size {high}")
        numbers = [sympy.Integer(n) for n in range(1, high + 1)]

        def entry(a: Expr, b: Expr) -> Expr:
            if stage is None:
                return self.symbol(self._named(array, (a, b), {}))
            return self.plain(terms.Quantity(stage.quantity.symbol, a, b), {}, held)

        return written(found, [[entry(a, b) for b in numbers] for a in numbers], places)

    def _bodies(self, term: Any, letters: Letters, held: frozenset[str]) -> list[Expr]:
        body, *limits = term.args
        ranges = []
        for t in limits:
            low, high = (self.index(end, letters) for end in t.args[1:])
            ranges.append(range(low, high + 1))
        names = [t.args[0] for t in limits]
        return [
            self.plain(body, {**letters, **dict(zip(names, values, strict=True))}, held)
            for values in product(*ranges)
        ]

    def _bracket(self, term: terms.Iverson, letters: Letters, held: frozenset[str]) -> Expr:
        a, b = (self.plain(t, letters, held) for t in term.condition.args)
        above, below = cast(Expr, Positive(a - b)), cast(Expr, Positive(b - a))
        match type(term.condition).__name__:
            case "StrictGreaterThan":
                return above
            case "StrictLessThan":
                return below
            case "GreaterThan":
                return 1 - below
            case "LessThan":
                return 1 - above
            case "Equality":
                return 1 - above - below
            case "Unequality":
                return above + below
            case name:
                raise TooLarge(f"the condition {name}")

    def _derivative(self, term: Any, letters: Letters, held: frozenset[str]) -> Expr:
        body, *variables = term.args
        for t in reversed(variables[1:]):
            body = terms.D(body, t)
        variable = variables[0].args[0]
        inner = held | {variable.name} if isinstance(variable, terms.Quantity) else held
        result = self.plain(body, letters, inner)
        by = self.plain(variable, letters, inner)
        # SymPy walks all of it, what is shared each time anew
        if contents(result).length > MOST_TERMS:
            raise TooLarge("the derivative of so long a term")
        if self.unknown & result.free_symbols:
            raise TooLarge("the derivative of a quantity without a definition")
        for _ in range(int(variables[0].args[1])):
            result = sympy.diff(result, by)
        if inner == held:
            return cast(Expr, result)
        return self._unfolded(cast(Expr, result), variable.name, letters, held)

    def _unfolded(self, e: Expr, name: str, letters: Letters, held: frozenset[str]) -> Expr:
        """The stage of that name, held while a derivative by it was taken, written out."""
        stage = self.problem.definition(name)
        if stage is None:
            return e
        moved = {}
        for symbol in e.free_symbols:
            array, _, rest = cast(Symbol, symbol).name.partition("[")
            if array == name:
                values = [sympy.Integer(int(n)) for n in rest.rstrip("]").split(",") if n]
                quantity = terms.Quantity(stage.quantity.symbol, *values)
                moved[symbol] = self.plain(quantity, letters, held)
        return cast(Expr, e.xreplace(moved))


def sizes_for(
    axes: Axes, least: int, chosen: Mapping[str, int], order: str = "rising"
) -> dict[str, int]:
    """Sizes from `least` on, the chosen ones as chosen.

    They are "alike", or "rising" by one for every further axis, or "falling".
    """
    last = len(axes.sizes) - 1
    return {
        name: chosen.get(name, least + {"alike": 0, "rising": n, "falling": last - n}[order])
        for n, name in enumerate(axes.sizes)
    }


def choices(
    problem: Problem,
    axes: Axes,
    sizes: Mapping[str, int],
    free: list[Symbol],
    most: int,
    alike: bool = False,
) -> Iterator[tuple[Letters, bool]]:
    """Values of the free letters, all of them or `most` spread evenly; and whether it was all.

    Where all values of an index are `alike`, one choice stands for all that agree with it in
    which letters are equal.
    """
    world = World(problem, sizes)
    highs = []
    for letter in free:
        size = axes.letters.get(letter)
        high = world.index(size, {}) if size is not None else max(sizes.values(), default=2)
        highs.append(high)
    chosen = list(islice(_values(highs, alike), 200_000))
    step = max(1, -(-len(chosen) // most))
    if step > 1 and step % 2 == 0:
        step += 1  # an odd step also meets equal and different letters
    for values in chosen[::step]:
        yield dict(zip(free, values, strict=True)), step == 1


def _values(highs: list[int], alike: bool, top: int = 0) -> Iterator[tuple[int, ...]]:
    """Values up to each letter's size; where alike, one not yet used is the next one.

    Letters of different axes are told apart as well: a line may have mixed them up.
    """
    if not highs:
        yield ()
        return
    high, *rest = highs
    for value in range(1, min(high, top + 1) + 1 if alike else high + 1):
        for others in _values(rest, alike, max(top, value)):
            yield (value, *others)
