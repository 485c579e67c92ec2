"""Norms: roots, powers and logarithms of sums of powers, which carry their scale.

Gives `Norms`.  A sum of squares under a root, a bar or a logarithm is n², n its root, computed
without squaring what is large or small; and what stands beside it in a product is divided by n
first, x_j (Σ_i x_i w_i)/n³ as (x_j/n) (Σ_i (x_i/n) w_i)/n, so that no product overflows on the way.
So is a polynomial of degree d in one array, Σ_e c_e x^e = n^d Σ_e c_e (x/n)^e (1/n)^(d - e), n the
largest of |x| and of 1.  `cleared` is such a sum without the fractions in it.

Imports graph, indices, roots, shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import lru_cache, partial, reduce
from typing import cast

import sympy
from sympy import Expr, Indexed, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.elementwise import of_head
from symderiv.emit.indices import Range, Scope, ranges_of
from symderiv.emit.lowers import Lowers
from symderiv.emit.meanwhile import meanwhile
from symderiv.emit.nodes import Node, View
from symderiv.emit.roots import is_square_sum
from symderiv.emit.scaled import Scaled
from symderiv.reader import read
from symderiv.records import dataclass
from symderiv.terms import ONE, ZERO, Plus, Power, plus, release
from symderiv.terms.factors import Factored, factored, terms_of
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.problem import name_of


class Norms:
    """The norms of one lowering; `units` says of an array in force by which norm it is divided."""

    def __init__(self, lowering: Lowers) -> None:
        self.lowering = lowering
        self.graph = lowering.graph
        self.units: dict[Node, tuple[Node, tuple[int, ...]]] = {}
        self.feet = frozenset[Node]()  # norms of which a power above the bar is left
        self.weights = frozenset[str]()  # names in weights: where one is 0, its power may overflow

    def of(self, base: Expr, exponent: Expr) -> Expr | None:
        """The exponent of the norm, where a base is a sum of squares that is to be one."""
        if (
            exponent.is_Rational
            and (exponent < 0 or not exponent.is_Integer)
            and is_square_sum(base)
        ):
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
        if total is not None and any(t.is_Rational and t >= 1 for t in terms_of(base)):
            self.lowering.shifts.large.add(total.node)
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
    def polynomial(self, base: Expr, scope: Scope) -> Iterator[Scaled | None]:
        """A polynomial with its scale, by which its array is divided beside it; None of others."""
        g, terms = self.graph, _powers(base)
        found = None if terms is None else self._largest(terms, scope)
        if terms is None or found is None:
            yield None
            return
        largest, arrays = found
        units = {a.node: (largest.node, places) for a, places in arrays}
        weights = self.weights.union(*(names_of(t.weight) for t in terms))
        with meanwhile(self, units={**self.units, **units}, weights=weights):
            made = self.lowering.shifts.add([self.lowering.scaled(t.term, scope) for t in terms])
            above = all(t.above and t.even for t in terms) and any(not t.degree for t in terms)
            made.value.node.positive |= above
            if (
                largest.node in self.feet
            ):  # every power of the array is 0, beside which 1 is as good
                made = replace(made, value=g.where(made.value, made.value, g.number(ONE)))
            yield made

    def _largest(
        self, terms: list[_Power], scope: Scope
    ) -> tuple[View, list[tuple[View, tuple[int, ...]]]] | None:
        """The largest of |x| and, where there are lower powers, of 1; the arrays x and |x|."""
        g, arrays = self.graph, list[View]()
        given = terms[0].given
        most = terms[0].degree if given else max(t.degree for t in terms)
        low = any(t.degree != most for t in terms)
        sizes, least, runs = list[View](), list[View](), list[Mapping[Symbol, Range]]()
        for t in (t for t in terms if t.degree):
            ranges = ranges_of(t.limits)
            x = self.lowering.bare(cast(Expr, t.of), scope.within(ranges))
            if x.shift is not None or x.scale or not set(ranges) <= {*x.value.letters}:
                return None
            size = g.map("abs", x.value)
            arrays += [x.value, size]
            weight = self.lowering.bare(t.weight, scope.within(ranges)).value
            if not {*weight.letters} <= {*x.value.letters}:
                return None
            sure = weight.number is not None or weight.node.positive
            sizes.append(size if sure else g.where(weight, size, g.number(ZERO)))
            least.append(size if sure else g.where(weight, size, g.number(sympy.oo)))
            runs.append(ranges)
        found = self._extreme("max", sizes, runs)
        if given:  # to a negative power the smallest is the largest
            below = g.map("lt", self.lowering.shifts.lowered(most), g.number(ZERO))
            found = g.where(below, self._extreme("min", least, runs), found)
        if low:
            found = g.map("max", g.number(ONE), found)
            self.lowering.shifts.large.add(found.node)
        else:
            found = g.where(found, found, g.number(ONE))
        found.node.positive = True
        if any(set(found.letters) - {*a.letters} for a in arrays):
            return None
        return found, [(a, tuple(a.letters.index(s) for s in found.letters)) for a in arrays]

    def _extreme(self, op: str, sizes: list[View], runs: list[Mapping[Symbol, Range]]) -> View:
        """The largest or smallest of some arrays along their ranges."""
        g = self.graph
        each = [g.reduce(op, s, r) if r else s for s, r in zip(sizes, runs, strict=True)]
        return reduce(partial(g.map, op), each)

    def ratio(self, term: Expr, base: Expr, norm: View, scope: Scope) -> Scaled | None:
        """f(c n)/n of a norm n, for an f that is 0 at 0, where it is c f'(0); None of another f."""
        slope, g = _slope_at_zero(term.func), self.graph
        view = factored(cast(Expr, term.args[0])) if slope is not None else Factored()
        if slope is None or view.powers != {base: sympy.Rational(1, 2)}:
            return None
        made = self.lowering.shifts.unscaled(self.lowering.scaled(term, scope))
        below, at_zero = g.where(norm, norm, g.number(ONE)), g.number(slope * view.coefficient)
        over = [v and g.where(norm, g.div(v, below), at_zero) for v in (made.value, made.direct)]
        return Scaled(cast(View, over[0]), made.shift, over[1])

    def dividing(self, base: Expr, norm: View, scope: Scope) -> AbstractContextManager[None]:
        """The arrays of which this is the norm stand beside it: they are divided by it."""
        units = dict(self.units)
        foot = not any(t.is_Rational for t in terms_of(base))
        for term in terms_of(base):
            if term.is_Rational:
                continue
            value = self._base(term, scope)[0].value
            if {*norm.letters} <= {*value.letters}:
                places = tuple(value.letters.index(s) for s in norm.letters)
                if foot or value.node not in units:  # n may be 0, and √(1 + n²) is not
                    units[value.node] = norm.node, places
        return meanwhile(self, units=units)

    def unit(self, made: Scaled) -> Scaled:
        """An array as its unit times its norm, where it stands beside that."""
        view = made.value
        if made.shift is not None or made.scale:
            return made
        if view.node.op == "neg":
            inner = self.unit(Scaled(self.graph.operands(view)[0]))
            return Scaled(self.graph.neg(inner.value), scale=inner.scale) if inner.scale else made
        norm = self._divided_by(view)
        if norm is None or len(set(norm.letters)) < len(norm.letters):
            return made
        below = self.graph.where(norm, norm, self.graph.number(ONE))
        below = below if norm.node in self.feet else norm
        return Scaled(self.graph.div(view, below), scale=((norm, ONE),))

    def _divided_by(self, view: View) -> View | None:
        """The norm of an array, or of the one of which it is an entry of each row, as x_1 is."""
        node, letters = view.node, list[Symbol | None](view.letters)
        if node.op == "gather" and node not in self.units and node.rank < node.args[0][0].rank:
            letters.insert(node.data, None)
            node = node.args[0][0]
        norm, places = self.units.get(node, (node, ()))
        own = [s for s in (letters[p] for p in places) if s]
        return View(norm, tuple(own)) if node in self.units and len(own) == len(places) else None


@dataclass(frozen=True)
class _Power:
    """A term c x^degree of a polynomial, or a sum of such over letters; of no x where it is c."""

    term: Expr
    degree: Expr
    of: Expr | None
    limits: tuple[Basic, ...]
    above: bool  # is c positive,
    weighted: bool  # or made of other arguments, so that it may have either sign?
    even: bool  # is it x² or |x|, say?
    weight: Expr = ONE  # c, where the degree is an argument

    @property
    def given(self) -> bool:
        """Is the degree an argument, as in |x|^p?"""
        return not self.degree.is_number


def _powers(base: Expr) -> list[_Power] | None:
    """The terms of a polynomial in one array, or of a sum of d-th powers of several."""
    if not isinstance(base, Sum | Plus):
        return None
    terms = [_power(t) for t in terms_of(base)]
    made = [t for t in terms if t is not None]
    if any(t.given for t in made):  # of one degree, and no number beside them
        return made if len(made) == len(terms) and len({t.degree for t in made}) == 1 else None
    of, most = {t.of for t in made if t.of is not None}, max((t.degree for t in made), default=0)
    if (
        len(made) < len(terms)
        or most < 2
        or not all(t.above or t.weighted for t in made if t.degree == most)
    ):
        return None
    alike = all(t.above and t.even and t.degree in (0, most) for t in made)
    return made if alike or (len(of) == 1 and not any(t.limits for t in made)) else None


def is_polynomial(base: Expr) -> bool:
    """Is it one of those that carry their scale?"""
    return _powers(base) is not None


def of_given_degree(base: Expr) -> bool:
    """Is it such a sum of p-th powers, p an argument?"""
    return any(t.given for t in _powers(base) or ())


def is_given(exponent: Expr) -> bool:
    """Is an exponent one number of the arguments, the same at every index?"""
    names = free_letters(exponent)
    return bool(names) and not exponent.has(Indexed) and not any(s.is_integer for s in names)


def opened(base: Expr, exponent: Expr) -> tuple[Expr, Expr]:
    """x/c and p of (x/c)^p to the power of 1, p an argument."""
    if isinstance(base, Power) and exponent == 1 and is_given(base.exponent):
        return cast(Expr, base.base), cast(Expr, base.exponent)
    return base, exponent


@lru_cache(maxsize=64)
def _slope_at_zero(head: type[Basic]) -> Expr | None:
    """The slope at 0 of a function that is 0 there; None of another."""
    entry = of_head(head)
    if entry is None or 0 not in entry.domain or any(k.at == 0 for k in entry.kinks):
        return None
    if entry.head(ZERO) != 0:
        return None
    slope = read(entry.derivative).function
    return cast(Expr, release(substitute(slope, dict.fromkeys(free_letters(slope), ZERO))))


def _power(term: Expr) -> _Power | None:
    inner, limits = (term.function, term.limits) if isinstance(term, Sum) else (term, ())
    view = factored(inner)
    above = bool(view.coefficient > 0)
    if not view.powers:
        return None if limits else _Power(term, sympy.S.Zero, None, (), above, False, True)
    given = [b for b, e in view.powers.items() if not e.is_number]
    if len(given) == 1 and isinstance(given[0], Indexed | Symbol | sympy.Abs):
        return _of_given(term, view, given[0], limits)
    if len(view.powers) > 1:
        return None if limits else _weighted(term, view)
    ((x, degree),) = view.powers.items()
    size = isinstance(x, sympy.Abs)
    x = cast(Expr, x.args[0]) if size else x
    if not isinstance(x, Indexed | Symbol) or not degree.is_Integer or degree < 1:
        return None
    return _Power(term, degree, x, limits, above, False, size or bool(degree.is_even))


def _of_given(term: Expr, view: Factored, x: Expr, limits: tuple[Basic, ...]) -> _Power | None:
    """c x^p or c |x|^p, p an argument."""
    degree, beside = view.powers[x], view.without(x)
    if not is_given(degree) or any(b.has(Sum, sympy.Function) for b in beside.powers):
        return None
    size, weight = isinstance(x, sympy.Abs), beside.term()
    x = cast(Expr, x.args[0]) if size else x
    above = weight.is_positive is True
    return _Power(term, cast(Expr, release(degree)), x, limits, above, not above, size, weight)


def _weighted(term: Expr, view: Factored) -> _Power | None:
    """x²/ν: a power above the first, of what has no name in common with what is beside it."""
    found = [b for b, e in view.powers.items() if e.is_Integer and e > 1]
    if len(found) != 1 or not isinstance(found[0], Indexed | Symbol | Plus):
        return None
    (x,) = found
    beside = view.without(x).powers
    plain = all(isinstance(b, Indexed | Symbol) for b in beside) and not x.has(Sum, sympy.Function)
    if not plain or names_of(x) & {n for b in beside for n in names_of(b)}:
        return None
    return _Power(term, view.powers[x], x, (), False, True, False)


def names_of(term: Expr) -> set[str]:
    """The arrays and scalars in a term."""
    return {name_of(t) for t in term.atoms(Symbol, Indexed) if not t.is_integer}


def cleared(view: Factored) -> Factored | None:
    """x² (1 + (y/x)²) as x² + y²: a sum of squares with fractions in it, times what clears them."""
    for base, exponent in view.powers.items():
        beside = (b for b in view.powers if b != base)
        if (
            not isinstance(base, Plus)
            or not exponent.is_Integer
            or any(b.has(base) for b in beside)
        ):
            continue  # what else is made of it has its scale
        terms = [factored(t) for t in terms_of(base)]
        powers = [pair for t in terms for pair in t.powers.items()]
        for below in dict.fromkeys(b for b, e in powers if e.is_Integer and e < 0):
            exponents = [t.powers.get(below, ZERO) for t in terms]
            if not all(e.is_Rational for e in exponents):
                continue
            clear = Factored(ONE, {below: cast(Expr, -min(exponents))})
            whole = plus(*((t * clear).term() for t in terms))
            made = view.without(base) * clear.to_the(cast(Expr, -exponent))
            before, after = (v.powers.get(below, ZERO) for v in (view, made))
            less = before.is_Rational and after.is_Rational and abs(after) <= abs(before)
            if before and less and is_square_sum(whole):
                made.multiply(whole, exponent)
                return made
    return None
