"""The hyperbolic tangent."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="tanh",
    title="The hyperbolic tangent",
    titles={"de": "Tangens hyperbolicus", "fr": "tangente hyperbolique"},
    define="t = tanh(x); t",
    derivatives=(
        Derivative("derivative", ("x",), "1 - t**2"),
        Derivative("hessian", ("x", "x"), "-2*t*(1 - t**2)"),
    ),
)
