"""A bilinear form."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="bilinear-form",
    title="A bilinear form",
    define="sum(a[i]*X[i,j]*b[j], i, j)",
    derivatives=(Derivative("gradient", ("X[k,l]",), "a[k]*b[l]"),),
)
