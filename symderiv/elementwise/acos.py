"""The inverse cosine."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise, Interval, Kink

FUNCTION = Elementwise(
    name="acos",
    title="inverse cosine",
    titles={"de": "Arkuskosinus", "fr": "arc cosinus"},
    head_name="sympy.acos",
    derivative="-1/sqrt(1 - x**2)",
    printed="arccos",
    spellings={
        "latex": r"\arccos",
        "typst": "arccos",
        "speech": "arc cosine",
        "numpy": "np.acos(x)",
        "mpmath": "mpmath.acos(x)",
    },
    aliases=("arccos",),
    domain=Interval(-1, 1),
    kinks=(Kink(-1), Kink(1)),
    prefix=True,
)
