"""Cross-entropy with class labels, summed over a batch."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-logits-batch",
    title="Cross-entropy with class labels, summed over a batch",
    titles={
        "de": "Kreuzentropie mit Klassenlabels, summiert über einen Stapel",
        "fr": "entropie croisée avec des étiquettes de classe, sommée sur un lot",
    },
    define="p[n,i] = exp(z[n,i]) / sum(exp(z[n,k]), k); -sum(log(p[n,y[n]]), n)",
    derivatives=(Derivative("gradient", ("z[m,j]",), "p[m,j] - delta(j,y[m])"),),
    family="cross-entropy",
    options=("batch-sum",),
)
