"""The hyperbolic secant."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="sech",
    title="hyperbolic secant",
    formula="1/cosh(x)",
)
