"""Log-softmax."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="log-softmax",
    title="Log-softmax",
    titles={"de": "Logarithmus von Softmax", "fr": "logarithme de softmax"},
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); log(p[i])",
    derivatives=(Derivative("jacobian", ("z[j]",), "delta(i,j) - p[j]"),),
)
