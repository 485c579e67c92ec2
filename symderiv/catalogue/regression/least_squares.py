"""Least squares."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="least-squares",
    title="Least squares",
    titles={"de": "Kleinste Quadrate", "fr": "moindres carrés"},
    define="sum((sum(X[n,d]*w[d], d) - t[n])**2, n)/2",
    derivatives=(
        Derivative("gradient", ("w[c]",), "sum(X[n,c]*(sum(X[n,d]*w[d], d) - t[n]), n)"),
        Derivative("hessian", ("w[c]", "w[e]"), "sum(X[n,c]*X[n,e], n)"),
    ),
)
