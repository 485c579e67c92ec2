"""The decimal logarithm."""

from __future__ import annotations

from sympy import Interval, oo

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="log10",
    title="decimal logarithm",
    formula="log(x)/log(10)",
    domain=Interval.open(0, oo),
)
