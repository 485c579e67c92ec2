"""The sine."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="sin",
    title="sine",
    titles={"de": "Sinus", "fr": "sinus"},
    head_name="sympy.sin",
    derivative="cos(x)",
    spellings={
        "latex": r"\sin",
        "typst": "sin",
        "numpy": "np.sin(x)",
        "mpmath": "mpmath.sin(x)",
    },
    prefix=True,
)
