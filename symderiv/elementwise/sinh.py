"""The hyperbolic sine."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="sinh",
    title="hyperbolic sine",
    titles={"de": "Sinus hyperbolicus", "fr": "sinus hyperbolique"},
    head_name="sympy.sinh",
    derivative="cosh(x)",
    spellings={
        "latex": r"\sinh",
        "typst": "sinh",
        "numpy": "np.sinh(x)",
        "mpmath": "mpmath.sinh(x)",
    },
    prefix=True,
)
