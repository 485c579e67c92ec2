"""The continuously differentiable exponential linear unit."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="celu",
    title="continuously differentiable exponential linear unit",
    formula="iverson(x > 0)*x + iverson(x <= 0)*a*(exp(x/a) - 1)",
    arguments=("x", "a"),
    defaults=("1",),
)
