"""Ends: inverse functions near the ends of their domain, by how far the argument is from them.

Gives `from_ends`: arccos c is 2 arctan √((1 - c)/(1 + c)), arcsin c is π/2 less that or, by
√(1 - c²) alone, arctan(c/√(1 - c²)), arcosh c is 2 arsinh √((c - 1)/2) and artanh c half of
log((1 + c)/(1 - c)).  So they are computed where `laws.others` knows what is left of 1: the angle
of two vectors is 0 where they are parallel, though their cosine may be above 1 for floats.

Imports laws and lowers.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Integer, Rational

from symderiv.emit import laws
from symderiv.emit.bounds import never_negative
from symderiv.emit.indices import Scope
from symderiv.emit.lowers import Lowers
from symderiv.emit.nodes import View
from symderiv.terms import ONE, ZERO, Neg, Power, plus
from symderiv.terms.factors import factored, negative

HALF = cast(Expr, Rational(1, 2))
TWO = cast(Expr, Integer(2))


def from_ends(lowering: Lowers, name: str, c: Expr, scope: Scope) -> View | None:
    """The function at c by 1 - c and 1 + c; None where these are known by no more than c."""
    if name not in ("acos", "asin", "acosh", "atanh"):
        return None
    g = lowering.graph
    two, half, right = map(g.number, (TWO, HALF, cast(Expr, sympy.pi / 2)))

    def known(q: Expr) -> Expr | None:
        less = laws.others(q, lowering.problem)
        return less if less is not None and lowering.proved(plus(ONE, Neg(q)), less) else None

    def root(term: Expr) -> View:
        """The root, of -0 as well: 1/0 is to be above all floats, not below them."""
        made = lowering.value(Power(term, HALF), scope)
        under = made.node.args[0][0] if made.node.op == "sqrt" else made.node
        return made if never_negative(under) else g.map("abs", made)

    less, more = known(c), known(negative(c))
    square = None
    if less is None and more is None:
        square = known(factored(c).to_the(TWO).term()) if name in ("acos", "asin") else None
        if square is None:
            return None
    value = lowering.value(c, scope)
    if square is not None:
        other = root(square)
        angle = g.map("f:atan", g.div(value, other))
        if name == "asin":
            return angle
        flat = g.map("f:atan", g.div(other, value))
        return g.where(g.map("gt", value, g.number(ZERO)), flat, g.sub(right, angle))
    less, more = less or plus(ONE, Neg(c)), more or plus(ONE, c)
    if name == "acosh":
        over = (factored(Neg(less)) * factored(HALF)).term()
        return g.mul(two, g.map("f:asinh", root(over)))
    if name == "atanh":
        ends = (g.map("f:log", lowering.value(t, scope)) for t in (more, less))
        far = g.div(g.sub(*ends), two)
    else:
        far = g.mul(two, g.map("f:atan", g.div(root(less), root(more))))
        if name == "acos":
            return far
        far = g.sub(right, far)
    near = g.map("lt", g.map("abs", value), half)
    return g.where(near, g.map(f"f:{name}", value), far)
