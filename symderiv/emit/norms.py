"""Norms: roots, powers and logarithms of sums of squares, which carry their scale.

Gives `Norms`.  A sum of squares under a root, a bar or a logarithm is n², n its root, computed
without squaring what is large or small; and what stands beside it in a product is divided by n
first, x_j (Σ_i x_i w_i)/n³ as (x_j/n) (Σ_i (x_i/n) w_i)/n, so that no product overflows on the way.

Imports graph, indices, shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

import sympy
from sympy import Expr, Sum, Symbol

from symderiv.emit.indices import Range, Scope, ranges_of
from symderiv.emit.lowers import Lowers
from symderiv.emit.nodes import Node, View
from symderiv.emit.shifts import Scaled
from symderiv.terms import ONE, Plus
from symderiv.terms.factors import Factored, factored, terms_of


class Norms:
    """The norms of one lowering; `units` says of an array in force by which norm it is divided."""

    def __init__(self, lowering: Lowers) -> None:
        self.lowering = lowering
        self.graph = lowering.graph
        self.units: dict[Node, tuple[Node, tuple[int, ...]]] = {}

    def of(self, base: Expr, exponent: Expr) -> Expr | None:
        """The exponent of the norm, where a base is a sum of squares that is to be one."""
        if exponent.is_Rational and (exponent < 0 or not exponent.is_Integer) and _squares(base):
            return cast(Expr, 2 * exponent)
        return None

    def norm(self, base: Expr, scope: Scope) -> View | None:
        """√ of a sum of squares; None where a square is of what carries a shift."""
        g, total = self.graph, None
        for term in terms_of(base):
            part = self._root(term, scope)
            if part is None:
                return None
            total = part if total is None else g.map("hypot", total, part)
        return total

    def _root(self, term: Expr, scope: Scope) -> View | None:
        """The root of one square, or of a sum of squares."""
        g = self.graph
        if term.is_Rational:
            return g.number(cast(Expr, sympy.sqrt(term)))
        made, ranges = self._base(term, scope)
        if made.shift is not None or not set(ranges) <= {*made.value.letters}:
            return None
        return g.reduce("norm", made.value, ranges) if ranges else g.map("abs", made.value)

    def _base(self, term: Expr, scope: Scope) -> tuple[Scaled, Mapping[Symbol, Range]]:
        """What is squared, in a square or a sum of squares, and where the letters of that run."""
        inner, limits = (term.function, term.limits) if isinstance(term, Sum) else (term, ())
        ranges, view = ranges_of(limits), factored(inner)
        root = Factored(ONE, {b: cast(Expr, e / 2) for b, e in view.powers.items()})
        made = self.lowering.shifts.unscaled(self.lowering.bare(root.term(), scope.within(ranges)))
        if view.coefficient != 1:
            number = Scaled(self.graph.number(cast(Expr, sympy.sqrt(view.coefficient))))
            made = self.lowering.shifts.mul(number, made)
        return made, ranges

    @contextmanager
    def dividing(self, base: Expr, norm: View, scope: Scope) -> Iterator[None]:
        """The arrays of which this is the norm stand beside it: they are divided by it."""
        before = dict(self.units)
        for term in terms_of(base):
            if term.is_Rational:
                continue
            value = self._base(term, scope)[0].value
            if value.node not in self.units and {*norm.letters} <= {*value.letters}:
                places = tuple(value.letters.index(s) for s in norm.letters)
                self.units[value.node] = norm.node, places
        try:
            yield
        finally:
            self.units = before

    def unit(self, made: Scaled) -> Scaled:
        """An array as its unit times its norm, where it stands beside that."""
        view = made.value
        if made.shift is not None or made.scale or view.node not in self.units:
            return made
        node, places = self.units[view.node]
        norm = View(node, tuple(view.letters[p] for p in places))
        if len(set(norm.letters)) < len(norm.letters):
            return made
        return Scaled(self.graph.div(view, norm), scale=((norm, ONE),))


def _squares(base: Expr) -> bool:
    """Is it a sum of squares, and of numbers from 0 up?"""
    if not isinstance(base, Sum | Plus):
        return False
    terms = list(terms_of(base))
    if all(t.is_Rational for t in terms):
        return False
    return all(t > 0 if t.is_Rational else _square(t) for t in terms)


def _square(term: Expr) -> bool:
    if isinstance(term, Sum):
        letters = {t[0] for t in term.limits}
        if any(isinstance(e, Symbol) and e in letters for t in term.limits for e in t[1:]):
            return False
        term = term.function
    view = factored(term)
    plain = not any(isinstance(b, sympy.exp) for b in view.powers)
    return view.coefficient > 0 and plain and all(e in (2, -2) for e in view.powers.values())
