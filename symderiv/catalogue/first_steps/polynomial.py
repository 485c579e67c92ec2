"""The gradient of x² + 3y."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="polynomial",
    title="The polynomial x² + 3y",
    titles={"de": "Polynom x² + 3y", "fr": "polynôme x² + 3y"},
    define=("x**2 + 3*y",),
    derivatives=(Derivative("gradient", ("x", "y"), ("2*x", "3")),),
)
