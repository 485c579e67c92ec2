"""Softplus."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="softplus",
    title="Softplus",
    titles={"de": "Softplus", "fr": "softplus"},
    define="s = 1/(1 + exp(-x)); log(1 + exp(x))",
    derivatives=(Derivative("derivative", ("x",), "s"),),
)
