"""Softmax."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="softmax",
    title="Softmax",
    titles={"de": "Softmax", "fr": "softmax"},
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); p[i]",
    derivatives=(Derivative("jacobian", ("z[j]",), "p[i]*(delta(i,j) - p[j])"),),
    routes=("quotient", "product"),
)
