"""The logit: the inverse of the sigmoid."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined, Interval

FUNCTION = Defined(
    name="logit",
    title="logit",
    formula="log(x/(1 - x))",
    domain=Interval.open(0, 1),
)
