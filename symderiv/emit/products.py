"""Products: fractions, powers and brackets, each product with its shift.

Gives `Products`, and `divided`, the bases under a fraction bar.

Imports graph, indices, laws, shifts; components, norms, logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial, reduce
from typing import cast

import sympy
from sympy import Expr, KroneckerDelta, Rational, Sum

from symderiv.emit import laws
from symderiv.emit.bounds import finite, whole_of
from symderiv.emit.components import Components
from symderiv.emit.conjugates import proportional
from symderiv.emit.gates import two_terms
from symderiv.emit.indices import Scope
from symderiv.emit.logs import Logarithms
from symderiv.emit.lowers import Lowers
from symderiv.emit.meanwhile import meanwhile
from symderiv.emit.nodes import View, is_short
from symderiv.emit.norms import (
    Norms,
    cleared,
    is_given,
    is_polynomial,
    names_of,
    of_given_degree,
    opened,
)
from symderiv.emit.ratios import opposed, ratios_of, spread
from symderiv.emit.roots import is_square_sum, parted
from symderiv.emit.scaled import Scaled
from symderiv.emit.series import atom, series
from symderiv.emit.weights import hiding, is_smooth
from symderiv.terms import ONE, ZERO, Iverson, Neg, Plus, Power, Quantity, plus, release, subterms
from symderiv.terms.factors import (
    Factored,
    factored,
    multiply_exponents,
    negative,
    number,
    terms_of,
)
from symderiv.terms.omitted import left_out

TWO = cast(Expr, sympy.Integer(2))


class Products:
    """The products of one lowering."""

    def __init__(
        self, lowering: Lowers, components: Components, norms: Norms, logs: Logarithms
    ) -> None:
        self.lowering, self.components, self.norms, self.logs = lowering, components, norms, logs
        self.graph, self.shifts = lowering.graph, lowering.shifts
        self.bars = 0  # how many fraction bars stand above
        self.below = 0  # and how many, or exponentials beside
        self.within = 0  # how many sums, up to the next fraction bar

    def product(self, term: Expr, scope: Scope) -> Scaled:
        return self.lowering.near_zero(term, self._product, scope)

    def _product(self, term: Expr, scope: Scope) -> Scaled:
        view = two_terms(factored(term))
        better = laws.unlogged(view, lambda u: self.lowering.scaled(u, scope).value.node.positive)
        if better is not None:
            self.lowering.passed(term, better.term())
            return self.product(better.term(), scope)
        roots = parted(view)
        if roots is not None and self.lowering.proved(term, roots.term()):
            return self.product(roots.term(), scope)
        cases = laws.split_over(view, self.lowering.problem)
        chosen = self.lowering.chosen(term, cases, scope)
        if chosen is not None:
            return chosen
        group = self._cancelling(view)
        if group is not None:
            others = {b: e for b, e in view.powers.items() if b not in group.powers}
            few = self.product(group.term(), scope)
            many = self.factors(Factored(view.coefficient, others), scope)
            return self.shifts.mul(few, many)
        for law in (self._opened, proportional, cleared, spread):
            made = law(view)
            if made is not None and self.lowering.proved(term, made.term()):
                return self.product(made.term(), scope)
        return self.factors(view, scope)

    def _opened(self, view: Factored) -> Factored | None:
        """A product in which what stands for powers of sums is written out.

        As L and 1 - L² for L = x/√(1 + x²), where something beside these grows as they fall.
        """
        problem, bodies = self.lowering.problem, dict[Expr, Expr | None]()
        for base in view.powers if len(view.powers) > 1 else ():
            if isinstance(base, Quantity):
                bodies[base] = laws.body_of(base, problem)
            elif isinstance(base, Plus) and any(isinstance(t, Quantity) for t in subterms(base)):
                better = laws.complemented(base, problem)
                bodies[base] = better if better != base else None
        for base, body in bodies.items():
            if body is None or body.has(sympy.exp, sympy.Sum, sympy.log, Quantity):
                bodies[base] = None
        if not any(bodies.values()):
            return None
        made = laws.opened(view, bodies)
        far = any(is_polynomial(b) and _may_overflow(b, e, made) for b, e in made.powers.items())
        return made if far or proportional(made) is not None else None

    def _is_root(self, base: Expr, exponent: Expr, beside: Mapping[Expr, Expr]) -> bool:
        """Is it a root of a sum, or a stage that is one?"""
        body = laws.body_of(base, self.lowering.problem) if isinstance(base, Quantity) else None
        powers = {base: exponent} if body is None else factored(body).powers
        return any(is_root(b, e, beside) for b, e in powers.items())

    def _decays(self, base: Expr) -> bool:
        """Is it an exponential, or a stage with one: e^(-x^k), beside which x^k may overflow?"""
        body = laws.body_of(base, self.lowering.problem) if isinstance(base, Quantity) else base
        return body is not None and any(isinstance(b, sympy.exp) for b in factored(body).powers)

    def factors(self, view: Factored, scope: Scope) -> Scaled:
        g = self.graph
        brackets = [b for b in view.powers if isinstance(b, Iverson | KroneckerDelta)]
        masks = {b: m for b, e in view.powers.items() if e == 1 and (m := masked(b)) is not None}
        brackets += [*masks.values(), *self.vanishing(view, scope)]
        inner = scope.guarded([b for b in brackets if isinstance(b, Iverson)])
        size = Rational(abs(view.coefficient))
        p, q = (size.p, size.q) if is_short(size) else (size, 1)
        above, below = (Scaled(g.number(Rational(part))) for part in (p, q))
        with ExitStack() as units:
            roots = sum(self._is_root(b, e, view.powers) for b, e in view.powers.items())
            roots += any(map(self._decays, view.powers)) and any(
                is_given(opened(*power)[1]) for power in view.powers.items()
            )
            units.enter_context(meanwhile(self.shifts, roots=self.shifts.roots + roots))
            norms = self._norms(view, inner, units)
            above = reduce(self.shifts.mul, norms.values(), above)
            rest = {b: e for b, e in view.powers.items() if b not in {*norms, *masks}}
            made = self._multiplied(rest, inner, above, below)
            brackets += self.weights(view)
        below_bar = {n.node for v in norms.values() for n, k in v.scale if k.is_negative}
        feet = {n.node for n, k in made.scale if k.is_positive} & below_bar - self.norms.feet
        if feet:  # n^k (x/n) is 0 where n is
            with meanwhile(self.norms, feet=self.norms.feet | feet):
                return self.factors(view, scope)
        if view.coefficient < 0:
            made = self.shifts.mul(made, Scaled(g.number(-ONE)))
        return self.bracketed(made, brackets, scope)

    def _cancelling(self, view: Factored) -> Factored | None:
        """The factors that cancel at 0 together: (cosh x - 1)/x² of w (cosh x - 1)/x²."""
        of = {b: atom(b) for b, e in view.powers.items() if number(e) is not None}
        for x in dict.fromkeys(a for a in of.values() if a is not None):
            group = Factored(ONE, {b: view.powers[b] for b, a in of.items() if a == x})
            if 1 < len(group.powers) < len(view.powers) and series(group.term()) is not None:
                return group
        return None

    def _norms(self, view: Factored, scope: Scope, units: ExitStack) -> dict[Expr, Scaled]:
        """The sums of squares under roots and bars, as powers of their roots."""
        norms, found = self.norms, dict[Expr, Scaled]()
        for base, exponent in view.powers.items():
            given = is_given(exponent) and is_square_sum(base)
            if self.shifts.roots > 1 and (given or of_given_degree(base)):
                continue  # each of its powers is an exponential there
            twice = norms.of(base, exponent)
            norm = None if twice is None else norms.norm(base, scope)
            if norm is not None and twice is not None:
                others = [b for b, e in view.powers.items() if e == 1 and twice < 0]
                ratios = ((b, norms.ratio(b, base, norm, scope)) for b in others)
                f, over = next((pair for pair in ratios if pair[1] is not None), (base, None))
                if over is not None:
                    found[f], twice = over, cast(Expr, twice + 1)
                scale = ((norm, twice),) if twice else ()
                found[base] = Scaled(self.graph.number(ONE), scale=scale)
                if twice < 0:
                    units.enter_context(norms.dividing(base, norm, scope))
                continue
            sum_, rest, power = _mean(base, exponent)
            if _may_overflow(sum_, power, view):
                made = units.enter_context(norms.polynomial(sum_, scope))
                if made is not None:
                    beside = self.factors(rest, scope)
                    made = self.shifts.mul(made, beside)
                    mean = (factored(sum_) * rest).term()
                    found[base] = self._mean(mean, made, power, scope)
        return found

    def _multiplied(
        self, powers: Mapping[Expr, Expr], scope: Scope, above: Scaled, below: Scaled
    ) -> Scaled:
        """Above the fraction bar and below it, times powers that are no brackets."""
        g, shifts, every = self.graph, self.shifts, powers
        sums = dict(shifts.whole)
        below_bar = divided(powers)
        for base in below_bar:  # first: a sum above may be over the same exponentials
            self.divisor(base, negative(powers[base]), scope)
        pair = opposed(powers)
        with meanwhile(shifts, roots=shifts.roots + 1):
            above = reduce(shifts.mul, (self.raised(b, powers[b], scope) for b in pair), above)
        powers = {b: e for b, e in powers.items() if b not in pair}
        powers, ratios = ratios_of(powers)
        for base, below_it, count in ratios:
            ratio = shifts.div(
                self.lowering.scaled(base, scope), self.divisor(below_it, ONE, scope)
            )
            above = shifts.mul(above, shifts.power(ratio, count))
        zeros: list[View] = []
        beside = any(isinstance(b, sympy.exp) for b in powers)  # which a tail may cancel
        with meanwhile(self, below=self.below + beside):
            for base, exponent in powers.items():
                if isinstance(base, Iverson | KroneckerDelta):
                    continue
                if self._is_smooth(base, every):
                    side = g.map("side", self.lowering.value(cast(Expr, base.args[0]), scope))
                    above = shifts.mul(above, Scaled(side))
                elif exponent == 1 and is_logarithm(base) and _may_vanish(every, base):
                    zeros.append(self.lowering.value(base, scope))
                elif base in below_bar and not isinstance(base, sympy.exp):
                    below = shifts.mul(below, self.divisor(base, negative(exponent), scope))
                else:
                    above = shifts.mul(above, self.raised(base, exponent, scope))
        shifts.whole = sums
        made = shifts.div(above, below)
        for log in zeros:
            made = self._times_log(made, log)
        return made

    def _is_smooth(self, base: Expr, beside: Mapping[Expr, Expr]) -> bool:
        """Is it a sign beside what is 0 where it jumps, of which a slope is asked for there?"""
        sign = self.shifts.again and isinstance(base, sympy.sign) and beside[base] == 1
        return sign and is_smooth(Factored(ONE, dict(beside)), base)

    def _times_log(self, made: Scaled, log: View) -> Scaled:
        """A product times a logarithm, which is 0 where the product is, whatever the logarithm."""
        g, shifts = self.graph, self.shifts
        if made.shift is not None and not finite(log.node):  # e^u log e^u, of u = -inf
            there = g.map("gt", made.shift, g.number(-sympy.oo))
            log = g.where(there, log, g.number(ZERO))
        value = made.value if made.shift or made.scale else shifts.plain(made)
        never = made.shift is not None and (value.node.positive or value.node in shifts.signs)
        if never or finite(log.node) or shifts.along(value):  # also where a vector is 0
            return shifts.mul(made, Scaled(log))
        return Scaled(g.map("zero_times", value, log), made.shift, scale=made.scale)

    def bracketed(self, made: Scaled, brackets: list[Expr], scope: Scope) -> Scaled:
        """A product with brackets: 0 where one is 0, whatever the rest is there."""
        if not brackets:
            return made
        g = self.graph
        conditions = (
            self.lowering.condition(
                b, scope.guarded([c for c in brackets if c is not b and isinstance(c, Iverson)])
            )
            for b in brackets
        )
        condition = reduce(partial(g.map, "and"), conditions)
        if not all(n.node.positive for n, _ in made.scale):  # by what may be 0
            made = self.shifts.unscaled(made)
        if made.value.number is not None:
            value = g.mul(made.value, g.map("float", condition))
            return Scaled(value, made.shift, scale=made.scale)
        direct = made.direct and self._where(condition, made.direct)
        return Scaled(self._where(condition, made.value), made.shift, direct, made.scale)

    def _where(self, condition: View, product: View) -> View:
        """A product where a condition holds, else 0; said of the factor with its letters alone.

        The other one is an argument, and so finite.  A vector stands beside it: where one is taken
        of the product's slope, what is hidden may be infinite.
        """
        g = self.graph
        if self.shifts.along(product):
            slope, vector = self._linear(product)
            return g.mul(g.where(condition, slope, g.number(ZERO)), vector)
        if self.shifts.again:
            product = self._undivided(condition, product)
        both = g.operands(product) if product.node.op == "mul" else ()
        for few, rest in (both, both[::-1]) if both else ():
            known = whole_of(rest.node).op == "input" and {*rest.letters} - {*few.letters}
            if known and {*condition.letters} <= {*few.letters}:
                return g.mul(self._where(condition, few), rest)
        return g.where(condition, product, g.number(ZERO))

    def _undivided(self, condition: View, product: View) -> View:
        """The same, with 1 under a bar where a condition does not hold: it has a slope there."""
        g, op = self.graph, product.node.op
        if op not in ("neg", "mul", "div"):
            return product
        top, *rest = g.operands(product)
        made = self._undivided(condition, top)
        if op == "neg":
            return g.neg(made)
        (other,) = rest
        if op == "mul":
            return g.mul(made, self._undivided(condition, other))
        if not other.node.positive and {*condition.letters} <= {*other.letters}:
            other = g.where(condition, other, g.number(ONE))
        return g.div(made, other)

    def _linear(self, product: View) -> tuple[View, View]:
        """What is linear in a vector as a factor and the vector, or what is made of that."""
        g, op = self.graph, product.node.op
        if op == "neg":
            slope, vector = self._linear(g.operands(product)[0])
            return g.neg(slope), vector
        if op not in ("mul", "div"):
            return g.number(ONE), product
        one, other = g.operands(product)
        if op == "mul" and not self.shifts.along(one):
            one, other = other, one
        slope, vector = self._linear(one)
        return (g.mul if op == "mul" else g.div)(slope, other), vector

    def vanishing(self, view: Factored, scope: Scope) -> list[Expr]:
        """[i ≠ 1] for a factor i - 1, or [K ≠ 1] for K - 1, beside a power that may be infinite."""
        if not any(
            number(e) is None for b, e in view.powers.items() if not isinstance(b, sympy.exp)
        ):
            return []
        return [
            Iverson(sympy.Ne(b, ZERO, evaluate=False))
            for b, e in view.powers.items()
            if self.components.is_index(b, scope) and not release(b).is_nonzero
        ]

    def weights(self, view: Factored) -> list[Expr]:
        """[w ≠ 0] for each factor w beside what may be infinite where it is 0."""
        found = hiding(view, self.norms.weights, self.lowering.problem)
        return [Iverson(sympy.Ne(b, ZERO, evaluate=False)) for b in found]

    def divisor(self, base: Expr, exponent: Expr, scope: Scope) -> Scaled:
        """base^exponent under a fraction bar, where it may not be 0 for being small."""
        with meanwhile(self, bars=self.bars + 1, below=self.below + 1, within=0):
            return self.raised(base, exponent, scope)

    def raised(self, base: Expr, exponent: Expr, scope: Scope) -> Scaled:
        """base^exponent."""
        g = self.graph
        if isinstance(base, sympy.exp):
            u = cast(Expr, base.args[0])
            value = self.lowering.value(u, scope)
            power = self.lowering.value(exponent, scope)
            return self.shifts.exp(g.mul(power, value))
        known = number(exponent)
        if isinstance(base, Power):
            inner = self.raised(base.base, base.exponent, scope)
            if known is not None:
                return self.shifts.power(inner, known)
            a, e = self.shifts.plain(inner), self.lowering.value(exponent, scope)
            return Scaled(self.shifts.pow(a, e))
        if known is not None:
            if known == 2 and isinstance(base, Plus):
                base = _squared(base)
            return self.shifts.power(self.lowering.scaled(base, scope), known)
        if self.shifts.roots > 1 and is_square_sum(base):
            norm = self.norms.norm(base, scope)
            if norm is not None:  # S^b as e^(2b log √S)
                twice = self.lowering.value(multiply_exponents(TWO, exponent), scope)
                shift = self.shifts.times(twice, g.map("f:log", norm))
                return Scaled(g.number(ONE), shift, self.shifts.pow(norm, twice))
        made = self.lowering.scaled(base, scope)
        if made.shift is None and made.scale and is_given(exponent):
            return self.power(made, exponent, scope)
        a, e = self.shifts.plain(made), self.lowering.value(exponent, scope)
        size = isinstance(base, sympy.Abs) or a.node.positive
        plain = size or not isinstance(base, Plus | Sum)
        if plain and self.shifts.roots and not (made.shift or made.share):  # e^(p log |x|)
            one = g.number(ONE) if size else g.map("pow", g.map("side", a), e)
            log = g.map("f:log", a if size else g.map("abs", a))
            self.shifts.signs.add(one.node)
            self.shifts.sizes.add(log.node)
            return Scaled(one, self.shifts.times(e, log), g.map("pow", a, e))
        logged = self.logs.of_positive(base, scope) if a.node.positive else None
        if logged is not None:  # σ(u)^n, where σ(u) vanishes and its power does not
            return self.shifts.exp(self.shifts.times(e, logged))
        whole = self.shifts.pow(a, e)
        terms = list(terms_of(base))
        if ONE in terms and len(terms) > 1:  # (1 + u)^n, whose n enlarges the rounding of 1 + u
            terms.remove(ONE)
            u = self.lowering.value(plus(*terms), scope)
            near = g.map("lt", g.map("abs", u), g.number(Rational(1, 2)))
            whole = g.where(near, g.exp(g.mul(e, g.map("log1p", u))), whole)
        elif made.shift is not None:  # (c e^u)^n as e^(n (u + log c)) where c is positive
            c, one = self.shifts.unscaled(made).value, g.number(ONE)
            above = g.map("gt", c, g.number(ZERO))
            log = g.map("f:log", g.where(above, c, one))
            power = g.where(above, one, g.map("pow", c, e))
            return Scaled(power, self.shifts.times(e, g.add(made.shift, log)))
        return Scaled(whole)

    def power(self, a: Scaled, exponent: Expr, scope: Scope) -> Scaled:
        """A value with its scale to a power that may be no number."""
        known = number(exponent)
        e = self.lowering.value(exponent, scope) if known is None else None
        return self.shifts.power(a, exponent if known is None else known, e)

    def _mean(self, base: Expr, made: Scaled, exponent: Expr, scope: Scope) -> Scaled:
        """A mean m = v n^p to a power: where m is near 1 v^e is e^(e (log m - p log n))."""
        g, whole = self.graph, self.power(made, exponent, scope)
        with meanwhile(self.norms, units={}):
            u = self.logs.beside_one(base, scope)
        if u is None or made.shift is not None:
            return whole
        log = g.map("log1p", u)
        for norm, p in made.scale:
            log = g.sub(log, g.mul(self.shifts.lowered(p), g.map("f:log", norm)))
        near = g.map("lt", g.map("abs", u), g.number(Rational(1, 2)))
        if self.shifts.again:  # it has a slope where it is not asked for
            log = g.where(near, log, g.number(ZERO))
        power = g.exp(g.mul(self.lowering.value(exponent, scope), log))
        return replace(whole, value=g.where(near, power, whole.value), direct=None)


def masked(base: Expr) -> Iverson | None:
    """1 - δ_ij as the bracket [i ≠ j]."""
    d = left_out(base)
    return None if d is None else Iverson(sympy.Ne(*d.args, evaluate=False))


def is_root(base: Expr, exponent: Expr, beside: Mapping[Expr, Expr]) -> bool:
    """Is it a root of a sum, as far as is known, or below a power as there are in the sum?"""
    base, _, exponent = _mean(base, exponent)
    known = number(exponent)
    if not isinstance(base, Sum | Plus):
        return False
    if known is None or not known.is_Integer:
        return True
    given = any(isinstance(t, Power) and is_given(t.exponent) for t in subterms(base))
    return bool(known < 0) and given and any(is_given(opened(*p)[1]) for p in beside.items())


def is_logarithm(base: Expr) -> bool:
    """Is it a logarithm, or a sum with such: what may be infinite where a factor beside it is 0?"""
    logs = (isinstance(b, sympy.log) for t in terms_of(base) for b in factored(t).powers)
    return isinstance(base, sympy.log) or (isinstance(base, Plus) and any(logs))


def _may_vanish(powers: Mapping[Expr, Expr], base: Expr) -> bool:
    """May what is beside a base be 0?"""
    beside = ((b, number(e)) for b, e in powers.items() if b != base and not b.is_number)
    return any(e is None or e > 0 for _, e in beside)


def _mean(base: Expr, exponent: Expr) -> tuple[Expr, Factored, Expr]:
    """S, 1/K and p of (S/K)^p, p an argument; of another power the base, 1 and the exponent."""
    base, exponent = opened(base, exponent)
    view = factored(base) if is_given(exponent) else Factored()
    sum_ = next((b for b, e in view.powers.items() if e == 1 and of_given_degree(b)), base)
    return sum_, view.without(sum_) if sum_ in view.powers else Factored(), exponent


def _may_overflow(base: Expr, exponent: Expr, view: Factored) -> bool:
    """Is a sum under a root, or below what grows as it does?"""
    if is_given(exponent) and is_polynomial(base):  # a root of them, as far as is known
        return not any(t.is_Rational for t in terms_of(base))
    if not exponent.is_Rational or (exponent.is_Integer and exponent > 0):
        return False
    beside = (b for b, e in view.powers.items() if b != base and not (e.is_number and e < 0))
    grows = any(names_of(base) & names_of(b) for b in beside)
    return grows or not exponent.is_Integer


def _squared(base: Plus) -> Expr:
    """(a - b)² and (b - a)² as one."""
    first = base.args[0]
    return negative(base) if isinstance(first, Neg) else base


def divided(powers: Mapping[Expr, Expr]) -> list[Expr]:
    """The bases under the fraction bar."""
    known = {b: number(e) for b, e in powers.items()}
    return [b for b, e in known.items() if e is not None and e < 0]
