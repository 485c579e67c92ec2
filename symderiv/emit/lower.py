"""Lowering: terms of a derivation become an array program.

Gives `Lowering`, which makes the value of a term in a `Graph`: index letters are axes, sums are
contractions, exponentials carry their shifts (`shifts`), and what would lose digits is rewritten
first (`laws`), each rewriting passed by the judge.

Imports graph, indices, laws, shifts; products, sums, logs, less_one,
components; floors 0 and 1.  To add a head: a case in `Lowering.scaled`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Product, Rational, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.elementwise import of_head
from symderiv.emit import laws
from symderiv.emit.bounds import never_positive
from symderiv.emit.components import Components
from symderiv.emit.conjugates import conjugate
from symderiv.emit.ends import from_ends
from symderiv.emit.fractions import one_fraction
from symderiv.emit.graph import Graph
from symderiv.emit.indices import Range, Scope
from symderiv.emit.known import Known
from symderiv.emit.less_one import LessOne
from symderiv.emit.logs import Logarithms
from symderiv.emit.means import less_member
from symderiv.emit.meanwhile import meanwhile
from symderiv.emit.nodes import View
from symderiv.emit.norms import Norms
from symderiv.emit.products import Products
from symderiv.emit.rewritings import Rewritings, Unwritable
from symderiv.emit.scaled import Scaled
from symderiv.emit.series import atom, in_one, series, shared
from symderiv.emit.shifts import Shifts
from symderiv.emit.sums import Sums
from symderiv.terms import (
    ONE,
    ZERO,
    Iverson,
    Maximum,
    Minimum,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    hold,
    plus,
    times,
)
from symderiv.terms.derived import derived
from symderiv.terms.factors import factored, terms_of
from symderiv.terms.problem import Problem

RELATIONS = {">": "gt", ">=": "ge", "<": "lt", "<=": "le", "==": "eq", "!=": "ne"}


class Lowering:
    """Makes the values of one problem's terms in one graph."""

    def __init__(self, problem: Problem, *, batched: bool = True) -> None:
        self.problem = problem
        self.graph = Graph(batched=batched)
        self.shifts = Shifts(self.graph, lambda exponent: self.value(hold(exponent)))
        self.components = Components(self)
        self.known = Known(self.shifts)
        self._near = frozenset[Expr]()
        self.norms = Norms(self)
        self.logs = Logarithms(self, self.norms)
        self.products = Products(self, self.components, self.norms, self.logs)
        self.less_one = LessOne(self, self.logs)
        self.sums = Sums(self, self.products, self.logs)
        self.factors = self.products.factors
        rewritings = Rewritings(problem)
        self.passed, self.proved = rewritings.passed, rewritings.proved

    def scope(self) -> Scope:
        """The free letters, each along its whole axis."""
        runs = {s: Range(ONE, high) for s, high in self.problem.ranges.items()}
        labels = {s: run for s, run in runs.items() if self.is_label(s)}
        return Scope({s: run for s, run in runs.items() if s not in labels}, steps=labels)

    def is_label(self, term: Basic) -> bool:
        """Is it an index that is given, or the step of a loop?"""
        return isinstance(term, Symbol) and (
            term.name in self.problem.labels or term in self.components.steps
        )

    def value(self, term: Expr, scope: Scope | None = None) -> View:
        """The value of a term."""
        return self.shifts.plain(self.scaled(term, self.scope() if scope is None else scope))

    def scaled(self, term: Expr, scope: Scope) -> Scaled:
        """The value of a term, its shift beside it; made once where the same holds."""
        norms, products = self.norms, self.products
        near = (self._near, tuple(norms.units.items()), norms.weights, norms.feet)
        bars = (products.bars, products.below, products.within)
        above = (self.logs.far, self.logs.near, *map(bool, (self.logs.open, *bars)))
        return self.known.value(
            term, scope, (near, above), lambda *at: norms.unit(self._scaled(*at))
        )

    def bare(self, term: Expr, scope: Scope) -> Scaled:
        """A term that no norm stands beside: what is squared, a stage."""
        with meanwhile(self.norms, units={}):
            return self.scaled(term, scope)

    def _scaled(self, term: Expr, scope: Scope) -> Scaled:
        g = self.graph
        match term:
            case Rational() | sympy.NumberSymbol():
                return Scaled(g.number(term))
            case Symbol() if (found := derived(term.name)) is not None:
                return self.components.inverses.number(found)
            case Symbol():
                return Scaled(self.symbol(term, scope))
            case sympy.Indexed() | Quantity():
                return self.components.component(term, scope)
            case Plus():
                joined = one_fraction(term)
                if joined is not None and self.proved(term, joined):
                    return self.scaled(joined, scope)
                return self.near_zero(term, self.plus, scope)
            case Times() | Quotient() | Neg() | Power() | sympy.exp():
                return self.products.product(term, scope)
            case Sum():
                return self.sums.sum(term, scope)
            case Product():
                return self.sums.product(term, scope)
            case Minimum():
                return Scaled(self.sums.over("min", term, scope))
            case Maximum():
                return Scaled(self.sums.over("max", term, scope))
            case sympy.Max() | sympy.Min():
                return Scaled(self.several(term, scope))
            case KroneckerDelta() | Iverson():
                return Scaled(g.map("float", self.condition(term, scope)))
            case sympy.log() if (better := laws.identity(term)) is not None:
                self.passed(term, better)
                return self.scaled(better, scope)
            case sympy.log():
                return Scaled(self.logs.log(cast(Expr, term.args[0]), scope))
            case _:
                return self.function(term, scope)

    # -- names and functions ---------------------------------------------------------------------

    def symbol(self, term: Symbol, scope: Scope) -> View:
        """A letter or a label as the number that it is on the page, a size, or a given number."""
        g = self.graph
        if term in scope.letters or self.is_label(term):
            return g.map("float", self.components.whole(term, scope))
        if term.is_integer and term.is_positive:
            return g.size(term)
        return View(g.input(term.name, ()))

    def size(self, end: Expr) -> View:
        """The end of a range as a value."""
        if end.is_Integer or isinstance(end, Symbol):
            return self.graph.size(end)
        return View(self.graph.node("size", (), (), end, batched=False))

    def function(self, term: Expr, scope: Scope) -> Scaled:
        """A function of one number, with a shift where it grows like an exponential."""
        g = self.graph
        entry = of_head(type(term))
        if entry is None or "numpy" not in entry.spellings:
            raise Unwritable(f"{type(term).__name__} has no form in NumPy here")
        by_ends = from_ends(self, entry.name, cast(Expr, term.args[0]), scope)
        if by_ends is not None:
            return Scaled(by_ends)
        inner = self.scaled(cast(Expr, term.args[0]), scope)
        if isinstance(term, sympy.Abs | sympy.sign):  # the other factors are positive
            of = partial(g.map, f"f:{entry.name}")
            share = inner.share and replace(inner.share, value=of(inner.share.value), direct=None)
            if isinstance(term, sympy.sign):
                return Scaled(share.value if share else of(inner.value))
            direct = inner.direct and of(inner.direct)
            return Scaled(of(inner.value), inner.shift, direct, inner.scale, share)
        x = self.shifts.plain(inner)
        positive = entry.name in ("sigmoid", "cosh", "softplus", "exp", "erfc")
        value = g.map(f"f:{entry.name}", x, positive=positive)
        if entry.name in ("cosh", "sinh"):
            return self._hyperbolic(entry.name, x, value)
        if entry.name == "sigmoid":  # 1/(1 + e^-|x|) e^min(x, 0)
            small = g.exp(g.neg(g.map("abs", x)))
            one = g.number(ONE)
            above = g.div(one, g.add(one, small))
            above.node.positive = above.node.tame = True
            self.shifts.bounded.add(value.node)
            return Scaled(above, g.map("min", x, g.number(ZERO)), value)
        if entry.name == "softplus":  # about e^x where x is far below 0
            return Scaled(
                g.map("over_exp", x, positive=True), g.map("min", x, g.number(ZERO)), value
            )
        if entry.name == "erfc" and (self.logs.open or self.products.below):
            self.shifts.bounded.add(value.node)
            return self._tail(term, x, value, scope)
        if entry.name == "tanh":
            self.shifts.bounded.add(value.node)
        return Scaled(value)

    def _tail(self, term: Expr, x: View, value: View, scope: Scope) -> Scaled:
        """erfc x, with the shift -x² where x is above 0.

        The square is that of the term, (u/√2)² as u²/2: an exponent beside it cancels exactly.
        """
        g = self.graph
        square = factored(cast(Expr, term.args[0])).to_the(cast(Expr, Integer(2))).term()
        above = g.where(g.map("gt", x, g.number(ZERO)), self.value(square, scope), g.number(ZERO))
        return Scaled(g.map("over_bell", x, positive=True), g.neg(above), value)

    def _hyperbolic(self, name: str, x: View, value: View) -> Scaled:
        """cosh x = e^|x| (1 + e^(-2|x|))/2, sinh x = e^|x| sign(x) (1 - e^(-2|x|))/2."""
        g = self.graph
        size = g.map("abs", x)
        down = g.mul(g.number(Rational(-2)), size)
        if name == "cosh":
            self.shifts.large.add(value.node)
            half = g.div(g.add(g.number(ONE), g.exp(down)), g.number(Rational(2)))
            half.node.positive = half.node.tame = True
        else:
            half = g.mul(g.map("side", x), g.map("expm1", down))
            half = g.div(g.neg(half), g.number(Rational(2)))
        return Scaled(half, size, value)

    def several(self, term: Expr, scope: Scope) -> View:
        op = "max" if isinstance(term, sympy.Max) else "min"
        values = (self.value(cast(Expr, a), scope) for a in term.args)
        return reduce(partial(self.graph.map, op), values)

    # -- conditions ------------------------------------------------------------------------------

    def condition(self, term: Expr, scope: Scope) -> View:
        """A bracket or a δ as true or false."""
        g = self.graph
        relation = term.condition if isinstance(term, Iverson) else term
        op = RELATIONS[relation.rel_op] if isinstance(relation, Relational) else "eq"
        left, right = relation.args
        if self.components.is_index(left, scope) and self.components.is_index(right, scope):
            a, b = (self.components.index(e, scope) for e in (left, right))
        else:
            a, b = (self.value(cast(Expr, e), scope) for e in (left, right))
        return g.map(op, a, b)

    # -- sums of terms ----------------------------------------------------------------------------

    def plus(self, term: Expr, scope: Scope) -> Scaled:
        made = self.chosen(term, laws.split(term, self.problem), scope)
        if made is not None:
            return made
        better = laws.complemented(term, self.problem)
        if better != term and self.proved(term, better):
            return self.scaled(better, scope)
        together = less_member(cast(Plus, term), self.problem, self.is_label)
        if together is not None and self.proved(term, together):
            return self.scaled(together, scope)
        small = self.less_one.of(term, scope) or self._conjugate(term, scope)
        if small is not None:
            return small
        first: list[Scaled] = []  # what may be large and cancels is added first, and what is
        parts: list[Scaled] = []
        logs: list[View] = []  # small of logarithms last
        for t in terms_of(term):
            inner, sign = (t.term, -1) if isinstance(t, Neg) else (t, 1)
            if isinstance(inner, sympy.log) and not isinstance(inner.args[0], Plus):
                large, few = self.logs.parts(cast(Expr, inner.args[0]), scope)
                if sign < 0:
                    large, few = (list(map(self.graph.neg, views)) for views in (large, few))
                first += map(Scaled, large)
                logs += few
            else:
                where = parts if t.has(sympy.Sum, sympy.Function, Quantity) else first
                where.append(self.scaled(t, scope))
        if logs:
            return self.shifts.add([*first, *parts, *map(Scaled, logs)])
        exact = [t for t in terms_of(term) if _is_whole(t)]  # 1 - q - [a > b] as 1 - [a > b] - q
        rest = [t for t in terms_of(term) if t not in exact]
        order = [*exact, *rest] if len(exact) > 1 and rest else terms_of(term)
        return self.shifts.add([self.scaled(t, scope) for t in order])

    def _conjugate(self, term: Expr, scope: Scope) -> Scaled | None:
        """a + b as (a² - b²)/(a - b), where one is a root and their signs are not the same."""
        found = conjugate(term) if atom(term) not in self._near else None
        if found is None or not self.proved(term, found.term):
            return None
        g = self.graph
        a, b = (self.value(t, scope) for t in (found.a, found.b))
        top, root = found.difference, factored(found.root)
        once = (top * root.to_the(cast(Expr, -ONE))).term()  # u²/(a - b) as u (u/(a - b))
        other = g.div(self.value(once, scope), g.sub(a, b))
        made = g.mul(self.value(found.root, scope), other)
        known, free = (found.signs[0], b) if found.signs[0] else (found.signs[1], a)
        if all(found.signs) and (found.a.is_Rational or found.b.is_Rational):  # a - b is never 0
            return Scaled(made)
        if all(found.signs):  # both are 0 where a - b is
            return Scaled(g.where(g.sub(a, b), made, g.number(ZERO)))
        apart = g.map("lt" if known > 0 else "gt", free, g.number(ZERO))
        return Scaled(g.where(apart, made, g.add(a, b)))

    def near_zero(
        self, term: Expr, lowered: Callable[[Expr, Scope], Scaled], scope: Scope
    ) -> Scaled:
        """A term, near 0 by its series where it cancels there."""
        one = in_one(laws.written(term, self.problem))
        apart = shared(term) if one is None and isinstance(term, Plus) else None
        if apart is not None and self.proved(term, times(*apart)):
            return reduce(self.shifts.mul, (self.scaled(t, scope) for t in apart))
        x, whole = one or (ZERO, term)
        found = None if x == 0 or x in self._near else series(whole)
        if found is None:
            return lowered(term, scope)
        with meanwhile(self, _near=self._near | {x}):  # what cancels within is not looked at again
            made = self.shifts.unscaled(lowered(term, scope))
        g, (reach, coefficients) = self.graph, found
        value = self.value(x, scope)
        near = g.map("lt", g.map("abs", value), g.number(sympy.Float(reach)))
        few = g.series(value, coefficients)
        if made.shift is None:
            return Scaled(g.where(near, few, self.shifts.plain(made)))
        shift = g.where(near, g.number(ZERO), made.shift)
        direct = None if made.direct is None else g.where(near, few, made.direct)
        return Scaled(g.where(near, few, made.value), shift, direct)

    def chosen(self, term: Expr, cases: laws.Cases | None, scope: Scope) -> Scaled | None:
        """A term by what it is where a δ is 1, and where it is 0; None where that is not proved."""
        d, there, elsewhere = cases or (ZERO, ZERO, ZERO)
        apart = plus(_times(d, there), _times(plus(ONE, Neg(d)), elsewhere))
        if not isinstance(d, KroneckerDelta) or not self.proved(term, apart):
            return None
        return self._chosen(d, self.scaled(there, scope), self.scaled(elsewhere, scope), scope)

    def _chosen(self, d: KroneckerDelta, there: Scaled, elsewhere: Scaled, scope: Scope) -> Scaled:
        """One value where a δ is 1 and another where it is 0, their shifts likewise."""
        g = self.graph

        def either(value: View, rest: View) -> View:
            row = self.row_of(d, scope)
            if row is not None and row[0] in rest.letters and row[0] not in value.letters:
                return g.put(rest, *row, value)
            return g.where(self.condition(d, scope), value, rest)

        def apart(one: Scaled, other: Scaled) -> Scaled:
            shifts = (g.number(ZERO) if s.shift is None else s.shift for s in (one, other))
            return Scaled(either(one.value, other.value), either(*shifts))

        there, elsewhere = (self.shifts.grown(self.shifts.unscaled(s)) for s in (there, elsewhere))
        if all(s.shift is None or never_positive(s.shift.node) for s in (there, elsewhere)):
            plain = either(self.shifts.plain(there), self.shifts.plain(elsewhere))
            share = elsewhere.share and apart(there.share or there, elsewhere.share)
            return Scaled(plain, share=share)
        return apart(there, elsewhere)

    def row_of(self, d: KroneckerDelta, scope: Scope) -> tuple[Symbol, View] | None:
        """Letter and label of δ_ky, where the letter runs along the whole of its axis."""
        for letter, label in (d.args, d.args[::-1]):
            run = scope.letters.get(letter)
            fixed = self.is_label(label) or isinstance(label, sympy.Indexed)
            if run is not None and run.low == 1 and fixed:
                return letter, self.components.index(label, scope)
        return None


def _is_whole(term: Expr) -> bool:
    """Is it a whole number, or brackets times one?"""
    view = factored(term)
    return bool(view.coefficient.is_Integer) and all(
        isinstance(b, Iverson | KroneckerDelta) for b in view.powers
    )


def _times(a: Expr, b: Expr) -> Expr:
    return Times(a, b) if b != 0 else ZERO
