"""The inverse sine."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise, Interval, Kink

FUNCTION = Elementwise(
    name="asin",
    title="inverse sine",
    titles={"de": "Arkussinus", "fr": "arc sinus"},
    head_name="sympy.asin",
    derivative="1/sqrt(1 - x**2)",
    printed="arcsin",
    spellings={
        "latex": r"\arcsin",
        "typst": "arcsin",
        "speech": "arc sine",
        "numpy": "np.asin(x)",
        "mpmath": "mpmath.asin(x)",
    },
    aliases=("arcsin",),
    domain=Interval(-1, 1),
    kinks=(Kink(-1), Kink(1)),
    prefix=True,
)
