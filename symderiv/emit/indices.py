"""Indices: where a letter runs, and whether an index can leave its axis.

Gives `Range` (of one letter), `ranges_of` a binder, `Scope` (the letters in force and what brackets
say of them), `never_negative`, and `linear`, an index as a letter's multiple and a rest.

Imports terms only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from operator import attrgetter

import sympy
from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import Iverson, release
from symderiv.terms.held import held
from symderiv.terms.remembering import remembered


@dataclass(frozen=True)
class Range:
    """A letter runs from `low` to `high`."""

    low: Expr
    high: Expr

    @property
    def length(self) -> Expr:
        return (self.high - self.low + 1).expand()


@dataclass(frozen=True)
class Scope:
    """The letters in force, and the expressions that brackets beside a term keep from below 0.

    `steps` are letters at one value, the step of a loop or a label, and where they run.
    """

    letters: Mapping[Symbol, Range] = field(default_factory=dict)
    held: tuple[Expr, ...] = ()
    steps: Mapping[Symbol, Range] = field(default_factory=dict)

    def within(self, letters: Mapping[Symbol, Range]) -> Scope:
        held = tuple(h for h in self.held if not h.free_symbols & letters.keys())
        return replace(self, letters={**self.letters, **letters}, held=held)

    def guarded(self, brackets: list[Iverson]) -> Scope:
        """The scope of what stands beside brackets: where one is 0, nothing else matters."""
        return replace(self, held=(*self.held, *(h for b in brackets for h in held(b.condition))))

    def never_negative(self, expression: Expr) -> bool:
        """Is this at least 0 for all letters in their ranges and all sizes?"""
        rounds = len(self.letters) + len(self.steps) + 1
        from_below = (expression, *(expression - h for h in self.held))
        lowest = (self._end(sympy.expand(e), -1, rounds) for e in from_below)
        return any(e is not None and _at_any_size(e) for e in lowest)

    def highest(self, expression: Expr) -> Expr | None:
        """The largest value that an index takes, in sizes; by brackets, where that is less."""
        from_above = (expression, *(expression + h for h in self.held))
        highest = [self._end(sympy.expand(e), 1, 1) for e in from_above]
        known = [h for h in highest if h is not None and not h.free_symbols & self.letters.keys()]
        least = (h for h in known if all(_at_any_size(sympy.expand(e - h)) for e in known))
        return next(least, known[0] if known else None)

    def _end(self, expression: Expr, side: int, rounds: int) -> Expr | None:
        runs = {**self.letters, **self.steps}
        return _end(expression, side, rounds, tuple(runs.items()))


def ranges_of(limits: Iterable[Basic]) -> dict[Symbol, Range]:
    """Where the letters of a binder run."""
    return {letter: Range(low, high) for letter, low, high in (t.args for t in limits)}


@remembered
def _end(
    expression: Expr, side: int, rounds: int, runs: tuple[tuple[Symbol, Range], ...]
) -> Expr | None:
    """The lowest or highest value; None where a letter is in it in another way than a·k."""
    runs_of = dict(runs)
    for _ in range(rounds):
        for letter in sorted(expression.free_symbols & runs_of.keys(), key=attrgetter("name")):
            slope = expression.coeff(letter, 1)
            if not slope.is_Integer or expression.coeff(letter, 2) != 0:
                return None
            run = runs_of[letter]
            end = run.high if slope * side > 0 else run.low
            expression = sympy.expand(expression.subs(letter, end))
    return expression


@remembered
def _at_any_size(expression: Expr) -> bool:
    """Is it at least 0 for every size from 1 up?"""
    symbols = sorted(expression.free_symbols, key=attrgetter("name"))
    if not all(s.is_integer and s.is_positive for s in symbols):
        return False
    moved = sympy.expand(expression.subs({s: s + 1 for s in symbols}, simultaneous=True))
    return all(c >= 0 for c in sympy.Poly(moved, *symbols).coeffs()) if symbols else moved >= 0


def linear(index: Expr, letters: Mapping[Symbol, Range]) -> tuple[Symbol, int, Expr] | None:
    """a·k + c as (k, a, c) where one letter is in it, with a whole positive factor."""
    index = sympy.expand(release(index))
    found = index.free_symbols & letters.keys()
    if len(found) != 1:
        return None
    (letter,) = found
    slope = index.coeff(letter, 1)
    rest = sympy.expand(index - slope * letter)
    if not slope.is_Integer or slope < 1 or rest.has(letter):
        return None
    return letter, int(slope), rest
