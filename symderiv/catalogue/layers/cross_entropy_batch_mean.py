"""Cross-entropy of a linear layer, its mean over a batch."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-batch-mean",
    title="Cross-entropy of a linear layer, its mean over a batch",
    titles={
        "de": "Kreuzentropie einer linearen Schicht, gemittelt über einen Stapel",
        "fr": "entropie croisée d’une couche linéaire, moyennée sur un lot",
    },
    define=(
        "f[n,j] = sum(x[n,d]*w[d,j], d) + b[j];"
        " p[n,j] = exp(f[n,j]) / sum(exp(f[n,k]), k);"
        " -mean(log(p[n,y[n]]), (n, 1, N))"
    ),
    derivatives=(
        Derivative("gradient", ("w[c,k]",), "sum((p[m,k] - delta(k,y[m]))*x[m,c], m)/N"),
        Derivative("gradient", ("b[k]",), "sum(p[m,k] - delta(k,y[m]), m)/N"),
    ),
    family="cross-entropy",
    options=("batch-mean", "linear"),
)
