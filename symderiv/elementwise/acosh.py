"""The inverse hyperbolic cosine."""

from __future__ import annotations

from symderiv.elementwise.entry import INFINITY, Elementwise, Interval, Kink

FUNCTION = Elementwise(
    name="acosh",
    title="inverse hyperbolic cosine",
    titles={"de": "Areakosinus hyperbolicus", "fr": "argument cosinus hyperbolique"},
    head_name="sympy.acosh",
    derivative="1/sqrt(x**2 - 1)",
    printed="arcosh",
    spellings={
        "speech": "inverse hyperbolic cosine",
        "numpy": "np.acosh(x)",
        "mpmath": "mpmath.acosh(x)",
    },
    aliases=("arccosh", "arcosh"),
    domain=Interval(1, INFINITY),
    kinks=(Kink(1),),
)
