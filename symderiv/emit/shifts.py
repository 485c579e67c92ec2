"""The shift law: a sum of exponentials carries its shift.

Gives `Shifts`, sums of scaled values: Σ c e^u is e^M Σ c e^{u - M} with M the largest u among the
terms whose factor c is not 0.  So nothing overflows on the way to a result that does not, whatever
the spelling.

Imports graph, scaled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial, reduce
from typing import cast

import sympy
from sympy import Expr, Symbol

from symderiv.emit.apart import contraction
from symderiv.emit.bounds import below_largest, never_positive, whole_of
from symderiv.emit.graph import Graph
from symderiv.emit.nodes import TRUTHS, Node, View, made_of
from symderiv.emit.scaled import Scaled, Scales, merged
from symderiv.terms import ONE, ZERO

Zero = tuple[Node, tuple[int, ...]]  # the places of its letters among an exponent's
HIDING = ("float", "where", "mul", "div", "neg")


class Shifts(Scales):
    """Arithmetic of scaled values."""

    def __init__(self, graph: Graph, lowered: Callable[[Expr], View]) -> None:
        super().__init__(graph, lowered)
        # what the terms of a sum of exponentials are 0 by, by exponent
        self.whole: dict[Node, frozenset[Zero]] = {}
        self.vectors: frozenset[str] = frozenset()  # inputs in which the code is linear as well
        self._along: dict[Node, bool] = {}

    def add(self, parts: Sequence[Scaled]) -> Scaled:
        """A sum of several terms; of shares as such too, which vanish together.

        Where a bracket or an argument beside them is 0, it is what the others are.
        """
        made = self._added(parts)
        bare = [whole_of(p.value.node).op for p in parts if not (p.share or p.shift)]
        if made.shift is None and len(bare) < len(parts) and {*bare} <= {"float", "input"}:
            return replace(made, share=self._added([p.share or p for p in parts], apart=True))
        return made

    def _added(self, parts: Sequence[Scaled], *, apart: bool = False) -> Scaled:
        if any(p.scale for p in parts):
            if all(p.scale == parts[0].scale and p.shift is None for p in parts):
                return Scaled(self._total([p.value for p in parts]), scale=parts[0].scale)
            parts = self._of_one_scale(parts) or [self.unscaled(p) for p in parts]
            if parts[0].scale:
                return self.add(parts)
        if all(p.shift is None for p in parts):
            return Scaled(self._total([p.value for p in parts]))
        few = all(p.shift is None or never_positive(p.shift.node) for p in parts)
        if few and not apart and any(p.shift is None for p in parts):
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
        exponents = [dict(p.scale).get(norm, ZERO) for p in parts]
        if not all(e.is_number for e in exponents):
            return []
        most = max(exponents)
        if norm.node not in self.large or not most.is_positive:
            return []
        less = self.graph.div(self.graph.number(ONE), norm)
        made = []
        for p, exponent in zip(parts, exponents, strict=True):
            lower = cast(Expr, most - exponent)
            value = p.value
            if lower:
                value = self.graph.mul(value, self.raised(less, self.graph.number(lower)))
            made.append(Scaled(value, scale=((norm, most),)))
        return made

    def _shift(self, parts: Sequence[Scaled]) -> View:
        """The largest shift of the terms that are not 0; 0 where all are."""
        g = self.graph
        every = [p.shift or g.number(ZERO) for p in parts]
        sure = [self._sure(p.value) for p in parts]
        largest = reduce(
            partial(g.map, "max"),
            (
                shift if known else g.where(p.value, shift, g.number(-sympy.oo))
                for p, shift, known in zip(parts, every, sure, strict=True)
            ),
        )
        if any(sure):
            return largest
        unsure = [p.value for p in parts]
        return self._left(largest, reduce(partial(g.map, "max"), every), unsure)

    def _left(self, largest: View, every: View, hiding: Sequence[View]) -> View:
        """The largest exponent of the terms that are not 0, where all are 0 another number.

        Any will do for the value; the slope by a factor is that of its term, under the largest.
        """
        g = self.graph
        if self._sloped(hiding):
            largest = g.where(g.map("gt", largest, g.number(-sympy.oo)), largest, every)
        return g.map("finite", largest)

    def _sure(self, value: View) -> bool:
        """Is it nowhere 0, or is a 0 of no account, as that of a vector?"""
        if value.number is not None:
            return bool(value.number != 0)
        return value.node.positive or value.node in self.signs or self.along(value)

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

    def _sloped(self, hiding: Sequence[View]) -> bool:
        """Is a slope asked for by what hides a term?  A bracket has none."""
        return self.again and any(v.node.op != "float" for v in hiding)

    def _clipped(self, apart: View, hiding: Sequence[View]) -> View:
        """An exponent that is not above the shift, but where a factor 0 hides it.

        What is differentiated again asks for that exponential itself: it is kept as far as it
        leaves other factors room.
        """
        g = self.graph
        if self._sloped(hiding):
            return g.map("room", apart)
        return g.map("min", apart, g.number(ZERO))

    def _below(self, p: Scaled, shift: View) -> View:
        """A term under the common shift: c e^{u - M}."""
        g = self.graph
        apart = g.sub(p.shift or g.number(ZERO), shift)
        if not self._sure(p.value):
            apart = self._clipped(apart, [p.value])
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
            scale = merged(scale, f.scale, ONE)
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
        if shift and any(f.share for f in factors):
            return self.sum([f.share or f for f in factors], letters, exact=exact, part=part)
        if shift is None:
            share = None  # two may vanish together, at each letter one of them
            shares = sum(f.share is not None for f in factors)
            if shares > 1 or (shares and not all(map(self._sure, values))):
                share = self.sum([f.share or f for f in factors], letters, exact=True, part=part)
            return Scaled(contraction(g, values, letters), share=share)
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
        zeros = frozenset(z for v in unsure for z in self._zeros(v, shift))
        needed = None if exact else self.whole.get(shift.node)
        if needed is not None and needed <= zeros:
            masked = self._masks(needed, shift)  # what it is divided by has the same terms
        elif exact:
            masked = unsure
        else:  # what is no larger than what is formed anyway
            under = {*shift.letters}
            own = [v for v in unsure if {*v.letters} <= under or under <= {*v.letters}]
            masked = own or self._masks((z for z in zeros if z[0].op in TRUTHS), shift)
            if not masked and all(v.node.op in ("float", "where") for v in unsure):
                masked = unsure
        if masked:
            hidden = g.where(reduce(g.mul, masked), shift, g.number(-sympy.oo))
            largest = g.reduce("max", hidden, over)
            largest = self._left(largest, g.reduce("max", shift, over), masked)
            apart = self._clipped(g.sub(shift, largest), masked)
        else:
            largest = g.reduce("max", shift, over)
            if any(may_be_empty(z) for z in shift.node.sizes):
                largest = g.map("finite", largest)
            masked_all = self._may_be_masked(shift, row=part and bool(largest.letters))
            apart = g.sub(shift, g.map("finite", largest) if masked_all else largest)
        if all({*v.letters} <= {*shift.letters} for v in unsure) and not along:
            self.whole[shift.node] = zeros
        total = contraction(g, [*values, g.exp(apart)], letters)
        signed = any(v.node in self.signs for v in values)  # x^n for x below 0
        if not (unsure or along or signed):  # its largest term is c·1: neither huge nor tiny
            total.node.positive = total.node.tame = True
            if direct is not None:
                direct.node.positive = True
        return Scaled(total, self._sum(outside, largest), direct)

    def _zeros(self, factor: View, shift: View) -> Iterator[Zero]:
        """What a factor is 0 by, where an exponent has its letters: brackets, and other factors."""
        op = factor.node.op
        parts = self.graph.operands(factor) if op in HIDING else []
        if op in ("mul", "div", "neg"):
            for part in parts[: 1 if op == "div" else 2]:
                yield from self._zeros(part, shift)
        else:
            hides = op == "float" or (op == "where" and parts[2].number == 0)
            cause = parts[0] if hides else factor
            if {*cause.letters} <= {*shift.letters}:
                yield cause.node, tuple(map(shift.letters.index, cause.letters))

    def _masks(self, zeros: Iterable[Zero], shift: View) -> list[View]:
        """What is 0 there, under the letters of an exponent."""
        views = [View(node, tuple(shift.letters[p] for p in places))
                 for node, places in sorted(zeros, key=lambda zero: zero[1])]  # fmt: skip
        return [self.graph.map("float", v) if v.node.op in TRUTHS else v for v in views]

    def _may_be_masked(self, exponent: View, *, row: bool) -> bool:
        """May it be -inf all along, as an argument may in one of several rows, and log 0?"""
        terms = [a.node for s, a in self._terms(exponent) if s > 0]
        given = any(whole_of(a).op == "input" for a in terms)
        least = [n for a in terms if a.op == "min" for n, _ in a.args]  # of σ(u), which is 0 there
        inner = made_of([exponent.node])
        logs = any(n.op == "f:log" if self.roots else n in self.sizes for n in inner)
        return bool(logs or (row and given) or any(whole_of(n).op == "input" for n in least))

    def _parted(self, shift: View, over: Sequence[Symbol]) -> tuple[View | None, View]:
        """The terms of an exponent in which no letter of a sum is, and the rest.

        Beside v, a huge u would lose digits that u - max u keeps.
        """
        g, terms = self.graph, self._terms(shift)
        if sum(not {*part.letters}.isdisjoint(over) for _, part in terms) > 1:
            terms = self._terms(shift, kept=True)
        outside: View | None = None
        inside: View | None = None
        for sign, part in terms:
            if set(part.letters) & set(over):
                base = g.number(ZERO) if inside is None else inside
                inside = g.sub(base, part) if sign < 0 else g.add(base, part)
            else:
                outside = self._sum(outside, g.neg(part) if sign < 0 else part)
        return (None, shift) if inside is None or outside is None else (outside, inside)

    def _terms(self, a: View, sign: int = 1, *, kept: bool = False) -> list[tuple[int, View]]:
        """The terms of a sum with their signs; `kept`: u - max u is one."""
        if a.node.op not in ("add", "sub", "neg") or (kept and below_largest(a.node)):
            return [(sign, a)]
        signs = {"add": (sign, sign), "sub": (sign, -sign), "neg": (-sign,)}[a.node.op]
        parts = zip(signs, self.graph.operands(a), strict=True)
        return [term for own, part in parts for term in self._terms(part, own, kept=kept)]


def may_be_empty(size: Expr) -> bool:
    """Can an axis of this size have no entry, as the part of one from 2 on?"""
    return bool(size.subs(dict.fromkeys(size.free_symbols, 1)) < 1)
