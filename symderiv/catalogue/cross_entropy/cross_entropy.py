"""Cross-entropy with a class label."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy",
    title="Cross-entropy with a class label",
    titles={
        "de": "Kreuzentropie mit einem Klassenlabel",
        "fr": "entropie croisée avec une étiquette de classe",
    },
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); -log(p[y])",
    derivatives=(
        Derivative("gradient", ("z[k]",), "p[k] - delta(k,y)"),
        Derivative("hessian", ("z[k]", "z[l]"), "p[k]*(delta(k,l) - p[l])"),
    ),
    routes=("quotient", "chain", "log"),
    aliases=("ce", "nll", "negative-log-likelihood", "softmax-cross-entropy", "cross-entropy-loss"),
)
