"""Cross-entropy of a linear layer with soft targets."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-soft-linear",
    title="Cross-entropy of a linear layer with soft targets",
    titles={
        "de": "Kreuzentropie einer linearen Schicht mit weichen Zielen",
        "fr": "entropie croisée d’une couche linéaire avec des cibles douces",
    },
    define=(
        "z[i] = sum(W[i,d]*x[d], d) + b[i];"
        " p[i] = exp(z[i]) / sum(exp(z[k]), k);"
        " -sum(y[i]*log(p[i]), i)"
    ),
    assume=("sum(y[i], i) = 1",),
    derivatives=(
        Derivative("gradient", ("W[k,c]",), "(p[k] - y[k])*x[c]"),
        Derivative("gradient", ("b[k]",), "p[k] - y[k]"),
        Derivative("gradient", ("x[c]",), "sum((p[k] - y[k])*W[k,c], k)"),
        Derivative("hessian", ("W[k,c]", "W[l,e]"), "p[k]*(delta(k,l) - p[l])*x[c]*x[e]"),
    ),
    family="cross-entropy",
    options=("linear", "soft"),
)
