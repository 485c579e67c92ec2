"""Softplus, log(1 + exp(x))."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise
from symderiv.terms import softplus

FUNCTION = Elementwise(
    name="softplus",
    title="softplus",
    titles={"de": "Softplus", "fr": "softplus"},
    head=softplus,
    derivative="sigmoid(x)",
    spellings={
        "numpy": "np.logaddexp(x, 0)",
        "mpmath": "mpmath.log1p(mpmath.exp(x))",
    },
)
