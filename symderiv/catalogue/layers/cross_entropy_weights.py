"""Cross-entropy of a linear layer without a bias."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-weights",
    title="Cross-entropy of a linear layer without a bias",
    titles={
        "de": "Kreuzentropie einer linearen Schicht ohne Bias",
        "fr": "entropie croisée d’une couche linéaire sans biais",
    },
    define="f[j] = sum(w[j,d]*x[d], d); p[i] = exp(f[i]) / sum(exp(f[j]), j); -log(p[y])",
    derivatives=(Derivative("gradient", ("w[k,c]",), "(p[k] - delta(k,y))*x[c]"),),
)
