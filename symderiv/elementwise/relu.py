"""The rectifier, max(0, x)."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise, Kink

FUNCTION = Elementwise(
    name="relu",
    title="relu",
    titles={"de": "ReLU", "fr": "ReLU"},
    head_name="symderiv.terms.relu",
    derivative="iverson(x > 0)",
    spellings={
        "numpy": "np.maximum(x, 0)",
        "mpmath": "max(x, mpmath.mpf(0))",
    },
    kinks=(Kink(0, value=0, left="0", there="0", right="x"),),
)
