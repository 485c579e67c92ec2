"""The vector-Jacobian product of softmax."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="softmax-vjp",
    title="A weighted sum of softmax",
    titles={"de": "Gewichtete Summe von Softmax", "fr": "somme pondérée de softmax"},
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); sum(g[i]*p[i], i)",
    derivatives=(Derivative("gradient", ("z[j]",), "p[j]*(g[j] - sum(g[i]*p[i], i))"),),
)
