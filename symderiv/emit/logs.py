"""Logarithms: of what is positive, taken apart.

Gives `Logarithms`: log Σ e^u is its shift and the log of what is left, the log of a product is a
sum, that of 1 + u a log1p, and what is large and cancels is added before what is small.

Imports graph, indices, laws, norms, shifts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce
from typing import cast

import sympy
from sympy import Expr, Product, Rational, Sum, Symbol

from symderiv.emit import laws
from symderiv.emit.averages import less_average
from symderiv.emit.gates import two_terms
from symderiv.emit.indices import Scope, ranges_of
from symderiv.emit.lowers import Lowers
from symderiv.emit.meanwhile import meanwhile
from symderiv.emit.nodes import View
from symderiv.emit.norms import Norms, is_given, of_given_degree, opened
from symderiv.emit.scaled import Scaled
from symderiv.terms import (
    ONE,
    ZERO,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    log,
    plus,
    sigmoid,
)
from symderiv.terms.factors import Factored, factored, negative, number, terms_of

Parts = tuple[list[View], list[View]]
FAR = sympy.Float(1e16)  # to which a float may add 1 and is the same


class Logarithms:
    """The logarithms of one lowering."""

    def __init__(self, lowering: Lowers, norms: Norms) -> None:
        self.lowering, self.norms = lowering, norms
        self.graph, self.shifts = lowering.graph, lowering.shifts
        self.open = 0  # how many are being taken
        self.far = False  # is what is logged far from 1 as a whole, so that no part need be?
        self.near = False  # is what is made asked for where it is small alone?

    def log(self, term: Expr, scope: Scope) -> View:
        return self._total(self.parts(term, scope))

    def of_positive(self, term: Expr, scope: Scope) -> View | None:
        """The log of what is positive, where it is not that of its value: -softplus(-x) of σ(x)."""
        with meanwhile(self, open=self.open + 1):
            positive = self.lowering.scaled(term, scope).value.node.positive
            near = self._near_one(factored(term), scope) if positive else None
            parts = self._base(term, scope) if near is None else ([], [near])
        if parts is None or (not parts[0] and [v.node.op for v in parts[1]] == ["f:log"]):
            return None
        return self._total(parts)

    def _total(self, parts: Parts) -> View:
        return reduce(self.graph.add, [*parts[0], *parts[1]] or [self.graph.number(ZERO)])

    def parts(self, term: Expr, scope: Scope) -> Parts:
        """log of a term as a sum: parts as large as the exponents are, and what is small."""
        with meanwhile(self, open=self.open + 1, far=False):
            found = self._parts(term, scope)
            plain = Scaled(self._total(found))
            made = self.lowering.near_zero(log(term), lambda *_: plain, scope)
            return found if made is plain else ([], [made.value])

    def _parts(self, term: Expr, scope: Scope) -> Parts:
        if isinstance(term, Plus):
            better = laws.complemented(term, self.lowering.problem)
            if better != term:
                self.lowering.passed(term, better)
                return self._of_others(term, better, scope)
            return self._plus(term, scope)
        view = two_terms(factored(term))
        labelled = self._labelled(term, view, scope)
        if labelled is not None:
            return [], [labelled]
        several = len(view.powers) > 1 or view.coefficient != 1 or isinstance(term, Sum)
        near = self._near_one(view, scope) if several and view.powers else None
        return self._of_factors(view, scope) if near is None else ([], [near])

    def _of_factors(self, view: Factored, scope: Scope, *, sized: bool = False) -> Parts:
        """The logarithms of the factors, or of their sizes, one by one where they are positive."""
        g = self.graph
        large: list[View] = []
        few: list[View] = []
        rest = Factored()

        def add(parts: Parts, times: Rational) -> None:
            for into, found in zip((large, few), parts, strict=True):
                into.extend(g.mul(g.number(times), v) for v in found)

        for base, exponent in (opened(b, e) for b, e in view.powers.items()):
            known = number(exponent)
            size = known is not None and (sized or bool(known.is_even))
            own = _positive(base) if size else base
            parts = self._base(own, scope) if known is not None else None
            if parts is None and size:  # log x² is 2 log |x|
                parts = self._of_size(base, scope)
            if known is None and sized:  # log |x^p| is p log |x|
                size_of = self._total(self._of_size(base, scope))
                few.append(g.mul(self.lowering.value(exponent, scope), size_of))
            elif parts is None or known is None:
                rest.multiply(base, exponent)
            else:
                add(parts, known)
        rest.coefficient = cast(Rational, abs(view.coefficient)) if sized else view.coefficient
        if rest.powers or rest.coefficient != 1:
            add(*self._of_rest(rest, scope))
        return large, few

    def _of_rest(self, rest: Factored, scope: Scope) -> tuple[Parts, Rational]:
        """The logarithm of what may be negative, and how many times it is taken.

        That of u^n alone is n log u: it has no value where u is not positive.
        """
        times: Rational = ONE
        if len(rest.powers) == 1 and rest.coefficient == 1:
            ((base, exponent),) = rest.powers.items()
            n = number(exponent)
            within = number(base.exponent) if isinstance(base, Power) else None
            if n is not None and within is not None and not within.is_even:
                return self._parts(base.base, scope), cast(Rational, n * within)
            if n is not None and isinstance(base, Plus):
                return self._plus(base, scope), n
            powers = None if n is None else self._of_powers(base, scope)
            if n is not None and powers is not None:
                return ([], [powers]), n
            if n is not None:
                rest, times = Factored(ONE, {base: ONE}), n
        with meanwhile(self.shifts, roots=self.shifts.roots + len(rest.powers)):
            return self._of_scaled(self.lowering.factors(rest, scope)), times

    def _of_scaled(self, made: Scaled) -> Parts:
        """The logarithm of v e^m as m and log v; that of v n^p as p log n and log v."""
        made = made.share or made
        given = any(not e.is_number for _, e in made.scale)
        made = self.shifts.shifted(made) if given else self.shifts.unscaled(made)
        most = None if made.shift is None else self._largest_is_one(made.value)
        few = ("f:log", made.value) if most is None else ("log1p", most)
        return [] if made.shift is None else [made.shift], [self.graph.map(*few)]

    def _near_one(self, view: Factored, scope: Scope) -> View | None:
        """log of factors whose product tends to 1, where it is near: by what is left of 1.

        Their logarithms cancel there: log(1 + erf x) - log 2 is log1p(-erfc(x)/2).
        """
        u, sums = (
            self.beside_one(view.term(), scope),
            [b for b in view.powers if isinstance(b, Sum)],
        )
        mean = less_average(view.term()) is not None
        if u is None or (
            not mean and any(self.lowering.scaled(b, scope).shift is not None for b in sums)
        ):
            return None  # the largest is taken out of such a sum
        with meanwhile(self, far=True):
            far = self._total(self._of_factors(view, scope))
        return far if self.far else self._near(u, far)

    def beside_one(self, term: Expr, scope: Scope) -> View | None:
        """u of 1 + u, right where it is small; None where that is not known."""
        left = laws.others(term, self.lowering.problem)
        if left is None or not self.lowering.proved(plus(ONE, Neg(term)), left):
            return None
        with meanwhile(self, near=True):
            return self.graph.neg(self.lowering.value(left, scope))

    def _near(self, u: View, far: View) -> View:
        """log(1 + u): where u is small by that, else as it is worked out."""
        g = self.graph
        inner = g.operands(u)[0] if u.node.op == "neg" else u
        size = inner if inner.node.positive else g.map("abs", inner)
        near = g.map("lt", size, g.number(Rational(1, 2)))
        return g.where(near, g.map("log1p", u), far)

    def _beside_one(self, term: Expr, made: Scaled, scope: Scope) -> View | None:
        """log(1 + u) as a log1p where u is small."""
        terms = list(terms_of(term))
        if ONE not in terms or len(terms) != 2:
            return None
        u = self.lowering.value(terms[1 - terms.index(ONE)], scope)
        return self._near(u, self._total(self._of_scaled(made)))

    def _labelled(self, term: Expr, view: Factored, scope: Scope) -> View | None:
        """log(e^u_y/Σ e^u) as -log(1 + e^(log r - u_y)), r the sum of the others than y.

        Small where the share is near 1, and r is what a gradient needs as well.
        """
        found = laws.labelled_share(view, self.lowering.is_label)
        if found is None:
            return None
        g, (top, left, whole) = self.graph, found
        if not self.lowering.scaled(whole, scope).value.node.positive:
            return None
        if not self.lowering.proved(term, Quotient(ONE, plus(ONE, Quotient(left, top)))):
            return None
        with meanwhile(self, open=0):  # r may vanish beside the whole: then the logarithm is 0
            self.lowering.scaled(whole, scope)
            rest = self.shifts.unscaled(self.lowering.scaled(left, scope))
        if rest.value.node.op != "sum":
            return None
        few = g.map("f:log", rest.value)
        apart = g.neg(self.log(top, scope))
        if rest.shift is not None:
            apart = g.add(rest.shift, apart)
        return g.neg(g.map("logaddexp", g.number(ZERO), g.add(few, apart)))

    def _of_others(self, term: Plus, better: Expr, scope: Scope) -> Parts:
        """log(1 - q): by what is left where q is large, by q itself where q is small."""
        if self.far or len(term.args) != 2 or term.args[0] != 1 or isinstance(better, sigmoid):
            return self._parts(better, scope)
        q = self.lowering.value(negative(cast(Expr, term.args[1])), scope)
        whole = self.log(better, scope)
        if whole.node.op == "neg" and whole.node.args[0][0].op in ("logaddexp", "f:softplus"):
            return [], [whole]  # which is as good where q is small
        return [], [self._near(self.graph.neg(q), whole)]

    def _base(self, base: Expr, scope: Scope) -> Parts | None:
        """The parts of the logarithm of what is positive; None where it may not be."""
        g = self.graph
        match base:
            case sympy.exp():
                return [self.lowering.value(cast(Expr, base.args[0]), scope)], []
            case sigmoid():
                u = self.lowering.value(negative(cast(Expr, base.args[0])), scope)
                return [], [g.neg(g.map("f:softplus", u, positive=True))]
            case sympy.cosh():
                return [], [g.map("log_cosh", self.lowering.value(cast(Expr, base.args[0]), scope))]
            case Product():
                return self._product(base, scope)
            case sympy.Abs():
                return self._of_factors(factored(cast(Expr, base.args[0])), scope, sized=True)
            case sympy.Function() if not self.far:
                near = self._near_one(Factored(ONE, {base: ONE}), scope)
                if near is not None:
                    return [], [near]
            case Quantity():
                body = laws.body_of(base, self.lowering.problem)
                if body is None or not self.lowering.scaled(base, scope).value.node.positive:
                    return None
                if isinstance(body, Plus | Sum | sympy.exp | Times | Quotient | Power | sigmoid):
                    return self._parts(body, scope)
                return None
        others = self._others(base, scope)
        if others is not None:
            return others
        known = isinstance(base, Sum) or self.norms.of(base, Rational(1, 2)) is not None
        powers = self._of_powers(base, scope, sure=True) if known else None
        if powers is not None:
            return self._plus(base, scope) if isinstance(base, Plus) else ([], [powers])
        with meanwhile(self.shifts, roots=self.shifts.roots + 1):
            made = self.shifts.unscaled(self.lowering.scaled(base, scope))
        if not made.value.node.positive:
            return None
        if isinstance(base, Plus) and (made.shift or made.share):
            return self._plus(base, scope)
        return self._of_scaled(made)

    def _others(self, base: Expr, scope: Scope) -> Parts | None:
        """The parts of 1 - q by what is left, where that is positive."""
        better = laws.complemented(base, self.lowering.problem) if isinstance(base, Plus) else base
        if better == base or not self.lowering.proved(base, better):
            return None
        positive = self.lowering.scaled(better, scope).value.node.positive
        return self._of_others(cast(Plus, base), better, scope) if positive else None

    def _of_size(self, base: Expr, scope: Scope) -> Parts:
        """log |u|; of a product factor by factor."""
        if isinstance(base, Product):
            return self._over(base, self._of_size, scope)
        made = self.lowering.scaled(base, scope)
        made = self.shifts.unscaled(made.share or made)
        return self._of_scaled(replace(made, value=self.graph.map("abs", made.value)))

    def _product(self, term: Product, scope: Scope) -> Parts | None:
        """log Π is Σ log, where the factors are positive."""
        ranges = ranges_of(term.limits)
        if not self.lowering.scaled(term.function, scope.within(ranges)).value.node.positive:
            return None
        return self._over(term, self.parts, scope)

    def _over(self, term: Product, logged: Callable[[Expr, Scope], Parts], scope: Scope) -> Parts:
        """The logarithms of a product's factors, summed."""
        ranges = ranges_of(term.limits)
        each = self._total(logged(term.function, scope.within(ranges)))
        return [], [self.graph.reduce("sum", self.graph.along(each, ranges), ranges)]

    def _largest_is_one(self, total: View) -> View | None:
        """The sum without its largest term where that is 1, to be under a log1p."""
        node = total.node
        if node.op != "contract" or len(node.args) != 1 or node.args[0][0].op != "exp":
            return None
        inner, places = node.args[0]
        if inner.rank - node.rank != 1:
            return None
        dummy = Symbol("_", integer=True)
        letters = (*total.letters, dummy)
        each = View(inner, tuple(letters[p] for p in places))
        rest = self.graph.row("rest", each, dummy, keep=False)
        return self.graph.ordered(rest, total.letters)

    def _plus(self, term: Expr, scope: Scope) -> Parts:
        g = self.graph
        roots = sum(map(of_given_degree, terms_of(term)))  # log(1 + Σ|x|^p), p an argument
        with meanwhile(self.shifts, roots=self.shifts.roots + roots):
            parts = [self.lowering.scaled(t, scope) for t in terms_of(term)]
        if all(p.share for p in parts):
            parts = [cast(Scaled, p.share) for p in parts]
        parts = list(map(self.shifts.unscaled, parts))
        if all(p.value.node.positive for p in parts) and any(p.shift is not None for p in parts):
            each = [
                p.shift or g.number(ZERO)
                if p.value.number == 1
                else g.add(p.shift or g.number(ZERO), g.map("f:log", p.value))
                for p in parts
            ]
            return [], [reduce(partial(g.map, "logaddexp"), each)]
        if all(p.shift is None for p in parts) and any(p.value.number == 1 for p in parts):
            n = next(n for n, p in enumerate(parts) if p.value.number == 1)
            others = self.shifts.add([p for m, p in enumerate(parts) if m != n])
            near, far = g.map("log1p", others.value), self._of_powers(term, scope)
            beside = factored(next(t for t in terms_of(term) if t != ONE))
            if (
                far is None
                and len(parts) == 2
                and any(is_given(opened(*power)[1]) for power in beside.powers.items())
            ):
                far = self._total(self._of_factors(beside, scope, sized=True))
            if far is not None:  # u² may overflow where it is large
                near = g.where(g.map("lt", others.value, g.number(FAR)), near, far)
            return [], [near]
        known = self._of_powers(term, scope)
        if known is not None:
            return [], [known]
        made = self.shifts.unscaled(self.lowering.plus(term, scope))
        small = self._beside_one(term, made, scope)
        return self._of_scaled(made) if small is None else ([], [small])

    def _of_powers(self, term: Expr, scope: Scope, *, sure: bool = False) -> View | None:
        """The log of a sum of powers, none of which is formed: they may overflow.

        sure : None where it may be negative
        """
        g, norms = self.graph, self.norms
        norm = norms.norm(term, scope) if norms.of(term, Rational(1, 2)) is not None else None
        if norm is not None:
            return g.mul(g.number(Rational(2)), g.map("f:log", norm))
        with norms.polynomial(term, scope) as made:
            if made is None or not made.scale or (sure and not made.value.node.positive):
                return None
            ((largest, degree),) = made.scale
            size = g.mul(self.shifts.lowered(degree), g.map("f:log", largest))
            return g.add(size, g.map("f:log", made.value))


def _positive(base: Expr) -> Expr:
    """What is as large, and positive: tanh |u| of tanh u, which is odd."""
    if not isinstance(base, sympy.tanh | sympy.erf):
        return base
    return cast(Expr, base.func(sympy.Abs(base.args[0], evaluate=False), evaluate=False))
