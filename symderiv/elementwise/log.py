"""The natural logarithm."""

from __future__ import annotations

import sympy
from sympy import Interval, oo

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="log",
    title="logarithm",
    titles={"de": "Logarithmus", "fr": "logarithme"},
    head=sympy.log,
    derivative="1/x",
    spellings={
        "latex": r"\log",
        "typst": "log",
        "numpy": "np.log(x)",
        "mpmath": "mpmath.log(x)",
    },
    aliases=("ln",),
    domain=Interval.open(0, oo),
    prefix=True,
)
