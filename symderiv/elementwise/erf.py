"""The error function."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="erf",
    title="error function",
    titles={"de": "Fehlerfunktion", "fr": "fonction d’erreur"},
    head_name="sympy.erf",
    derivative="2/sqrt(pi)*exp(-x**2)",
    spellings={
        "numpy": "_erf(x)",
        "mpmath": "mpmath.erf(x)",
    },
)
