"""Cross-entropy of the scores f, as its loss is written in classifiers."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-of-scores",
    title="Cross-entropy of the scores f of a classifier",
    titles={
        "de": "Kreuzentropie der Scores f eines Klassifikators",
        "fr": "entropie croisée des scores f d’un classifieur",
    },
    define="p[i] = exp(f[i]) / sum(exp(f[j]), j); -log(p[y])",
    derivatives=(Derivative("gradient", ("f[k]",), "p[k] - delta(k,y)"),),
    routes=("chain", "quotient", "log"),
)
