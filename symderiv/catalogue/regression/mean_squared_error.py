"""Mean squared error."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="mean-squared-error",
    title="Mean squared error",
    titles={"de": "Mittlerer quadratischer Fehler", "fr": "erreur quadratique moyenne"},
    define="mean((x[n] - t[n])**2, n)",
    derivatives=(Derivative("gradient", ("x[m]",), "2*(x[m] - t[m])/N"),),
    aliases=("mse", "mse-loss"),
)
