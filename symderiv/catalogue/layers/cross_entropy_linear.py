"""Cross-entropy of a linear layer with a class label."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-linear",
    title="Cross-entropy of a linear layer with a class label",
    titles={
        "de": "Kreuzentropie einer linearen Schicht mit einem Klassenlabel",
        "fr": "entropie croisée d’une couche linéaire avec une étiquette de classe",
    },
    define=("z[i] = sum(W[i,d]*x[d], d) + b[i]; p[i] = exp(z[i]) / sum(exp(z[k]), k); -log(p[y])"),
    derivatives=(
        Derivative("gradient", ("W[k,c]",), "(p[k] - delta(k,y))*x[c]"),
        Derivative("gradient", ("b[k]",), "p[k] - delta(k,y)"),
        Derivative("gradient", ("x[c]",), "sum(W[i,c]*p[i], i) - W[y,c]"),
        Derivative("hessian", ("W[k,c]", "W[l,e]"), "p[k]*(delta(k,l) - p[l])*x[c]*x[e]"),
    ),
    family="cross-entropy",
    options=("linear",),
)
