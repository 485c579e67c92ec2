"""The exponential."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="exp",
    title="exponential",
    titles={"de": "Exponentialfunktion", "fr": "exponentielle"},
    head_name="sympy.exp",
    derivative="exp(x)",
    spellings={
        "latex": r"\exp",
        "typst": "exp",
        "numpy": "np.exp(x)",
        "mpmath": "mpmath.exp(x)",
    },
)
