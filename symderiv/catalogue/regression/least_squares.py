"""Least squares."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="least-squares",
    title="Least squares",
    titles={"de": "Kleinste Quadrate", "fr": "moindres carrés"},
    define="sum((sum(X[n,d]*w[d], d) - t[n])**2, n)/2",
    derivatives=(
        Derivative("gradient", ("w[c]",), "sum((sum(X[n,d]*w[d], d) - t[n])*X[n,c], n)"),
        Derivative("hessian", ("w[c]", "w[e]"), "sum(X[n,c]*X[n,e], n)"),
    ),
)
