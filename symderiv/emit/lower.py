"""Lowering: terms of a derivation become an array program.

Gives `Lowering`, which makes the value of a term in a `Graph`: index letters are axes, sums are
contractions, exponentials carry their shifts (`shifts`), and what would lose digits is rewritten
first (`laws`), each rewriting passed by the judge.

Imports graph, indices, laws, shifts, components; floors 0 and 1.  To add a head: a case in
`Lowering.scaled`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import sympy
from sympy import Expr, KroneckerDelta, Product, Rational, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.elementwise import of_head
from symderiv.emit import laws
from symderiv.emit.components import Components
from symderiv.emit.graph import Graph, View
from symderiv.emit.indices import Range, Scope
from symderiv.emit.shifts import Scaled, Shifts, never_positive
from symderiv.judge import Judge
from symderiv.mistakes import Mistake
from symderiv.printers.text import text
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
    delta,
    plus,
    sigmoid,
)
from symderiv.terms.factors import Factored, factored, negative, number, terms_of
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem

RELATIONS = {
    sympy.StrictGreaterThan: "gt",
    sympy.GreaterThan: "ge",
    sympy.StrictLessThan: "lt",
    sympy.LessThan: "le",
    sympy.Equality: "eq",
    sympy.Unequality: "ne",
}


class Unwritable(Mistake):
    """A term that has no array form here."""


class Lowering:
    """Makes the values of one problem's terms in one graph."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.graph = Graph()
        self.shifts = Shifts(self.graph)
        self.judge = Judge(problem)
        self.components = Components(self)
        self._passed: set[tuple[Expr, Expr]] = set()
        self._logged = 0  # how many logarithms are open

    def scope(self) -> Scope:
        """The free letters, each along its whole axis."""
        return Scope({
            s: Range(ONE, high) for s, high in self.problem.ranges.items() if not self.is_label(s)
        })  # fmt: skip

    def is_label(self, term: Basic) -> bool:
        return isinstance(term, Symbol) and term.name in self.problem.labels

    def value(self, term: Expr, scope: Scope | None = None) -> View:
        """The value of a term."""
        return self.shifts.plain(self.scaled(term, self.scope() if scope is None else scope))

    def scaled(self, term: Expr, scope: Scope) -> Scaled:
        """The value of a term, its shift beside it."""
        g = self.graph
        match term:
            case Rational() | sympy.NumberSymbol():
                return Scaled(g.number(term))
            case Symbol():
                return Scaled(self.symbol(term, scope))
            case sympy.Indexed() | Quantity():
                return self.components.component(term, scope)
            case Plus():
                return self.plus(term, scope)
            case Times() | Quotient() | Neg() | Power() | sympy.exp():
                return self.product(term, scope)
            case Sum():
                return self.sum(term, scope)
            case Product():
                return Scaled(self.over("prod", term, scope))
            case Minimum():
                return Scaled(self.over("min", term, scope))
            case Maximum():
                return Scaled(self.over("max", term, scope))
            case sympy.Max() | sympy.Min():
                return Scaled(self.several(term, scope))
            case KroneckerDelta() | Iverson():
                return Scaled(g.map("float", self.condition(term, scope)))
            case sympy.log():
                return Scaled(self.log(cast(Expr, term.args[0]), scope))
            case _:
                return self.function(term, scope)

    # -- names and functions ---------------------------------------------------------------------

    def symbol(self, term: Symbol, scope: Scope) -> View:
        """A letter or a label as the number that it is on the page, a size, or a given number."""
        g = self.graph
        if term in scope.letters:
            run = scope.letters[term]
            return g.map("float", g.add(g.count(term, run.length), self.size(run.low)))
        if self.is_label(term):
            return g.map("float", g.add(View(g.input(term.name, (), label=True)), g.number(ONE)))
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
        x = self.value(cast(Expr, term.args[0]), scope)
        positive = entry.name in ("sigmoid", "cosh", "softplus", "exp")
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
        if entry.name == "tanh":
            self.shifts.bounded.add(value.node)
        return Scaled(value)

    def _hyperbolic(self, name: str, x: View, value: View) -> Scaled:
        """cosh x = e^|x| (1 + e^(-2|x|))/2, sinh x = e^|x| sign(x) (1 - e^(-2|x|))/2."""
        g = self.graph
        size = g.map("abs", x)
        down = g.mul(g.number(Rational(-2)), size)
        if name == "cosh":
            half = g.div(g.add(g.number(ONE), g.exp(down)), g.number(Rational(2)))
            half.node.positive = half.node.tame = True
        else:
            half = g.mul(g.map("f:sign", x), g.map("expm1", down))
            half = g.div(g.neg(half), g.number(Rational(2)))
        return Scaled(half, size, value)

    def several(self, term: Expr, scope: Scope) -> View:
        op = "max" if isinstance(term, sympy.Max) else "min"
        first, *rest = (self.value(cast(Expr, a), scope) for a in term.args)
        for other in rest:
            first = self.graph.map(op, first, other)
        return first

    # -- conditions ------------------------------------------------------------------------------

    def condition(self, term: Expr, scope: Scope) -> View:
        """A bracket or a δ as true or false."""
        g = self.graph
        relation = term.condition if isinstance(term, Iverson) else term
        op = RELATIONS[type(relation)] if isinstance(relation, Relational) else "eq"
        left, right = relation.args
        if self.components.is_index(left, scope) and self.components.is_index(right, scope):
            a, b = (self.components.index(e, scope) for e in (left, right))
        else:
            a, b = (self.value(cast(Expr, e), scope) for e in (left, right))
        return g.map(op, a, b)

    # -- sums of terms ----------------------------------------------------------------------------

    def plus(self, term: Expr, scope: Scope) -> Scaled:
        parted = laws.split(term, self.problem)
        if parted is not None:
            d, there, elsewhere = parted
            self.passed(term, plus(_times(d, there), _times(plus(ONE, Neg(d)), elsewhere)))
            return self._chosen(d, self.scaled(there, scope), self.scaled(elsewhere, scope), scope)
        better = laws.complemented(term, self.problem)
        if better != term:
            self.passed(term, better)
            return self.scaled(better, scope)
        small = self._expm1(term, scope)
        if small is not None:
            return small
        first: list[Scaled] = []  # what may be large and cancels is added first, and what is
        parts: list[Scaled] = []
        logs: list[View] = []  # small of logarithms last
        for t in terms_of(term):
            inner, sign = (t.term, -1) if isinstance(t, Neg) else (t, 1)
            if isinstance(inner, sympy.log) and not isinstance(inner.args[0], Plus):
                large, few = self.log_parts(cast(Expr, inner.args[0]), scope)
                turned = self.graph.neg if sign < 0 else _itself
                first += [Scaled(turned(view)) for view in large]
                logs += map(turned, few)
            else:
                where = parts if t.has(sympy.Sum, sympy.Function, Quantity) else first
                where.append(self.scaled(t, scope))
        order = [*first, *parts, *map(Scaled, logs)] if logs else None
        return self.shifts.add(order or [self.scaled(t, scope) for t in terms_of(term)])

    def _chosen(self, d: KroneckerDelta, there: Scaled, elsewhere: Scaled, scope: Scope) -> Scaled:
        """One value where a δ is 1 and another where it is 0, their shifts likewise."""
        g = self.graph

        def either(value: View, rest: View) -> View:
            row = self._row_of(d, scope)
            if row is not None and row[0] in rest.letters and row[0] not in value.letters:
                return g.put(rest, *row, value)
            return g.map("where", self.condition(d, scope), value, rest)

        shifts = [s.shift for s in (there, elsewhere)]
        if all(s is None or never_positive(s.node) for s in shifts):
            return Scaled(either(self.shifts.plain(there), self.shifts.plain(elsewhere)))
        one, other = (g.number(ZERO) if s is None else s for s in shifts)
        return Scaled(either(there.value, elsewhere.value), either(one, other))

    def _row_of(self, d: KroneckerDelta, scope: Scope) -> tuple[Symbol, View] | None:
        """Letter and label of δ_ky, where the letter runs along the whole of its axis."""
        for letter, label in (d.args, d.args[::-1]):
            run = scope.letters.get(letter)
            fixed = self.is_label(label) or isinstance(label, sympy.Indexed)
            if run is not None and run.low == 1 and fixed:
                return letter, self.components.index(label, scope)
        return None

    def _expm1(self, term: Expr, scope: Scope) -> Scaled | None:
        """e^u - 1, right to the last digit where u is small."""
        summands = terms_of(term)
        if len(summands) != 2:
            return None
        for one, other in (summands, summands[::-1]):
            inner, sign = (other.term, -1) if isinstance(other, Neg) else (other, 1)
            if not isinstance(inner, sympy.exp) or number(one) != -sign:
                continue
            g = self.graph
            u = self.value(cast(Expr, inner.args[0]), scope)
            direct = g.map("expm1", u)
            size = g.map("expm1", g.neg(g.map("abs", u)))
            value = g.neg(g.mul(g.map("f:sign", u), size))
            made = Scaled(value, g.map("max", u, g.number(ZERO)), direct)
            return made if sign > 0 else self.shifts.mul(made, Scaled(g.number(-ONE)))
        return None

    # -- products ----------------------------------------------------------------------------------

    def product(self, term: Expr, scope: Scope) -> Scaled:
        view = laws.two_terms(factored(term))
        rest, left_out = laws.excluded(view)
        return self.factors(rest, left_out, scope)

    def factors(self, view: Factored, left_out: list[tuple[Product, Expr]], scope: Scope) -> Scaled:
        g, shifts = self.graph, self.shifts
        brackets = [b for b in view.powers if isinstance(b, Iverson | KroneckerDelta)]
        brackets += self._vanishing(view, scope)
        inner = scope.guarded([b for b in brackets if isinstance(b, Iverson)])
        above = Scaled(g.number(Rational(abs(view.coefficient.p))))
        below = Scaled(g.number(Rational(view.coefficient.q)))
        whole = dict(shifts.whole)
        divided = self._divided(view.powers)
        for base in divided:  # first: a sum above may be over the same exponentials
            self.raised(base, negative(view.powers[base]), inner)
        zeros: list[View] = []
        for base, exponent in view.powers.items():
            if isinstance(base, Iverson | KroneckerDelta):
                continue
            if isinstance(base, sympy.log) and len(view.powers) > 1 and exponent == 1:
                zeros.append(self.log(cast(Expr, base.args[0]), inner))
            elif base in divided and not isinstance(base, sympy.exp):
                below = shifts.mul(below, self.raised(base, negative(exponent), inner))
            else:
                above = shifts.mul(above, self.raised(base, exponent, inner))
        for whole, i in left_out:
            above = shifts.mul(above, Scaled(self.without(whole, i, inner)))
        shifts.whole = whole
        made = shifts.div(above, below)
        for log in zeros:
            made = Scaled(g.map("zero_times", shifts.plain(made), log))
        if view.coefficient < 0:
            made = shifts.mul(made, Scaled(g.number(-ONE)))
        return self.bracketed(made, brackets, scope)

    def bracketed(self, made: Scaled, brackets: list[Expr], scope: Scope) -> Scaled:
        """A product with brackets: 0 where one is 0, whatever the rest is there."""
        if not brackets:
            return made
        g = self.graph
        condition = self.condition(brackets[0], scope)
        for b in brackets[1:]:
            condition = g.map("and", condition, self.condition(b, scope))
        if made.value.number is not None:
            return Scaled(g.mul(made.value, g.map("float", condition)), made.shift)
        return Scaled(g.map("where", condition, made.value, g.number(ZERO)), made.shift)

    def _vanishing(self, view: Factored, scope: Scope) -> list[Expr]:
        """[i ≠ 1] for a factor i - 1 beside a power that may be infinite where it is 0."""
        if not any(
            number(e) is None for b, e in view.powers.items() if not isinstance(b, sympy.exp)
        ):
            return []
        return [
            Iverson(sympy.Ne(b, ZERO, evaluate=False))
            for b, e in view.powers.items()
            if free_letters(b) & scope.letters.keys() and self.components.is_index(b, scope)
        ]

    def raised(self, base: Expr, exponent: Expr, scope: Scope) -> Scaled:
        """base^exponent."""
        g = self.graph
        if isinstance(base, sympy.exp):
            u = cast(Expr, base.args[0])
            value = self.value(u, scope)
            power = self.value(exponent, scope)
            bounded = (exponent == 1 and _never_positive(u)) or (
                exponent == -1 and _never_positive(negative(u))
            )
            return self.shifts.exp(g.mul(power, value), bounded=bounded)
        known = number(exponent)
        if isinstance(base, Power):
            inner = self.raised(base.base, base.exponent, scope)
            if known is not None:
                return self.shifts.power(inner, known)
            a, e = self.shifts.plain(inner), self.value(exponent, scope)
            return Scaled(g.map("pow", a, e, positive=a.node.positive))
        if known is not None:
            if known == 2 and isinstance(base, Plus):
                base = _squared(base)
            return self.shifts.power(self.scaled(base, scope), known)
        a, e = self.value(base, scope), self.value(exponent, scope)
        return Scaled(g.map("pow", a, e, positive=a.node.positive))

    def without(self, whole: Product, i: Expr, scope: Scope) -> View:
        """Π over all places but i."""
        g = self.graph
        ((k, low, high),) = whole.limits
        body = self.value(whole.function, scope.within({k: Range(low, high)}))
        if self.is_label(i) or low != 1:
            hidden = self.condition(delta(k, i), scope.within({k: Range(low, high)}))
            return g.reduce("prod", g.map("where", hidden, g.number(ONE), body), (k,))
        made = g.row("others_prod", body, k, keep=True)
        return made.named(cast(Symbol, i) if s == k else s for s in made.letters)

    # -- over letters ------------------------------------------------------------------------------

    def over(self, op: str, term: Expr, scope: Scope) -> View:
        body, *limits = term.args
        ranges = {t[0]: Range(t[1], t[2]) for t in limits}
        inner = self.value(cast(Expr, body), scope.within(ranges))
        inner = self.components.along(inner, ranges)
        return self.graph.reduce(op, inner, ranges)

    def sum(self, term: Expr, scope: Scope) -> Scaled:
        shifts = self.shifts
        body, *limits = term.args
        ranges = {t[0]: Range(t[1], t[2]) for t in limits}
        within = scope.within(ranges)
        view = laws.two_terms(factored(cast(Expr, body)))
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
        made = None
        if hidden:
            index = next(iter(hidden.values()))
            made = self._without_term(self._factors(inside, within), index, list(ranges), within)
        if made is None:
            inside.update(dict.fromkeys(hidden, ONE))
            factors = self._factors(inside, within)
            reach = set().union(*(self._letters(f) for f in factors))
            letters = [s for s in ranges if s in reach]
            made = shifts.sum(factors, letters, exact=bool(self._logged)) if letters else factors[0]
            for s in ranges:
                if s not in reach:  # the same number, so often
                    made = shifts.mul(Scaled(self.size(ranges[s].length)), made)
        if outside or view.coefficient != 1:
            return shifts.mul(self.factors(Factored(view.coefficient, outside), [], scope), made)
        return made

    def _factors(self, powers: dict[Expr, Expr], scope: Scope) -> list[Scaled]:
        """The factors of a summand; as one where they are not to be taken apart."""
        whole = any(isinstance(b, Iverson | KroneckerDelta | sympy.log) for b in powers)
        view = Factored(ONE, powers)
        if not powers or whole or self._divided(powers) or self._vanishing(view, scope):
            return [self.factors(view, [], scope)]
        return [self.raised(b, e, scope) for b, e in powers.items()]

    def _divided(self, powers: Mapping[Expr, Expr]) -> list[Expr]:
        known = {b: number(e) for b, e in powers.items()}
        return [b for b, e in known.items() if e is not None and e < 0]

    def _letters(self, f: Scaled) -> set[Symbol]:
        return {*f.value.letters, *(f.shift.letters if f.shift is not None else ())}

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
        shifted = each.shift is not None and k in each.shift.letters
        if k not in self._letters(each):
            return None
        there = self.condition(delta(k, i), scope)
        if shifted and (self._logged or cast(View, each.shift).node not in shifts.whole):
            hidden = g.map("where", there, g.number(-sympy.oo), cast(View, each.shift))
            largest = g.map("finite", g.reduce("max", hidden, (k,)))
            small = g.exp(g.sub(hidden, largest))
            return Scaled(g.reduce("sum", g.mul(each.value, small), (k,)), largest)
        value, shift = each.value, each.shift
        if shifted:
            shift = g.reduce("max", cast(View, each.shift), (k,))
            value = g.mul(value, g.exp(g.sub(cast(View, each.shift), shift)))
        if isinstance(i, Symbol) and not self.is_label(i) and i not in value.letters:
            made = g.row("others", value, k, keep=True)
            made = made.named(i if s == k else s for s in made.letters)
        elif (row := self._row_of(delta(k, i), scope)) is not None:
            made = g.reduce("sum", g.put(value, *row, g.number(ZERO)), (k,))
        else:
            made = g.reduce("sum", g.map("where", there, g.number(ZERO), value), (k,))
        return Scaled(made, shift)

    # -- logarithms ------------------------------------------------------------------------------

    def log(self, term: Expr, scope: Scope) -> View:
        g = self.graph
        large, few = self.log_parts(term, scope)
        total = None
        for view in (*large, *few):
            total = view if total is None else g.add(total, view)
        return g.number(ZERO) if total is None else total

    def log_parts(self, term: Expr, scope: Scope) -> tuple[list[View], list[View]]:
        """log of a term as a sum: parts as large as the exponents are, and what is small."""
        self._logged += 1
        try:
            return self._log_parts(term, scope)
        finally:
            self._logged -= 1

    def _log_parts(self, term: Expr, scope: Scope) -> tuple[list[View], list[View]]:
        g = self.graph
        if isinstance(term, Plus):
            better = laws.complemented(term, self.problem)
            if better != term:
                self.passed(term, better)
                return self._log_of_others(term, better, scope)
            return self._log_plus(term, scope)
        large: list[View] = []
        few: list[View] = []
        rest = Factored()
        view = laws.two_terms(factored(term))
        for base, exponent in view.powers.items():
            parts = self._log_base(base, scope) if number(exponent) is not None else None
            if parts is None:
                rest.multiply(base, exponent)
                continue
            times = g.number(cast(Expr, number(exponent)))
            for into, found in zip((large, few), parts, strict=True):
                into.extend(g.mul(times, v) for v in found)
        rest.coefficient = view.coefficient
        if rest.powers or rest.coefficient != 1:
            made = self.factors(rest, [], scope)
            few.append(
                g.map("f:log", made.value if made.shift is not None else self.shifts.plain(made))
            )
            if made.shift is not None:
                large.append(made.shift)
        return large, few

    def _log_of_others(
        self, term: Plus, better: Expr, scope: Scope
    ) -> tuple[list[View], list[View]]:
        """log(1 - q): by what is left where q is large, by q itself where q is small."""
        if len(term.args) != 2 or term.args[0] != 1 or isinstance(better, sigmoid):
            return self._log_parts(better, scope)
        g = self.graph
        q = self.value(negative(cast(Expr, term.args[1])), scope)
        small = g.map("lt", q, g.number(Rational(1, 2)))
        return [], [g.map("where", small, g.map("log1p", g.neg(q)), self.log(better, scope))]

    def _log_base(self, base: Expr, scope: Scope) -> tuple[list[View], list[View]] | None:
        """The parts of the logarithm of what is positive; None where it may not be."""
        g = self.graph
        match base:
            case sympy.exp():
                return [self.value(cast(Expr, base.args[0]), scope)], []
            case sigmoid():
                u = self.value(negative(cast(Expr, base.args[0])), scope)
                return [], [g.neg(g.map("f:softplus", u, positive=True))]
            case sympy.cosh():
                return [], [g.map("log_cosh", self.value(cast(Expr, base.args[0]), scope))]
            case Product():
                return self._log_product(base, scope)
            case Quantity():
                body = laws.body_of(base, self.problem)
                if body is None or not self.scaled(base, scope).value.node.positive:
                    return None
                if isinstance(body, Plus | Sum | sympy.exp | Times | Quotient | Power | sigmoid):
                    return self._log_parts(body, scope)
                return None
        made = self.scaled(base, scope)
        if not made.value.node.positive:
            return None
        if made.shift is None:
            return [], [g.map("f:log", made.value)]
        if isinstance(base, Plus):
            return self._log_plus(base, scope)
        rest = self._largest_is_one(made.value)
        few = g.map("f:log", made.value) if rest is None else g.map("log1p", rest)
        return [made.shift], [few]

    def _log_product(self, term: Product, scope: Scope) -> tuple[list[View], list[View]] | None:
        """log Π is Σ log, where the factors are positive."""
        ranges = {t[0]: Range(t[1], t[2]) for t in term.limits}
        within = scope.within(ranges)
        if not self.scaled(term.function, within).value.node.positive:
            return None
        each = self.components.along(self.log(term.function, within), ranges)
        return [], [self.graph.reduce("sum", each, ranges)]

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

    def _log_plus(self, term: Expr, scope: Scope) -> tuple[list[View], list[View]]:
        g = self.graph
        parts = [self.scaled(t, scope) for t in terms_of(term)]
        if all(p.value.node.positive for p in parts) and any(p.shift is not None for p in parts):
            total: View | None = None
            for p in parts:
                own = p.shift or g.number(ZERO)
                if p.value.number != 1:
                    own = g.add(own, g.map("f:log", p.value))
                total = own if total is None else g.map("logaddexp", total, own)
            assert total is not None
            return [], [total]
        if all(p.shift is None for p in parts) and any(p.value.number == 1 for p in parts):
            n = next(n for n, p in enumerate(parts) if p.value.number == 1)
            others = self.shifts.add([p for m, p in enumerate(parts) if m != n])
            return [], [g.map("log1p", others.value)]
        made = self.plus(term, scope)
        return ([] if made.shift is None else [made.shift]), [g.map("f:log", made.value)]

    # -- the judge ---------------------------------------------------------------------------------

    def passed(self, before: Expr, after: Expr) -> None:
        """Ask the judge about a rewriting.

        Raises
        ------
        Unwritable
            where it does not hold.
        """
        if (before, after) in self._passed:
            return
        problem = self.problem.ranging(before, after)
        judge = self.judge if problem is self.problem else Judge(problem)
        if not judge.compare(before, after).holds:
            raise Unwritable(
                f"{text(before)} is not proved to be {text(after)}; nothing is written"
            )
        self._passed.add((before, after))


def _itself(view: View) -> View:
    return view


def _times(a: Expr, b: Expr) -> Expr:
    return Times(a, b) if b != 0 else ZERO


def _left_out(base: Expr, k: Symbol) -> Expr | None:
    """i of 1 - δ_ki or of [k ≠ i]."""
    match base:
        case Iverson(condition=sympy.Ne() as relation):
            pair = relation.args
        case Plus() if len(base.args) == 2 and base.args[0] == 1 and isinstance(base.args[1], Neg):
            inner = base.args[1].term
            if not isinstance(inner, KroneckerDelta):
                return None
            pair = inner.args
        case _:
            return None
    if k not in pair:
        return None
    other = pair[1] if pair[0] == k else pair[0]
    return cast(Expr, other) if isinstance(other, Symbol) else None


def _never_positive(u: Expr) -> bool:
    """Is it plain that a term is not positive: -x², -|x|, or a sum of such?"""
    if isinstance(u, Plus):
        return all(_never_positive(cast(Expr, t)) for t in terms_of(u))
    view = factored(u)
    if view.coefficient > 0:
        return False
    return all(_never_negative(b, e) for b, e in view.powers.items())


def _never_negative(base: Expr, exponent: Expr) -> bool:
    if exponent.is_Integer and exponent.is_even:
        return True
    if isinstance(base, Sum):
        inner = factored(base.function)
        return inner.coefficient > 0 and all(_never_negative(b, e) for b, e in inner.powers.items())
    return isinstance(base, sympy.Abs | sympy.exp)


def _squared(base: Plus) -> Expr:
    """(a - b)² and (b - a)² as one."""
    first = base.args[0]
    return negative(base) if isinstance(first, Neg) else base
