"""The hyperbolic cosine."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="cosh",
    title="hyperbolic cosine",
    titles={"de": "Kosinus hyperbolicus", "fr": "cosinus hyperbolique"},
    head_name="sympy.cosh",
    derivative="sinh(x)",
    spellings={
        "latex": r"\cosh",
        "typst": "cosh",
        "numpy": "np.cosh(x)",
        "mpmath": "mpmath.cosh(x)",
    },
    prefix=True,
)
