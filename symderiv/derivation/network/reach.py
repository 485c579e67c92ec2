"""Reach: where the indices of a body run, and the axes that they must stay on.

Gives `Bound` and `reaches`: x[i+k-1] with i from 1 to N and k from 1 to H reaches from 1 to N+H-1
on the axis of x.

Floor 2: imports floor 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy
from sympy import Expr, Indexed, Integer
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.records import dataclass
from symderiv.terms.held import beside
from symderiv.terms.letters import BINDERS
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.sizes import size_at

Spans = Mapping[Basic, tuple[Expr, Expr]]


@dataclass(frozen=True)
class Bound:
    """An index of an array runs from `low` to `high` on an axis of length `size`."""

    array: str
    low: Expr
    high: Expr
    size: Expr

    @property
    def is_plain(self) -> bool:
        """Does it hold whatever the sizes are?"""
        below, above = sympy.expand(self.low - 1), sympy.expand(self.size - self.high)
        return bool(below.is_nonnegative and above.is_nonnegative)

    def holds(self, sizes: Mapping[str, int]) -> bool:
        """Does it hold at these sizes?"""
        return size_at(self.low, sizes) >= 1 and size_at(self.high, sizes) <= size_at(
            self.size, sizes
        )

    def lengthen(self, sizes: dict[str, int]) -> None:
        """Make the axis long enough; where its length is a number, what runs on it shorter."""
        short = size_at(self.high, sizes) - size_at(self.size, sizes)
        if size_at(self.low, sizes) < 1:
            short = 1  # 1 - (j - i): a longer axis is all that may help
        if isinstance(self.size, sympy.Symbol):
            sizes[self.size.name] += short
        for s in () if isinstance(self.size, sympy.Symbol) else self.high.free_symbols:
            sizes[s.name] = max(1, sizes[s.name] - short)


def reaches(stage: Definition, problem: Problem) -> Iterator[Bound]:
    """What must hold for the indices in a stage's body; what holds anyway is left out."""
    if stage.name in problem.delays:
        return  # a bracket keeps the first step out
    shape = problem.shapes.get(stage.name, ())
    pairs = zip(stage.quantity.indices, shape, strict=True)
    spans: Spans = {letter: (Integer(1), high) for letter, high in pairs}
    for bound in dict.fromkeys(_inside(stage.body, spans, problem)):
        if not bound.is_plain:
            yield bound


def _inside(
    term: Any, spans: Spans, problem: Problem, held: tuple[Expr, ...] = ()
) -> Iterator[Bound]:
    """`held` is what brackets beside the term keep from below 0."""
    if isinstance(term, BINDERS):
        spans = {**spans, **{t[0]: (t[1], t[2]) for t in term.args[1:]}}
        yield from _inside(term.args[0], spans, problem, held)
    elif isinstance(term, Indexed | terms.Quantity):
        shape = problem.shapes.get(name_of(term), ())
        for index, size in zip(term.args[1:], shape, strict=False):
            label = isinstance(index, Indexed) or str(index) in problem.labels
            if not label:
                low, high = (_held_end(index, spans, which, held, size) for which in (0, 1))
                yield Bound(name_of(term), low, high, size)
    else:
        for a in term.args:
            yield from _inside(a, spans, problem, (*held, *beside(term, a)))


def _held_end(index: Any, spans: Spans, which: int, held: tuple[Expr, ...], size: Expr) -> Expr:
    """The least or largest value of an index where the brackets beside it are not 0."""
    side = 2 * which - 1
    ends = [_end(index + side * h, spans, which) for h in (0, *held)]
    kept = [e for e in ends if (size - e if which else e - 1).is_nonnegative]
    nearest = [e for e in ends if all((side * (f - e)).is_nonnegative for f in ends)]
    return [*kept, *nearest, *ends][0]


def _end(index: Any, spans: Spans, which: int) -> Expr:
    """The least (0) or largest (1) value of an index."""
    total: Expr = Integer(0)
    for part in sympy.Add.make_args(terms.release(index)):
        factor, rest = part.as_coeff_Mul()
        if rest in spans:
            total += factor * spans[rest][which if factor > 0 else 1 - which]
        else:
            total += part
    return sympy.expand(total)
