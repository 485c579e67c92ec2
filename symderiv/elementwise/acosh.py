"""The inverse hyperbolic cosine."""

from __future__ import annotations

import sympy
from sympy import Interval, oo

from symderiv.elementwise.entry import Elementwise, Kink

FUNCTION = Elementwise(
    name="acosh",
    title="inverse hyperbolic cosine",
    titles={"de": "Areakosinus hyperbolicus", "fr": "argument cosinus hyperbolique"},
    head=sympy.acosh,
    derivative="1/sqrt(x**2 - 1)",
    printed="arcosh",
    spellings={
        "speech": "inverse hyperbolic cosine",
        "numpy": "np.arccosh(x)",
        "mpmath": "mpmath.acosh(x)",
    },
    aliases=("arccosh", "arcosh"),
    domain=Interval(1, oo),
    kinks=(Kink(1),),
)
