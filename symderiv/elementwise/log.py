"""The natural logarithm."""

from __future__ import annotations

from symderiv.elementwise.entry import INFINITY, Elementwise, Interval

FUNCTION = Elementwise(
    name="log",
    title="logarithm",
    titles={"de": "Logarithmus", "fr": "logarithme"},
    head_name="sympy.log",
    derivative="1/x",
    spellings={
        "latex": r"\log",
        "typst": "log",
        "numpy": "np.log(x)",
        "mpmath": "mpmath.log(x)",
    },
    aliases=("ln",),
    domain=Interval.open(0, INFINITY),
    prefix=True,
)
