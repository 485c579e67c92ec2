"""Softplus, log(1 + exp(x))."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="softplus",
    title="softplus",
    titles={"de": "Softplus", "fr": "softplus"},
    head_name="symderiv.terms.softplus",
    derivative="sigmoid(x)",
    spellings={
        "numpy": "np.logaddexp(x, 0)",
        "mpmath": "mpmath.log1p(mpmath.exp(x))",
    },
)
