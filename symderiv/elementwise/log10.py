"""The decimal logarithm."""

from __future__ import annotations

from symderiv.elementwise.entry import INFINITY, Defined, Interval

FUNCTION = Defined(
    name="log10",
    title="decimal logarithm",
    formula="log(x)/log(10)",
    domain=Interval.open(0, INFINITY),
)
