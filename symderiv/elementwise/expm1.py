"""The exponential less 1."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="expm1",
    title="exponential less 1",
    formula="exp(x) - 1",
)
