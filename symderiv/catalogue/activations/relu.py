"""The rectifier."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="relu",
    title="The rectifier",
    titles={"de": "ReLU", "fr": "ReLU"},
    define="relu(x)",
    derivatives=(Derivative("derivative", ("x",), "iverson(x > 0)"),),
)
