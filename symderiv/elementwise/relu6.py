"""The rectifier that stops at six."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="relu6",
    title="rectifier up to six",
    formula="min(max(x, 0), 6)",
)
