"""The hard hyperbolic tangent."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="hardtanh",
    title="hard hyperbolic tangent",
    formula="min(max(x, -1), 1)",
    aliases=("hard_tanh",),
)
