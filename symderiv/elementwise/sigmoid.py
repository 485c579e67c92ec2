"""The logistic function, 1/(1 + exp(-x))."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="sigmoid",
    title="sigmoid",
    titles={"de": "Sigmoid", "fr": "sigmoïde"},
    head_name="symderiv.terms.sigmoid",
    derivative="sigmoid(x)*(1 - sigmoid(x))",
    spellings={
        "text": "σ",
        "latex": r"\sigma",
        "typst": "sigma",
        "speech": "sigma",
        "numpy": "_sigmoid(x)",
        "mpmath": "1/(1 + mpmath.exp(-x))",
    },
    aliases=("logistic",),
)
