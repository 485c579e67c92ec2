"""GELU."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="gelu",
    title="GELU",
    titles={"de": "GELU", "fr": "GELU"},
    define="x*(1 + erf(x/sqrt(2)))/2",
    derivatives=(
        Derivative("derivative", ("x",), "(1 + erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)"),
    ),
)
