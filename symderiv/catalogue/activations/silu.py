"""SiLU, or swish."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="silu",
    title="SiLU",
    titles={"de": "SiLU", "fr": "SiLU"},
    define="s = 1/(1 + exp(-x)); x*s",
    derivatives=(Derivative("derivative", ("x",), "s*(1 + x*(1 - s))"),),
    aliases=("swish",),
)
