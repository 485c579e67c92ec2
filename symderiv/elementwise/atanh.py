"""The inverse hyperbolic tangent."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise, Interval

FUNCTION = Elementwise(
    name="atanh",
    title="inverse hyperbolic tangent",
    titles={"de": "Areatangens hyperbolicus", "fr": "argument tangente hyperbolique"},
    head_name="sympy.atanh",
    derivative="1/(1 - x**2)",
    printed="artanh",
    spellings={
        "speech": "inverse hyperbolic tangent",
        "numpy": "np.atanh(x)",
        "mpmath": "mpmath.atanh(x)",
    },
    aliases=("arctanh", "artanh"),
    domain=Interval.open(-1, 1),
)
