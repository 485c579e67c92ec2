"""A quadratic form."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="quadratic-form",
    title="A quadratic form",
    titles={"de": "Quadratische Form", "fr": "forme quadratique"},
    define="sum(x[i]*A[i,j]*x[j], i, j)",
    derivatives=(Derivative("gradient", ("x[k]",), "sum(x[j]*(A[k,j] + A[j,k]), j)"),),
)
