"""The square root."""

from __future__ import annotations

from sympy import Interval, oo

from symderiv.elementwise.entry import Defined

# One power rule serves roots and powers.
FUNCTION = Defined(
    name="sqrt",
    title="square root",
    formula="x**(1/2)",
    domain=Interval(0, oo),
)
