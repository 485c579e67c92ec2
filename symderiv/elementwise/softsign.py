"""Softsign."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

FUNCTION = Defined(
    name="softsign",
    title="softsign",
    formula="x/(1 + abs(x))",
)
