"""The inverse hyperbolic sine."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="asinh",
    title="inverse hyperbolic sine",
    titles={"de": "Areasinus hyperbolicus", "fr": "argument sinus hyperbolique"},
    head_name="sympy.asinh",
    derivative="1/sqrt(1 + x**2)",
    printed="arsinh",
    spellings={
        "speech": "inverse hyperbolic sine",
        "numpy": "np.asinh(x)",
        "mpmath": "mpmath.asinh(x)",
    },
    aliases=("arcsinh", "arsinh"),
)
