"""Softplus, log(1 + exp(x))."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise
from symderiv.terms import softplus

FUNCTION = Elementwise(
    name="softplus",
    title="softplus",
    head=softplus,
    derivative="sigmoid(x)",
    spellings={
        "numpy": "numeric.softplus(x)",
        "mpmath": "mpmath.log1p(mpmath.exp(x))",
    },
)
