"""Sums: over letters, as contractions; a sum without one of its terms.

Gives `Sums`.  Imports graph, indices, laws, logs, products, shifts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import sympy
from sympy import Expr, KroneckerDelta, Product, Symbol, Tuple

from symderiv.emit.gates import two_terms
from symderiv.emit.indices import Range, Scope, ranges_of
from symderiv.emit.logs import Logarithms
from symderiv.emit.lowers import Lowers
from symderiv.emit.meanwhile import meanwhile
from symderiv.emit.nodes import View, made_of
from symderiv.emit.norms import is_given
from symderiv.emit.products import Products, divided, is_logarithm, is_root, masked
from symderiv.emit.ratios import opposed
from symderiv.emit.scaled import Scaled
from symderiv.terms import ONE, ZERO, Iverson, delta
from symderiv.terms.factors import Factored, factored
from symderiv.terms.letters import free_letters
from symderiv.terms.omitted import conditions
from symderiv.terms.problem import name_of

OTHERS = {"sum": "others", "prod": "others_prod"}


class Sums:
    """The sums, products and extremes over letters of one lowering."""

    def __init__(self, lowering: Lowers, products: Products, logs: Logarithms) -> None:
        self.lowering, self.products, self.logs = lowering, products, logs
        self.graph, self.shifts = lowering.graph, lowering.shifts

    def over(self, op: str, term: Expr, scope: Scope) -> View:
        body, *limits = term.args
        ranges = ranges_of(limits)
        inner = self.lowering.value(cast(Expr, body), scope.within(ranges))
        inner = self.graph.along(inner, ranges)
        return self.graph.reduce(op, inner, ranges)

    def product(self, term: Expr, scope: Scope) -> Scaled:
        """Π m e^s is Π m e^Σs; the places that are left out have 1 there."""
        g = self.graph
        limits = cast("tuple[Tuple, ...]", term.args[1:])
        ranges = ranges_of(limits)
        within = scope.within(ranges)
        body, asked = conditions(cast(Product, term))
        each = self.shifts.unscaled(self.lowering.scaled(body, within))
        if each.shift is None or (each.direct is not None and each.value.number != 1):
            each = Scaled(self.shifts.plain(each))
        value, shift = each.value, each.shift
        place: tuple[Symbol, Symbol] | None = None
        for condition in asked:
            k, i = condition.args
            run = scope.letters.get(i) if isinstance(condition, sympy.Ne) else None
            if place is None and run == ranges[k] and i not in self._letters(each):
                place = k, i
                if shift is None or self.shifts.sizes.isdisjoint(made_of([shift.node])):
                    continue
            here = self.lowering.condition(Iverson(condition), within)
            if place != (k, i):
                value = g.where(here, value, g.number(ONE))
            shift = None if shift is None else g.where(here, shift, g.number(ZERO))
        value = g.along(value, ranges)
        made = self._of_row("prod", value, ranges, place)
        if shift is None:
            return Scaled(made)
        left = place if place and place[1] not in shift.letters else None  # log 0 - log 0 is nan
        total = self._of_row("sum", g.along(shift, ranges), ranges, left)
        if value.number == 1:
            return Scaled(g.number(ONE), total, g.exp(total))
        return Scaled(made, total)

    def _of_row(
        self,
        op: str,
        row: View,
        ranges: Mapping[Symbol, Range],
        place: tuple[Symbol, Symbol] | None,
    ) -> View:
        """The sum or product of a row, or for each place that of the others."""
        if place is None:
            return self.graph.reduce(op, row, ranges)
        k, i = place
        made = self.graph.row(OTHERS[op], row, k, keep=True)
        return made.named(i if s == k else s for s in made.letters)

    def sum(self, term: Expr, scope: Scope) -> Scaled:
        shifts = self.shifts
        body, *limits = term.args
        ranges = ranges_of(limits)
        within = scope.within(ranges)
        view = two_terms(factored(cast(Expr, body)))
        slope = self._slope(view, ranges, within)
        if slope is not None:
            return slope
        inside: dict[Expr, Expr] = {}
        outside: dict[Expr, Expr] = {}
        hidden: dict[Expr, Expr] = {}  # the one index that is left out
        for base, exponent in view.powers.items():
            left_out = _left_out(base, next(iter(ranges))) if len(ranges) == 1 else None
            if left_out is not None and exponent == 1 and set(hidden.values()) <= {left_out}:
                hidden[base] = left_out
            elif (free_letters(base) | free_letters(exponent)) & ranges.keys():
                inside[base] = exponent
            else:
                outside[base] = exponent
        roots = any(is_root(b, e, inside) for b, e in outside.items())
        if roots and any(map(is_given, inside.values())):
            inside, outside = view.powers, {}  # what is raised beside the root has its scale
        made = None
        if hidden:
            index = next(iter(hidden.values()))
            made = self._without_term(self._factors(inside, within), index, list(ranges), within)
        if made is None:
            inside.update(dict.fromkeys(hidden, ONE))
            made = self._repeated(self._factors(inside, within), ranges)
        if outside or view.coefficient != 1:
            return shifts.mul(
                self.products.factors(Factored(view.coefficient, outside), scope), made
            )
        return made

    def _slope(
        self, view: Factored, ranges: Mapping[Symbol, Range], within: Scope
    ) -> Scaled | None:
        """A slope along a vector: the coefficients as they are alone, then their sum.

        Each has the exponent of its own, and none is 0 times what another one overflows by.  An
        exponential that nothing divides in the coefficient overflows by itself: it is let be.
        """
        along = {b for b in view.powers if name_of(b) in self.shifts.vectors}
        if not any(free_letters(b) & ranges.keys() for b in along):
            return None
        powers = {b: e for b, e in view.powers.items() if b not in along}
        alone = self.lowering.scaled(Factored(view.coefficient, powers).term(), within)
        divided = any(e.is_negative for e in powers.values())
        shift = alone.shift
        if shift is not None and not divided and shift.node.op not in ("sub", "neg"):
            return None
        views = [self.shifts.plain(alone), *(self.lowering.value(b, within) for b in along)]
        return self._repeated([Scaled(v) for v in views], dict(ranges))

    def _repeated(self, factors: list[Scaled], ranges: dict[Symbol, Range]) -> Scaled:
        """Factors summed over letters, some of which they may not have."""
        shifts = self.shifts
        reach = set().union(*(self._letters(f) for f in factors))
        letters = [s for s in ranges if s in reach]
        made = self._sum(factors, letters) if letters else factors[0]
        for s in ranges:
            if s not in reach:  # the same number, so often
                made = shifts.mul(Scaled(self.lowering.size(ranges[s].length)), made)
        return made

    def _sum(self, factors: list[Scaled], letters: list[Symbol]) -> Scaled:
        exact = bool(self.logs.open)
        part = bool(self.products.within) or not (exact or self.products.below)
        return self.shifts.sum(factors, letters, exact=exact, part=part)

    def _factors(self, powers: dict[Expr, Expr], scope: Scope) -> list[Scaled]:
        """The factors of a summand; as one where they are not to be taken apart."""
        products, view = self.products, Factored(ONE, powers)
        whole = any(isinstance(b, Iverson | KroneckerDelta) or is_logarithm(b) for b in powers)
        with meanwhile(products, within=products.within + 1):
            whole = whole or bool(opposed(powers) or divided(powers) or products.weights(view))
            whole = whole or any(is_root(b, e, powers) for b, e in powers.items())
            if not powers or whole or products.vanishing(view, scope):
                return [products.factors(view, scope)]
            return [products.factors(Factored(ONE, {b: e}), scope) for b, e in powers.items()]

    def _letters(self, f: Scaled) -> set[Symbol]:
        shift = f.shift.letters if f.shift is not None else ()
        return {*f.value.letters, *shift, *(s for n, _ in f.scale for s in n.letters)}

    def _without_term(
        self, factors: list[Scaled], i: Expr, letters: list[Symbol], scope: Scope
    ) -> Scaled | None:
        """Σ_k (1 - δ_ki) f_k: the sum of the other terms, none of them subtracted again.

        Divided by the sum of all it has that one's shift; else, where it may be far below, its own.
        """
        g, shifts = self.graph, self.shifts
        (k,) = letters
        each = factors[0]
        for f in factors[1:]:
            each = shifts.mul(each, f)
        if any(k in n.letters for n, _ in each.scale):
            each = shifts.unscaled(each)
        shifted = each.shift is not None and k in each.shift.letters
        if k not in self._letters(each):
            return None
        there = self.lowering.condition(delta(k, i), scope)
        far = bool(self.logs.open or self.products.bars)  # where it may not be 0 for being small
        if shifted and (far or cast(View, each.shift).node not in shifts.whole):
            hidden = g.where(there, g.number(-sympy.oo), cast(View, each.shift))
            largest = g.reduce("max", hidden, (k,))  # -inf of one term alone, whose rest is 0
            small = g.exp(g.sub(hidden, g.map("finite", largest)))
            made = g.reduce("sum", g.mul(each.value, small), (k,))
            return Scaled(made, largest, scale=each.scale)
        share = each.share and self._without_term([each.share], i, letters, scope) if far else None
        value, shift = each.value, each.shift
        if shifted:
            shift = g.reduce("max", cast(View, each.shift), (k,))
            value = g.mul(value, g.exp(g.sub(cast(View, each.shift), shift)))
        run = scope.letters.get(i) if isinstance(i, Symbol) else None
        if run is not None and run == scope.letters.get(k) and i not in value.letters:
            made = self._of_row("sum", value, {}, (k, cast(Symbol, i)))
        elif (row := self.lowering.row_of(delta(k, i), scope)) is not None:
            made = g.reduce("sum", g.put(value, *row, g.number(ZERO)), (k,))
        else:
            made = g.reduce("sum", g.where(there, g.number(ZERO), value), (k,))
        return Scaled(made, shift, scale=each.scale, share=share)


def _left_out(base: Expr, k: Symbol) -> Expr | None:
    """i of 1 - δ_ki or of [k ≠ i]."""
    match masked(base) or base:
        case Iverson(condition=sympy.Ne() as relation) if k in relation.args:
            a, b = relation.args
            other = b if a == k else a
            return cast(Expr, other) if isinstance(other, Symbol | sympy.Indexed) else None
    return None
