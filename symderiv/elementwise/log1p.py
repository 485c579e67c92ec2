"""The logarithm of 1 + x."""

from __future__ import annotations

from sympy import Interval, oo

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="log1p",
    title="logarithm of 1 + x",
    formula="log(1 + x)",
    domain=Interval.open(-1, oo),
)
