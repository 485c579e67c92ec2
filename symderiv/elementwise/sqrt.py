"""The square root."""

from __future__ import annotations

from symderiv.elementwise.entry import INFINITY, Defined, Interval

# One power rule serves roots and powers.
FUNCTION = Defined(
    name="sqrt",
    title="square root",
    formula="x**(1/2)",
    domain=Interval(0, INFINITY),
)
