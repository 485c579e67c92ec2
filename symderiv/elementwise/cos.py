"""The cosine."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="cos",
    title="cosine",
    titles={"de": "Kosinus", "fr": "cosinus"},
    head_name="sympy.cos",
    derivative="-sin(x)",
    spellings={
        "latex": r"\cos",
        "typst": "cos",
        "numpy": "np.cos(x)",
        "mpmath": "mpmath.cos(x)",
    },
    prefix=True,
)
