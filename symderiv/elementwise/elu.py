"""The exponential linear unit."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

# At 0 the slope is that from the left, a: where a is 1, that is the derivative.
FUNCTION = Defined(
    name="elu",
    title="exponential linear unit",
    formula="iverson(x > 0)*x + iverson(x <= 0)*a*(exp(x) - 1)",
    arguments=("x", "a"),
    defaults=("1",),
)
