"""The absolute value."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise, Kink

FUNCTION = Elementwise(
    name="abs",
    title="absolute value",
    titles={"de": "Betrag", "fr": "valeur absolue"},
    head_name="sympy.Abs",
    derivative="sign(x)",
    spellings={
        "numpy": "np.abs(x)",
        "mpmath": "abs(x)",
    },
    kinks=(Kink(0, value=0, left="-x", there="0", right="x"),),
)
