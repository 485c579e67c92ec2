"""Log-sigmoid."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="log-sigmoid",
    title="Log-sigmoid",
    titles={"de": "Logarithmus des Sigmoids", "fr": "logarithme de la sigmoïde"},
    define="s = 1/(1 + exp(-x)); log(s)",
    derivatives=(Derivative("derivative", ("x",), "1 - s"),),
)
