"""Lowers: what each part of a lowering asks of the whole.

Gives `Lowers`, which `lower.Lowering` is.  Products, sums, logarithms and components of a term hold
terms of every kind, so each part hands what is within it back to the whole.

Imports graph, indices and shifts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sympy import Expr, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.emit.graph import Graph
from symderiv.emit.indices import Scope
from symderiv.emit.known import Known
from symderiv.emit.laws import Cases
from symderiv.emit.nodes import View
from symderiv.emit.scaled import Scaled
from symderiv.emit.shifts import Shifts
from symderiv.terms.factors import Factored
from symderiv.terms.problem import Problem


class Lowers(Protocol):
    """The values of one problem's terms in one graph."""

    problem: Problem
    graph: Graph
    shifts: Shifts
    known: Known

    def scope(self) -> Scope: ...
    def is_label(self, term: Basic) -> bool: ...
    def value(self, term: Expr, scope: Scope | None = None) -> View: ...
    def scaled(self, term: Expr, scope: Scope) -> Scaled: ...
    def bare(self, term: Expr, scope: Scope) -> Scaled: ...
    def size(self, end: Expr) -> View: ...
    def condition(self, term: Expr, scope: Scope) -> View: ...
    def plus(self, term: Expr, scope: Scope) -> Scaled: ...
    def chosen(self, term: Expr, cases: Cases | None, scope: Scope) -> Scaled | None: ...
    def factors(self, view: Factored, scope: Scope) -> Scaled: ...
    def near_zero(
        self, term: Expr, lowered: Callable[[Expr, Scope], Scaled], scope: Scope
    ) -> Scaled: ...
    def row_of(self, d: KroneckerDelta, scope: Scope) -> tuple[Symbol, View] | None: ...
    def passed(self, before: Expr, after: Expr) -> None: ...
    def proved(self, before: Expr, after: Expr) -> bool: ...
