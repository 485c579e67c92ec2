"""The logistic function, 1/(1 + exp(-x))."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise
from symderiv.terms import sigmoid

FUNCTION = Elementwise(
    name="sigmoid",
    title="sigmoid",
    titles={"de": "Sigmoid", "fr": "sigmoïde"},
    head=sigmoid,
    derivative="sigmoid(x)*(1 - sigmoid(x))",
    spellings={
        "text": "σ",
        "latex": r"\sigma",
        "typst": "sigma",
        "speech": "sigma",
        "numpy": "numeric.sigmoid(x)",
        "mpmath": "1/(1 + mpmath.exp(-x))",
    },
    aliases=("logistic",),
)
