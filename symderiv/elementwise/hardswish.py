"""The hard swish: x times the hard sigmoid."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="hardswish",
    title="hard swish",
    formula="x*min(max(x + 3, 0), 6)/6",
    aliases=("hard_swish", "hardsilu"),
)
