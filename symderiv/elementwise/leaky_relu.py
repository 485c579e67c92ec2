"""The leaky rectifier."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

# With brackets and not as a maximum, which a slope above 1 would turn round; at 0 the slope is a.
FUNCTION = Defined(
    name="leaky_relu",
    title="leaky rectifier",
    formula="iverson(x > 0)*x + iverson(x <= 0)*a*x",
    arguments=("x", "a"),
)
