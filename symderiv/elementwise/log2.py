"""The binary logarithm."""

from __future__ import annotations

from sympy import Interval, oo

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="log2",
    title="binary logarithm",
    formula="log(x)/log(2)",
    domain=Interval.open(0, oo),
)
