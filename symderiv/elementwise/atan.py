"""The inverse tangent."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="atan",
    title="inverse tangent",
    titles={"de": "Arkustangens", "fr": "arc tangente"},
    head_name="sympy.atan",
    derivative="1/(1 + x**2)",
    printed="arctan",
    spellings={
        "latex": r"\arctan",
        "typst": "arctan",
        "speech": "arc tangent",
        "numpy": "np.atan(x)",
        "mpmath": "mpmath.atan(x)",
    },
    aliases=("arctan",),
    prefix=True,
)
