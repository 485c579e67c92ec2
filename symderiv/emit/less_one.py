"""Less 1: e^u - 1 and x^a - 1, right to the last digit where they are small.

Gives `LessOne`: a power less 1 is e^u - 1 of its exponent u, which near 0 is as small as u is.

Imports graph, logs, norms, shifts; floor 0.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Integer, Rational, Symbol

from symderiv.emit.indices import Scope
from symderiv.emit.logs import Logarithms
from symderiv.emit.lowers import Lowers
from symderiv.emit.nodes import View
from symderiv.emit.norms import is_given, opened
from symderiv.emit.scaled import Scaled
from symderiv.terms import ONE, ZERO, Neg
from symderiv.terms.factors import factored, number, terms_of

HIGH = Integer(88)  # to which e^u has a float of every width


class LessOne:
    """The differences from 1 of one lowering."""

    def __init__(self, lowering: Lowers, logs: Logarithms) -> None:
        self.lowering, self.logs = lowering, logs
        self.graph, self.shifts = lowering.graph, lowering.shifts

    def of(self, term: Expr, scope: Scope) -> Scaled | None:
        """e^u - 1, right to the last digit where u is small; e^u - 1 + v as (e^u - 1) + v."""
        summands = terms_of(term)
        for other in summands:
            inner, sign = (other.term, -1) if isinstance(other, Neg) else (other, 1)
            one = next((s for s in summands if number(s) == -sign), None)
            looked = one is not None and (isinstance(inner, sympy.exp) or len(summands) == 2)
            whole = self._exponent(inner, scope) if looked else None
            if whole is None:
                continue
            rest = [self.lowering.scaled(t, scope) for t in summands if t not in (one, other)]
            g = self.graph
            u = self.shifts.plain(whole)
            if self.logs.near and self.shifts.again:
                u = g.map("min", u, g.number(HIGH))
            direct = g.map("expm1", u)
            size = g.map("expm1", g.neg(g.map("abs", u)))
            value = g.neg(g.mul(g.map("side", u), size))
            shift = g.map("max", u, g.number(ZERO))
            made = Scaled(direct) if self.logs.near else Scaled(value, shift, direct)
            if whole.shift is not None:  # near 0 it is u, and as far below 1 as that
                made = self._small(whole, u, made)
            base = _argument(inner)
            sure = base is None or (isinstance(base, sympy.Abs) and not self.shifts.again)
            x = g.number(ONE) if sure else self.lowering.value(cast(Expr, base), scope)
            if not x.node.positive:
                above, power = g.map("gt", x, g.number(ZERO)), self.lowering.value(inner, scope)
                if self.shifts.again:
                    x = g.where(above, g.number(ONE), x)
                    power = g.map("pow", x, self.lowering.value(_power(inner)[1], scope))
                less = g.sub(power, g.number(ONE))
                made = Scaled(g.where(above, self.shifts.plain(made), less))
            made = made if sign > 0 else self.shifts.mul(made, Scaled(g.number(-ONE)))
            return self.shifts.add([made, *rest]) if rest else made
        return None

    def _exponent(self, term: Expr, scope: Scope) -> Scaled | None:
        """u of e^u, and of p^q = e^(q log p) for what is positive and is no number."""
        if isinstance(term, sympy.exp):
            return self.shifts.unscaled(self.lowering.scaled(cast(Expr, term.args[0]), scope))
        g, (base, exponent) = self.graph, _power(term)
        if number(exponent) is not None:
            return None
        log = self.logs.of_positive(base, scope)
        if log is None and _argument(term) is not None:
            x = self.lowering.value(base, scope)
            if self.shifts.again:  # it has a slope where it is not asked for
                x = g.where(g.map("gt", x, g.number(ZERO)), x, g.number(ONE))
            log = g.map("f:log", x)
        return None if log is None else Scaled(g.mul(self.lowering.value(exponent, scope), log))

    def _small(self, whole: Scaled, u: View, made: Scaled) -> Scaled:
        """e^u - 1 for u = v e^m: where u is small as v (e^u - 1)/u with that shift m."""
        g = self.graph
        near = g.map("lt", g.map("abs", u), g.number(Rational(1, 2)))
        part = g.where(u, g.div(cast(View, made.direct), u), g.number(ONE))
        value = g.where(near, g.mul(whole.value, part), made.value)
        shifts = [s.shift or g.number(ZERO) for s in (whole, made)]
        positive = whole.value.node.positive and made.shift is None
        value.node.positive |= positive
        return Scaled(value, g.where(near, *shifts), made.direct)


def _argument(term: Expr) -> Expr | None:
    """x of x^a, a an argument as well; |x| likewise."""
    base, exponent = _power(term)
    plain = isinstance(base, Symbol | sympy.Indexed | sympy.Abs)
    return base if plain and is_given(exponent) else None


def _power(term: Expr) -> tuple[Expr, Expr]:
    """x and a of x^a alone; of another product 0 and 1."""
    view = factored(term)
    alone = view.coefficient == 1 and len(view.powers) == 1
    return opened(*next(iter(view.powers.items()))) if alone else (ZERO, ONE)
