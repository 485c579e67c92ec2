r"""Vectors: lines in vector notation, brought to components by the shapes that their names have.

Gives `Lines`, which keeps the definitions of a text in vector notation, and whose `questions` are
two sides in components, once for each way in which the shapes fit: `w^\top x` in
log(1 + e^{-y w^\top x}) fits where y is a number.  The derivative of a number has the shape of its
variable; in that of a column by a column, rows are the function.

Imports context and the reader's lowering.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from itertools import combinations, islice

from symderiv.checking.context import Context
from symderiv.checking.guesses import Guess
from symderiv.checking.stages import Stage
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.latex.lefts import Left
from symderiv.reader.linear.lowering import Lowering, rank_of
from symderiv.reader.linear.operations import Operations
from symderiv.reader.linear.request import counts
from symderiv.reader.linear.values import Axes, Dialect, Indices, Value, array, indices
from symderiv.reader.refusal import Source
from symderiv.reader.restrictions import subscripting
from symderiv.records import dataclass
from symderiv.terms.dependence import in_order

MOST_FITS = 3
MOST_TRIED = 40
_LETTERS = ("i", "j", "k", "l")
_OF_TEXTS = frozenset("zaqpsZAQPS")  # which a text may define later on


@dataclass(frozen=True)
class Fit:
    """Two sides in components, the stages they need, and whether a column is derived by one."""

    left: ast.expr
    right: ast.expr
    turned: ast.expr | None
    guess: Guess
    jacobian: bool


@dataclass
class Lines:
    """The definitions in vector notation, by name, as trees."""

    stages: dict[str, ast.expr] = field(default_factory=dict)

    def fits(
        self, context: Context, source: Source, left: ast.expr, right: ast.expr
    ) -> Iterator[Fit]:
        """The two sides, once for each way in which the shapes fit.

        Raises
        ------
        ReadError
            where there is none.
        """
        needed = self.needed([left, right])
        count, first = 0, None
        by = _variables([left, right])
        every = list(dict.fromkeys(scan.words([left, right, *(self.stages[n] for n in needed)])))
        for ones, greek in ((False, by), (True, by), (False, every)):
            for ranks in self._readings(context, [left, right], needed, greek):
                try:
                    made = self._fit(context, source, left, right, needed, ranks, ones=ones)
                except ReadError as error:
                    first = first or error
                    continue
                yield made
                count += 1
                if count == MOST_FITS:
                    return
            if count:
                return
        if first is not None:
            raise first

    def placed(
        self, context: Context, source: Source, left: Left, body: ast.expr
    ) -> tuple[Stage, dict[str, int]] | None:
        """A definition at indices, z_k = w_k^T x, in components, with the axes of its names.

        It is a number for each index where it can be, else a column; None where it is neither.
        """
        needed = self.needed([body])
        words = frozenset((*scan.words([body]), *context.ranks))
        for rank in (0, 1):
            for ranks in self._readings(context, [body], needed, by=[*scan.names(body)]):
                lowering = self._lowered(words | {*left.letters}, source, needed, ranks)
                try:
                    value = lowering.value(body)
                except ReadError:
                    continue
                if value.rank != rank:
                    continue
                letters = [*left.letters]
                letters += lowering.operations.axes.fresh(words | {*letters}, rank) if rank else []
                found = value.write(indices(letters[len(left.letters) :], 0), frozenset(letters))
                stage = Stage(left.name, tuple(letters), found, context.section)
                return stage, {n: v.rank for n, v in lowering.arrays.items() if v.rank}
        return None

    def number(
        self, context: Context, source: Source, term: ast.expr
    ) -> tuple[ast.expr, bool] | None:
        """A number in components, or a norm squared, and which; None where it is none."""
        needed = self.needed([term])
        words = frozenset((*scan.words([term]), *context.ranks))
        for ranks in self._readings(context, [term], needed, by=[*scan.names(term)]):
            lowering = self._lowered(words, source, needed, ranks)
            with suppress(ReadError):
                value = lowering.value(term)
                if value.rank == 0:
                    order, squared = value.root or ("", value)
                    made = squared if order == "2" else value
                    return made.write((), frozenset()), made is not value
        return None

    def _readings(
        self,
        context: Context,
        sides: Sequence[ast.expr],
        needed: Sequence[str],
        by: Sequence[str],
    ) -> Iterator[dict[str, int]]:
        """The numbers of axes of the names: by their letters, then otherwise, as few as it takes.

        A name with an index, x_n, may be a column for each n, a Greek letter among `by` a column,
        θ, and a lower-case letter a number.
        """
        sides = [*sides, *(self.stages[n] for n in needed)]
        ranks = dict.fromkeys((counts(sides) | scan.sizes(sides)) - self.stages.keys(), 0)
        ranks |= {n: r for n, r in context.ranks.items() if n not in needed}
        own = {name for side in sides for name in scan.names(side)} - subscripting(sides)
        own -= {*needed, *context.stages}
        rows: dict[str, int] = {}
        for name, found in _indexed(sides).items():
            if name in own and len(found) > 1:  # x_n and x_{nd}, w and w_d: the most that it has
                ranks[name] = max(*found, ranks.get(name, 0))
            elif name in own and ranks.get(name) in (None, *found):
                rows[name] = max(found) + 1
        unsaid = sorted(own - ranks.keys() - rows.keys())
        numbers = [n for n in unsaid if rank_of(n) == 1 and n.islower()]
        columns = [n for n in by if n in unsaid and rank_of(n) == 0]
        others = rows | dict.fromkeys(numbers, 0) | dict.fromkeys(columns, 1)
        chosen = (names for count in range(4) for names in combinations(others, count))
        for names in islice(chosen, MOST_TRIED):
            yield ranks | {name: others[name] for name in names}

    def components(self, context: Context, names: Sequence[str]) -> dict[str, Stage]:
        """What is defined here by its components, as lines with indices use it.

        Raises
        ------
        ReadError
            where the shapes of the names do not fit.
        """
        needed = self.needed([tree.name(name, 0) for name in names])
        known = (*context.ranks, *context.stages, *self.stages, *needed)
        words = frozenset((*known, *_OF_TEXTS))  # what stands within one is not found in another
        first = None
        for ranks in self._readings(context, [], needed, by=()):
            try:
                return self._lowered(words, Source(""), needed, ranks).made
            except ReadError as error:
                first = first or error
        assert first is not None
        raise first

    def needed(self, sides: Sequence[ast.expr]) -> list[str]:
        """The stages that the sides need, in order."""
        return in_order(
            scan.words(sides), lambda name: scan.words([self.stages[name]]), self.stages
        )

    def _fit(
        self,
        context: Context,
        source: Source,
        left: ast.expr,
        right: ast.expr,
        needed: Sequence[str],
        ranks: Mapping[str, int],
        *,
        ones: bool,
    ) -> Fit:
        words = frozenset((*scan.words([left, right]), *context.ranks))
        lowering = self._lowered(words, source, needed, ranks, ones=ones)
        operations, axes = lowering.operations, lowering.operations.axes
        one, other = lowering.value(left), lowering.value(right)
        if one.rank != other.rank and (other.rank or other.shown not in ("0", "1")):
            raise operations.misfit(0, f"{one.shown} is {one.kind()}, {other.shown} {other.kind()}")
        for a, b in zip(one.axes, other.axes, strict=False):
            axes.join(a, b)
        free = [x for x in _LETTERS if x not in words]  # the author's own bound letters are not
        letters = [*free, *axes.fresh(frozenset(), 2)][: one.rank]
        found, taken = indices(letters, 0), frozenset(letters)
        turned = None
        if one.rank == other.rank == 2:
            turned = other.write(tuple(reversed(found)), taken)
        return Fit(
            one.write(found, taken),
            other.write(found if other.rank else (), taken),
            turned,
            Guess(lowering.made, ""),
            lowering.jacobian,
        )

    def _lowered(
        self,
        words: frozenset[str],
        source: Source,
        needed: Sequence[str],
        ranks: Mapping[str, int],
        *,
        ones: bool = False,
    ) -> _Lowering:
        """The stages that are needed, brought to components."""
        within = scan.words([self.stages[name] for name in needed])  # what they bind themselves too
        axes = Axes(used=frozenset((*words, *within, *_LETTERS, "e", "pi")))
        operations = Operations(axes, Dialect.TEXTBOOK, source, ones=ones)
        lowering = _Lowering(operations, dict(ranks))
        for name in needed:
            value = lowering.value(self.stages[name])
            lowering.stages.append((name, value))
            lowering.arrays[name] = array(name, value.axes, 0)
        return lowering


def _indexed(sides: Sequence[ast.expr]) -> dict[str, set[int]]:
    """The numbers of indices with which names stand that have some; 0 where one stands bare too."""
    found: dict[str, set[int]] = {}
    within: set[int] = set()
    for node in (n for side in sides for n in scan.walk(side)):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(len(scan.slots(node)))
            within.add(id(node.value))
        elif isinstance(node, ast.Name) and id(node) not in within:
            found.setdefault(node.id, set()).add(0)
    return {name: had for name, had in found.items() if had != {0}}


def _variables(sides: Sequence[ast.expr]) -> list[str]:
    """The names by which is differentiated: a Greek letter among them may be a column, θ."""
    by = (variable for side in sides for _, variable in scan.slopes(side))
    return list(dict.fromkeys(v.id for v in by if isinstance(v, ast.Name)))


def _stage(axes: Axes, name: str, value: Value) -> Stage:
    letters = tuple(axes.fresh(frozenset(), value.rank)) if value.rank else ()
    return Stage(name, letters, value.write(indices(letters, 0), frozenset(letters)))


class _Lowering(Lowering):
    """Lowering in which derivatives stand."""

    jacobian = False

    @property
    def made(self) -> dict[str, Stage]:
        """Its stages in components, once the axes are known."""
        return {name: _stage(self.operations.axes, name, value) for name, value in self.stages}

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Call(func=ast.Name(id="partial"), args=[top, by]):
                above = self._loss(top) or self.value(top)
                return self._derivative(above, self.value(by), node.col_offset)
        return super()._value(node)

    def _loss(self, top: ast.expr) -> Value | None:
        """An unknown number that is differentiated: L, J, C, of which nothing says more."""
        match top:
            case ast.Name(id=name) if name not in self.arrays and name not in self.ranks:
                if name[:1].isupper() or name == "ell":
                    return Value((), lambda *_: tree.name(name, top.col_offset), name)
        return None

    def _derivative(self, top: Value, by: Value, at: int) -> Value:
        if top.rank + by.rank > 2 or (top.rank and by.rank and (top.rank, by.rank) != (1, 1)):
            raise self.operations.source.refuse(at, "the derivative has more than two indices")
        self.jacobian |= bool(top.rank and by.rank)

        def write(found: Indices, taken: frozenset[str]) -> ast.expr:
            body = top.write(found[: top.rank], taken)
            return tree.call("partial", [body, by.write(found[top.rank :], taken)], at)

        return Value((*top.axes, *by.axes), write, f"∂{top.shown}/∂{by.shown}")
