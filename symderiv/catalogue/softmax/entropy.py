"""The entropy of softmax."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="entropy",
    title="The entropy of softmax",
    titles={"de": "Entropie von Softmax", "fr": "entropie de softmax"},
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); -sum(p[i]*log(p[i]), i)",
    derivatives=(Derivative("gradient", ("z[j]",), "p[j]*(sum(p[i]*log(p[i]), i) - log(p[j]))"),),
)
