"""Log-sigmoid."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="log-sigmoid",
    title="Log-sigmoid",
    define="s = 1/(1 + exp(-x)); log(s)",
    derivatives=(Derivative("derivative", ("x",), "1 - s"),),
)
