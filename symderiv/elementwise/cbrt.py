"""The cube root, of negative numbers too."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise, Kink

FUNCTION = Elementwise(
    name="cbrt",
    title="cube root",
    titles={"de": "Kubikwurzel", "fr": "racine cubique"},
    head_name="symderiv.terms.cbrt",
    derivative="1/(3*cbrt(x)**2)",
    spellings={
        "speech": "the cube root",
        "numpy": "np.cbrt(x)",
        "mpmath": "mpmath.sign(x)*mpmath.cbrt(abs(x))",
    },
    kinks=(Kink(0),),
)
