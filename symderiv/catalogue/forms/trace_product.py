"""The trace of a product."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="trace-product",
    title="The trace of a product",
    titles={"de": "Spur eines Produkts", "fr": "trace d’un produit"},
    define="sum(A[i,j]*X[j,i], i, j)",
    derivatives=(Derivative("gradient", ("X[k,l]",), "A[l,k]"),),
)
