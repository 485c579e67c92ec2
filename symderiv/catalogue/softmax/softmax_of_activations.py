"""Softmax by the product rule."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="softmax-of-activations",
    title="Softmax of the activations o",
    titles={"de": "Softmax der Aktivierungen o", "fr": "softmax des activations o"},
    define="p[j] = exp(o[j]) / sum(exp(o[k]), k); p[j]",
    derivatives=(Derivative("jacobian", ("o[i]",), "delta(i,j)*p[j] - p[j]*p[i]"),),
    routes=("product", "quotient"),
)
