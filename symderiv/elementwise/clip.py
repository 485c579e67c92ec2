"""Clipping to the interval from a to b."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="clip",
    title="clipping to an interval",
    formula="min(max(x, a), b)",
    arguments=("x", "a", "b"),
    aliases=("clamp",),
)
