"""A bilinear form."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="bilinear-form",
    title="A bilinear form",
    titles={"de": "Bilinearform", "fr": "forme bilinéaire"},
    define="sum(a[i]*X[i,j]*b[j], i, j)",
    derivatives=(Derivative("gradient", ("X[k,l]",), "a[k]*b[l]"),),
)
