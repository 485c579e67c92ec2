"""The hyperbolic tangent."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="tanh",
    title="hyperbolic tangent",
    titles={"de": "Tangens hyperbolicus", "fr": "tangente hyperbolique"},
    head_name="sympy.tanh",
    derivative="1 - tanh(x)**2",
    spellings={
        "latex": r"\tanh",
        "typst": "tanh",
        "numpy": "np.tanh(x)",
        "mpmath": "mpmath.tanh(x)",
    },
    prefix=True,
)
