"""The sigmoid."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="sigmoid",
    title="The sigmoid",
    titles={"de": "Sigmoid", "fr": "sigmoïde"},
    define="s = 1/(1 + exp(-x)); s",
    derivatives=(
        Derivative("derivative", ("x",), "s*(1 - s)"),
        Derivative("hessian", ("x", "x"), "s*(1 - s)*(1 - 2*s)"),
    ),
    aliases=("logistic",),
)
