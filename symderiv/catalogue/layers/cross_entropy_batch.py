"""Cross-entropy of a linear layer, summed over a batch."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-batch",
    title="Cross-entropy of a linear layer, summed over a batch",
    titles={
        "de": "Kreuzentropie einer linearen Schicht, summiert über einen Stapel",
        "fr": "entropie croisée d’une couche linéaire, sommée sur un lot",
    },
    define=(
        "f[n,j] = sum(x[n,d]*w[d,j], d);"
        " p[n,j] = exp(f[n,j]) / sum(exp(f[n,k]), k);"
        " -sum(log(p[n,y[n]]), n)"
    ),
    derivatives=(Derivative("gradient", ("w[c,k]",), "sum((p[m,k] - delta(k,y[m]))*x[m,c], m)"),),
    family="cross-entropy",
    options=("batch-sum", "linear"),
)
