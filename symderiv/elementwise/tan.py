"""The tangent."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="tan",
    title="tangent",
    titles={"de": "Tangens", "fr": "tangente"},
    head_name="sympy.tan",
    derivative="1 + tan(x)**2",
    spellings={
        "latex": r"\tan",
        "typst": "tan",
        "numpy": "np.tan(x)",
        "mpmath": "mpmath.tan(x)",
    },
    prefix=True,
)
