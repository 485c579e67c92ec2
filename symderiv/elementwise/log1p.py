"""The logarithm of 1 + x."""

from __future__ import annotations

from symderiv.elementwise.entry import INFINITY, Defined, Interval

FUNCTION = Defined(
    name="log1p",
    title="logarithm of 1 + x",
    formula="log(1 + x)",
    domain=Interval.open(-1, INFINITY),
)
