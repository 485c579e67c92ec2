"""Scaled values: v·e^m n^p as the parts of it, so that nothing overflows on the way.

Gives `Scaled`, a value v·e^m as the pair (v, m), with powers of norms beside it, and `Scales`, the
arithmetic of products and powers: products add shifts, quotients subtract them, and a shift that
is left over is applied last.  Sums are those of `shifts`.

Imports graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import sympy
from sympy import Expr

from symderiv.emit.bounds import below_largest, largest_of, never_positive, vanishing, whole_of
from symderiv.emit.graph import Graph
from symderiv.emit.nodes import Node, View
from symderiv.records import dataclass
from symderiv.terms import ONE, ZERO, release


@dataclass(frozen=True)
class Scaled:
    """The value `value`·e^`shift`, times powers of positive numbers.

    direct : the same computed without the shift, where that is as good when it stands alone
    scale : numbers and their exponents
    share : the same with each share as v·e^m, which else is the number between 0 and 1 that it is
    """

    value: View
    shift: View | None = None
    direct: View | None = None
    scale: tuple[tuple[View, Expr], ...] = ()
    share: Scaled | None = None


class Scales:
    """Products and powers of scaled values in a graph; `lowered` is the value of an exponent."""

    def __init__(self, graph: Graph, lowered: Callable[[Expr], View]) -> None:
        self.graph, self.lowered = graph, lowered
        self.bounded: set[Node] = set()  # exponentials of what is never positive, and products
        self.large: set[Node] = set()  # what is at least 1, as cosh is
        self.signs: set[Node] = set()  # what is 1 or -1
        self.sizes: set[Node] = set()  # logarithms of what is a factor: -inf where that is 0
        self.roots = 0  # of how many sums a root is taken, where powers are exponentials
        self.again = False  # are the lines differentiated again, by autograd?

    # -- to and from plain values ----------------------------------------------------------------

    def exp(self, u: View) -> Scaled:
        """e^u."""
        direct = self.graph.exp(u)
        if never_positive(u.node):
            self.bounded.add(direct.node)
        return Scaled(self.graph.number(ONE), u, direct)

    def plain(self, a: Scaled) -> View:
        """The value itself: a shift that is left over is applied last."""
        g = self.graph
        a = self.unscaled(a)
        if a.shift is None:
            return a.value
        if (grown := self.grown(a)) is not a:
            return self.plain(grown)
        if a.direct is not None:
            return a.direct
        if not a.value.node.tame and not never_positive(a.shift.node):
            return g.map("times_exp", a.value, a.shift)
        if a.value.node.op == "div":  # e^m / s, not (1/s) e^m
            top, bottom = g.operands(a.value)
            return g.div(g.mul(top, g.exp(a.shift)), bottom)
        return g.mul(a.value, g.exp(a.shift))

    def grown(self, a: Scaled) -> Scaled:
        """With each share as v e^m where what stands beside it may grow as it vanishes."""
        small = a.shift is None or never_positive(a.shift.node)
        return a if small or a.share is None else self.unscaled(a.share)

    def unscaled(self, a: Scaled) -> Scaled:
        """The powers multiplied in, one after the other: 1/n, m, and then what is left of 1/n²."""
        if not a.scale:
            return a
        if a.shift is not None and any(not e.is_number for _, e in a.scale):
            return self.shifted(a)
        g, value = self.graph, a.value
        low = [(n, e) for n, e in a.scale if e.is_Integer and e < -1]
        once = [(n, cast(Expr, -ONE)) if (n, e) in low else (n, e) for n, e in a.scale]
        once.sort(key=lambda pair: pair[1].is_positive is True)
        for norm, exponent in (*once, *((n, cast(Expr, e + 1)) for n, e in low)):
            if not exponent.is_number:
                value = g.mul(value, self.raised(norm, self.lowered(exponent)))
                continue
            whole = abs(int(exponent))
            if value.number == 1 and exponent > 0:
                value = self.raised(norm, g.number(exponent))
                continue
            if exponent > 0 and value.node.op == "div" and g.operands(value)[1] == norm:
                value, whole, exponent = g.operands(value)[0], whole - 1, cast(Expr, exponent - 1)
            for _ in range(min(whole, 2)):
                value = g.div(value, norm) if exponent < 0 else g.mul(value, norm)
            left = abs(exponent) - min(whole, 2)
            if left:
                more = self.raised(norm, g.number(cast(Expr, left)))
                value = g.div(value, more) if exponent < 0 else g.mul(value, more)
        return Scaled(value, a.shift, share=a.share)

    def times(self, exponent: View, log: View) -> View:
        """An exponent times the logarithm of what may be 0: 0^0 is 1."""
        simple = exponent.number is not None or not self.roots
        return self.graph.map("mul" if simple else "zero_times", exponent, log)

    def shifted(self, a: Scaled) -> Scaled:
        """The powers as exponentials: v n^p is v e^(p log n)."""
        g, shift = self.graph, a.shift
        for norm, exponent in a.scale:
            shift = self._sum(shift, self.times(self.lowered(exponent), g.map("f:log", norm)))
        return Scaled(a.value, shift, share=a.share)

    def settled(self, a: Scaled) -> Scaled:
        """A share e^(u - M)/Σ e^(u - M) as the number between 0 and 1 that it is."""
        if a.shift is None or not a.value.node.tame or not below_largest(a.shift.node):
            return a  # e^-|x| may be as small as all that it is divided by
        value = self.plain(a)
        value.node.positive = True
        return Scaled(value, share=a)

    # -- products ----------------------------------------------------------------------------------

    def mul(self, a: Scaled, b: Scaled) -> Scaled:
        for one, other in ((a, b), (b, a)):
            if one.value.number == 1 and one.shift is None and not one.scale:
                return other
        g, share = self.graph, None
        if a.share or b.share:
            share = self.mul(a.share or a, b.share or b)
        scale = merged(a.scale, b.scale, ONE)
        direct = None
        for one, other in ((a, b), (b, a)):
            if one.shift is not None or other.direct is None:
                continue
            if one.value.node.tame or other.direct.node in self.bounded:
                direct = g.mul(one.value, other.direct)
                if one.value.node.tame and other.direct.node in self.bounded:
                    self.bounded.add(direct.node)
            elif one.value.number == -1:
                direct = g.neg(other.direct)
        both = [whole_of(v.node) for v in (a.direct, b.direct) if v is not None]
        if a.direct and b.direct and self.bounded.issuperset(both):
            direct = g.mul(a.direct, b.direct)  # where one vanishes, so does the product
            self.bounded.add(direct.node)
        if scale:
            direct = None
        value = g.mul(a.value, b.value)
        if {a.value.node, b.value.node} <= self.signs:
            self.signs.add(value.node)
        return Scaled(value, self._sum(a.shift, b.shift), direct, scale, share)

    def div(self, a: Scaled, b: Scaled) -> Scaled:
        if b.share:  # which may be 0 for floats
            return self.div(a.share or a, b.share)
        g = self.graph
        scale = merged(a.scale, b.scale, cast(Expr, -ONE))
        shift = a.shift if b.shift is None else self._sum(a.shift, b.shift, minus=True)
        direct = None
        if (
            a.shift is None
            and a.value.node.tame
            and b.direct is not None
            and b.direct.node.positive
            and not (self.again and b.direct.node in self.large)  # which overflows, and its slope
        ):
            direct = g.div(a.value, b.direct)
            if b.direct.node in self.large:
                self.bounded.add(direct.node)
        elif b.shift is None and b.value.node.tame and a.direct is not None:
            direct = g.div(a.direct, b.value)
        if shift is None or scale:
            direct = None
        share = self.div(a.share, b) if a.share else None
        return Scaled(g.div(a.value, b.value), shift, direct, scale, share)

    def power(self, a: Scaled, exponent: Expr, e: View | None = None) -> Scaled:
        """To the power of a number, whose value is e."""
        g = self.graph
        if exponent == 1:
            return a
        e = g.number(exponent) if e is None else e
        value = self.raised(a.value, e)
        scale = tuple((n, cast(Expr, sympy.expand(k * release(exponent)))) for n, k in a.scale)
        if a.shift is None:
            return Scaled(value, scale=scale, share=a.share and self.power(a.share, exponent, e))
        shift = self.times(e, a.shift)
        direct = None  # of a root the exponential may overflow where the root does not
        if a.direct is not None and a.direct.node.positive and exponent.is_Integer:
            direct = self.raised(a.direct, e)
            if a.direct.node in self.large and exponent > 0:
                self.large.add(direct.node)
        share = a.share and self.power(a.share, exponent, e)
        return Scaled(value, shift, None if scale else direct, scale, share)

    def raised(self, a: View, exponent: View) -> View:
        g, node, known = self.graph, a.node, exponent.number
        if a.number == 1 or known == 1:
            return a
        if known is None:
            return self.pow(a, exponent)
        if a.number is not None:
            return g.number(a.number**known)
        if known == sympy.Rational(1, 2) and not self._may_vanish(a):
            return g.map("sqrt", a, positive=node.positive, tame=node.tame)
        return self.pow(a, exponent, tame=node.tame)

    def _may_vanish(self, a: View) -> bool:
        """Is it 0 for floats alone, or where all that it is made of is, in what has a slope?"""
        return self.again and (a.node.op == "norm" or vanishing(a.node))

    def pow(self, a: View, exponent: View, *, tame: bool = False) -> View:
        """a^n; where a vanishes it has no slope by it, that of a root would be infinite."""
        g, known = self.graph, exponent.number
        whole = known is not None and known.is_Integer and known > 0
        if whole or not self._may_vanish(a):
            return g.map("pow", a, exponent, positive=a.node.positive, tame=tame)
        zero, least = g.map("eq", a, g.number(ZERO)), g.number(ZERO)
        if known is None:
            least = g.map("pow", least, exponent)
        elif known < 0:
            least = g.number(sympy.oo)
        made = g.where(zero, least, g.map("pow", g.where(zero, g.number(ONE), a), exponent))
        made.node.positive = a.node.positive
        return made

    def _sum(self, a: View | None, b: View | None, *, minus: bool = False) -> View | None:
        g = self.graph
        if b is None:
            return a
        if a is None:
            return g.neg(b) if minus else b
        if minus and a == b:
            return None
        for one, other in () if minus else ((a, b), (b, a)):
            # u - max u + max u -> u, and v - max u + max of some u -> v + (max of some u - max u)
            if one.node.op == "sub":
                first, less = g.operands(one)
                if less == other:
                    return first
                if (of := largest_of(less.node)) and of is largest_of(other.node):
                    return g.add(first, g.sub(other, less))
        made = g.sub(a, b) if minus else g.add(a, b)
        return None if made.number == 0 else made


def merged(
    a: tuple[tuple[View, Expr], ...], b: tuple[tuple[View, Expr], ...], sign: Expr
) -> tuple[tuple[View, Expr], ...]:
    """Powers multiplied, or divided."""
    found = dict(a)
    for norm, exponent in b:
        found[norm] = cast(Expr, sympy.expand(found.get(norm, ZERO) + sign * exponent))
    return tuple((n, k) for n, k in found.items() if k != 0)
