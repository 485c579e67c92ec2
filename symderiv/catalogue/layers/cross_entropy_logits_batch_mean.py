"""Cross-entropy with class labels, its mean over a batch."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-logits-batch-mean",
    title="Cross-entropy with class labels, its mean over a batch",
    titles={
        "de": "Kreuzentropie mit Klassenlabels, gemittelt über einen Stapel",
        "fr": "entropie croisée avec des étiquettes de classe, moyennée sur un lot",
    },
    define="p[n,i] = exp(z[n,i]) / sum(exp(z[n,k]), k); -mean(log(p[n,y[n]]), (n, 1, N))",
    derivatives=(Derivative("gradient", ("z[m,j]",), "(p[m,j] - delta(j,y[m]))/N"),),
    family="cross-entropy",
    options=("batch-mean",),
)
