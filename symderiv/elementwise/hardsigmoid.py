"""The hard sigmoid: of slope 1/6 between -3 and 3."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="hardsigmoid",
    title="hard sigmoid",
    formula="min(max(x + 3, 0), 6)/6",
    aliases=("hard_sigmoid",),
)
