"""Indices: where a letter runs, and whether an index can leave its axis.

Gives `Range` (of one letter), `ranges_of` a binder, `Scope` (the letters in force and what brackets
say of them), `never_negative`, and `linear`, an index as a letter's multiple and a rest.

Imports terms only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

import sympy
from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import Iverson, release
from symderiv.terms.held import held


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
        expression = sympy.expand(expression)
        if self._lowest(expression):
            return True
        return any(self._lowest(sympy.expand(expression - h)) for h in self.held)

    def highest(self, expression: Expr) -> Expr | None:
        """The largest value that an index takes, in sizes."""
        runs = {**self.letters, **self.steps}
        for letter in sorted(expression.free_symbols & runs.keys(), key=str):
            slope = expression.coeff(letter, 1)
            if not slope.is_Integer:
                return None
            run = runs[letter]
            expression = sympy.expand(expression.subs(letter, run.high if slope > 0 else run.low))
        return expression

    def _lowest(self, expression: Expr) -> bool:
        runs = {**self.letters, **self.steps}
        for _ in range(len(runs) + 1):
            found = expression.free_symbols & runs.keys()
            if not found:
                break
            for letter in sorted(found, key=str):
                slope = expression.coeff(letter, 1)
                if not slope.is_Integer or expression.coeff(letter, 2) != 0:
                    return False
                run = runs[letter]
                end = run.low if slope > 0 else run.high
                expression = sympy.expand(expression.subs(letter, end))
        return _at_any_size(expression)


def ranges_of(limits: Iterable[Basic]) -> dict[Symbol, Range]:
    """Where the letters of a binder run."""
    return {letter: Range(low, high) for letter, low, high in (t.args for t in limits)}


def _at_any_size(expression: Expr) -> bool:
    """Is it at least 0 for every size from 1 up?"""
    symbols = sorted(expression.free_symbols, key=str)
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
