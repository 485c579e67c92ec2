"""The complementary error function."""

from __future__ import annotations

from symderiv.elementwise.entry import Elementwise

FUNCTION = Elementwise(
    name="erfc",
    title="complementary error function",
    titles={"de": "komplementäre Fehlerfunktion", "fr": "fonction d’erreur complémentaire"},
    head_name="sympy.erfc",
    derivative="-2/sqrt(pi)*exp(-x**2)",
    spellings={
        "numpy": "_erfc(x)",
        "mpmath": "mpmath.erfc(x)",
    },
)
