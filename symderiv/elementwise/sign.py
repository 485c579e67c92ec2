"""The sign."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise, Kink

FUNCTION = Elementwise(
    name="sign",
    title="sign",
    titles={"de": "Vorzeichenfunktion", "fr": "fonction signe"},
    head_name="sympy.sign",
    derivative="0",
    spellings={
        "numpy": "np.sign(x)",
        "mpmath": "mpmath.sign(x)",
    },
    aliases=("sgn",),
    kinks=(Kink(0, value=0, left="-1", there="0", right="1"),),
)
