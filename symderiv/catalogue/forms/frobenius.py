"""The squared Frobenius norm."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="frobenius",
    title="The squared Frobenius norm",
    titles={"de": "Quadrat der Frobeniusnorm", "fr": "carré de la norme de Frobenius"},
    define="sum(X[i,j]**2, i, j)",
    derivatives=(Derivative("gradient", ("X[k,l]",), "2*X[k,l]"),),
)
