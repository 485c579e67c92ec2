"""The Jacobian of a function of two variables."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="vector-function",
    title="Three functions of two variables",
    titles={"de": "Drei Funktionen zweier Variablen", "fr": "trois fonctions de deux variables"},
    define=("exp(x1) + exp(x2)", "exp(x1)*x2", "4*x1 + 3*x2**3"),
    derivatives=(
        Derivative(
            "jacobian",
            ("x1", "x2"),
            ("exp(x1)", "exp(x2)", "x2*exp(x1)", "exp(x1)", "4", "9*x2**2"),
        ),
    ),
)
