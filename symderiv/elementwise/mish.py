"""Mish."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="mish",
    title="mish",
    formula="x*tanh(softplus(x))",
)
