"""Problems: what is to be differentiated by what, through which named quantities.

Gives `Definition` (one named stage), `Fact` (one assumption of the ledger), `Symmetry` (what a
fact may say of an array, found by `symmetry_of`) and `Problem` (the stages, the function, the
variables, the facts and the sizes of all axes).

Floor 0: imports heads and letters only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import cast

from sympy import Eq, Expr, Indexed, Integer, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.mistakes import Mistake, Unanswered
from symderiv.records import dataclass
from symderiv.terms import Neg, Quantity, bottom_up, subterms
from symderiv.terms.contents import contents
from symderiv.terms.derived import derived, names_in
from symderiv.terms.letters import all_letters, free_letters, rename_bound, substitute
from symderiv.terms.pickled import Pickled

LONGEST, DEEPEST = 50_000, 150  # terms of what is written out, and terms in one another


@dataclass(frozen=True)
class Definition(Pickled):
    """A named stage: `quantity` (its indices are letters) stands for `body`.

    `labels` of a problem never occur as the indices of a definition.
    """

    quantity: Quantity
    body: Expr

    @property
    def name(self) -> str:
        return self.quantity.name

    def at(self, quantity: Quantity) -> Expr:
        """The body at other indices: p_i = e^{z_i}/Σ_k e^{z_k} at (j) is e^{z_j}/Σ_k e^{z_k}."""
        moved = dict(zip(self.quantity.indices, quantity.indices, strict=True))
        taken = all_letters(quantity)
        return substitute(rename_bound(self.body, taken), moved)


@dataclass(frozen=True)
class Fact(Pickled):
    """An assumption: a relation between terms, declared by the user or proved from definitions.

    `relation` is a held SymPy relational (Eq, Gt, Ge, Lt, Le, Ne).  Free letters in it stand for
    every value of their axis.
    """

    relation: Relational
    proved: bool = False


@dataclass(frozen=True)
class Symmetry(Pickled):
    """A component with its indices in another order is the same, up to a sign.

    A_ij = −A_ji is `Symmetry("A", (1, 0), -1)`.
    """

    array: str
    order: tuple[int, ...]
    sign: int = 1


def symmetry_of(fact: Fact) -> Symmetry | None:
    """The symmetry that a fact declares, if it is that: A_ij = A_ji for all i and j."""
    if not isinstance(fact.relation, Eq):
        return None
    left, right = fact.relation.args
    sign = 1
    if isinstance(right, Neg):
        right, sign = right.term, -1
    if not (isinstance(left, Indexed) and isinstance(right, Indexed)) or left.base != right.base:
        return None
    letters = left.indices
    plain = all(isinstance(s, Symbol) and not s.is_positive for s in letters)
    if (
        not plain
        or len(set(letters)) < len(letters)
        or sorted(map(str, letters)) != sorted(map(str, right.indices))
    ):
        return None
    return Symmetry(name_of(left), tuple(letters.index(s) for s in right.indices), sign)


@dataclass(frozen=True, eq=False)
class Problem(Pickled):
    """All that a derivation starts from.

    Attributes
    ----------
    stages : definitions in order, each using only earlier ones and given arrays
    function : the term to be differentiated (after the stages)
    wrt : variables, one after the other: an `Indexed` with letters (or integers) as indices, a
        `Symbol`, or a `Quantity` (a derivative by a stage itself)
    facts : declared assumptions
    shapes : the sizes of the axes of every given array and stage, by name: {"z": (K,)}
    ranges : the size of the axis over which each free letter runs: {i: K}; a label has one too
    delays : the stages that are another one step before, with the index that counts the steps; of
        these alone the body mentions a stage that comes later
    begun : those of the delays of which the text says what they are at the first step: h[0] = …
    labels : free letters (or the names of integer arrays) that are fixed labels, y in p_y
    text : as it was typed
    notes : what is said of names that could be taken for something else
    drawn : the type faces that an author sets names in, {"x": "mathbf"}; pages alone look at them
    first : the number of the first component in the text; here it is 1
    """

    function: Expr
    wrt: tuple[Expr, ...]
    stages: tuple[Definition, ...] = ()
    facts: tuple[Fact, ...] = ()
    shapes: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)
    ranges: Mapping[Symbol, Expr] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    text: str = ""
    notes: tuple[str, ...] = ()
    delays: Mapping[str, int] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()
    drawn: Mapping[str, str] = field(default_factory=dict)
    first: int = 1

    def definition(self, name: str) -> Definition | None:
        """The stage of that name."""
        return self._stages.get(name)

    @cached_property
    def _stages(self) -> Mapping[str, Definition]:
        """The stages by name; of two of one name the first."""
        return {stage.name: stage for stage in reversed(self.stages)}

    def unfold(self, term: Basic) -> Expr:
        """The term with every named quantity written out, down to given arrays.

        Raises
        ------
        Mistake
            for a recurrence, which has as many steps as its axis is long.
        Unanswered
            where it would be too long, as each stage stands in the next more than once.
        """
        if self.delays:
            raise Mistake("a recurrence is not written out: it has any number of steps")
        length, depth = self.extent(term)
        if length > LONGEST or depth > DEEPEST:
            raise Unanswered(
                f"written out it has more than {LONGEST} terms, or is nested deeper than "
                f"{DEEPEST}; it is said in its stages"
            )

        def written_out(t: Basic) -> Basic:
            stage = self.definition(t.name) if isinstance(t, Quantity) else None
            return t if stage is None else self.unfold(stage.at(cast(Quantity, t)))

        return cast(Expr, bottom_up(term, written_out))

    def extent(self, term: Basic) -> tuple[int, int]:
        """How many terms a term has and how deep it is, with every named quantity written out."""
        return _written(term, self._written, {})

    @cached_property
    def _written(self) -> Mapping[str, tuple[int, int]]:
        """How many terms each stage has and how deep it is, written out."""
        sizes: dict[str, tuple[int, int]] = {}
        for stage in self.stages:
            sizes[stage.name] = _written(stage.body, sizes, {})
        return sizes

    def classes(self, label: str, *terms: Expr) -> Expr | None:
        """The size of the axis on which a label is an index, here and in some terms."""
        for letter, high in self.ranges.items():
            if letter.name == label:
                return high
        every = (*(stage.body for stage in self.stages), self.function, *terms)
        for index, high in self._subscripts(*every):
            if isinstance(index, Symbol | Indexed) and name_of(index) == label:
                return high
        return None

    def _subscripts(self, *terms: Basic) -> Iterator[tuple[Basic, Expr]]:
        """Each subscript in terms, with the size of its axis."""
        for t in (t for term in terms for t in subterms(term)):
            if isinstance(t, Indexed | Quantity):
                yield from zip(t.args[1:], self.shapes.get(name_of(t), ()), strict=False)

    def ranging(self, *terms: Basic) -> Problem:
        """This problem with a range for every free letter of the terms, from what it subscripts."""
        found: dict[Symbol, Expr] = {}
        for term in terms:
            free = free_letters(term)
            for index, high in self._subscripts(term):
                if isinstance(index, Symbol) and index in free and index != high:  # x_N is one
                    found.setdefault(index, high)
        return (
            self
            if found.items() <= self.ranges.items()
            else replace(self, ranges={**self.ranges, **found})
        )

    def axes(self, *terms: Expr) -> tuple[Symbol, ...]:
        """The letters of terms in the order in which they are written: the axes of an array."""
        found: dict[Symbol, None] = {}
        for term in terms:
            free = free_letters(term) & self.ranges.keys()
            for t in subterms(term):
                if isinstance(t, Indexed | Quantity):
                    found.update((a, None) for a in t.args[1:] if a in free)
            found.update((a, None) for a in sorted(free, key=name_of))
        return tuple(a for a in found if a.name not in self.labels)

    @cached_property
    def inverts(self) -> bool:
        """Is there an inverse or a determinant of an array in it?"""
        return any(derived(name) is not None for name in self.shapes)

    @cached_property
    def free_sizes(self) -> list[Symbol]:
        """The sizes that nobody has chosen."""
        sizes = [*self.ranges.values(), *(a for axes in self.shapes.values() for a in axes)]
        return list(dict.fromkeys(s for s in sizes if isinstance(s, Symbol)))

    @cached_property
    def every_size(self) -> str:
        """The sizes that nobody has chosen, in words: "for every N and K"."""
        *most, last = [s.name for s in self.free_sizes] or ["size"]
        return f"for every {', '.join(most)} and {last}" if most else f"for every {last}"

    def least_sizes(self, *lines: Basic) -> dict[str, int]:
        """The sizes that are taken to be larger than 1: z_3 presumes K >= 3, z_{K-2} as well.

        What counts is a number, or the size less a number, that subscripts an array in the
        function, in a stage under it, in the variables or in `lines`.  One that is only compared
        with an index presumes nothing.
        """
        found, known = self._presumed
        return dict(self._presuming(lines, found, known)[0])

    @cached_property
    def _presumed(self) -> tuple[dict[str, int], frozenset[str]]:
        """The sizes larger than 1 by the problem itself, and the stages that were looked at."""
        return self._presuming((self.function, *self.wrt), {}, frozenset())

    def _presuming(
        self, lines: Iterable[Basic], sizes: Mapping[str, int], looked_at: frozenset[str]
    ) -> tuple[dict[str, int], frozenset[str]]:
        found, known = dict(sizes), looked_at
        waiting = list(lines)
        while waiting:
            within = contents(waiting.pop())
            for name, place, index in within.fixed:
                for size in self.shapes.get(name, ())[place : place + 1]:
                    least = index if isinstance(index, Integer) else 1 - (index - size)
                    if isinstance(size, Symbol) and isinstance(least, Integer):
                        found[size.name] = max(found.get(size.name, 1), int(least))
            for stage in within.stages - known:
                definition = self.definition(stage)
                waiting += [definition.body] if definition is not None else []
            known |= within.stages
        return found, known

    def reached(self, *terms: Basic) -> Iterator[Basic]:
        """All terms in some terms, and in the definitions of the stages that they mention, once."""
        known: set[str] = set()
        waiting = list(terms)
        while waiting:
            for t in subterms(waiting.pop()):
                yield t
                named = names_in(name_of(t)) if isinstance(t, Indexed | Quantity | Symbol) else ()
                for name in set(named) - known:
                    known.add(name)
                    stage = self.definition(name)
                    waiting += [stage.body] if stage is not None else []

    def depends(self, name: str, variable: Expr) -> bool:
        """Does the stage of that name depend on the array (or scalar) of the variable?"""
        stage = self.definition(name)
        return stage is not None and self.mentions(stage.body, variable)

    def mentions(self, term: Basic, variable: Expr) -> bool:
        """Does a term depend on the array (or scalar) of the variable, directly or by a stage?"""
        target = name_of(variable)
        known: frozenset[str] = frozenset()
        found = contents(term).names
        while target not in found and not found <= known:
            new, known = found - known, known | found
            stages = (stage for name in new if (stage := self.definition(name)) is not None)
            found = known.union(*(contents(stage.body).names for stage in stages))
        return target in found


def name_of(variable: Basic) -> str:
    """The name of an array component, a scalar or a stage."""
    match variable:
        case Indexed():
            name: str = variable.args[0].name  # that of its base
            return name
        case Quantity():
            return variable.name
        case Symbol():
            return str(variable.name)
        case _:
            return str(variable)


def _written(
    term: Basic, sizes: Mapping[str, tuple[int, int]], known: dict[Basic, tuple[int, int]]
) -> tuple[int, int]:
    """How many terms a term has, and how deep, where stages are as large as `sizes` says."""
    if isinstance(term, Quantity) and term.name in sizes:
        return sizes[term.name]
    if term not in known:
        inner = [_written(a, sizes, known) for a in term.args]
        known[term] = 1 + sum(n for n, _ in inner), 1 + max((d for _, d in inner), default=0)
    return known[term]
