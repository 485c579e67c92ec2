"""The binary logarithm."""

from __future__ import annotations

from symderiv.elementwise.entry import INFINITY, Defined, Interval

FUNCTION = Defined(
    name="log2",
    title="binary logarithm",
    formula="log(x)/log(2)",
    domain=Interval.open(0, INFINITY),
)
