"""The log-cosh loss."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="log-cosh",
    title="The log-cosh loss",
    titles={"de": "Log-cosh-Verlust", "fr": "perte log-cosh"},
    define="log(cosh(r))",
    derivatives=(Derivative("derivative", ("r",), "tanh(r)"),),
)
