"""The shift law: a sum of exponentials carries its shift.

Gives `Scaled`, a value v·e^m as the pair (v, m), and `Shifts`, its arithmetic: products add
shifts, quotients subtract them, Σ c e^u is e^M Σ c e^{u - M} with M the largest u among the terms
whose factor c is not 0, and a shift that is left over is applied last.  So nothing overflows on the
way to a result that does not, whatever the spelling.

Imports graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from typing import cast

import sympy
from sympy import Expr, Integer, Symbol

from symderiv.emit.apart import contraction
from symderiv.emit.bounds import below_largest, never_positive, whole_of
from symderiv.emit.graph import Graph
from symderiv.emit.nodes import Node, View, made_of
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


class Shifts:
    """Arithmetic of scaled values in a graph; `lowered` is the value of an exponent."""

    def __init__(self, graph: Graph, lowered: Callable[[Expr], View]) -> None:
        self.graph, self.lowered = graph, lowered
        self.whole: dict[Node, View] = {}  # the shift of a sum that has every term, by exponent
        self.bounded: set[Node] = set()  # exponentials of what is never positive, and products
        self.large: set[Node] = set()  # what is at least 1, as cosh is
        self.vectors: frozenset[str] = frozenset()  # inputs in which the code is linear as well
        self._along: dict[Node, bool] = {}
        self.roots = 0  # of how many sums a root is taken, where powers are exponentials

    @contextmanager
    def rooted(self, roots: int) -> Iterator[None]:
        """So many roots of sums of powers stand in a product."""
        self.roots += roots
        try:
            yield
        finally:
            self.roots -= roots

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
        if a.share is not None and not never_positive(a.shift.node):  # it grows as a share vanishes
            return self.plain(a.share)
        if a.direct is not None:
            return a.direct
        if not a.value.node.tame and not never_positive(a.shift.node):
            return g.map("times_exp", a.value, a.shift)
        if a.value.node.op == "div":  # e^m / s, not (1/s) e^m
            top, bottom = g.operands(a.value)
            return g.div(g.mul(top, g.exp(a.shift)), bottom)
        return g.mul(a.value, g.exp(a.shift))

    def unscaled(self, a: Scaled) -> Scaled:
        """The powers multiplied in, one after the other, those that make it smaller first."""
        if not a.scale:
            return a
        if a.shift is not None and any(not e.is_number for _, e in a.scale):
            return self.shifted(a)
        g, value = self.graph, a.value
        for norm, exponent in sorted(a.scale, key=lambda pair: pair[1].is_positive is True):
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
        scale = _merged(a.scale, b.scale, ONE)
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
        return Scaled(g.mul(a.value, b.value), self._sum(a.shift, b.shift), direct, scale, share)

    def div(self, a: Scaled, b: Scaled) -> Scaled:
        g = self.graph
        scale = _merged(a.scale, b.scale, cast(Expr, -ONE))
        shift = a.shift if b.shift is None else self._sum(a.shift, b.shift, minus=True)
        direct = None
        if (
            a.shift is None
            and a.value.node.tame
            and b.direct is not None
            and b.direct.node.positive
        ):
            direct = g.div(a.value, b.direct)
            if b.direct.node in self.large:
                self.bounded.add(direct.node)
        elif b.shift is None and b.value.node.tame and a.direct is not None:
            direct = g.div(a.direct, b.value)
        if shift is None or scale:
            direct = None
        share = self.div(a.share or a, b.share or b) if a.share or b.share else None
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
            return g.map("pow", a, exponent, positive=node.positive)
        if a.number is not None:
            return g.number(a.number**known)
        if known == sympy.Rational(1, 2):
            return g.map("sqrt", a, positive=node.positive, tame=node.tame)
        return g.map("pow", a, exponent, positive=node.positive, tame=node.tame)

    def _sum(self, a: View | None, b: View | None, *, minus: bool = False) -> View | None:
        g = self.graph
        if b is None:
            return a
        if a is None:
            return g.neg(b) if minus else b
        if minus and a == b:
            return None
        for one, other in () if minus else ((a, b), (b, a)):  # u - max u + max u
            if one.node.op == "sub" and g.operands(one)[1] == other:
                return g.operands(one)[0]
        made = g.sub(a, b) if minus else g.add(a, b)
        return None if made.number == 0 else made

    # -- sums ------------------------------------------------------------------------------------

    def add(self, parts: Sequence[Scaled]) -> Scaled:
        """A sum of several terms."""
        if any(p.scale for p in parts):
            if all(p.scale == parts[0].scale and p.shift is None for p in parts):
                return Scaled(self._total([p.value for p in parts]), scale=parts[0].scale)
            parts = self._of_one_scale(parts) or [self.unscaled(p) for p in parts]
            if parts[0].scale:
                return self.add(parts)
        if all(p.shift is None for p in parts):
            return Scaled(self._total([p.value for p in parts]))
        if any(p.shift is None for p in parts) and all(
            p.shift is None or never_positive(p.shift.node) for p in parts
        ):
            return Scaled(self._total([self.plain(p) for p in parts]))
        if all(p.shift == parts[0].shift for p in parts):
            direct = self._direct(parts)
            return Scaled(self._total([p.value for p in parts]), parts[0].shift, direct)
        shift = self._shift(parts)
        values = [self._below(p, shift) for p in parts]
        if any(self.along(p.value) for p in parts):
            return Scaled(self._total(values), shift, self._total([self.plain(p) for p in parts]))
        return Scaled(self._total(values), shift, self._direct(parts))

    def _of_one_scale(self, parts: Sequence[Scaled]) -> list[Scaled]:
        """v n^d + w n^e as n^d (v + w (1/n)^(d - e)), for n from 1 up and d the largest exponent.

        None of other parts.
        """
        norms = {norm for p in parts for norm, _ in p.scale}
        if len(norms) != 1 or any(p.shift is not None for p in parts):
            return []
        (norm,) = norms
        most = max(dict(p.scale).get(norm, ZERO) for p in parts)
        if norm.node not in self.large or not most.is_positive:
            return []
        less = self.graph.div(self.graph.number(ONE), norm)
        made = []
        for p in parts:
            lower = cast(Expr, most - dict(p.scale).get(norm, ZERO))
            value = p.value
            if lower:
                value = self.graph.mul(value, self.raised(less, self.graph.number(lower)))
            made.append(Scaled(value, scale=((norm, most),)))
        return made

    def _shift(self, parts: Sequence[Scaled]) -> View:
        """The largest shift of the terms that are not 0; 0 where all are."""
        g = self.graph
        largest: View | None = None
        sure = False
        for p in parts:
            shift = p.shift or g.number(ZERO)
            if not self._sure(p.value):
                shift = g.where(p.value, shift, g.number(-sympy.oo))
            else:
                sure = True
            largest = shift if largest is None else g.map("max", largest, shift)
        assert largest is not None
        return largest if sure else g.map("finite", largest)

    def _sure(self, value: View) -> bool:
        """Is it nowhere 0, or is a 0 of no account, as that of a vector?"""
        if value.number is not None:
            return bool(value.number != 0)
        return value.node.positive or self.along(value)

    def along(self, value: View) -> bool:
        """Is a value linear in a vector?

        No shift depends on whether it is 0: the derivative along the vector is asked for there too.
        """
        if not self.vectors:
            return False
        for node in made_of([value.node], self._along.__contains__):
            own = node.op == "input" and node.data in self.vectors
            self._along[node] = own or any(self._along[inner] for inner, _ in node.args)
        return self._along[value.node]

    def _clipped(self, apart: View) -> View:
        """An exponent that is not above the shift, but where a factor 0 hides it.

        What is differentiated again asks for that exponential itself: it is kept as far as it
        leaves other factors room in float32.
        """
        return self.graph.map("min", apart, self.graph.number(Integer(40 if self.vectors else 0)))

    def _below(self, p: Scaled, shift: View) -> View:
        """A term under the common shift: c e^{u - M}."""
        g = self.graph
        apart = g.sub(p.shift or g.number(ZERO), shift)
        if not self._sure(p.value):
            apart = self._clipped(apart)
        return g.mul(p.value, g.exp(apart))

    def _direct(self, parts: Sequence[Scaled]) -> View | None:
        """The terms simply added, where no two large ones can cancel."""
        if any(p.shift is not None and p.direct is None for p in parts):
            return None
        large = [p for p in parts if p.shift is not None]
        if len(large) > 1 and not all(p.value.node.positive for p in large):
            return None
        if any(not p.value.node.tame for p in parts if p.shift is None) and len(large) > 1:
            return None
        return self._total([p.value if p.direct is None else p.direct for p in parts])

    def _total(self, values: Sequence[View]) -> View:
        return reduce(self.graph.add, values)

    def sum(
        self, factors: Sequence[Scaled], letters: Sequence[Symbol], *, exact: bool, part: bool
    ) -> Scaled:
        """Σ over letters of a product.

        exact : must it be right where it is far below a sum with more terms that it is divided by?
        part : may there be other rows, so that it is 0 where each exponent is -inf?
        """
        g = self.graph
        scale: tuple[tuple[View, Expr], ...] = ()
        for f in factors:
            scale = _merged(scale, f.scale, ONE)
        if any({*n.letters} & {*letters} for n, _ in scale):
            alone = self.shifted if self.roots else self.unscaled
            factors, scale = [alone(f) for f in factors], ()
        if scale:
            bare = [replace(f, scale=(), direct=None, share=None) for f in factors]
            made = self.sum(bare, letters, exact=exact, part=part)
            return replace(made, scale=scale, direct=None)
        values = [f.value for f in factors if f.value.number != 1]
        shift: View | None = None
        for f in factors:
            shift = self._sum(shift, f.shift)
        if shift and not never_positive(shift.node) and any(f.share for f in factors):
            return self.sum([f.share or f for f in factors], letters, exact=exact, part=part)
        if shift is None:
            return Scaled(contraction(g, values, letters))
        over = [s for s in letters if s in shift.letters]
        if not over:
            return Scaled(contraction(g, values, letters), shift)
        outside, shift = self._parted(shift, over)
        unsure = [v for v in values if not self._sure(v)]
        along = any(map(self.along, values))
        direct = None
        simple = all(f.shift is None or f.direct is not None for f in factors)
        small = all(
            f.shift is None or (f.direct and f.direct.node in self.bounded) for f in factors
        )
        if simple and (small or not (unsure or along)):
            plain = [f.value if f.direct is None else f.direct for f in factors]
            direct = contraction(g, [v for v in plain if v.number != 1], letters)
        elif along:  # each term by itself, and so right where another one is out of range
            whole = shift if outside is None else g.add(outside, shift)
            direct = contraction(g, [g.map("times_exp", reduce(g.mul, values), whole)], letters)
        masked = None  # where the factors that may be 0 are no larger than what is formed anyway
        own = all(set(v.letters) <= set(shift.letters) for v in unsure)
        if unsure and (own or exact or all(v.node.op in ("float", "where") for v in unsure)):
            masked = unsure
        if masked and not exact and shift.node in self.whole:
            masked = None  # it is divided by a sum of the same exponentials
        if masked:
            hidden = g.where(reduce(g.mul, masked), shift, g.number(-sympy.oo))
            largest = g.map("finite", g.reduce("max", hidden, over))
            apart = self._clipped(g.sub(shift, largest))
        else:
            largest = g.reduce("max", shift, over)
            if any(may_be_empty(z) for z in shift.node.sizes):
                largest = g.map("finite", largest)
            masked_all = self._may_be_masked(shift, row=part and bool(largest.letters))
            apart = g.sub(shift, g.map("finite", largest) if masked_all else largest)
            if not unsure and not along:
                self.whole[shift.node] = largest
        total = contraction(g, [*values, g.exp(apart)], letters)
        if not unsure and not along:  # a sum whose largest term is c·1 is neither huge nor tiny
            total.node.positive = total.node.tame = True
            if direct is not None:
                direct.node.positive = True
        return Scaled(total, self._sum(outside, largest), direct)

    def _may_be_masked(self, exponent: View, *, row: bool) -> bool:
        """May it be -inf all along, as an argument may in one of several rows, and log 0?"""
        given = any(s > 0 and whole_of(a.node).op == "input" for s, a in self._terms(exponent))
        logs = self.roots and any(n.op == "f:log" for n in made_of([exponent.node]))
        return bool(logs or (row and given))

    def _parted(self, shift: View, over: Sequence[Symbol]) -> tuple[View | None, View]:
        """The terms of an exponent in which no letter of a sum is, and the rest."""
        g = self.graph
        outside: View | None = None
        inside: View | None = None
        for sign, part in self._terms(shift):
            if set(part.letters) & set(over):
                base = g.number(ZERO) if inside is None else inside
                inside = g.sub(base, part) if sign < 0 else g.add(base, part)
            else:
                outside = self._sum(outside, g.neg(part) if sign < 0 else part)
        return (None, shift) if inside is None or outside is None else (outside, inside)

    def _terms(self, a: View, sign: int = 1) -> list[tuple[int, View]]:
        """The terms of a sum with their signs."""
        if a.node.op not in ("add", "sub", "neg"):
            return [(sign, a)]
        signs = {"add": (sign, sign), "sub": (sign, -sign), "neg": (-sign,)}[a.node.op]
        parts = zip(signs, self.graph.operands(a), strict=True)
        return [term for own, part in parts for term in self._terms(part, own)]


def _merged(
    a: tuple[tuple[View, Expr], ...], b: tuple[tuple[View, Expr], ...], sign: Expr
) -> tuple[tuple[View, Expr], ...]:
    """Powers multiplied, or divided."""
    found = dict(a)
    for norm, exponent in b:
        found[norm] = cast(Expr, sympy.expand(found.get(norm, ZERO) + sign * exponent))
    return tuple((n, k) for n, k in found.items() if k != 0)


def may_be_empty(size: Expr) -> bool:
    """Can an axis of this size have no entry, as the part of one from 2 on?"""
    return bool(size.subs(dict.fromkeys(size.free_symbols, 1)) < 1)
